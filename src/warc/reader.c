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
#include "base/gzip.h"
#include "base/limits.h"
#include "warc/record_parse.h"
#include "warc/sniff.h"

enum { READ_BYTES = 65536, MESSAGE_NAME = 200 };

struct reader {
	char *name;             /* owned, for messages */
	struct source *source;  /* owned */
	struct gunzip *gunzip;  /* owned; NULL for a plain file */
	char *window;           /* owned: bytes read and not yet taken */
	size_t start, end, cap; /* of the bytes in the window */
	uint64_t offset;        /* plain: file offset of window[start] */
	bool in_member;         /* gzip: the member has perhaps more bytes */
	bool has_bytes;         /* gzip: the member gave some */
	bool is_begun;          /* gzip: a member was begun */
	bool is_over;           /* no record can follow */
	bool in_record;
	bool is_finished;    /* the current record was read to its end */
	uint64_t block_left; /* bytes of the block not yet taken */
	uint64_t good_end;
	unsigned pending; /* oddities for the next record */
	struct reader_record record;
};

static struct bytes window_bytes(const struct reader *reader)
{
	return bytes_from(reader->window + reader->start, reader->end - reader->start);
}

static void take(struct reader *reader, size_t count)
{
	reader->start += count;
	reader->offset += count;
}

/* Makes room for `count` more bytes behind the window. */
static void make_room(struct reader *reader, size_t count)
{
	if (reader->start == reader->end) {
		reader->start = 0;
		reader->end = 0;
	}
	if (reader->cap - reader->end >= count) {
		return;
	}
	size_t length = reader->end - reader->start;
	if (length > 0) {
		memmove(reader->window, reader->window + reader->start, length);
	}
	reader->start = 0;
	reader->end = length;
	while (reader->cap - reader->end < count) {
		reader->cap += reader->cap / 2 + READ_BYTES;
	}
	reader->window = alloc_resize(reader->window, reader->cap, 1);
}

/* Reads more bytes into the window; FLONG_END at the end of the member or the plain file. */
static int fill(struct reader *reader, struct flong_error *err)
{
	make_room(reader, READ_BYTES);
	size_t got = 0;
	char *room = reader->window + reader->end;
	int rc = FLONG_END;
	if (reader->gunzip == NULL) {
		rc = source_read(reader->source, room, READ_BYTES, &got, err);
	} else if (reader->in_member) {
		rc = gunzip_read(reader->gunzip, room, READ_BYTES, &got, err);
		reader->in_member = rc == FLONG_OK;
		reader->has_bytes = reader->has_bytes || got > 0;
	}
	reader->end += got;
	return rc;
}

