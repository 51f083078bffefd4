/* SPDX-License-Identifier: MIT */
/* originals_from.c - the originals that a collection lacks, taken from other archives
 *
 * Each is found and compared first; then the places of all are sorted, so that every file that has
 * some is read once. */
#include "index/originals_from.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/stream.h"
#include "index/collection.h"
#include "index/dangling.h"
#include "index/line_file.h"
#include "index/originals_file.h"
#include "index/sorter.h"
#include "index/url_plain.h"
#include "index/wacz_reader.h"
#include "warc/capture.h"
#include "warc/reader.h"

struct finding {
	const struct originals_from_options *options; /* borrowed */
	struct sorter *places;                        /* owned: "SOURCE\tFILE\tOFFSET" */
	struct buf line;
	enum digest_algorithm algorithm; /* of the revisits */
	struct originals_from_result result;
};

void originals_from_clear(struct originals_from_result *result)
{
	free(result->revisit);
	free(result->original);
	*result = (struct originals_from_result){.dangling = 0};
}

static void finding_clear(struct finding *finding)
{
	sorter_close(finding->places);
	buf_clear(&finding->line);
	originals_from_clear(&finding->result);
}

/* How well a response is what the revisit names. Some writers say dates in whole seconds. */
enum fit { FIT_NOT, FIT_SECOND, FIT_DATE, FIT_ID };

static enum fit fit_of(const struct reader_record *record, const struct dangling *wanted)
{
	SCOPED(buf_clear) struct buf url = {0};
	SCOPED(buf_clear) struct buf id = {0};
	char second[CLOCK_DIGITS_SIZE];
	int64_t date_ms = 0;
	url_plain(reader_uri(record, "WARC-Target-URI"), &url);
	url_plain(reader_uri(record, "WARC-Record-ID"), &id);
	if (record->type != RECORD_RESPONSE || !bytes_equal(buf_bytes(&url), wanted->url) ||
		!clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &date_ms)) {
		return FIT_NOT;
	}
	clock_format_digits14(date_ms, second);
	if (!bytes_equal(bytes_of(second), wanted->second)) {
		return FIT_NOT;
	}
	if (bytes_equal(buf_bytes(&id), wanted->id)) {
		return FIT_ID;
	}
	if (date_ms != wanted->date_ms) {
		return wanted->date_ms % 1000 == 0 ? FIT_SECOND : FIT_NOT;
	}
	return FIT_DATE;
}

/* Some writers take the body with its chunk framing for the payload (W-13). */
static bool is_raw_payload(const struct exchange *exchange, const struct digest *wanted)
{
	SCOPED(digester_closep) struct digester *digester = digester_create(wanted->algorithm);
	SCOPED(source_closep) struct source *source = NULL;
	struct flong_error ignored = {0};
	char room[16384];
	size_t got = 0;
	int rc = spool_open(exchange->body, &source, &ignored);
	while (rc == FLONG_OK) {
		rc = source_read(source, room, sizeof(room), &got, &ignored);
		digester_add(digester, bytes_from(room, rc == FLONG_OK ? got : 0));
	}
	const struct digest digest = digester_end(digester);
	return rc == FLONG_END && digest_equal(&digest, wanted);
}

/* Opens the record of a row: how well it fits, FIT_NOT when it cannot be read or has another
 * payload. */
static enum fit try_row(
	const struct finding *finding, const struct sources_row *row, const struct dangling *wanted)
{
	const struct originals_from_options *options = finding->options;
	SCOPED(reader_closep) struct reader *reader = NULL;
	SCOPED(exchange_closep) struct exchange *exchange = NULL;
	const struct reader_record *record = NULL;
	struct capture_digests digests = {0};
	struct flong_error ignored = {0};
	enum fit fit = FIT_NOT;
	int rc = sources_open_records(options->sources,
		(struct sources_file){row->source, row->file}, row->offset, &reader, &ignored);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, &ignored);
	}
	if (rc == FLONG_OK && !reader_is_arc(reader)) {
		fit = fit_of(record, wanted);
	}
	if (fit != FIT_NOT) {
		rc = capture_read(reader, record, options->temp_dir, &exchange, &ignored);
		if (rc == FLONG_OK) {
			rc = reader_finish(reader, &ignored);
		}
		if (rc == FLONG_OK) {
			rc = capture_digest(exchange, wanted->digest.algorithm, &digests, &ignored);
		}
	}
	bool is_same = rc == FLONG_OK && fit != FIT_NOT &&
		       (digest_equal(&digests.payload, &wanted->digest) ||
			       is_raw_payload(exchange, &wanted->digest));
	return is_same ? fit : FIT_NOT;
}

