/* SPDX-License-Identifier: MIT */
/* cmd_check.c - flong check: verify WARC files, or those of a collection */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/option.h"
#include "warc/check.h"

/* Exit codes of check (flong(1)). */
#define EXIT_ERRORS 16
#define EXIT_WARNINGS 17

struct check_command {
	bool as_json, counts_warnings;
	const char *path; /* of the file that is read */
	uint64_t records, errors, warnings;
};

static const struct option table[] = {
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct check_command, as_json),
		.help = "findings as JSON Lines"},
	{.type = OPTION_FLAG,
		.name = "warnings",
		.offset = offsetof(struct check_command, counts_warnings),
		.help = "exit 17 when there are only warnings"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void print_finding(void *context, const struct check_finding *finding)
{
	static const char *const names[] = {"advice", "warning", "error"};
	const struct check_command *command = context;
	if (!command->as_json) {
		(void)printf("%s: offset %llu: %s: %s (%s)\n", command->path,
			(unsigned long long)finding->offset, names[finding->severity],
			finding->text, finding->rule);
		return;
	}
	SCOPED(buf_clear) struct buf line = {0};
	buf_add_char(&line, '{');
	json_add_member(&line, "file", bytes_of(command->path));
	json_add_member_u64(&line, "offset", finding->offset);
	json_add_member(&line, "severity", bytes_of(names[finding->severity]));
	json_add_member(&line, "rule", bytes_of(finding->rule));
	json_add_member(&line, "text", bytes_of(finding->text));
	buf_add_char(&line, '}');
	(void)puts(buf_text(&line));
}

static int check_one(struct check_command *command, const char *path, struct flong_error *err)
{
	command->path = path;
	const struct check_options options = {0};
	const struct check_hooks hooks = {.finding = print_finding, .context = command};
	struct check_summary summary = {0};
	int rc = check_file(path, &options, &hooks, &summary, err);
	if (rc < 0) {
		return rc;
	}
	command->records += summary.records;
	command->errors += summary.errors;
	command->warnings += summary.warnings;
	return FLONG_OK;
}

static int check_collection(struct check_command *command, const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(buf_clear) struct buf names = {0};
	int rc = files_list(archive, "", &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(free_textp) char *path = files_join(archive, names.ptr + at);
		rc = check_one(command, path, err);
	}
	return rc;
}

int cmd_check(int argc, char **argv)
{
	struct check_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(table, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "check needs a WARC file or a collection");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong check FILE|DIR... [OPTION...]\n\nReads WARC files from "
			   "end to end and reports what is wrong: "
			   "fields, lengths,\ndigests, one record a gzip member. Exit code 16 when "
			   "there are errors.");
		option_print_help(table, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "check");
	}
	for (size_t i = 0; rc == FLONG_OK && i < operands.count; i++) {
		const char *path = operands.items[i];
		if ((files_is_dir(path) ? check_collection(&command, path, &err)
					: check_one(&command, path, &err)) < 0) {
			result = command_fail(&err);
		}
	}
	free(operands.items);
	if (rc == FLONG_OK && result == 0) {
		if (!command.as_json) {
			(void)printf("%llu records, %llu errors, %llu warnings\n",
				(unsigned long long)command.records,
				(unsigned long long)command.errors,
				(unsigned long long)command.warnings);
		}
		result = command.errors > 0                                ? EXIT_ERRORS
			 : command.warnings > 0 && command.counts_warnings ? EXIT_WARNINGS
									   : 0;
	}
	return command_finish(result);
}
