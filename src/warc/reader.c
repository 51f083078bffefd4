/* SPDX-License-Identifier: MIT */
/* reader.c - records one by one from gzip members or plain bytes
 *
 * Both kinds are one stream of bytes here (`window`), in which gzip members leave marks: a record
 * should begin and end at one. */
#include "warc/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "warc/arc.h"
#include "warc/record_parse.h"
#include "warc/sniff.h"
#include "warc/stored.h"

enum { MESSAGE_NAME = 200 };

struct reader {
	char *name; /* owned, for messages */
	struct stored stored;
	bool is_arc;
	bool is_over; /* no record can follow */
	bool in_record;
	bool is_finished;    /* the current record was read to its end */
	bool is_damaged;     /* something could not be read */
	uint64_t block_left; /* bytes of the block not yet taken */
	uint64_t good_end;
	uint64_t fault;   /* offset of what could not be read */
	uint64_t resume;  /* offset from which the next record is looked for */
	unsigned pending; /* oddities for the next record */
	struct reader_record record;
};

static bool is_plain(const struct reader *reader)
{
	return reader->stored.form == READER_PLAIN;
}

/* Whether a member that was begun for the rest of a record has a record of its own. */
static bool is_next_record(const struct reader *reader, size_t old_length)
{
	struct bytes new =
		bytes_slice(reader->stored.window, old_length, reader->stored.window.len);
	return sniff_is_warc(new) && bytes_find(new, BYTES("\r\n"), 0) <= sizeof("WARC/0.18");
}

