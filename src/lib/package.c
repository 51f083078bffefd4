/* SPDX-License-Identifier: MIT */
/* package.c - what flong/wacz.h tells of WACZ packages
 *
 * An open package is counted by those who read from it, so that it can be closed in any order. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "flong/wacz.h"
#include "index/wacz.h"
#include "index/wacz_reader.h"
#include "index/wacz_unpack.h"
#include "lib/adapter.h"
#include "lib/api.h"
#include "lib/walker.h"

int flong_wacz_pack(const char *directory, const char *path,
	const struct flong_wacz_options *options, struct flong_error *err)
{
	static const struct flong_wacz_options defaults = {.title = NULL};
	struct flong_error own;
	err = api_error(err, &own);
	if (directory == NULL || path == NULL) {
		return api_null("directory or path", err);
	}
	options = options == NULL ? &defaults : options;
	int rc = api_reserved(options->reserved, "struct flong_wacz_options", err);
	if (rc != FLONG_OK) {
		return rc;
	}
	const struct wacz_options inner = {.title = options->title,
		.description = options->description,
		.software = options->software != NULL ? options->software : "flong " FLONG_VERSION,
		.created_ms = options->created != 0 ? options->created : clock_wall_ms(),
		.main_url = options->main_url,
		.main_date_ms = options->main_time};
	return wacz_pack(directory, path, &inner, err);
}

int flong_wacz_unpack(const char *path, const char *directory, struct flong_error *err)
{
	static const struct wacz_unpack_options options = {.ignores_hashes = false};
	struct flong_error own;
	err = api_error(err, &own);
	if (path == NULL || directory == NULL) {
		return api_null("path or directory", err);
	}
	return wacz_unpack(path, directory, &options, err);
}

struct flong_wacz {
	struct wacz_reader *reader; /* owned */
	size_t users;               /* the caller, and the sources that are open */
};

int flong_wacz_open(const char *path, struct flong_wacz **wacz_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (wacz_out == NULL) {
		return api_null("wacz_out", err);
	}
	*wacz_out = NULL;
	if (path == NULL) {
		return api_null("path", err);
	}
	struct wacz_reader *reader = NULL;
	int rc = wacz_reader_open(path, &reader, err);
	if (rc == FLONG_OK) {
		struct flong_wacz *wacz = ALLOC(struct flong_wacz);
		*wacz = (struct flong_wacz){reader, 1};
		*wacz_out = wacz;
	}
	return rc;
}

void flong_wacz_close(struct flong_wacz *wacz)
{
	if (wacz != NULL && --wacz->users == 0) {
		wacz_reader_close(wacz->reader);
		free(wacz);
	}
}

/* A file of the package; keeps that alive. */
struct held_source {
	struct source base;
	struct source *inner; /* owned */
	struct flong_wacz *wacz;
};

static int held_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	return source_read(((struct held_source *)source)->inner, room, max, got_out, err);
}

static int held_seek(struct source *source, int64_t by, struct flong_error *err)
{
	return source_seek(((struct held_source *)source)->inner, by, err);
}

static void held_close(struct source *source)
{
	struct held_source *s = (struct held_source *)source;
	source_close(s->inner);
	flong_wacz_close(s->wacz);
	free(s);
}

static struct source *hold(struct flong_wacz *wacz, struct source *inner_take)
{
	static const struct source_ops ops = {held_read, held_close, held_seek};
	struct held_source *s = ALLOC(struct held_source);
	*s = (struct held_source){{&ops}, inner_take, wacz};
	wacz->users++;
	return &s->base;
}

size_t flong_wacz_count(const struct flong_wacz *wacz)
{
	return wacz == NULL ? 0 : wacz_reader_count(wacz->reader);
}

const char *flong_wacz_path(const struct flong_wacz *wacz, size_t index)
{
	return index < flong_wacz_count(wacz) ? wacz_reader_at(wacz->reader, index)->path : NULL;
}

uint64_t flong_wacz_size(const struct flong_wacz *wacz, size_t index)
{
	return index < flong_wacz_count(wacz) ? wacz_reader_at(wacz->reader, index)->size : 0;
}

static int not_found(const struct flong_wacz *wacz, const char *name, struct flong_error *err)
{
	return error_set(
		err, FLONG_E_NOT_FOUND, "%s has no '%s'", wacz_reader_path(wacz->reader), name);
}

int flong_wacz_open_file(struct flong_wacz *wacz, const char *path,
	struct flong_stream **stream_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (stream_out == NULL) {
		return api_null("stream_out", err);
	}
	*stream_out = NULL;
	if (wacz == NULL || path == NULL) {
		return api_null("wacz or path", err);
	}
	const struct wacz_file *file = wacz_reader_find(wacz->reader, bytes_of(path));
	if (file == NULL) {
		return not_found(wacz, path, err);
	}
	struct source *source = NULL;
	int rc = wacz_reader_open_file(wacz->reader, file, &source, err);
	if (rc == FLONG_OK) {
		*stream_out = adapter_stream_open(hold(wacz, source), NULL);
	}
	return rc;
}

int flong_wacz_open_reader(struct flong_wacz *wacz, const char *filename,
	struct flong_reader **reader_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (reader_out == NULL) {
		return api_null("reader_out", err);
	}
	*reader_out = NULL;
	if (wacz == NULL || filename == NULL) {
		return api_null("wacz or filename", err);
	}
	const struct wacz_file *file = wacz_reader_find_archive(wacz->reader, bytes_of(filename));
	if (file == NULL) {
		return not_found(wacz, filename, err);
	}
	struct source *source = NULL;
	int rc = wacz_reader_open_file_at(wacz->reader, file, 0, &source, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(buf_clear) struct buf name = {0};
	buf_addf(&name, "%s: %s", wacz_reader_path(wacz->reader), file->path);
	return walker_open(hold(wacz, source), buf_text(&name), reader_out, err);
}
