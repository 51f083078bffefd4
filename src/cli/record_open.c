/* SPDX-License-Identifier: MIT */
/* record_open.c - one record, found by its offset or by the URL it is a capture of */
#include "cli/record_open.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/zstd.h"
#include "index/wacz_find.h"

void record_open_clear(struct record_open *open)
{
	reader_close(open->records);
	wacz_reader_close(open->reader);
	buf_clear(&open->file);
	*open = (struct record_open){0};
}

/* Opens the collection or WACZ; nothing when the path is a WARC file. */
static int open_holder(struct record_open *open, const char *path, struct flong_error *err)
{
	bool is_wacz = false;
	open->path = path;
	int rc = wacz_reader_is_one(path, &is_wacz, err);
	return rc == FLONG_OK && is_wacz ? wacz_reader_open(path, &open->reader, err) : rc;
}

/* The file that is meant in a collection or WACZ. */
static int choose_file(const struct record_open *open, const char *name,
	const struct wacz_file **file_out, struct flong_error *err)
{
	const struct wacz_file *only = NULL;
	size_t count = 0;
	if (name != NULL) {
		struct bytes text = bytes_of(name);
		if (bytes_starts(text, BYTES("archive/"))) {
			text = bytes_slice(text, strlen("archive/"), text.len);
		}
		*file_out = wacz_reader_find_archive(open->reader, text);
		return *file_out != NULL
			       ? FLONG_OK
			       : error_set(err, FLONG_E_NOT_FOUND,
					 "%s has no file '%s' in archive/", open->path, name);
	}
	for (size_t i = 0; i < wacz_reader_count(open->reader); i++) {
		if (wacz_reader_is_archive(wacz_reader_at(open->reader, i))) {
			only = wacz_reader_at(open->reader, i);
			count++;
		}
	}
	*file_out = only;
	return count == 1 ? FLONG_OK
			  : error_set(err, FLONG_E_USAGE,
				    "%s has %zu WARC files: name one before the offset", open->path,
				    count);
}

int record_open_at(const char *path, const char *file, uint64_t offset, struct record_open *open,
	struct flong_error *err)
{
	int rc = open_holder(open, path, err);
	if (rc < 0) {
		return rc;
	}
	if (open->reader == NULL) {
		rc = file != NULL ? error_set(err, FLONG_E_USAGE,
					    "%s is no collection and no WACZ file", path)
				  : reader_open_at(path, offset, &open->records, err);
	} else {
		const struct wacz_file *chosen;
		rc = choose_file(open, file, &chosen, err);
		if (rc == FLONG_OK) {
			buf_add_text(&open->file, chosen->path);
			rc = wacz_reader_open_records(
				open->reader, chosen, offset, &open->records, err);
		}
	}
	if (rc == FLONG_OK) {
		rc = reader_next(open->records, &open->record, err);
	}
	return rc == FLONG_END
		       ? error_set(err, FLONG_E_NOT_FOUND, "%s has no record at offset %llu", path,
				 (unsigned long long)offset)
		       : rc;
}

static int open_capture(
	struct record_open *open, const struct wacz_query *query, struct flong_error *err)
{
	struct wacz_capture capture = {0};
	int rc = wacz_find(open->path, open->reader, query, &capture, err);
	if (rc == FLONG_OK) {
		buf_reset(&open->file);
		buf_add(&open->file, buf_bytes(&capture.file));
		rc = wacz_find_open(
			open->path, open->reader, &capture, &open->records, &open->record, err);
	}
	wacz_capture_clear(&capture);
	return rc;
}

int record_open_url(const char *path, const char *url, const char *date, struct record_open *open,
	struct flong_error *err)
{
	struct wacz_query query = {.url = bytes_of(url)};
	if (date != NULL) {
		query.has_date = true;
		if (!clock_parse_iso(bytes_of(date), &query.date_ms) &&
			!clock_parse_digits(bytes_of(date), &query.date_ms)) {
			return error_set(err, FLONG_E_USAGE,
				"--date: '%s' is no date such as 2026-11-23T19:00:00Z or "
				"20261123190000",
				date);
		}
	}
	int rc = open_holder(open, path, err);
	return rc == FLONG_OK ? open_capture(open, &query, err) : rc;
}