/* As fill, but goes on into the next member, which a record should not do (in a gzip file). */
static int fill_across(struct reader *reader, struct flong_error *err)
{
	int rc = stored_fill(&reader->stored, err);
	while (rc == FLONG_END && !is_plain(reader)) {
		size_t old_length = reader->stored.window.len;
		rc = stored_next(&reader->stored, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		reader->record.oddities |=
			reader->stored.form == READER_GZIP ? READER_ODD_SPLIT : 0U;
		rc = stored_fill(&reader->stored, err);
		if (rc == FLONG_OK && is_next_record(reader, old_length)) {
			reader->resume = reader->stored.members->offset;
			return error_set(err, FLONG_E_FORMAT,
				"record at offset %llu: its compressed member ends before its "
				"block",
				(unsigned long long)reader->record.offset);
		}
	}
	return rc;
}

static int fail(struct reader *reader, struct flong_error *err)
{
	reader->is_over = true;
	reader->in_record = false;
	reader->is_damaged = true;
	reader->block_left = 0;
	return error_context(err, "%.*s", MESSAGE_NAME, reader->name);
}

static int fail_record(struct reader *reader, struct flong_error *err, int code, const char *what)
{
	(void)error_set(err, code, "record at offset %llu: %s",
		(unsigned long long)reader->record.offset, what);
	return fail(reader, err);
}

int reader_create(struct source *source_take, uint64_t offset, const char *name,
	struct reader **reader_out, struct flong_error *err)
{
	struct reader *reader = ALLOC(struct reader);
	reader->name = alloc_copy(name);
	reader->good_end = offset;
	reader->fault = offset;
	reader->resume = offset;
	int rc = stored_open(&reader->stored, source_take, offset, err);
	if (rc != FLONG_OK) {
		(void)fail(reader, err);
		reader_close(reader);
		*reader_out = NULL;
		return rc;
	}
	*reader_out = reader;
	return FLONG_OK;
}

int reader_open(const char *path, struct reader **reader_out, struct flong_error *err)
{
	struct source *source = NULL;
	*reader_out = NULL;
	int rc = source_open_file(path, &source, err);
	return rc == FLONG_OK ? reader_create(source, 0, path, reader_out, err) : rc;
}

int reader_open_at(
	const char *path, uint64_t offset, struct reader **reader_out, struct flong_error *err)
{
	struct source *source = NULL;
	*reader_out = NULL;
	if (offset > INT64_MAX) {
		return error_set(err, FLONG_E_USAGE, "offset %llu is no file offset",
			(unsigned long long)offset);
	}
	int rc = source_open_file_at(path, offset, &source, err);
	return rc == FLONG_OK ? reader_create(source, offset, path, reader_out, err) : rc;
}

void reader_close(struct reader *reader)
{
	if (reader == NULL) {
		return;
	}
	stored_clear(&reader->stored);
	headers_clear(&reader->record.headers);
	free(reader->name);
	free(reader);
}

enum reader_form reader_form(const struct reader *reader)
{
	return reader->stored.form;
}

bool reader_is_arc(const struct reader *reader)
{
	return reader->is_arc;
}

uint64_t reader_good_end(const struct reader *reader)
{
	return reader->good_end;
}

unsigned reader_end_oddities(const struct reader *reader)
{
	return reader->pending;
}

/* Moves to the first byte of the next record. FLONG_END when there is none. */
static int find_start(struct reader *reader, struct flong_error *err)
{
	for (;;) {
		while (reader->stored.window.len > 0 &&
			(reader->stored.window.ptr[0] == '\r' ||
				reader->stored.window.ptr[0] == '\n')) {
			reader->pending |= READER_ODD_TRAILER;
			stored_take(&reader->stored, 1);
		}
		if (reader->stored.window.len > 0) {
			return FLONG_OK;
		}
		int rc = stored_fill(&reader->stored, err);
		if (rc < 0 || (rc == FLONG_END && is_plain(reader))) {
			return rc;
		}
		if (rc == FLONG_OK) {
			continue;
		}
		if (reader->stored.is_begun && !reader->stored.has_bytes) {
			reader->pending |= READER_ODD_EMPTY_MEMBER;
		}
		rc = stored_next(&reader->stored, err);
		reader->record.offset = reader->stored.members->offset;
		if (rc == FLONG_END && reader->stored.members->padding > 0) {
			reader->pending |= READER_ODD_PADDING;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
	}
}

/* Reads until the window holds a whole head; its length in *length_out. */
static int read_head(struct reader *reader, size_t *length_out, struct flong_error *err)
{
	size_t scanned = 0;
	for (;;) {
		struct bytes window = reader->stored.window;
		bool is_warc = bytes_starts(window, bytes_slice(BYTES("WARC/"), 0, window.len));
		*length_out =
			is_warc ? record_parse_length(window, &scanned) : arc_head_length(window);
		if (*length_out > 0) {
			reader->is_arc = !is_warc;
			return FLONG_OK;
		}
		bool is_whole_line = bytes_find_char(window, '\n', 0) != SIZE_MAX;
		if (!is_warc && (is_whole_line || window.len >= LIMIT_RECORD_LINE_BYTES)) {
			return fail_record(
				reader, err, FLONG_E_FORMAT, "does not begin with WARC/");
		}
		if (window.len >= LIMIT_RECORD_HEAD_BYTES) {
			return fail_record(reader, err, FLONG_E_LIMIT, "the head is too long");
		}
		int rc = fill_across(reader, err);
		if (rc == FLONG_END) {
			return fail_record(reader, err, FLONG_E_FORMAT,
				is_warc ? "ends inside its head" : "does not begin with WARC/");
		}
		if (rc != FLONG_OK) {
			return fail(reader, err);
		}
	}
}

/* Where a search after a fault in the record that begins now would start: behind its first byte, or
 * when the record before it ended oddly in a plain file, in that one's block, because its length
 * may be wrong. */
static void set_resume(struct reader *reader, bool was_odd)
{
	if (!is_plain(reader) || !was_odd) {
		reader->resume = reader->record.offset + 1;
	}
}

int reader_next(
	struct reader *reader, const struct reader_record **record_out, struct flong_error *err)
{
	*record_out = NULL;
	if (reader->in_record) {
		int rc = reader_finish(reader, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	if (reader->is_over) {
		return FLONG_END;
	}
	if (reader->stored.is_lost) {
		reader->stored.is_lost = false;
		(void)error_set(err, FLONG_E_FORMAT, "no WARC record at offset %llu",
			(unsigned long long)reader->fault);
		return fail(reader, err);
	}
	struct reader_record *record = &reader->record;
	bool was_odd = (record->oddities & READER_ODD_TRAILER) != 0;
	int rc = find_start(reader, err);
	if (rc != FLONG_OK) {
		reader->is_over = true;
		reader->fault = record->offset;
		reader->resume = record->offset + 1;
		return rc == FLONG_END ? rc : fail(reader, err);
	}
	headers_reset(&record->headers);
	*record = (struct reader_record){.offset = record->offset, .headers = record->headers};
	if (is_plain(reader)) {
		record->offset = stored_plain_offset(&reader->stored);
	}
	record->oddities = reader->pending;
	reader->pending = 0;
	reader->fault = record->offset;
	set_resume(reader, was_odd);
	size_t length;
	rc = read_head(reader, &length, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct bytes head = bytes_slice(reader->stored.window, 0, length);
	rc = reader->is_arc ? arc_parse_head(head, record, err)
			    : record_parse_head(head, record, err);
	if (rc != FLONG_OK) {
		(void)error_context(
			err, "record at offset %llu", (unsigned long long)record->offset);
		return fail(reader, err);
	}
	stored_take(&reader->stored, length);
	if (is_plain(reader)) {
		reader->resume = stored_plain_offset(&reader->stored);
	}
	reader->block_left = record->block_length;
	reader->in_record = true;
	reader->is_finished = false;
	*record_out = record;
	return FLONG_OK;
}

int reader_resync(struct reader *reader, struct reader_gap *gap_out, struct flong_error *err)
{
	bool in_line = reader->is_arc && reader->resume == reader->fault + 1;
	int rc = stored_find(&reader->stored, reader->resume, reader->is_arc, in_line, err);
	if (rc < 0) {
		return fail(reader, err);
	}
	uint64_t to = intake_offset(reader->stored.intake);
	*gap_out = (struct reader_gap){reader->fault < to ? reader->fault : to, to};
	reader->pending = 0;
	reader->in_record = false;
	reader->is_over = rc == FLONG_END;
	reader->record.oddities = 0;
	return rc;
}

int reader_read(
	struct reader *reader, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct bytes bytes;
	*got_out = 0;
	int rc = reader_peek(reader, 1, &bytes, err);
	if (rc != FLONG_OK || bytes.len == 0) {
		return rc == FLONG_OK ? FLONG_END : rc;
	}
	bytes = reader->stored.window;
	size_t count = bytes.len < reader->block_left ? bytes.len : (size_t)reader->block_left;
	count = count < max ? count : max;
	memcpy(room, bytes.ptr, count);
	stored_take(&reader->stored, count);
	reader->block_left -= count;
	*got_out = count;
	return FLONG_OK;
}

int reader_peek(struct reader *reader, size_t max, struct bytes *bytes_out, struct flong_error *err)
{
	*bytes_out = (struct bytes){NULL, 0};
	max = max < LIMIT_RECORD_HEAD_BYTES ? max : LIMIT_RECORD_HEAD_BYTES;
	max = max < reader->block_left ? max : (size_t)reader->block_left;
	while (reader->stored.window.len < max) {
		int rc = fill_across(reader, err);
		if (rc == FLONG_END) {
			return fail_record(
				reader, err, FLONG_E_FORMAT, "the file ends inside its block");
		}
		if (rc != FLONG_OK) {
			return fail(reader, err);
		}
	}
	*bytes_out = bytes_slice(reader->stored.window, 0, max);
	return FLONG_OK;
}

struct block_source {
	struct source base;
	struct reader *reader; /* borrowed */
};

static int block_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	return reader_read(((struct block_source *)source)->reader, room, max, got_out, err);
}

static void block_source_close(struct source *source)
{
	free(source);
}

struct source *reader_block(struct reader *reader)
{
	static const struct source_ops ops = {
		.read = block_source_read, .close = block_source_close};
	struct block_source *s = ALLOC(struct block_source);
	*s = (struct block_source){{&ops}, reader};
	return &s->base;
}

/* Skips what is left of the block. */
static int skip_block(struct reader *reader, struct flong_error *err)
{
	while (reader->block_left > 0) {
		struct bytes bytes;
		int rc = reader_peek(reader, 1, &bytes, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		size_t count = reader->stored.window.len;
		count = count < reader->block_left ? count : (size_t)reader->block_left;
		stored_take(&reader->stored, count);
		reader->block_left -= count;
	}
	return FLONG_OK;
}

/* Takes the line ends after a block: CRLF CRLF (ARC: LF), then the end of the member. */
static int skip_trailer(struct reader *reader, struct flong_error *err)
{
	struct reader_record *record = &reader->record;
	struct bytes wanted = reader->is_arc ? BYTES("\n") : BYTES("\r\n\r\n");
	bool is_exact = true;
	while (!is_plain(reader) || record->trailer_bytes < wanted.len) {
		if (reader->stored.window.len == 0) {
			bool may_go_on = reader->stored.form == READER_ZSTD &&
					 record->trailer_bytes < wanted.len;
			int rc = may_go_on ? fill_across(reader, err)
					   : stored_fill(&reader->stored, err);
			if (rc < 0) {
				return fail(reader, err);
			}
			if (rc == FLONG_END) {
				break;
			}
			continue;
		}
		char c = reader->stored.window.ptr[0];
		if (c != '\r' && c != '\n') {
			record->oddities |= !is_plain(reader) ? READER_ODD_SHARED : 0U;
			break;
		}
		is_exact = is_exact && record->trailer_bytes < wanted.len &&
			   c == wanted.ptr[record->trailer_bytes];
		record->trailer_bytes++;
		stored_take(&reader->stored, 1);
	}
	if (!is_exact || record->trailer_bytes != wanted.len) {
		record->oddities |= READER_ODD_TRAILER;
	}
	return FLONG_OK;
}

int reader_finish(struct reader *reader, struct flong_error *err)
{
	struct reader_record *record = &reader->record;
	if (!reader->in_record || reader->is_finished) {
		return FLONG_OK;
	}
	int rc = skip_block(reader, err);
	if (rc == FLONG_OK) {
		rc = skip_trailer(reader, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	reader->is_finished = true;
	bool is_shared = (record->oddities & READER_ODD_SHARED) != 0;
	uint64_t end = is_plain(reader) ? stored_plain_offset(&reader->stored)
		       : is_shared      ? record->offset
					: reader->stored.members->end;
	record->length = end - record->offset;
	bool is_whole = record->length > 0 && record->trailer_bytes >= (reader->is_arc ? 1 : 4);
	if (is_whole && !reader->is_damaged) {
		reader->good_end = end;
	}
	return FLONG_OK;
}

struct bytes reader_uri(const struct reader_record *record, const char *name)
{
	struct bytes value = headers_first(&record->headers, name);
	if (value.len >= 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>') {
		return bytes_slice(value, 1, value.len - 1);
	}
	return value;
}
