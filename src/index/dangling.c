/* SPDX-License-Identifier: MIT */
/* dangling.c - revisits of a collection whose original is not in it
 *
 * What is there and what is named become lines "URL SECOND 0 DIGEST" and "URL SECOND 1 DIGEST ID
 * DATE REVISIT PLACE". Sorted, those of a revisit stand behind the responses it may mean. */
#include "index/dangling.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/line_file.h"
#include "index/sorter.h"
#include "index/url_plain.h"
#include "index/wacz_rows.h"
#include "warc/reader.h"

enum { SECOND_DIGITS = 14 };

struct gathering {
	const struct wacz_reader *collection; /* borrowed */
	struct sorter *places;                /* owned: "FILE/OFFSET" of the revisits */
	struct sorter *names;                 /* owned: what is there, and what is named */
	struct buf line;
};

static void gathering_clear(struct gathering *gathering)
{
	sorter_close(gathering->places);
	sorter_close(gathering->names);
	buf_clear(&gathering->line);
}

/* The digest in our form, whatever the form it was found in; "-" for none. Rows may lack the label
 * of SHA-1. */
static void add_digest(struct buf *line, struct bytes text)
{
	struct flong_error ignored = {0};
	struct digest digest = {0};
	SCOPED(buf_clear) struct buf labelled = {0};
	char formatted[DIGEST_TEXT_SIZE] = "-";
	if (bytes_find_char(text, ':', 0) == SIZE_MAX) {
		buf_add_text(&labelled, "sha1:");
	}
	buf_add(&labelled, text);
	if (digest_parse(buf_bytes(&labelled), &digest, &ignored) == FLONG_OK) {
		digest_format(&digest, formatted);
	}
	buf_add_text(line, formatted);
}

/* A line that cannot be one says nothing: its URL is over every limit. */
static int add_line(struct sorter *sorter, const struct buf *line, struct flong_error *err)
{
	int rc = sorter_add(sorter, buf_bytes(line), err);
	return rc == FLONG_E_LIMIT || rc == FLONG_E_FORMAT ? FLONG_OK : rc;
}

static int take_row(void *context, struct bytes text, struct flong_error *err)
{
	struct gathering *gathering = context;
	struct flong_error ignored = {0};
	struct cdxj_row row = {0};
	struct buf *line = &gathering->line;
	int rc = FLONG_OK;
	buf_reset(line);
	if (cdxj_parse(text, &row, &ignored) < 0) { /* a header line */
		cdxj_clear(&row);
		return FLONG_OK;
	}
	if (bytes_equal(row.entry.mime, BYTES("warc/revisit"))) {
		buf_add(line, row.entry.filename);
		buf_addf(line, "/%020llu", (unsigned long long)row.entry.offset);
		rc = add_line(gathering->places, line, err);
	} else {
		url_plain(row.entry.url, line);
		buf_add_char(line, ' ');
		buf_add(line, bytes_slice(row.entry.timestamp, 0, SECOND_DIGITS));
		buf_add_text(line, " 0 ");
		add_digest(line, row.entry.digest);
		rc = add_line(gathering->names, line, err);
	}
	cdxj_clear(&row);
	return rc;
}

static int add_named(struct gathering *gathering, const struct reader_record *record,
	struct bytes place, struct flong_error *err)
{
	struct bytes url = reader_uri(record, "WARC-Refers-To-Target-URI");
	struct bytes id = reader_uri(record, "WARC-Refers-To");
	struct buf *line = &gathering->line;
	char second[CLOCK_DIGITS_SIZE];
	int64_t date_ms;
	if (url.len == 0 ||
		!clock_parse_iso(
			headers_first(&record->headers, "WARC-Refers-To-Date"), &date_ms) ||
		date_ms < 0) {
		return FLONG_OK;
	}
	clock_format_digits14(date_ms, second);
	buf_reset(line);
	url_plain(url, line);
	buf_addf(line, " %s 1 ", second);
	add_digest(line, headers_first(&record->headers, "WARC-Payload-Digest"));
	buf_add_char(line, ' ');
	url_plain(id.len == 0 ? BYTES("-") : id, line);
	buf_addf(line, " %lld ", (long long)date_ms);
	url_plain(reader_uri(record, "WARC-Target-URI"), line);
	buf_add_char(line, ' '); /* its place makes each a line of its own */
	buf_add(line, place);
	return add_line(gathering->names, line, err);
}

/* Reads the head of the revisit at a place. */
static int take_place(struct gathering *gathering, struct bytes place, struct flong_error *err)
{
	const struct wacz_reader *collection = gathering->collection;
	size_t slash = bytes_find_last_char(place, '/');
	struct bytes name = bytes_slice(place, 0, slash);
	uint64_t offset = 0;
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	const struct wacz_file *file = wacz_reader_find_archive(collection, name);
	if (file == NULL ||
		!bytes_to_u64(bytes_slice(place, slash + 1, place.len), INT64_MAX, &offset)) {
		return error_set(err, FLONG_E_NOT_FOUND,
			"%s: the index names " BYTES_FMT ", which is not there",
			wacz_reader_path(collection), BYTES_ARG(name));
	}
	int rc = wacz_reader_open_records(collection, file, offset, &reader, err);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, err);
	}
	if (rc == FLONG_END || (rc == FLONG_OK && record->type != RECORD_REVISIT)) {
		return error_set(err, FLONG_E_DAMAGED,
			"%s: %s has no revisit at offset %llu, where the index has one",
			wacz_reader_path(collection), file->path, (unsigned long long)offset);
	}
	return rc == FLONG_OK ? add_named(gathering, record, place, err) : rc;
}