/* The place of the best original, as a line; empty when there is none. */
static int find_place(
	struct finding *finding, const struct dangling *wanted, struct flong_error *err)
{
	struct sources *sources = finding->options->sources;
	enum fit best = FIT_NOT;
	buf_reset(&finding->line);
	if (sources == NULL || !wanted->has_digest) {
		return FLONG_OK;
	}
	int tries = 0;
	int rc = sources_find(sources, &wanted->digest, wanted->second, err);
	while (rc == FLONG_OK && best != FIT_ID && tries < LIMIT_GIVEN_TRIES) {
		struct sources_row row;
		rc = sources_next(sources, &row, err);
		if (rc != FLONG_OK || !bytes_equal(row.url, wanted->url)) {
			continue;
		}
		tries++;
		enum fit fit = try_row(finding, &row, wanted);
		if (fit > best) {
			best = fit;
			buf_reset(&finding->line);
			buf_addf(&finding->line, "%010zu\t", row.source);
			buf_add(&finding->line, row.file);
			buf_addf(&finding->line, "\t%020llu", (unsigned long long)row.offset);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static int find_one(void *context, struct bytes line, struct flong_error *err)
{
	struct finding *finding = (struct finding *)context;
	struct originals_from_result *result = &finding->result;
	struct dangling wanted;
	if (!dangling_parse(line, &wanted)) {
		return error_set(err, FLONG_E_INTERNAL, "a line of a revisit is none");
	}
	int rc = find_place(finding, &wanted, err);
	if (rc < 0) {
		return rc;
	}
	if (finding->line.len > 0) {
		finding->algorithm = wanted.digest.algorithm;
		return sorter_add(finding->places, buf_bytes(&finding->line), err);
	}
	result->lacking++;
	if (result->lacking == 1) {
		result->revisit = alloc_text(wanted.revisit.ptr, wanted.revisit.len);
		result->original = alloc_text(wanted.url.ptr, wanted.url.len);
		result->date_ms = wanted.date_ms;
	}
	return FLONG_OK;
}

static struct line_file *open_lines(int fd, const char *name)
{
	off_t size = lseek(fd, 0, SEEK_END);
	return line_file_open_range(fd, 0, size < 0 ? 0 : (uint64_t)size, name);
}

static int find_all(struct finding *finding, struct flong_error *err)
{
	const struct originals_from_options *options = finding->options;
	SCOPED(wacz_reader_closep) struct wacz_reader *collection = NULL;
	SCOPED(line_file_closep) struct line_file *lines = NULL;
	SCOPED(files_close_fd) int fd = -1;
	int rc = wacz_reader_open(options->dir, &collection, err);
	if (rc == FLONG_OK) {
		rc = dangling_find(
			collection, options->temp_dir, &fd, &finding->result.dangling, err);
	}
	if (rc == FLONG_OK) {
		lines = open_lines(fd, "the list of revisits");
	}
	return rc == FLONG_OK ? line_file_each(lines, find_one, finding, err) : rc;
}

/* One file of a source that has originals. */
struct source_file {
	const struct sources *sources; /* borrowed */
	struct line_file *list;        /* borrowed: the places */
	uint64_t at;                   /* of the next line in it */
	struct buf start;              /* of the lines that are about it: "SOURCE\tFILE\t" */
	struct sources_file file;
};

static int open_records(void *context, struct reader **reader_out, struct flong_error *err)
{
	const struct source_file *file = context;
	return sources_open_records(file->sources, file->file, 0, reader_out, err);
}

static int open_stored(
	void *context, uint64_t offset, struct source **source_out, struct flong_error *err)
{
	const struct source_file *file = context;
	return sources_open_stored(file->sources, file->file, offset, source_out, err);
}

static int next_place(void *context, uint64_t *offset_out, struct flong_error *err)
{
	struct source_file *file = context;
	struct bytes start = buf_bytes(&file->start);
	struct bytes line;
	uint64_t next;
	int rc = line_file_read(file->list, file->at, &line, &next, err);
	if (rc == FLONG_OK &&
		(!bytes_starts(line, start) || !bytes_to_u64(bytes_slice(line, start.len, line.len),
						       INT64_MAX, offset_out))) {
		return FLONG_END;
	}
	file->at = rc == FLONG_OK ? next : file->at;
	return rc;
}

/* Copies what is wanted of the file that the line at *at names; leaves *at behind its lines. */
static int copy_file(const struct sources *sources, struct originals_file *out,
	struct line_file *list, uint64_t *at, struct flong_error *err)
{
	struct source_file file = {.sources = sources, .list = list, .at = *at};
	struct bytes line;
	uint64_t next, source = 0;
	int rc = line_file_read(list, *at, &line, &next, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	buf_add(&file.start, bytes_slice(line, 0, bytes_find_last_char(line, '\t') + 1));
	struct bytes start = buf_bytes(&file.start);
	size_t tab = bytes_find_char(start, '\t', 0);
	(void)bytes_to_u64(bytes_slice(start, 0, tab), SIZE_MAX, &source);
	file.file =
		(struct sources_file){(size_t)source, bytes_slice(start, tab + 1, start.len - 1)};
	SCOPED(free_textp) char *name = alloc_text(file.file.name.ptr, file.file.name.len);
	const struct originals_input input = {.open = open_records,
		.open_stored = open_stored,
		.next = next_place,
		.context = &file,
		.name = name,
		.passes_damage = true};
	rc = originals_file_take(out, &input, err);
	*at = file.at;
	buf_clear(&file.start);
	return rc;
}

static int copy_all(struct finding *finding, struct originals_file *out, struct flong_error *err)
{
	const struct originals_from_options *options = finding->options;
	SCOPED(files_close_fd) int fd = -1;
	int rc = files_open_temp(options->temp_dir, &fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = sorter_write(finding->places, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(line_file_closep) struct line_file *list = open_lines(fd, "the list of originals");
	uint64_t at = 0;
	while (rc == FLONG_OK) {
		rc = copy_file(options->sources, out, list, &at, err);
	}
	return rc == FLONG_END ? originals_file_finish(out, err) : rc;
}

/* A name that the collection does not have yet; *now_ms is the time it says. */
static void choose_name(const char *archive, int64_t *now_ms, struct buf *name_out)
{
	for (;; ++*now_ms) {
		char stamp[CLOCK_DIGITS_SIZE];
		clock_format_digits17(*now_ms, stamp);
		buf_reset(name_out);
		buf_addf(name_out, "originals-%s.warc.gz", stamp);
		SCOPED(free_textp) char *path = files_join(archive, buf_text(name_out));
		if (!files_exists(path)) {
			return;
		}
	}
}

/* Copies what was found, and gives it rows. */
static int copy_found(struct finding *finding, struct flong_error *err)
{
	const struct originals_from_options *options = finding->options;
	SCOPED(free_textp) char *archive = files_join(options->dir, "archive");
	SCOPED(buf_clear) struct buf name = {0};
	struct originals_file_options file = {.dir = archive,
		.temp_dir = options->temp_dir,
		.now_ms = options->now_ms,
		.algorithm = finding->algorithm,
		.is_foreign = true};
	choose_name(archive, &file.now_ms, &name);
	file.name = buf_text(&name);
	SCOPED(originals_file_closep) struct originals_file *out = originals_file_create(&file);
	int rc = copy_all(finding, out, err);
	finding->result.copied = originals_file_count(out);
	return rc == FLONG_OK && finding->result.copied > 0
		       ? collection_extend_index(options->dir, buf_text(&name), err)
		       : rc;
}

int originals_from(const struct originals_from_options *options,
	struct originals_from_result *result_out, struct flong_error *err)
{
	SCOPED(finding_clear)
	struct finding finding = {
		.options = options, .places = sorter_create(options->temp_dir, 0)};
	int rc = find_all(&finding, err);
	if (rc == FLONG_OK && finding.result.dangling > finding.result.lacking) {
		rc = copy_found(&finding, err);
	}
	if (rc == FLONG_OK) {
		*result_out = finding.result;
		finding.result = (struct originals_from_result){.dangling = 0};
	}
	return rc;
}