/* As fill, but goes on into the next member, which a record should not do. */
static int fill_across(struct reader *reader, struct flong_error *err)
{
	int rc = fill(reader, err);
	while (rc == FLONG_END && reader->gunzip != NULL) {
		rc = gunzip_next(reader->gunzip, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		reader->in_member = true;
		reader->record.oddities |= READER_ODD_SPLIT;
		rc = fill(reader, err);
	}
	return rc;
}

static int fail(struct reader *reader, struct flong_error *err)
{
	reader->is_over = true;
	reader->in_record = false;
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
	reader->offset = offset;
	reader->good_end = offset;
	bool is_gzip = false;
	int rc = sniff_open(source_take, offset, &reader->source, &is_gzip, err);
	if (rc == FLONG_OK && is_gzip) {
		reader->gunzip = gunzip_create(reader->source, offset);
	}
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
	gunzip_close(reader->gunzip);
	source_close(reader->source);
	headers_clear(&reader->record.headers);
	free(reader->window);
	free(reader->name);
	free(reader);
}

bool reader_is_gzip(const struct reader *reader)
{
	return reader->gunzip != NULL;
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
		while (reader->start < reader->end &&
			(reader->window[reader->start] == '\r' ||
				reader->window[reader->start] == '\n')) {
			reader->pending |= READER_ODD_TRAILER;
			take(reader, 1);
		}
		if (reader->start < reader->end) {
			return FLONG_OK;
		}
		int rc = fill(reader, err);
		if (rc < 0 || (rc == FLONG_END && reader->gunzip == NULL)) {
			return rc;
		}
		if (rc == FLONG_OK) {
			continue;
		}
		if (reader->is_begun && !reader->has_bytes) {
			reader->pending |= READER_ODD_EMPTY_MEMBER;
		}
		rc = gunzip_next(reader->gunzip, err);
		if (rc == FLONG_END && gunzip_padding(reader->gunzip) > 0) {
			reader->pending |= READER_ODD_PADDING;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
		reader->in_member = true;
		reader->has_bytes = false;
		reader->is_begun = true;
		reader->record.offset = gunzip_member_offset(reader->gunzip);
	}
}

/* Reads until the window holds a whole head; its length in *length_out. */
static int read_head(struct reader *reader, size_t *length_out, struct flong_error *err)
{
	size_t scanned = 0;
	for (;;) {
		struct bytes window = window_bytes(reader);
		if (!bytes_starts(window, bytes_slice(BYTES("WARC/"), 0, window.len))) {
			return fail_record(
				reader, err, FLONG_E_FORMAT, "does not begin with WARC/");
		}
		*length_out = record_parse_length(window, &scanned);
		if (*length_out > 0) {
			return FLONG_OK;
		}
		if (window.len >= LIMIT_RECORD_HEAD_BYTES) {
			return fail_record(reader, err, FLONG_E_LIMIT, "the head is too long");
		}
		int rc = fill_across(reader, err);
		if (rc == FLONG_END) {
			return fail_record(reader, err, FLONG_E_FORMAT, "ends inside its head");
		}
		if (rc != FLONG_OK) {
			return fail(reader, err);
		}
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
	struct reader_record *record = &reader->record;
	int rc = find_start(reader, err);
	if (rc != FLONG_OK) {
		reader->is_over = true;
		return rc == FLONG_END ? rc : fail(reader, err);
	}
	headers_clear(&record->headers);
	*record = (struct reader_record){.offset = record->offset};
	if (reader->gunzip == NULL) {
		record->offset = reader->offset;
	}
	record->oddities = reader->pending;
	reader->pending = 0;
	size_t length;
	rc = read_head(reader, &length, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	rc = record_parse_head(bytes_slice(window_bytes(reader), 0, length), record, err);
	if (rc != FLONG_OK) {
		(void)error_context(
			err, "record at offset %llu", (unsigned long long)record->offset);
		return fail(reader, err);
	}
	take(reader, length);
	reader->block_left = record->block_length;
	reader->in_record = true;
	reader->is_finished = false;
	*record_out = record;
	return FLONG_OK;
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
	bytes = window_bytes(reader);
	size_t count = bytes.len < reader->block_left ? bytes.len : (size_t)reader->block_left;
	count = count < max ? count : max;
	memcpy(room, bytes.ptr, count);
	take(reader, count);
	reader->block_left -= count;
	*got_out = count;
	return FLONG_OK;
}

int reader_peek(struct reader *reader, size_t max, struct bytes *bytes_out, struct flong_error *err)
{
	*bytes_out = (struct bytes){NULL, 0};
	max = max < LIMIT_RECORD_HEAD_BYTES ? max : LIMIT_RECORD_HEAD_BYTES;
	max = max < reader->block_left ? max : (size_t)reader->block_left;
	while (reader->end - reader->start < max) {
		int rc = fill_across(reader, err);
		if (rc == FLONG_END) {
			return fail_record(
				reader, err, FLONG_E_FORMAT, "the file ends inside its block");
		}
		if (rc != FLONG_OK) {
			return fail(reader, err);
		}
	}
	*bytes_out = bytes_slice(window_bytes(reader), 0, max);
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
	static const struct source_ops ops = {block_source_read, block_source_close};
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
		size_t count = reader->end - reader->start;
		count = count < reader->block_left ? count : (size_t)reader->block_left;
		take(reader, count);
		reader->block_left -= count;
	}
	return FLONG_OK;
}

/* Takes the line ends after a block: CRLF CRLF, then (gzip) the end of the member. */
static int skip_trailer(struct reader *reader, struct flong_error *err)
{
	static const char wanted[] = {'\r', '\n', '\r', '\n'};
	struct reader_record *record = &reader->record;
	bool is_exact = true;
	while (reader->gunzip != NULL || record->trailer_bytes < sizeof(wanted)) {
		if (reader->start == reader->end) {
			int rc = fill(reader, err);
			if (rc < 0) {
				return fail(reader, err);
			}
			if (rc == FLONG_END) {
				break;
			}
			continue;
		}
		char c = reader->window[reader->start];
		if (c != '\r' && c != '\n') {
			record->oddities |= reader->gunzip != NULL ? READER_ODD_SHARED : 0;
			break;
		}
		is_exact = is_exact && record->trailer_bytes < sizeof(wanted) &&
			   c == wanted[record->trailer_bytes];
		record->trailer_bytes++;
		take(reader, 1);
	}
	if (!is_exact || record->trailer_bytes != sizeof(wanted)) {
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
	uint64_t end = reader->offset;
	if (reader->gunzip != NULL) {
		bool is_shared = (record->oddities & READER_ODD_SHARED) != 0;
		end = is_shared ? record->offset : gunzip_member_end(reader->gunzip);
	}
	record->length = end - record->offset;
	if (record->length > 0 && record->trailer_bytes >= 4) {
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