/* The lines of a sorter as a file without name. */
static int write_lines(
	struct sorter *sorter, const char *temp_dir, int *fd_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = -1;
	int rc = files_open_temp(temp_dir, &fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	if (rc == FLONG_OK) {
		*fd_out = fd;
		fd = -1;
	}
	return rc;
}

static struct line_file *open_lines(int fd, const char *name)
{
	off_t size = lseek(fd, 0, SEEK_END);
	return line_file_open_range(fd, 0, size < 0 ? 0 : (uint64_t)size, name);
}

static int take_places(struct gathering *gathering, int fd, struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *lines = open_lines(fd, "the list of revisits");
	uint64_t at = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		struct bytes line;
		rc = line_file_read(lines, at, &line, &at, err);
		if (rc == FLONG_OK) {
			rc = take_place(gathering, line, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* The responses of one URL and second. */
struct there {
	struct buf key;     /* "URL SECOND" */
	struct buf digests; /* a line each */
	size_t count;
};

static void there_clear(struct there *there)
{
	buf_clear(&there->key);
	buf_clear(&there->digests);
}

static bool is_there(const struct there *there, struct bytes digest)
{
	struct bytes rest = buf_bytes(&there->digests);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_equal(line, digest) || bytes_equal(line, BYTES("-")) ||
			bytes_equal(digest, BYTES("-"))) {
			return true;
		}
	}
	return false;
}

/* Whether the line is that of a revisit whose original is not there. */
static bool judge(struct there *there, struct bytes line)
{
	size_t after_url = bytes_find_char(line, ' ', 0);
	size_t end = bytes_find_char(line, ' ', after_url + 1);
	struct bytes key = bytes_slice(line, 0, end);
	struct bytes rest = bytes_slice(line, end + 1, line.len);
	struct bytes kind, digest, more;
	if (!bytes_equal(key, buf_bytes(&there->key))) {
		buf_reset(&there->key);
		buf_add(&there->key, key);
		buf_reset(&there->digests);
		there->count = 0;
	}
	if (!bytes_cut(rest, ' ', &kind, &rest)) {
		return false;
	}
	if (bytes_equal(kind, BYTES("1"))) {
		return bytes_cut(rest, ' ', &digest, &more) && !is_there(there, digest);
	}
	if (there->count < LIMIT_CHECK_CANDIDATES) {
		there->count++;
		buf_add(&there->digests, rest);
		buf_add_char(&there->digests, '\n');
	}
	return false;
}

/* Writes the lines of those that dangle. */
static int write_dangling(
	int names_fd, struct sink *out, uint64_t *count_out, struct flong_error *err)
{
	SCOPED(line_file_closep)
	struct line_file *lines = open_lines(names_fd, "the list of names");
	SCOPED(there_clear) struct there there = {.count = 0};
	uint64_t at = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		struct bytes line;
		rc = line_file_read(lines, at, &line, &at, err);
		if (rc == FLONG_OK && judge(&there, line)) {
			++*count_out;
			rc = sink_write(out, line, err);
			rc = rc == FLONG_OK ? sink_write(out, BYTES("\n"), err) : rc;
		}
	}
	return rc == FLONG_END ? sink_finish(out, err) : rc;
}

static int gather(struct gathering *gathering, const char *temp_dir, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = -1;
	const struct wacz_reader *collection = gathering->collection;
	const struct wacz_file *index = wacz_reader_find(collection, BYTES("indexes/index.cdx"));
	int rc = index != NULL ? wacz_rows_read_file(collection, index, take_row, gathering, err)
			       : error_set(err, FLONG_E_NOT_FOUND, "%s has no indexes/index.cdx",
					 wacz_reader_path(collection));
	if (rc == FLONG_OK) {
		rc = write_lines(gathering->places, temp_dir, &fd, err);
	}
	return rc == FLONG_OK ? take_places(gathering, fd, err) : rc;
}

int dangling_find(const struct wacz_reader *collection, const char *temp_dir, int *fd_out,
	uint64_t *count_out, struct flong_error *err)
{
	SCOPED(gathering_clear)
	struct gathering gathering = {.collection = collection,
		.places = sorter_create(temp_dir, 0),
		.names = sorter_create(temp_dir, 0)};
	SCOPED(files_close_fd) int names_fd = -1;
	SCOPED(files_close_fd) int fd = -1;
	uint64_t count = 0;
	int rc = gather(&gathering, temp_dir, err);
	if (rc == FLONG_OK) {
		rc = write_lines(gathering.names, temp_dir, &names_fd, err);
	}
	if (rc == FLONG_OK) {
		rc = files_open_temp(temp_dir, &fd, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *out = sink_to_fd(fd);
	rc = write_dangling(names_fd, out, &count, err);
	if (rc == FLONG_OK) {
		*fd_out = fd;
		*count_out = count;
		fd = -1;
	}
	return rc;
}

bool dangling_parse(struct bytes line, struct dangling *dangling_out)
{
	struct dangling found = {.has_digest = false};
	struct flong_error ignored = {0};
	struct bytes kind, digest, date, place;
	uint64_t date_ms = 0;
	if (!bytes_cut(line, ' ', &found.url, &line) ||
		!bytes_cut(line, ' ', &found.second, &line) ||
		!bytes_cut(line, ' ', &kind, &line) || !bytes_cut(line, ' ', &digest, &line) ||
		!bytes_cut(line, ' ', &found.id, &line) || !bytes_cut(line, ' ', &date, &line) ||
		!bytes_cut(line, ' ', &found.revisit, &place) ||
		!bytes_to_u64(date, INT64_MAX, &date_ms)) {
		return false;
	}
	found.date_ms = (int64_t)date_ms;
	found.has_digest = digest_parse(digest, &found.digest, &ignored) == FLONG_OK;
	*dangling_out = found;
	return true;
}
