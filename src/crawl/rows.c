/* SPDX-License-Identifier: MIT */
/* rows.c - the index rows of one segment */
#include "crawl/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "index/cdxj.h"
#include "index/indexer.h"
#include "web/surt.h"

/* Rows are written to the file in pieces of this size, and at every sync. */
#define PIECE_BYTES ((size_t)64 << 10)

struct rows {
	int fd;
	char *path; /* owned */
	char *name; /* owned: base name of the WARC */
	struct buf pending;
	uint64_t written;
	/* of the check, which may run on a thread of its own */
	FILE *file;
	char *line; /* owned by getline */
	size_t line_capacity;
	struct buf expected;
};

static int open_rows(const char *state_dir, const char *name, int flags, struct rows **rows_out,
	struct flong_error *err)
{
	SCOPED(rows_closep) struct rows *rows = ALLOC(struct rows);
	SCOPED(buf_clear) struct buf file_name = {0};
	buf_addf(&file_name, "%s.rows", name);
	rows->path = files_join(state_dir, buf_text(&file_name));
	rows->name = alloc_copy(name);
	rows->fd = io_open(rows->path, flags | O_RDWR, 0600);
	if (rows->fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", rows->path);
	}
	*rows_out = TAKE(rows);
	return FLONG_OK;
}

int rows_create(
	const char *state_dir, const char *name, struct rows **rows_out, struct flong_error *err)
{
	return open_rows(state_dir, name, O_CREAT | O_TRUNC, rows_out, err);
}

int rows_reopen(const char *state_dir, const char *name, uint64_t bytes, struct rows **rows_out,
	struct flong_error *err)
{
	SCOPED(rows_closep) struct rows *rows = NULL;
	int rc = open_rows(state_dir, name, O_CREAT, &rows, err);
	if (rc < 0) {
		return rc;
	}
	off_t size = lseek(rows->fd, 0, SEEK_END);
	if (size < 0 || (uint64_t)size < bytes) {
		return error_set(err, FLONG_E_DAMAGED, "%s is shorter than what was acknowledged",
			rows->path);
	}
	if (io_truncate(rows->fd, bytes) != 0 || lseek(rows->fd, 0, SEEK_END) < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", rows->path);
	}
	rows->written = bytes;
	*rows_out = TAKE(rows);
	return FLONG_OK;
}

void rows_close(struct rows *rows)
{
	if (rows == NULL) {
		return;
	}
	files_close_fd(&rows->fd);
	files_close_stream(&rows->file);
	buf_clear(&rows->pending);
	buf_clear(&rows->expected);
	free(rows->line);
	free(rows->path);
	free(rows->name);
	free(rows);
}

int rows_flush(struct rows *rows, struct flong_error *err)
{
	int rc = files_write_all(rows->fd, buf_bytes(&rows->pending), rows->path, err);
	if (rc == FLONG_OK) {
		rows->written += rows->pending.len;
		buf_reset(&rows->pending);
	}
	return rc;
}

static bool is_indexed(enum record_type type)
{
	return type == RECORD_RESPONSE || type == RECORD_REVISIT || type == RECORD_RESOURCE;
}

static int add_entry(struct rows *rows, const struct cdxj_entry *entry, struct flong_error *err)
{
	const struct cdxj_options options = {.digits = 17, .record_digest = true};
	cdxj_format(entry, &options, &rows->pending);
	if (buf_failed(&rows->pending)) {
		return error_set(err, FLONG_E_LIMIT, BYTES_FMT ": its index row is too long",
			BYTES_ARG(entry->url));
	}
	return rows->pending.len >= PIECE_BYTES ? rows_flush(rows, err) : FLONG_OK;
}

