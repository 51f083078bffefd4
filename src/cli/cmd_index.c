/* SPDX-License-Identifier: MIT */
/* cmd_index.c - flong index: the sorted CDXJ lines of WARC files */
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/stream.h"
#include "cli/command.h"
#include "cli/option.h"
#include "index/indexer_write.h"

struct index_command {
	bool has_ms, has_record_digest;
};

static const struct option table[] = {
	{.type = OPTION_FLAG,
		.name = "ms",
		.offset = offsetof(struct index_command, has_ms),
		.help = "timestamps of 17 digits (milliseconds) instead of 14"},
	{.type = OPTION_FLAG,
		.name = "record-digest",
		.offset = offsetof(struct index_command, has_record_digest),
		.help = "add the SHA-256 of each record's stored bytes"},
	{.type = OPTION_HEADING, .name = NULL},
};

static int print_index(const struct index_command *command, const struct operands *operands,
	struct flong_error *err)
{
	const struct indexer_form form = {
		.line = {.digits = command->has_ms ? 17 : 14,
			.record_digest = command->has_record_digest},
		.temp_dir = "/tmp",
	};
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(STDOUT_FILENO);
	int rc = indexer_write(
		(const char *const *)operands->items, operands->count, &form, sink, err);
	return rc == FLONG_OK ? sink_finish(sink, err) : rc;
}

int cmd_index(int argc, char **argv)
{
	struct index_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(table, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "index needs a WARC file");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong index WARC... [OPTION...]\n\nPrints the sorted CDXJ lines "
			   "of all files, as cdxj-indexer -s does.");
		option_print_help(table, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "index");
	} else if (print_index(&command, &operands, &err) < 0) {
		result = command_fail(&err);
	}
	free(operands.items);
	return command_finish(result);
}
