/* SPDX-License-Identifier: MIT */
/* cmd_list.c - flong list: one line a record of WARC files, collections and WACZ files */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/list_stories.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "index/wacz_reader.h"
#include "index/wacz_walk.h"

struct list_command {
	bool as_json;
	bool lists_stories;
	char *versions;   /* owned: list those of this story */
	bool names_files; /* more than one file is listed: each line names its own */
	bool is_damaged;
	struct buf line;
};

const struct option cmd_list_options[] = {
	{.type = OPTION_FLAG,
		.name = "json",
		.offset = offsetof(struct list_command, as_json),
		.help = "JSON Lines instead of columns"},
	{.type = OPTION_FLAG,
		.name = "stories",
		.offset = offsetof(struct list_command, lists_stories),
		.help = "one line a story: captures, versions, whether it is still there"},
	{.type = OPTION_TEXT,
		.name = "versions",
		.value = "URL",
		.offset = offsetof(struct list_command, versions),
		.help = "one line a version of the story at this address"},
	{.type = OPTION_HEADING, .name = NULL},
};

/* "archive/data.warc.gz" in a collection, else the file's own name. */
static const char *file_name(const struct wacz_place *place)
{
	return place->file[0] != '\0' ? place->file : files_base_name(place->path);
}

static void add_json(
	struct buf *line, const struct wacz_place *place, const struct reader_record *record)
{
	buf_add_char(line, '{');
	json_add_member(line, "file", bytes_of(file_name(place)));
	json_add_member_u64(line, "offset", record->offset);
	json_add_member_u64(line, "length", record->length);
	json_add_member(line, "type", headers_first(&record->headers, "WARC-Type"));
	json_add_member(line, "date", headers_first(&record->headers, "WARC-Date"));
	json_add_member_u64(line, "block", record->block_length);
	json_add_member(line, "uri", reader_uri(record, "WARC-Target-URI"));
	buf_add_text(line, "}\n");
}

/* Right in a column of ten. */
static void add_number(struct buf *line, uint64_t number)
{
	for (uint64_t next = 1000000000; next > 1 && number < next; next /= 10) {
		buf_add_char(line, ' ');
	}
	buf_add_u64(line, number);
}

static void add_columns(const struct list_command *command, struct buf *line,
	const struct wacz_place *place, const struct reader_record *record)
{
	struct bytes type = headers_first(&record->headers, "WARC-Type");
	struct bytes date = headers_first(&record->headers, "WARC-Date");
	if (command->names_files) {
		notice_add_clean(line, bytes_of(file_name(place)));
		buf_add_char(line, ' ');
	}
	add_number(line, record->offset);
	buf_add_char(line, ' ');
	add_number(line, record->length);
	buf_add_text(line, "  ");
	size_t start = line->len;
	notice_add_clean(line, bytes_slice(type, 0, 30));
	while (line->len < start + 10) {
		buf_add_char(line, ' ');
	}
	buf_add_char(line, ' ');
	start = line->len;
	notice_add_clean(line, bytes_slice(date, 0, 40));
	while (line->len < start + 24) {
		buf_add_char(line, ' ');
	}
	buf_add_text(line, "  ");
	notice_add_clean(line, reader_uri(record, "WARC-Target-URI"));
	buf_add_char(line, '\n');
}

static int print_record(void *context, const struct wacz_place *place, struct reader *reader,
	const struct reader_record *record, struct flong_error *err)
{
	struct list_command *command = (struct list_command *)context;
	int rc = reader_finish(reader, err);
	if (rc < 0) {
		return rc;
	}
	struct buf *line = &command->line;
	buf_reset(line);
	if (command->as_json) {
		add_json(line, place, record);
	} else {
		add_columns(command, line, place, record);
	}
	(void)fwrite(buf_text(line), 1, line->len, stdout);
	return ferror(stdout) != 0 ? FLONG_END : FLONG_OK;
}

static void print_damage(void *context, const struct wacz_place *place,
	const struct flong_error *fault, const struct reader_gap *gap)
{
	((struct list_command *)context)->is_damaged = true;
	(void)place;
	notice_damage(fault, gap);
}

/* Whether several files will be listed. */
static bool has_many(const struct operands *operands)
{
	struct flong_error ignored = {0};
	bool is_wacz = false;
	return operands->count > 1 ||
	       (wacz_reader_is_one(operands->items[0], &is_wacz, &ignored) == FLONG_OK && is_wacz);
}

static int list_all(struct list_command *command, const struct operands *operands)
{
	const struct wacz_walk walk = {print_record, print_damage, command};
	int result = 0;
	command->names_files = has_many(operands);
	for (size_t i = 0; i < operands->count && ferror(stdout) == 0; i++) {
		struct flong_error err = {0};
		if (wacz_walk(operands->items[i], &walk, &err) < 0) {
			(void)command_fail(&err);
			result = 1;
		}
	}
	return command->is_damaged ? 1 : result;
}

static int list_histories(const struct list_command *command, const struct operands *operands)
{
	const struct list_stories request = {
		.paths = operands, .url = command->versions, .as_json = command->as_json};
	struct flong_error err = {0};
	bool is_damaged = false;
	if (list_stories(&request, &is_damaged, &err) < 0) {
		return err.code == FLONG_E_USAGE ? command_usage(&err, "list") : command_fail(&err);
	}
	return is_damaged ? 1 : 0;
}

int cmd_list(int argc, char **argv)
{
	struct list_command command = {0};
	struct operands operands = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_list_options, &command, argc, argv, &operands, &err);
	if (rc == FLONG_OK && operands.count == 0) {
		rc = error_set(
			&err, FLONG_E_USAGE, "list needs a WARC file, a collection or a WACZ");
	}
	if (rc == FLONG_OK && command.lists_stories && command.versions != NULL) {
		rc = error_set(&err, FLONG_E_USAGE, "--stories and --versions exclude each other");
	}
	int result = 0;
	if (rc == FLONG_END) {
		(void)puts("usage: flong list FILE|DIR|WACZ... [OPTION...]\n\n"
			   "One line a record: offset, stored length, type, date, URI; of several\n"
			   "files their names before. With --stories or --versions the files are\n"
			   "one archive: one line a story, or one line a version of a story.");
		option_print_help(cmd_list_options, stdout);
	} else if (rc < 0) {
		result = command_usage(&err, "list");
	} else {
		result = command.lists_stories || command.versions != NULL
				 ? list_histories(&command, &operands)
				 : list_all(&command, &operands);
	}
	free(command.versions);
	buf_clear(&command.line);
	free(operands.items);
	return command_finish(result);
}
