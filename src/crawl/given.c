/* SPDX-License-Identifier: MIT */
/* given.c - archives that were given as a source of originals
 *
 * The gathered file has lines "DIGEST TIME SOURCE OFFSET FILE", in the order of their digests: an
 * index whose key is a digest, the earliest capture of each first. */
#include "crawl/given.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/indexer_write.h"
#include "index/lookup.h"
#include "index/sorter.h"
#include "index/wacz_reader.h"
#include "index/wacz_rows.h"
#include "warc/reader.h"

/* One archive. */
struct source_archive {
	const char *path;           /* borrowed */
	struct wacz_reader *reader; /* owned; NULL for a WARC file or an index */
	uint64_t rows, usable;      /* with a digest; with one of the kind that is wanted */
};

struct given {
	struct source_archive *sources; /* owned */
	size_t count;
	enum digest_algorithm algorithm;
	char *temp_dir; /* owned */
	pthread_mutex_t mutex;
	struct lookup *rows; /* owned; under the mutex */
	int fd;              /* of the gathered rows */
};

/* While the rows are gathered. */
struct gathering {
	const struct given *given;
	struct source_archive *source;
	size_t number;
	struct sorter *sorter;
	struct buf line;
};

void given_close(struct given *given)
{
	if (given == NULL) {
		return;
	}
	for (size_t i = 0; i < given->count; i++) {
		wacz_reader_close(given->sources[i].reader);
	}
	lookup_close(given->rows);
	files_close_fd(&given->fd);
	(void)pthread_mutex_destroy(&given->mutex);
	free(given->temp_dir);
	free(given->sources);
	free(given);
}

/* Some indexes leave the label of SHA-1 out. */
static bool read_digest(struct bytes text, struct digest *digest_out)
{
	struct flong_error ignored = {0};
	SCOPED(buf_clear) struct buf labelled = {0};
	if (bytes_find_char(text, ':', 0) == SIZE_MAX) {
		buf_add_text(&labelled, "sha1:");
	}
	buf_add(&labelled, text);
	return digest_parse(buf_bytes(&labelled), digest_out, &ignored) == FLONG_OK;
}

/* Takes a row of an index; header lines and what is damaged are no rows. */
static int gather_row(void *context, struct bytes text, struct flong_error *err)
{
	struct gathering *gathering = context;
	struct flong_error ignored = {0};
	struct cdxj_row row = {0};
	struct digest digest = {0};
	int rc = FLONG_OK;
	if (cdxj_parse(text, &row, &ignored) == FLONG_OK &&
		!bytes_equal(row.entry.mime, BYTES("warc/revisit")) &&
		read_digest(row.entry.digest, &digest)) {
		gathering->source->rows++;
		if (digest.algorithm == gathering->given->algorithm) {
			char formatted[DIGEST_TEXT_SIZE];
			gathering->source->usable++;
			digest_format(&digest, formatted);
			buf_reset(&gathering->line);
			buf_addf(&gathering->line, "%s " BYTES_FMT " %zu %llu " BYTES_FMT,
				formatted, BYTES_ARG(row.entry.timestamp), gathering->number,
				(unsigned long long)row.entry.offset,
				BYTES_ARG(row.entry.filename));
			rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
		}
	}
	cdxj_clear(&row);
	return rc;
}

static int gather_collection(struct gathering *gathering, struct flong_error *err)
{
	bool has_index = false;
	int rc = wacz_reader_open(gathering->source->path, &gathering->source->reader, err);
	if (rc == FLONG_OK) {
		rc = wacz_rows_read(
			gathering->source->reader, gather_row, gathering, &has_index, err);
	}
	if (rc == FLONG_OK && !has_index) {
		rc = error_set(err, FLONG_E_USAGE, "%s has no index", gathering->source->path);
	}
	return rc;
}

