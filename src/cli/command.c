/* SPDX-License-Identifier: MIT */
/* command.c - how a command ends */
#include "cli/command.h"

#include <errno.h>
#include <string.h>

int command_exit_of(const struct flong_error *err)
{
	switch (err->code) {
	case FLONG_E_USAGE:
	case FLONG_E_EXISTS:
		return 2;
	case FLONG_E_IO:
		return 3;
	case FLONG_E_BUSY:
		return 10;
	case FLONG_E_STOPPED:
		return 11;
	default:
		return 1;
	}
}

int command_fail(const struct flong_error *err)
{
	(void)fflush(stdout);
	(void)fprintf(stderr, "flong: %s\n", err->message);
	return command_exit_of(err);
}

int command_usage(const struct flong_error *err, const char *command)
{
	(void)fprintf(stderr, "flong: %s\n", err->message);
	(void)fprintf(stderr, "Try 'flong help%s%s'.\n", *command == '\0' ? "" : " ", command);
	return 2;
}

int command_finish(int exit_code)
{
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		(void)fprintf(stderr, "flong: standard output: %s\n", strerror(errno));
		return exit_code == 0 ? 1 : exit_code;
	}
	return exit_code;
}
