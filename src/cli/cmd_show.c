/* SPDX-License-Identifier: MIT */
/* cmd_show.c - flong show: one record, its heads or its bytes */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/notice.h"
#include "cli/option.h"
#include "cli/record_open.h"
#include "warc/body.h"

#define COPY_BYTES ((size_t)64 << 10)

struct show_command {
	char *date; /* owned */
	bool payload, raw, block;
	struct operands operands;
};

const struct option cmd_show_options[] = {
	{.type = OPTION_TEXT,
		.name = "date",
		.value = "D",
		.offset = offsetof(struct show_command, date),
		.help = "of a URL: the capture nearest to it (2026-11-23T19:00:00Z; the latest)"},
	{.type = OPTION_FLAG,
		.name = "payload",
		.offset = offsetof(struct show_command, payload),
		.help = "the body as a browser sees it: transfer and content coding undone"},
	{.type = OPTION_FLAG,
		.name = "block",
		.offset = offsetof(struct show_command, block),
		.help = "the block as it is stored: HTTP head and body with their codings"},
	{.type = OPTION_FLAG,
		.name = "raw",
		.offset = offsetof(struct show_command, raw),
		.help = "the whole record as it is stored, uncompressed"},
	{.type = OPTION_HEADING, .name = NULL},
};

static void clear(struct show_command *command)
{
	free(command->date);
	free(command->operands.items);
}

/* --- bytes -------------------------------------------------------------------------------------
 */

/* As notice_add_clean, but lines stay lines: text of a body on a terminal. */
static void print_clean(struct bytes text)
{
	struct buf line = {0};
	while (text.len > 0) {
		size_t end = 0;
		while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\t') {
			end++;
		}
		size_t length = end > 0 && end < text.len && text.ptr[end] == '\n' &&
						text.ptr[end - 1] == '\r'
					? end - 1
					: end;
		notice_add_clean(&line, bytes_slice(text, 0, length));
		if (end < text.len) {
			buf_add_char(&line, text.ptr[end]);
		}
		(void)fwrite(buf_text(&line), 1, line.len, stdout);
		buf_reset(&line);
		text = bytes_slice(text, end + 1, text.len);
	}
	buf_clear(&line);
}

