/* SPDX-License-Identifier: MIT */
/* sources.c - archives that originals may be in
 *
 * The gathered file has lines "DIGEST TIME URL SOURCE OFFSET FILE", in the order of their digests:
 * an index whose key is a digest, the earliest capture of each first. */
#include "index/sources.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "index/cdxj.h"
#include "index/indexer_write.h"
#include "index/lookup.h"
#include "index/sorter.h"
#include "index/url_plain.h"
#include "index/wacz_reader.h"
#include "index/wacz_rows.h"

/* One archive. */
struct archive {
	const char *path;           /* borrowed */
	struct wacz_reader *reader; /* owned; NULL for a WARC file or an index */
	uint64_t rows, usable;      /* with a digest; with one that counts */
};

struct sources {
	struct archive *archives; /* owned */
	size_t count;
	struct lookup *rows; /* owned */
	int fd;              /* of the gathered rows */
};

/* While the rows are gathered. */
struct gathering {
	const struct sources_options *options;
	struct archive *archive;
	size_t number;
	struct sorter *sorter;
	struct buf line;
};

void sources_close(struct sources *sources)
{
	if (sources == NULL) {
		return;
	}
	for (size_t i = 0; i < sources->count; i++) {
		wacz_reader_close(sources->archives[i].reader);
	}
	lookup_close(sources->rows);
	files_close_fd(&sources->fd);
	free(sources->archives);
	free(sources);
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

/* A row whose names cannot stand in a line is none. */
static int add_row(struct gathering *gathering, const struct cdxj_entry *entry,
	const struct digest *digest, struct flong_error *err)
{
	char formatted[DIGEST_TEXT_SIZE];
	digest_format(digest, formatted);
	buf_reset(&gathering->line);
	buf_addf(&gathering->line, "%s " BYTES_FMT " ", formatted, BYTES_ARG(entry->timestamp));
	url_plain(entry->url, &gathering->line);
	buf_addf(&gathering->line, " %zu %llu ", gathering->number,
		(unsigned long long)entry->offset);
	buf_add(&gathering->line, entry->filename);
	int rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
	bool is_none = rc == FLONG_E_FORMAT || rc == FLONG_E_LIMIT;
	return is_none ? FLONG_OK : rc;
}

/* Takes a row of an index; header lines and what is damaged are no rows. */
static int gather_row(void *context, struct bytes text, struct flong_error *err)
{
	struct gathering *gathering = context;
	const enum digest_algorithm *wanted = gathering->options->algorithm;
	struct flong_error ignored = {0};
	struct cdxj_row row = {0};
	struct digest digest = {0};
	int rc = FLONG_OK;
	if (cdxj_parse(text, &row, &ignored) == FLONG_OK &&
		!bytes_equal(row.entry.mime, BYTES("warc/revisit")) &&
		read_digest(row.entry.digest, &digest)) {
		gathering->archive->rows++;
		if (wanted == NULL || digest.algorithm == *wanted) {
			gathering->archive->usable++;
			rc = add_row(gathering, &row.entry, &digest, err);
		}
	}
	cdxj_clear(&row);
	return rc;
}

static int gather_collection(struct gathering *gathering, struct flong_error *err)
{
	bool has_index = false;
	int rc = wacz_reader_open(gathering->archive->path, &gathering->archive->reader, err);
	if (rc == FLONG_OK) {
		rc = wacz_rows_read(
			gathering->archive->reader, gather_row, gathering, &has_index, err);
	}
	if (rc == FLONG_OK && !has_index) {
		rc = error_set(err, FLONG_E_USAGE, "%s has no index", gathering->archive->path);
	}
	return rc;
}

/* Rows of a WARC file are made, those of an index merged: both in one way. */
static int gather_file(struct gathering *gathering, struct flong_error *err)
{
	const char *temp_dir = gathering->options->temp_dir;
	const char *const paths[] = {gathering->archive->path};
	const struct indexer_form form = {
		.line = {.digits = 17}, .temp_dir = temp_dir, .dir_root = NULL};
	SCOPED(files_close_fd) int fd = -1;
	SCOPED(lookup_closep) struct lookup *lines = NULL;
	int rc = files_open_temp(temp_dir, &fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = indexer_write(paths, 1, &form, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	off_t size = lseek(fd, 0, SEEK_END);
	lines = lookup_open_range(fd, 0, size < 0 ? 0 : (uint64_t)size, gathering->archive->path);
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
	const struct archive *archive = gathering->archive;
	const enum digest_algorithm *wanted = gathering->options->algorithm;
	bool is_collection = false;
	int rc = wacz_reader_is_one(archive->path, &is_collection, err);
	if (rc == FLONG_OK) {
		rc = is_collection ? gather_collection(gathering, err)
				   : gather_file(gathering, err);
	}
	if (rc < 0) {
		err->code = rc == FLONG_E_IO ? FLONG_E_IO : FLONG_E_USAGE;
		return error_context(err, "--dedup");
	}
	if (archive->rows > 0 && archive->usable == 0 && wanted != NULL) {
		log_warn("--dedup %s: its digests are of another kind than --digest %s: nothing of "
			 "it is used",
			archive->path, name_of(*wanted));
	}
	return FLONG_OK;
}

static int write_rows(struct sources *sources, struct sorter *sorter, const char *temp_dir,
	struct flong_error *err)
{
	int rc = files_open_temp(temp_dir, &sources->fd, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(sources->fd);
	rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	off_t size = lseek(sources->fd, 0, SEEK_END);
	if (rc == FLONG_OK) {
		sources->rows = lookup_open_range(
			sources->fd, 0, size < 0 ? 0 : (uint64_t)size, "the rows of --dedup");
	}
	return rc;
}

int sources_open(const struct sources_options *options, struct sources **sources_out,
	struct flong_error *err)
{
	SCOPED(sources_closep) struct sources *sources = ALLOC(struct sources);
	struct gathering gathering = {
		.options = options, .sorter = sorter_create(options->temp_dir, 0)};
	sources->fd = -1;
	sources->archives = ALLOC_ARRAY(struct archive, options->count);
	sources->count = options->count;
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < options->count; i++) {
		gathering.number = i;
		gathering.archive = &sources->archives[i];
		gathering.archive->path = options->paths[i];
		rc = gather(&gathering, err);
	}
	if (rc == FLONG_OK) {
		rc = write_rows(sources, gathering.sorter, options->temp_dir, err);
	}
	sorter_close(gathering.sorter);
	buf_clear(&gathering.line);
	if (rc == FLONG_OK) {
		*sources_out = TAKE(sources);
	}
	return rc;
}

int sources_find(struct sources *sources, const struct digest *digest, struct bytes timestamp,
	struct flong_error *err)
{
	char formatted[DIGEST_TEXT_SIZE];
	SCOPED(buf_clear) struct buf key = {0};
	digest_format(digest, formatted);
	buf_addf(&key, "%s ", formatted);
	buf_add(&key, timestamp);
	return lookup_find(sources->rows, buf_bytes(&key), LOOKUP_PREFIX, err);
}

int sources_next(struct sources *sources, struct sources_row *row_out, struct flong_error *err)
{
	struct bytes line, digest, number, offset;
	struct sources_row row = {.source = 0};
	uint64_t source = 0;
	int rc = lookup_next(sources->rows, &line, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (!bytes_cut(line, ' ', &digest, &line) || !bytes_cut(line, ' ', &row.timestamp, &line) ||
		!bytes_cut(line, ' ', &row.url, &line) || !bytes_cut(line, ' ', &number, &line) ||
		!bytes_cut(line, ' ', &offset, &row.file) ||
		!bytes_to_u64(number, sources->count - 1, &source) ||
		!bytes_to_u64(offset, INT64_MAX, &row.offset)) {
		return error_set(err, FLONG_E_INTERNAL, "a row of --dedup is none");
	}
	row.source = (size_t)source;
	*row_out = row;
	return FLONG_OK;
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

/* The file in a collection or WACZ. */
static int find_in(const struct archive *archive, struct bytes name,
	const struct wacz_file **file_out, struct flong_error *err)
{
	*file_out = wacz_reader_find_archive(archive->reader, name);
	return *file_out != NULL ? FLONG_OK
				 : error_set(err, FLONG_E_NOT_FOUND, "%s: no file " BYTES_FMT,
					   archive->path, BYTES_ARG(name));
}

int sources_open_records(const struct sources *sources, struct sources_file file, uint64_t offset,
	struct reader **reader_out, struct flong_error *err)
{
	const struct archive *archive = &sources->archives[file.source];
	const struct wacz_file *warc;
	if (archive->reader == NULL) {
		SCOPED(free_textp) char *name = alloc_text(file.name.ptr, file.name.len);
		SCOPED(free_textp) char *path = find_warc(archive->path, name);
		return reader_open_at(path, offset, reader_out, err);
	}
	int rc = find_in(archive, file.name, &warc, err);
	return rc == FLONG_OK
		       ? wacz_reader_open_records(archive->reader, warc, offset, reader_out, err)
		       : rc;
}

int sources_open_stored(const struct sources *sources, struct sources_file file, uint64_t offset,
	struct source **source_out, struct flong_error *err)
{
	const struct archive *archive = &sources->archives[file.source];
	const struct wacz_file *warc;
	if (archive->reader == NULL) {
		SCOPED(free_textp) char *name = alloc_text(file.name.ptr, file.name.len);
		SCOPED(free_textp) char *path = find_warc(archive->path, name);
		return source_open_file_at(path, offset, source_out, err);
	}
	int rc = find_in(archive, file.name, &warc, err);
	return rc == FLONG_OK
		       ? wacz_reader_open_file_at(archive->reader, warc, offset, source_out, err)
		       : rc;
}
