/* SPDX-License-Identifier: MIT */
/* wacz_find.c - the capture of a URL in a collection, a WACZ or a WARC file */
#include "index/wacz_find.h"

#include "base/clock.h"
#include "base/error.h"
#include "index/cdxj.h"
#include "index/choice.h"
#include "index/wacz_rows.h"
#include "index/wacz_walk.h"
#include "web/surt.h"
#include "web/url.h"

/* A search under way. */
struct search {
	const struct wacz_query *query;   /* borrowed */
	const struct wacz_reader *reader; /* borrowed; NULL: records of a WARC file */
	struct wacz_capture *best;        /* borrowed */
	struct choice choice;             /* borrows from query and href */
	struct choice_best mark;          /* of best */
	struct buf href;                  /* the URL as browsers write it */
	struct buf key, key_js;           /* its keys in the two dialects */
	struct buf record_key;            /* of the record that is looked at */
	struct flong_error fault;         /* of a row that would do but cannot be used */
};

/* One that may be it. */
struct candidate {
	struct choice_capture capture;
	struct bytes file;
	uint64_t offset;
};

void wacz_capture_clear(struct wacz_capture *capture)
{
	buf_clear(&capture->file);
	buf_clear(&capture->url);
	*capture = (struct wacz_capture){0};
}

/* --- choosing ----------------------------------------------------------------------------------
 */

static void keep(struct search *search, const struct candidate *candidate)
{
	struct wacz_capture *best = search->best;
	buf_reset(&best->file);
	buf_add(&best->file, candidate->file);
	buf_reset(&best->url);
	buf_add(&best->url, candidate->capture.url);
	best->offset = candidate->offset;
	best->date_ms = candidate->capture.date_ms;
}

/* Keeps the candidate when it is better than what was found so far; its key fits. */
static void consider(struct search *search, const struct candidate *candidate)
{
	if (choice_take(&search->choice, &candidate->capture, &search->mark)) {
		keep(search, candidate);
	}
}

static bool fits_key(const struct search *search, struct bytes key)
{
	return bytes_equal(key, buf_bytes(&search->key)) ||
	       bytes_equal(key, buf_bytes(&search->key_js));
}

/* --- in the index ------------------------------------------------------------------------------
 */

/* Looks at a row whose key fits. */
static void take_row(struct search *search, struct bytes line)
{
	SCOPED(cdxj_clear) struct cdxj_row row = {0};
	struct flong_error *fault = &search->fault;
	int64_t date_ms;
	if (cdxj_parse(line, &row, fault) != FLONG_OK) {
		return;
	}
	if (!clock_parse_digits(row.entry.timestamp, &date_ms)) {
		(void)error_set(fault, FLONG_E_FORMAT,
			"the index has a row with the time '" BYTES_FMT "'",
			BYTES_ARG(row.entry.timestamp));
		return;
	}
	const struct wacz_file *file = wacz_reader_find_archive(search->reader, row.entry.filename);
	if (file == NULL) {
		(void)error_set(fault, FLONG_E_NOT_FOUND,
			"the index names '" BYTES_FMT "', which is not in archive/",
			BYTES_ARG(row.entry.filename));
		return;
	}
	bool is_revisit = bytes_equal(row.entry.mime, BYTES("warc/revisit"));
	consider(search, &(struct candidate){
				 .capture = {row.entry.url, date_ms, is_revisit, row.entry.digest},
				 .file = bytes_of(file->path),
				 .offset = row.entry.offset});
}

static int take_line(void *context, struct bytes line, struct flong_error *err)
{
	struct search *search = (struct search *)context;
	struct bytes key;
	struct bytes rest;
	(void)err;
	if (bytes_cut(line, ' ', &key, &rest) && fits_key(search, key)) {
		take_row(search, line);
	}
	return FLONG_OK;
}

/* --- in the records ----------------------------------------------------------------------------
 */

static bool is_capture(const struct reader_record *record)
{
	return record->type == RECORD_RESPONSE || record->type == RECORD_REVISIT ||
	       record->type == RECORD_RESOURCE;
}

static int take_record(void *context, const struct wacz_place *place, struct reader *reader,
	const struct reader_record *record, struct flong_error *err)
{
	struct search *search = (struct search *)context;
	(void)reader;
	(void)err;
	struct bytes url = reader_uri(record, "WARC-Target-URI");
	struct candidate candidate = {
		.capture = {.url = url,
			.is_revisit = record->type == RECORD_REVISIT,
			.digest = headers_first(&record->headers, "WARC-Payload-Digest")},
		.file = bytes_of(place->file),
		.offset = record->offset};
	if (!is_capture(record) || !clock_parse_iso(headers_first(&record->headers, "WARC-Date"),
					   &candidate.capture.date_ms)) {
		return FLONG_OK;
	}
	struct bytes id = search->query->record_id;
	if (id.len > 0) {
		if (!bytes_equal(reader_uri(record, "WARC-Record-ID"), id)) {
			return FLONG_OK;
		}
		keep(search, &candidate);
		search->mark.is_found = true;
		return FLONG_END;
	}
	buf_reset(&search->record_key);
	surt_ia(url, &search->record_key);
	if (fits_key(search, buf_bytes(&search->record_key))) {
		consider(search, &candidate);
	}
	return FLONG_OK;
}

