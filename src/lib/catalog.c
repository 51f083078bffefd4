/* SPDX-License-Identifier: MIT */
/* catalog.c - what flong/cdxj.h tells of indexes: made from files, and looked up */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/io.h"
#include "flong/cdxj.h"
#include "index/indexer.h"
#include "index/indexer_write.h"
#include "index/lookup.h"
#include "lib/adapter.h"
#include "lib/api.h"
#include "lib/row.h"

/* --- made ------------------------------------------------------------------------------------- */

static const struct flong_index_options defaults = {.threads = 0};

/* A run over one file. */
struct catalog_run {
	flong_row_function *take; /* the caller's */
	void *context;
	struct row_store store;
};

static int take_entry(void *context, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct catalog_run *run = (struct catalog_run *)context;
	row_store_set(&run->store, entry, (struct bytes){NULL, 0});
	*err = (struct flong_error){.code = FLONG_OK};
	int rc = run->take(run->context, &run->store.row, err);
	return rc == FLONG_OK ? rc : adapter_failure(rc, "row", err);
}

int flong_index_file(const char *path, const struct flong_index_options *options,
	flong_row_function *take, void *context, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (path == NULL || take == NULL) {
		return api_null("path or take", err);
	}
	options = options == NULL ? &defaults : options;
	int rc = api_reserved(options->reserved, "struct flong_index_options", err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct catalog_run run = {.take = take, .context = context};
	const struct indexer_options inner = {
		.post = options->with_requests, .take = take_entry, .context = &run};
	rc = indexer_run(path, &inner, err);
	row_store_clear(&run.store);
	return rc;
}

/* Writes the index into a file that is not there yet under its name. */
static int write_file(const char *const *paths, size_t count, const char *partial,
	const struct indexer_form *form, struct flong_error *err)
{
	SCOPED(files_close_fd)
	int fd = io_open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "creating '%s'", partial);
	}
	SCOPED(sink_closep) struct sink *out = sink_to_fd(fd);
	int rc = indexer_write(paths, count, form, out, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(out, err);
	}
	return rc == FLONG_OK ? files_finish(&fd, partial, err) : rc;
}

/* Makes the file of that name by writing it aside. */
static int replace_file(const char *const *paths, size_t count, const char *index_path,
	const struct indexer_form *form, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	SCOPED(buf_clear) struct buf folder = {0};
	buf_addf(&partial, "%s.partial", index_path);
	size_t folder_length = (size_t)(files_base_name(index_path) - index_path);
	buf_add(&folder, folder_length == 0 ? BYTES(".") : bytes_from(index_path, folder_length));
	int rc = write_file(paths, count, buf_text(&partial), form, err);
	if (rc == FLONG_OK && io_rename(buf_text(&partial), index_path) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "renaming to '%s'", index_path);
	}
	if (rc < 0) {
		(void)io_unlink(buf_text(&partial));
		return rc;
	}
	return files_sync_dir(buf_text(&folder), err);
}

int flong_index_build(const char *const *paths, size_t count, const char *index_path,
	const struct flong_index_options *options, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if ((paths == NULL && count > 0) || index_path == NULL) {
		return api_null("paths or index_path", err);
	}
	for (size_t i = 0; i < count; i++) {
		if (paths[i] == NULL) {
			return api_null("a path", err);
		}
	}
	options = options == NULL ? &defaults : options;
	int rc = api_reserved(options->reserved, "struct flong_index_options", err);
	if (rc == FLONG_OK && options->form != FLONG_CDXJ && options->form != FLONG_CDX) {
		rc = error_set(
			err, FLONG_E_USAGE, "there is no form of rows %d", (int)options->form);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	const struct indexer_form form = {
		.format = options->form == FLONG_CDX ? INDEXER_CDX11 : INDEXER_CDXJ,
		.line = {.digits = 17},
		.post = options->with_requests,
		.temp_dir = options->temp_dir != NULL ? options->temp_dir : "/tmp",
		.threads = options->threads};
	return replace_file(paths, count, index_path, &form, err);
}

/* --- looked up -------------------------------------------------------------------------------- */

struct flong_index {
	struct lookup *lookup; /* owned */
	bool is_searching;
	struct row_store store;
};

int flong_index_open(const char *path, struct flong_index **index_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (index_out == NULL) {
		return api_null("index_out", err);
	}
	*index_out = NULL;
	if (path == NULL) {
		return api_null("path", err);
	}
	struct lookup *lookup = NULL;
	int rc = lookup_open(path, &lookup, err);
	if (rc == FLONG_OK) {
		struct flong_index *index = ALLOC(struct flong_index);
		index->lookup = lookup;
		*index_out = index;
	}
	return rc;
}

void flong_index_close(struct flong_index *index)
{
	if (index != NULL) {
		lookup_close(index->lookup);
		row_store_clear(&index->store);
		free(index);
	}
}

static bool to_match(enum flong_match match, enum lookup_match *match_out)
{
	switch (match) {
	case FLONG_MATCH_EXACT:
		*match_out = LOOKUP_EXACT;
		return true;
	case FLONG_MATCH_PREFIX:
		*match_out = LOOKUP_PREFIX;
		return true;
	case FLONG_MATCH_HOST:
		*match_out = LOOKUP_HOST;
		return true;
	case FLONG_MATCH_DOMAIN:
		*match_out = LOOKUP_DOMAIN;
		return true;
	}
	return false;
}

int flong_index_find(
	struct flong_index *index, const char *url, enum flong_match match, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	enum lookup_match inner;
	if (index == NULL || url == NULL) {
		return api_null("index or url", err);
	}
	if (!to_match(match, &inner)) {
		return error_set(err, FLONG_E_USAGE, "there is no match %d", (int)match);
	}
	SCOPED(buf_clear) struct buf key = {0};
	lookup_key(bytes_of(url), inner, &key);
	int rc = lookup_find(index->lookup, buf_bytes(&key), inner, err);
	index->is_searching = rc == FLONG_OK;
	return rc;
}

/* A line of either form as the row that the index lends. */
static int lend_row(struct flong_index *index, struct bytes line, const struct flong_row **row_out,
	struct flong_error *err)
{
	struct bytes key;
	struct bytes timestamp;
	struct bytes rest;
	bool is_cdx = !cdxj_split(line, &key, &timestamp, &rest) ||
		      !bytes_starts(bytes_trim(rest), BYTES("{"));
	int rc = row_store_parse(&index->store, line, is_cdx ? FLONG_CDX : FLONG_CDXJ, err);
	if (rc == FLONG_OK) {
		*row_out = &index->store.row;
	}
	return rc;
}

int flong_index_next(
	struct flong_index *index, const struct flong_row **row_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (index == NULL || row_out == NULL) {
		return api_null("index or row_out", err);
	}
	if (!index->is_searching) {
		return FLONG_END;
	}
	struct bytes line;
	int rc = lookup_next(index->lookup, &line, err);
	if (rc != FLONG_OK) {
		index->is_searching = false;
		return rc;
	}
	return lend_row(index, line, row_out, err);
}

int flong_index_closest(struct flong_index *index, const char *url, int64_t time,
	const struct flong_row **row_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (index == NULL || url == NULL || row_out == NULL) {
		return api_null("index, url or row_out", err);
	}
	SCOPED(buf_clear) struct buf key = {0};
	struct bytes line;
	index->is_searching = false;
	lookup_key(bytes_of(url), LOOKUP_EXACT, &key);
	int rc = lookup_closest(index->lookup, buf_bytes(&key), time, &line, err);
	return rc == FLONG_OK ? lend_row(index, line, row_out, err) : rc;
}
