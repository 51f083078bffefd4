/* SPDX-License-Identifier: MIT */
/* collection.c - the index of a collection directory, made anew from its WARC files */
#include "index/collection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "index/indexer_write.h"

/* Paths of files, each owned. */
struct paths {
	char **list;
	size_t count;
};

static void paths_clear(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		free(paths->list[i]);
	}
	free(paths->list);
	*paths = (struct paths){.count = 0};
}

static int add_paths(
	struct paths *paths, const char *dir, const char *suffix, struct flong_error *err)
{
	struct buf names = {0};
	int rc = files_list(dir, suffix, &names, err);
	for (size_t at = 0; at < names.len && rc == FLONG_OK; at += strlen(names.ptr + at) + 1) {
		paths->list = (char **)alloc_resize(
			paths->list, paths->count + 1, sizeof(paths->list[0]));
		paths->list[paths->count] = files_join(dir, names.ptr + at);
		paths->count++;
	}
	buf_clear(&names);
	return rc;
}

static int write_lines(const struct paths *paths, const char *folder, int *fd, const char *name,
	struct flong_error *err)
{
	const struct indexer_form form = {
		.line = {.digits = 17, .record_digest = true}, .post = true, .temp_dir = folder};
	SCOPED(sink_closep) struct sink *out = sink_to_fd(*fd);
	int rc = indexer_write((const char *const *)paths->list, paths->count, &form, out, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(out, err);
	}
	return rc == FLONG_OK ? files_finish(fd, name, err) : rc;
}

static int write_index(const struct paths *paths, const char *folder, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(folder, "index.cdx");
	SCOPED(free_textp) char *partial = files_join(folder, "index.cdx.partial");
	SCOPED(files_close_fd)
	int fd = io_open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot create %s", partial);
	}
	int rc = write_lines(paths, folder, &fd, partial, err);
	if (rc == FLONG_OK && io_rename(partial, path) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "cannot rename %s", partial);
	}
	if (rc < 0) {
		(void)io_unlink(partial);
		return rc;
	}
	return files_sync_dir(folder, err);
}

int collection_write_index(const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(free_textp) char *folder = files_join(dir, "indexes");
	struct paths paths = {.count = 0};
	int rc = add_paths(&paths, archive, ".warc.gz", err);
	if (rc == FLONG_OK) {
		rc = add_paths(&paths, archive, ".warc", err);
	}
	if (rc == FLONG_OK) {
		rc = files_make_dir(folder, err);
	}
	if (rc == FLONG_OK) {
		rc = write_index(&paths, folder, err);
	}
	paths_clear(&paths);
	return rc;
}

int collection_extend_index(const char *dir, const char *name, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	SCOPED(free_textp) char *folder = files_join(dir, "indexes");
	SCOPED(free_textp) char *index = files_join(folder, "index.cdx");
	SCOPED(free_textp) char *file = files_join(archive, name);
	char *list[] = {index, file};
	const struct paths paths = {.list = list, .count = 2};
	return write_index(&paths, folder, err);
}
