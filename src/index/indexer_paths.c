/* SPDX-License-Identifier: MIT */
/* indexer_paths.c - the files that are indexed, and the names they have in the rows */
#include "index/indexer_paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"

#define DEPTH_MAX 64

void indexer_paths_clear(struct indexer_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		free(paths->list[i]);
	}
	free(paths->list);
	*paths = (struct indexer_paths){.count = 0};
}

static void add_path(struct indexer_paths *paths, char *path_take)
{
	if (paths->count == paths->capacity) {
		paths->capacity = paths->capacity == 0 ? 16 : paths->capacity * 2;
		paths->list =
			(char **)alloc_resize(paths->list, paths->capacity, sizeof(paths->list[0]));
	}
	paths->list[paths->count] = path_take;
	paths->count++;
}

/* --- directories ------------------------------------------------------------------------------ */

static bool is_archive(const char *name)
{
	static const char *const ends[] = {".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (bytes_ends(bytes_of(name), bytes_of(ends[i]))) {
			return true;
		}
	}
	return false;
}

static int add_folder(
	struct indexer_paths *paths, const char *dir, int depth, struct flong_error *err)
{
	if (depth == DEPTH_MAX) {
		return error_set(err, FLONG_E_LIMIT, "%s is over %d folders deep", dir, DEPTH_MAX);
	}
	SCOPED(buf_clear) struct buf names = {0};
	int rc = files_list(dir, "", &names, err);
	for (size_t at = 0; at < names.len && rc == FLONG_OK; at += strlen(names.ptr + at) + 1) {
		const char *name = names.ptr + at;
		SCOPED(free_textp) char *path = files_join(dir, name);
		struct stat status;
		if (lstat(path, &status) != 0) {
			continue; /* it went away */
		}
		if (S_ISDIR(status.st_mode)) {
			rc = add_folder(paths, path, depth + 1, err);
		} else if (is_archive(name)) {
			add_path(paths, TAKE(path));
		}
	}
	return rc;
}

int indexer_paths_expand(const char *const *paths, size_t count, struct indexer_paths *all_out,
	struct flong_error *err)
{
	struct indexer_paths all = {.count = 0};
	int rc = FLONG_OK;
	for (size_t i = 0; i < count && rc == FLONG_OK; i++) {
		if (files_is_dir(paths[i])) {
			rc = add_folder(&all, paths[i], 0, err);
		} else {
			add_path(&all, alloc_copy(paths[i]));
		}
	}
	if (rc < 0) {
		indexer_paths_clear(&all);
		return rc;
	}
	*all_out = all;
	return FLONG_OK;
}

/* --- names ------------------------------------------------------------------------------------ */

/* Appends "/a/b" for a path, made absolute; nothing for the root. */
static int add_absolute(const char *path, struct buf *out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	if (path[0] != '/') {
		SCOPED(free_textp) char *here = getcwd(NULL, 0);
		if (here == NULL) {
			return error_set_errno(
				err, FLONG_E_IO, errno, "there is no working directory");
		}
		buf_add_text(&text, here);
		buf_add_char(&text, '/');
	}
	buf_add_text(&text, path);
	struct bytes rest = buf_bytes(&text);
	struct bytes part;
	while (bytes_next_item(&rest, '/', &part)) {
		if (bytes_equal(part, BYTES(".."))) {
			size_t slash = bytes_find_last_char(buf_bytes(out), '/');
			buf_truncate(out, slash == SIZE_MAX ? 0 : slash);
		} else if (part.len > 0 && !bytes_equal(part, BYTES("."))) {
			buf_add_char(out, '/');
			buf_add(out, part);
		}
	}
	return FLONG_OK;
}

int indexer_paths_relative(
	const char *path, const char *root, char **relative_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf from = {0};
	SCOPED(buf_clear) struct buf to = {0};
	int rc = add_absolute(root, &from, err);
	if (rc == FLONG_OK) {
		rc = add_absolute(path, &to, err);
	}
	if (rc < 0) {
		return rc;
	}
	/* Both with a slash at the end: then they share whole names only. */
	buf_add_char(&from, '/');
	buf_add_char(&to, '/');
	size_t shared = 0;
	for (size_t i = 0; i < from.len && i < to.len && from.ptr[i] == to.ptr[i]; i++) {
		shared = from.ptr[i] == '/' ? i + 1 : shared;
	}
	struct buf relative = {0};
	for (size_t i = shared; i < from.len; i++) {
		buf_add_text(&relative, from.ptr[i] == '/' ? "../" : "");
	}
	buf_add(&relative, bytes_slice(buf_bytes(&to), shared, to.len - 1));
	if (relative.len == 0) {
		buf_add_char(&relative, '.');
	}
	*relative_out = buf_take(&relative);
	return FLONG_OK;
}