/* Copies to standard output; what could do harm to a terminal is made visible there. */
static int print_source(struct source *source, struct flong_error *err)
{
	SCOPED(free_textp) char *room = (char *)alloc_zeroed(1, COPY_BYTES);
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	size_t got = 0;
	int rc;
	while ((rc = source_read(source, room, COPY_BYTES, &got, err)) == FLONG_OK) {
		if (is_terminal) {
			print_clean(bytes_from(room, got));
		} else {
			(void)fwrite(room, 1, got, stdout);
		}
		if (ferror(stdout) != 0) {
			return FLONG_OK; /* command_finish tells */
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* --- what is shown -----------------------------------------------------------------------------
 */

static void print_record_head(const struct record_open *open)
{
	const struct reader_record *record = open->record;
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_RECORD_HEAD_BYTES * 8);
	if (reader_is_arc(open->records)) {
		buf_add_text(&text, "ARC\n");
	} else if (record->version == 0) {
		buf_add_text(&text, "WARC/0\n");
	} else {
		buf_addf(&text, "WARC/%d.%d\n", record->version / 10, record->version % 10);
	}
	for (size_t i = 0; i < record->headers.count; i++) {
		notice_add_clean(&text, record->headers.fields[i].name);
		buf_add_text(&text, ": ");
		notice_add_clean(&text, record->headers.fields[i].value);
		buf_add_char(&text, '\n');
	}
	(void)fwrite(buf_text(&text), 1, text.len, stdout);
}

static bool has_fields(const struct reader_record *record)
{
	struct bytes type = headers_first(&record->headers, "Content-Type");
	return bytes_starts_nocase(type, BYTES("application/warc-fields"));
}

/* The record's fields, then the HTTP head or the fields that are its block. */
static int show_heads(struct record_open *open, struct flong_error *err)
{
	SCOPED(body_clear) struct body body = {0};
	print_record_head(open);
	int rc = body_open_head(open->records, open->record, &body, err);
	if (rc < 0) {
		return rc;
	}
	if (body.head.len > 0) {
		(void)fputc('\n', stdout);
		print_clean(buf_bytes(&body.head));
	} else if (has_fields(open->record)) {
		struct bytes block;
		(void)fputc('\n', stdout);
		rc = reader_peek(open->records, LIMIT_RECORD_HEAD_BYTES, &block, err);
		if (rc == FLONG_OK) {
			print_clean(block);
		}
	}
	return rc == FLONG_OK ? reader_finish(open->records, err) : rc;
}

static int show_body(struct record_open *open, struct flong_error *err)
{
	SCOPED(body_clear) struct body body = {0};
	int rc = body_open(open->records, open->record, &body, err);
	if (rc < 0) {
		return rc;
	}
	if (body.unknown_coding.len > 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"the content coding '%s' is not known; --block shows the bytes as they are",
			buf_text(&body.unknown_coding));
	}
	rc = print_source(body.content, err);
	if (rc < 0 && body.fault.code != 0) {
		*err = body.fault; /* tells more than the coding that ended early */
	}
	return rc == FLONG_OK ? reader_finish(open->records, err) : rc;
}

static int show_payload(struct record_open *open, struct flong_error *err)
{
	if (open->record->type != RECORD_REVISIT) {
		return show_body(open, err);
	}
	SCOPED(record_open_clear) struct record_open original = {0};
	SCOPED(buf_clear) struct buf place = {0};
	int rc = record_open_original(open, &original, err);
	if (rc < 0) {
		return rc;
	}
	record_open_describe(&original, &place);
	notice("the record is a revisit; the payload is that of '" BYTES_FMT "', " BYTES_FMT
	       " (%s)",
		BYTES_ARG(reader_uri(original.record, "WARC-Target-URI")),
		BYTES_ARG(headers_first(&original.record->headers, "WARC-Date")), buf_text(&place));
	return show_body(&original, err);
}

static int show_block(struct record_open *open, struct flong_error *err)
{
	SCOPED(source_closep) struct source *block = reader_block(open->records);
	int rc = print_source(block, err);
	return rc == FLONG_OK ? reader_finish(open->records, err) : rc;
}

static int show_raw(struct record_open *open, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	int rc = record_open_raw(open, &source, err);
	return rc == FLONG_OK ? print_source(source, err) : rc;
}

/* --- the command -------------------------------------------------------------------------------
 */

/* WHAT OFFSET, WHAT FILE OFFSET or WHAT URL. */
static int open_record(
	const struct show_command *command, struct record_open *open, struct flong_error *err)
{
	char *const *items = command->operands.items;
	size_t count = command->operands.count;
	uint64_t offset;
	bool is_offset = count >= 2 && bytes_to_u64(bytes_of(items[count - 1]), INT64_MAX, &offset);
	if (count == 3 && is_offset) {
		return record_open_at(items[0], items[1], offset, open, err);
	}
	if (count != 2) {
		return error_set(err, FLONG_E_USAGE,
			"show needs a WARC file, collection or WACZ, and an offset or a URL");
	}
	if (is_offset) {
		return record_open_at(items[0], NULL, offset, open, err);
	}
	return record_open_url(items[0], items[1], command->date, open, err);
}

static int show(const struct show_command *command, struct flong_error *err)
{
	SCOPED(record_open_clear) struct record_open open = {0};
	if (command->payload + command->raw + command->block > 1) {
		return error_set(err, FLONG_E_USAGE,
			"--payload, --block and --raw show different things: choose one");
	}
	int rc = open_record(command, &open, err);
	if (rc < 0) {
		return rc;
	}
	return command->payload ? show_payload(&open, err)
	       : command->block ? show_block(&open, err)
	       : command->raw   ? show_raw(&open, err)
				: show_heads(&open, err);
}

int cmd_show(int argc, char **argv)
{
	SCOPED(clear) struct show_command command = {0};
	struct flong_error err = {0};
	int rc = option_read(cmd_show_options, &command, argc, argv, &command.operands, &err);
	if (rc == FLONG_END) {
		(void)puts("usage: flong show WARC OFFSET [OPTION...]\n"
			   "       flong show DIR|WACZ FILE OFFSET [OPTION...]\n"
			   "       flong show WARC|DIR|WACZ URL [--date D] [OPTION...]\n\n"
			   "Shows the fields of a record and its HTTP head, or its bytes.");
		option_print_help(cmd_show_options, stdout);
		return command_finish(0);
	}
	if (rc == FLONG_OK) {
		rc = show(&command, &err);
	}
	if (rc < 0) {
		return err.code == FLONG_E_USAGE ? command_usage(&err, "show") : command_fail(&err);
	}
	return command_finish(0);
}