int record_open_original(
	const struct record_open *revisit, struct record_open *open, struct flong_error *err)
{
	const struct reader_record *record = revisit->record;
	struct bytes uri = reader_uri(record, "WARC-Refers-To-Target-URI");
	struct bytes date = headers_first(&record->headers, "WARC-Refers-To-Date");
	struct wacz_query query = {.url = uri, .no_revisits = true};
	if (uri.len == 0) {
		query.url = reader_uri(record, "WARC-Target-URI");
		date = headers_first(&record->headers, "WARC-Date");
	}
	query.digest = headers_first(&record->headers, "WARC-Payload-Digest");
	query.has_date = clock_parse_iso(date, &query.date_ms);
	int rc = open_holder(open, revisit->path, err);
	if (rc == FLONG_OK) {
		rc = open_capture(open, &query, err);
	}
	/* The digest may be of another kind than the index's; the URI says enough, when it does. */
	if (rc == FLONG_E_NOT_FOUND && query.digest.len > 0 && uri.len > 0 && query.has_date) {
		query.digest = (struct bytes){NULL, 0};
		rc = open_capture(open, &query, err);
	}
	query.record_id = reader_uri(record, "WARC-Refers-To");
	if (rc == FLONG_E_NOT_FOUND && query.record_id.len > 0) {
		rc = open_capture(open, &query, err);
	}
	return rc < 0 ? error_context(err, "the record is a revisit") : rc;
}

void record_open_describe(const struct record_open *open, struct buf *out)
{
	buf_addf(out, "%s at offset %llu",
		open->file.len > 0 ? buf_text(&open->file) : files_base_name(open->path),
		(unsigned long long)open->record->offset);
}

/* --- raw bytes ---------------------------------------------------------------------------------
 */

/* The content of compressed members from one on, at most `left` bytes. */
struct unpacked {
	struct source source;
	struct members *members; /* owned */
	struct bytes view;
	uint64_t left;
};

static int unpacked_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct unpacked *unpacked = (struct unpacked *)source;
	*got_out = 0;
	while (unpacked->view.len == 0 && unpacked->left > 0) {
		int rc = unpacked->members->is_inside ? FLONG_OK
						      : members_next(unpacked->members, err);
		if (rc == FLONG_OK) {
			rc = members_view(unpacked->members, &unpacked->view, err);
		}
		if (rc < 0 || (rc == FLONG_END && unpacked->view.len == 0 &&
				      intake_is_at_end(unpacked->members->intake))) {
			return rc;
		}
	}
	size_t count = unpacked->view.len < max ? unpacked->view.len : max;
	count = count < unpacked->left ? count : (size_t)unpacked->left;
	if (count == 0) {
		return FLONG_END;
	}
	memcpy(room, unpacked->view.ptr, count);
	unpacked->view = bytes_slice(unpacked->view, count, unpacked->view.len);
	unpacked->left -= count;
	*got_out = count;
	return FLONG_OK;
}

static void unpacked_close(struct source *source)
{
	struct unpacked *unpacked = (struct unpacked *)source;
	members_close(unpacked->members);
	free(unpacked);
}

/* The first `length` bytes of a source. */
struct first {
	struct source source;
	struct source *inner; /* owned */
	struct source *limit; /* owned; reads from inner */
};

static int first_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	return source_read(((struct first *)source)->limit, room, max, got_out, err);
}

static void first_close(struct source *source)
{
	struct first *first = (struct first *)source;
	source_close(first->limit);
	source_close(first->inner);
	free(first);
}

static struct source *limit_to(struct source *inner_take, uint64_t length)
{
	static const struct source_ops ops = {.read = first_read, .close = first_close};
	struct first *first = ALLOC(struct first);
	first->source.ops = &ops;
	first->inner = inner_take;
	first->limit = source_limit(inner_take, length);
	return &first->source;
}

static int open_stored(
	const struct record_open *open, struct source **source_out, struct flong_error *err)
{
	uint64_t offset = open->record->offset;
	if (open->reader == NULL) {
		return source_open_file_at(open->path, offset, source_out, err);
	}
	const struct wacz_file *file = wacz_reader_find(open->reader, buf_bytes(&open->file));
	return wacz_reader_open_file_at(open->reader, file, offset, source_out, err);
}

int record_open_raw(struct record_open *open, struct source **source_out, struct flong_error *err)
{
	static const struct source_ops ops = {.read = unpacked_read, .close = unpacked_close};
	const struct reader_record *record = open->record;
	int rc = reader_finish(open->records, err);
	if (rc == FLONG_OK && (record->oddities & READER_ODD_SHARED) != 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"the record shares its gzip member with others: repair the file first");
	}
	struct source *stored = NULL;
	if (rc == FLONG_OK) {
		rc = open_stored(open, &stored, err);
	}
	if (rc < 0) {
		return rc;
	}
	uint64_t length = record->head_bytes + record->block_length + record->trailer_bytes;
	enum reader_form form = reader_form(open->records);
	if (form == READER_PLAIN) {
		*source_out = limit_to(stored, length);
		return FLONG_OK;
	}
	struct intake *intake = intake_create(stored, record->offset, LIMIT_STORED_WINDOW_BYTES);
	struct unpacked *unpacked = ALLOC(struct unpacked);
	unpacked->source.ops = &ops;
	unpacked->left = length;
	unpacked->members = form == READER_GZIP ? gunzip_open(intake) : zstd_open(intake);
	*source_out = &unpacked->source;
	return FLONG_OK;
}