/* Rows of a WARC file are made, those of an index merged: both in one way. */
static int gather_file(struct gathering *gathering, struct flong_error *err)
{
	const struct given *given = gathering->given;
	const char *const paths[] = {gathering->source->path};
	const struct indexer_form form = {
		.line = {.digits = 17}, .temp_dir = given->temp_dir, .dir_root = NULL};
	SCOPED(files_close_fd) int fd = -1;
	SCOPED(lookup_closep) struct lookup *lines = NULL;
	int rc = files_open_temp(given->temp_dir, &fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = indexer_write(paths, 1, &form, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	off_t size = lseek(fd, 0, SEEK_END);
	lines = lookup_open_range(fd, 0, size < 0 ? 0 : (uint64_t)size, gathering->source->path);
	if (rc == FLONG_OK) {
		rc = lookup_find(lines, BYTES(""), LOOKUP_PREFIX, err);
	}
	struct bytes line;
	while (rc == FLONG_OK) {
		rc = lookup_next(lines, &line, err);
		if (rc == FLONG_OK) {
			rc = gather_row(gathering, line, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static const char *name_of(enum digest_algorithm algorithm)
{
	return algorithm == DIGEST_SHA1 ? "sha1" : "sha256";
}

static int gather(struct gathering *gathering, struct flong_error *err)
{
	const struct source_archive *source = gathering->source;
	bool is_collection = false;
	int rc = wacz_reader_is_one(source->path, &is_collection, err);
	if (rc == FLONG_OK) {
		rc = is_collection ? gather_collection(gathering, err)
				   : gather_file(gathering, err);
	}
	if (rc < 0) {
		err->code = rc == FLONG_E_IO ? FLONG_E_IO : FLONG_E_USAGE;
		return error_context(err, "--dedup");
	}
	if (source->rows > 0 && source->usable == 0) {
		log_warn("--dedup %s: its digests are of another kind than --digest %s: nothing of "
			 "it is used",
			source->path, name_of(gathering->given->algorithm));
	}
	return FLONG_OK;
}

static int write_rows(struct given *given, struct sorter *sorter, struct flong_error *err)
{
	int rc = files_open_temp(given->temp_dir, &given->fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(given->fd);
	rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	off_t size = lseek(given->fd, 0, SEEK_END);
	if (rc == FLONG_OK) {
		given->rows = lookup_open_range(
			given->fd, 0, size < 0 ? 0 : (uint64_t)size, "the rows of --dedup");
	}
	return rc;
}

int given_open(const struct crawl_texts *where, enum digest_algorithm algorithm,
	const char *temp_dir, struct given **given_out, struct flong_error *err)
{
	SCOPED(given_closep) struct given *given = ALLOC(struct given);
	struct gathering gathering = {.given = given, .sorter = sorter_create(temp_dir, 0)};
	given->algorithm = algorithm;
	given->temp_dir = alloc_copy(temp_dir);
	given->fd = -1;
	given->sources = ALLOC_ARRAY(struct source_archive, where->count);
	given->count = where->count;
	(void)pthread_mutex_init(&given->mutex, NULL);
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < where->count; i++) {
		gathering.number = i;
		gathering.source = &given->sources[i];
		gathering.source->path = where->items[i];
		rc = gather(&gathering, err);
	}
	if (rc == FLONG_OK) {
		rc = write_rows(given, gathering.sorter, err);
	}
	sorter_close(gathering.sorter);
	buf_clear(&gathering.line);
	if (rc == FLONG_OK) {
		*given_out = TAKE(given);
	}
	return rc;
}

/* The path of a WARC file that a row of an index names: beside the index, in ../archive, or as it
 * stands there; that of the WARC file itself. Owned. */
static char *find_warc(const char *source, const char *file)
{
	static const char *const folders[] = {"", "../archive/", "archive/"};
	const char *base = files_base_name(source);
	if (strcmp(base, files_base_name(file)) == 0) {
		return alloc_copy(source);
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		SCOPED(buf_clear) struct buf path = {0};
		buf_add(&path, bytes_from(source, (size_t)(base - source)));
		buf_addf(&path, "%s%s", folders[i], files_base_name(file));
		if (files_exists(buf_text(&path))) {
			return buf_take(&path);
		}
	}
	return alloc_copy(file);
}

/* Opens the record that a line names. */
static int open_record(const struct given *given, struct bytes line, struct reader **reader_out,
	struct flong_error *err)
{
	struct bytes field, number, offset_text, file;
	uint64_t source_number = 0;
	uint64_t offset = 0;
	if (!bytes_cut(line, ' ', &field, &line) || !bytes_cut(line, ' ', &field, &line) ||
		!bytes_cut(line, ' ', &number, &line) ||
		!bytes_cut(line, ' ', &offset_text, &file) ||
		!bytes_to_u64(number, given->count - 1, &source_number) ||
		!bytes_to_u64(offset_text, INT64_MAX, &offset)) {
		return error_set(err, FLONG_E_INTERNAL, "a row of --dedup is none");
	}
	const struct source_archive *source = &given->sources[source_number];
	if (source->reader == NULL) {
		SCOPED(free_textp) char *name = alloc_text(file.ptr, file.len);
		SCOPED(free_textp) char *path = find_warc(source->path, name);
		return reader_open_at(path, offset, reader_out, err);
	}
	const struct wacz_file *warc = wacz_reader_find_archive(source->reader, file);
	return warc == NULL
		       ? error_set(err, FLONG_E_NOT_FOUND, "%s: no file " BYTES_FMT, source->path,
				 BYTES_ARG(file))
		       : wacz_reader_open_records(source->reader, warc, offset, reader_out, err);
}

/* Whether the response has what the reply has. Payloads are compared by SHA-256. */
static bool is_same(const struct exchange *original, const struct exchange *exchange,
	const struct capture_digests *digests, struct buf *coding)
{
	SCOPED(buf_clear) struct buf wanted = {0};
	struct capture_digests found = {0};
	struct flong_error ignored = {0};
	capture_transfer_encoding(original, coding);
	capture_transfer_encoding(exchange, &wanted);
	return original->truncated == TRUNCATED_NOT &&
	       !(original->started_ms == exchange->started_ms &&
		       strcmp(original->url, exchange->url) == 0) &&
	       bytes_equal(buf_bytes(coding), buf_bytes(&wanted)) &&
	       capture_digest(original, digests->payload.algorithm, &found, &ignored) == FLONG_OK &&
	       digest_equal(&found.proof, &digests->proof) && capture_may_revisit(original, &found);
}

/* Reads the response at a line. FLONG_E_NOT_FOUND: it is no original of the reply. */
static int try_line(const struct given *given, struct bytes line, const struct exchange *exchange,
	const struct capture_digests *digests, struct capture_original *original_out,
	struct flong_error *err)
{
	SCOPED(reader_closep) struct reader *reader = NULL;
	SCOPED(exchange_closep) struct exchange *original = NULL;
	SCOPED(buf_clear) struct buf coding = {0};
	const struct reader_record *record = NULL;
	int rc = open_record(given, line, &reader, err);
	if (rc == FLONG_OK) {
		rc = reader_next(reader, &record, err);
	}
	if (rc == FLONG_OK && record->type != RECORD_RESPONSE) {
		rc = FLONG_E_NOT_FOUND;
	}
	struct bytes id = rc == FLONG_OK ? reader_uri(record, "WARC-Record-ID") : BYTES("");
	if (rc == FLONG_OK) {
		rc = capture_read(reader, record, given->temp_dir, &original, err);
	}
	if (rc != FLONG_OK || id.len == 0 || id.len >= sizeof(original_out->record_id) ||
		!is_same(original, exchange, digests, &coding)) {
		return error_set(err, FLONG_E_NOT_FOUND, "no original");
	}
	*original_out = (struct capture_original){.date_ms = original->started_ms};
	memcpy(original_out->record_id, id.ptr, id.len);
	original_out->url = alloc_copy(original->url);
	original_out->transfer_encoding = buf_take(&coding);
	return FLONG_OK;
}

int given_find(struct given *given, const struct exchange *exchange,
	const struct capture_digests *digests, struct capture_original *original_out,
	struct flong_error *err)
{
	char key[DIGEST_TEXT_SIZE];
	digest_format(&digests->payload, key);
	(void)pthread_mutex_lock(&given->mutex);
	int rc = lookup_find(given->rows, bytes_of(key), LOOKUP_EXACT, err);
	bool is_found = false;
	for (int tries = 0; rc == FLONG_OK && !is_found && tries < LIMIT_GIVEN_TRIES; tries++) {
		struct bytes line;
		struct flong_error ignored = {0};
		rc = lookup_next(given->rows, &line, err);
		is_found = rc == FLONG_OK && try_line(given, line, exchange, digests, original_out,
						     &ignored) == FLONG_OK;
	}
	(void)pthread_mutex_unlock(&given->mutex);
	return is_found ? FLONG_OK : error_set(err, FLONG_E_NOT_FOUND, "no original");
}