int rows_add(struct rows *rows, const struct member *member, const struct segment_place *place,
	struct flong_error *err)
{
	if (!is_indexed(member->type)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf key = buf_with_max(4 * LIMIT_URL_BYTES);
	surt_ia(bytes_of(member->url), &key);
	char timestamp[CLOCK_DIGITS_SIZE];
	char record_digest[DIGEST_TEXT_SIZE];
	clock_format_digits17(member->date_ms, timestamp);
	digest_format_hex(&place->record, record_digest);
	const struct cdxj_entry entry = {
		.key = buf_bytes(&key),
		.timestamp = bytes_of(timestamp),
		.url = bytes_of(member->url),
		.mime = bytes_of(member->mime),
		.status = member->status[0] == '\0' ? bytes_of(NULL) : bytes_of(member->status),
		.digest = member->digest[0] == '\0' ? bytes_of(NULL) : bytes_of(member->digest),
		.length = place->length,
		.offset = place->offset,
		.filename = bytes_of(rows->name),
		.record_digest = bytes_of(record_digest),
	};
	return add_entry(rows, &entry, err);
}

uint64_t rows_size(const struct rows *rows)
{
	return rows->written + rows->pending.len;
}

int rows_sync(struct rows *rows, struct flong_error *err)
{
	int rc = rows_flush(rows, err);
	return rc == FLONG_OK ? files_sync(rows->fd, rows->path, err) : rc;
}

struct sync_file rows_file(const struct rows *rows)
{
	return (struct sync_file){rows->fd, rows->path};
}

struct remake {
	struct rows *rows;                /* borrowed */
	const struct rows_source *source; /* borrowed */
};

static int remake_row(void *context, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct remake *remake = context;
	return entry->offset < remake->source->end ? add_entry(remake->rows, entry, err) : FLONG_OK;
}

/* Behind the end of an open segment nothing is expected to be whole. */
static void remake_fault(void *context, const struct flong_error *fault)
{
	const struct remake *remake = context;
	if (remake->source->end == UINT64_MAX) {
		log_warn("%s", fault->message);
	}
}

int rows_remake(const char *state_dir, const struct rows_source *source, uint64_t *bytes_out,
	struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(source->archive_dir, source->file);
	SCOPED(rows_closep) struct rows *rows = NULL;
	int rc = rows_create(state_dir, source->name, &rows, err);
	if (rc < 0) {
		return rc;
	}
	struct remake remake = {rows, source};
	const struct indexer_options options = {
		.record_digest = true,
		.records = "response,revisit,resource",
		.filename = source->name,
		.take = remake_row,
		.fault = remake_fault,
		.context = &remake,
	};
	rc = indexer_run(path, &options, err);
	if (rc == FLONG_OK) {
		rc = rows_sync(rows, err);
	}
	*bytes_out = rows_size(rows);
	return rc;
}

int rows_begin_check(struct rows *rows, struct flong_error *err)
{
	return files_open_stream(rows->path, &rows->file, err);
}

/* Whether the row says of the record what add_entry wrote: told without reading its JSON, in which
 * no value holds a quote that is not escaped. */
static bool is_as_written(struct rows *rows, struct bytes line, const struct reader_record *record)
{
	char timestamp[CLOCK_DIGITS_SIZE] = "";
	int64_t date_ms = 0;
	if (!clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &date_ms)) {
		return false;
	}
	clock_format_digits17(date_ms, timestamp);
	buf_reset(&rows->expected);
	buf_addf(&rows->expected, " %s {\"url\": ", timestamp);
	json_add_string_ascii(&rows->expected, reader_uri(record, "WARC-Target-URI"));
	buf_add_text(&rows->expected, ", ");
	size_t split = rows->expected.len;
	buf_add_text(&rows->expected, ", \"length\": \"");
	buf_add_u64(&rows->expected, record->length);
	buf_add_text(&rows->expected, "\", \"offset\": \"");
	buf_add_u64(&rows->expected, record->offset);
	buf_add_text(&rows->expected, "\", \"filename\": ");
	struct bytes expected = buf_bytes(&rows->expected);
	size_t blank = bytes_find_char(line, ' ', 0);
	return !buf_failed(&rows->expected) && blank != SIZE_MAX && blank > 0 &&
	       bytes_starts(bytes_slice(line, blank, line.len), bytes_slice(expected, 0, split)) &&
	       bytes_find(line, bytes_slice(expected, split, expected.len), blank) != SIZE_MAX &&
	       bytes_ends(line, BYTES("\"}\n"));
}

static int compare(
	const struct cdxj_entry *entry, const struct reader_record *record, struct flong_error *err)
{
	char timestamp[CLOCK_DIGITS_SIZE] = "";
	int64_t date_ms = 0;
	if (clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &date_ms)) {
		clock_format_digits17(date_ms, timestamp);
	}
	if (entry->offset != record->offset || entry->length != record->length) {
		return error_set(err, FLONG_E_DAMAGED,
			"its index row says offset %llu, length %llu",
			(unsigned long long)entry->offset, (unsigned long long)entry->length);
	}
	if (!bytes_equal(entry->url, reader_uri(record, "WARC-Target-URI")) ||
		!bytes_equal(entry->timestamp, bytes_of(timestamp))) {
		return error_set(err, FLONG_E_DAMAGED, "its index row names another URL or date");
	}
	return FLONG_OK;
}

int rows_check_record(void *context, const struct reader_record *record, struct flong_error *err)
{
	struct rows *rows = context;
	if (!is_indexed(record->type)) {
		return FLONG_OK;
	}
	ssize_t length = files_next_line(rows->file, &rows->line, &rows->line_capacity);
	if (length < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "reading '%s'", rows->path);
	}
	if (length == 0) {
		return error_set(err, FLONG_E_DAMAGED, "it has no index row");
	}
	struct bytes line = bytes_from(rows->line, (size_t)length);
	if (is_as_written(rows, line, record)) {
		return FLONG_OK;
	}
	struct cdxj_row row = {0};
	int rc = cdxj_parse(line, &row, err);
	if (rc == FLONG_OK) {
		rc = compare(&row.entry, record, err);
	} else {
		err->code = rc = FLONG_E_DAMAGED;
	}
	cdxj_clear(&row);
	return rc;
}

int rows_end_check(struct rows *rows, struct flong_error *err)
{
	ssize_t length = files_next_line(rows->file, &rows->line, &rows->line_capacity);
	if (length < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "reading '%s'", rows->path);
	}
	if (length > 0) {
		return error_set(err, FLONG_E_DAMAGED, "%s: has a row without record", rows->path);
	}
	return FLONG_OK;
}