/* What is damaged is not found; whoever wants to know runs flong check. */
static void pass_damage(void *context, const struct wacz_place *place,
	const struct flong_error *fault, const struct reader_gap *gap)
{
	(void)context;
	(void)place;
	(void)fault;
	(void)gap;
}

/* --- the search --------------------------------------------------------------------------------
 */

static void begin(struct search *search)
{
	struct bytes url = search->query->url;
	SCOPED(url_closep) struct url *parsed = NULL;
	struct flong_error ignored = {0};
	if (url_parse(url, NULL, &parsed, &ignored) == FLONG_OK) {
		buf_add(&search->href, parsed->all);
	}
	search->choice = (struct choice){.url = url,
		.href = buf_bytes(&search->href),
		.has_date = search->query->has_date,
		.date_ms = search->query->date_ms,
		.no_revisits = search->query->no_revisits,
		.digest = search->query->digest};
	surt_ia(url, &search->key);
	surt_js(url, &search->key_js);
}

static void clear_search(struct search *search)
{
	buf_clear(&search->href);
	buf_clear(&search->key);
	buf_clear(&search->key_js);
	buf_clear(&search->record_key);
}

int wacz_find(const char *path, const struct wacz_reader *reader, const struct wacz_query *query,
	struct wacz_capture *capture, struct flong_error *err)
{
	SCOPED(clear_search)
	struct search search = {.query = query, .reader = reader, .best = capture};
	const struct wacz_walk walk = {take_record, pass_damage, &search};
	bool has_index = false;
	begin(&search);
	bool uses_index = reader != NULL && query->record_id.len == 0;
	int rc =
		uses_index ? wacz_rows_read(reader, take_line, &search, &has_index, err) : FLONG_OK;
	if (rc == FLONG_OK && !has_index) {
		rc = wacz_walk(path, &walk, err);
	}
	if (rc < 0 || search.mark.is_found) {
		return rc;
	}
	if (search.fault.code != 0) {
		*err = search.fault;
		err->code = FLONG_E_DAMAGED;
		return error_context(err, "%s", path);
	}
	return error_set(err, FLONG_E_NOT_FOUND, "%s has no capture of '" BYTES_FMT "'", path,
		BYTES_ARG(query->url));
}

/* Rows and records may differ in percent-encoding and in the fraction of a second. */
static bool is_same_capture(const struct wacz_capture *capture, const struct reader_record *record)
{
	struct bytes url = reader_uri(record, "WARC-Target-URI");
	int64_t date_ms;
	SCOPED(buf_clear) struct buf left = {0};
	SCOPED(buf_clear) struct buf right = {0};
	surt_ia(url, &left);
	surt_ia(buf_bytes(&capture->url), &right);
	return bytes_equal(buf_bytes(&left), buf_bytes(&right)) &&
	       clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &date_ms) &&
	       date_ms / 1000 == capture->date_ms / 1000;
}

int wacz_find_open(const char *path, const struct wacz_reader *reader,
	const struct wacz_capture *capture, struct reader **records_out,
	const struct reader_record **record_out, struct flong_error *err)
{
	const struct wacz_file *file =
		reader == NULL ? NULL : wacz_reader_find(reader, buf_bytes(&capture->file));
	SCOPED(reader_closep) struct reader *records = NULL;
	int rc = file == NULL
			 ? reader_open_at(path, capture->offset, &records, err)
			 : wacz_reader_open_records(reader, file, capture->offset, &records, err);
	if (rc == FLONG_OK) {
		rc = reader_next(records, record_out, err);
	}
	if (rc == FLONG_END) {
		return error_set(err, FLONG_E_DAMAGED, "%s: %s has no record at offset %llu", path,
			buf_text(&capture->file), (unsigned long long)capture->offset);
	}
	if (rc == FLONG_OK && !is_same_capture(capture, *record_out)) {
		return error_set(err, FLONG_E_DAMAGED,
			"%s: the index is wrong: the record at offset %llu of %s is of '" BYTES_FMT
			"', " BYTES_FMT,
			path, (unsigned long long)capture->offset, buf_text(&capture->file),
			BYTES_ARG(reader_uri(*record_out, "WARC-Target-URI")),
			BYTES_ARG(headers_first(&(*record_out)->headers, "WARC-Date")));
	}
	if (rc == FLONG_OK) {
		*records_out = TAKE(records);
	}
	return rc;
}
