/* SPDX-License-Identifier: MIT */
/* cmd_list.c - flong list: one line a record of WARC files */
#include <stdlib.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/option.h"
#include "warc/reader.h"
#include "warc/record.h"

struct list_command {
	bool as_json;
};

static const struct option table[] = {
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct list_command, as_json),
		.help = "JSON Lines instead of columns"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void print_record(const struct list_command *command, const char *path,
	const struct reader_record *record, struct buf *line)
{
	struct bytes date = headers_first(&record->headers, "WARC-Date");
	struct bytes uri = reader_uri(record, "WARC-Target-URI");
	struct bytes type = headers_first(&record->headers, "WARC-Type");
	buf_reset(line);
	if (command->as_json) {
		buf_add_char(line, '{');
		json_add_member(line, "file", bytes_of(files_base_name(path)));
		json_add_member_u64(line, "offset", record->offset);
		json_add_member_u64(line, "length", record->length);
		json_add_member(line, "type", type);
		json_add_member(line, "date", date);
		json_add_member_u64(line, "block", record->block_length);
		json_add_member(line, "uri", uri);
		buf_add_text(line, "}\n");
	} else {
		buf_addf(line, "%10llu %10llu  %-10.*s " BYTES_FMT "  ",
			(unsigned long long)record->offset, (unsigned long long)record->length,
			(int)type.len, type.len > 0 ? type.ptr : "", BYTES_ARG(date));
		buf_add(line, uri);
		buf_add_char(line, '\n');
	}
	(void)fwrite(line->ptr, 1, line->len, stdout);
}

static int list_file(const struct list_command *command, const char *path, struct flong_error *err)
{
	SCOPED(reader_closep) struct reader *reader = NULL;
	SCOPED(buf_clear) struct buf line = {0};
	int rc = reader_open(path, &reader, err);
	if (rc < 0) {
		return rc;
	}
	for (;;) {
		const struct reader_record *record = NULL;
		rc = reader_next(reader, &record, err);
		if (rc == FLONG_END) {
			return FLONG_OK;
		}
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, err);
		}
		if (rc < 0) {
			return rc;
		}
		print_record(command, path, record, &line);
	}
}

int cmd_list(int argc, char **argv)
{
	struct list_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(table, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(&err, FLONG_E_USAGE, "list needs a WARC file");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong list FILE... [OPTION...]\n\nOne line a record: offset, "
			   "stored length, type, date, URI.");
		option_print_help(table, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "list");
	}
	for (size_t i = 0; rc == FLONG_OK && i < operands.count; i++) {
		if (list_file(&command, operands.items[i], &err) < 0) {
			(void)command_fail(&err);
			result = 1;
		}
	}
	free(operands.items);
	return command_finish(result);
}
