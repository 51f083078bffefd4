/* SPDX-License-Identifier: MIT */
/* wacz_reader.c - the files of a collection, whether it is a directory or packed into a WACZ */
#include "index/wacz_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/safe_path.h"

struct wacz_reader {
	char *path;              /* owned; as given */
	int dir_fd;              /* owned; -1 for a WACZ */
	struct zip_reader *zip;  /* owned; NULL for a directory */
	struct wacz_file *files; /* owned, their paths too; sorted */
	size_t count;
};

int wacz_reader_is_one(const char *path, bool *is_wacz_out, struct flong_error *err)
{
	*is_wacz_out = false;
	if (strcmp(path, "-") == 0) {
		return FLONG_OK;
	}
	struct stat status;
	SCOPED(files_close_fd) int fd = -1;
	/* Who opens a pipe and closes it again cuts its writer off: only regular files are opened.
	 */
	bool is_known = stat(path, &status) == 0;
	if (is_known && S_ISREG(status.st_mode)) {
		fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
		is_known = fd >= 0;
	}
	if (!is_known) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot open %s", path);
	}
	char first[4] = {0};
	bool is_zip = fd >= 0 && io_read_at(fd, first, sizeof(first), 0) == 4 &&
		      (memcmp(first, "PK\3\4", 4) == 0 || memcmp(first, "PK\5\6", 4) == 0);
	*is_wacz_out = is_zip || S_ISDIR(status.st_mode);
	return FLONG_OK;
}

/* --- files -------------------------------------------------------------------------------------
 */

static void add_file(struct wacz_reader *reader, struct wacz_file file)
{
	size_t count = reader->count;
	/* Doubled at each power of two. */
	if ((count & (count - 1)) == 0) {
		reader->files = (struct wacz_file *)alloc_resize(
			reader->files, count == 0 ? 1 : count * 2, sizeof(reader->files[0]));
	}
	reader->files[reader->count++] = file;
}

static int add_folder(
	struct wacz_reader *reader, const char *folder, const char *suffix, struct flong_error *err)
{
	SCOPED(free_textp) char *full = files_join(reader->path, folder);
	SCOPED(buf_clear) struct buf names = {0};
	struct stat status;
	if (fstatat(reader->dir_fd, folder, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
		!S_ISDIR(status.st_mode)) {
		return FLONG_OK;
	}
	int rc = files_list(full, suffix, &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		const char *name = names.ptr + at;
		SCOPED(free_textp)
		char *path = strcmp(folder, ".") == 0 ? alloc_copy(name) : files_join(folder, name);
		if (name[0] != '.' &&
			fstatat(reader->dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(status.st_mode)) {
			add_file(reader, (struct wacz_file){.path = TAKE(path),
						 .size = (uint64_t)status.st_size,
						 .is_stored = true});
		}
	}
	return rc;
}

static int read_directory(struct wacz_reader *reader, struct flong_error *err)
{
	static const char *const folders[] = {
		"archive", "indexes", "pages", "stories", "logs", "reports"};
	int rc = add_folder(reader, ".", ".json", err);
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(folders) / sizeof(folders[0]); i++) {
		rc = add_folder(reader, folders[i], "", err);
	}
	struct stat status;
	if (rc == FLONG_OK &&
		(fstatat(reader->dir_fd, "archive", &status, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISDIR(status.st_mode))) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s is no collection: it has no folder archive/", reader->path);
	}
	return rc;
}

static int read_zip(struct wacz_reader *reader, struct flong_error *err)
{
	bool is_wacz = false;
	for (size_t i = 0; i < zip_reader_count(reader->zip); i++) {
		const struct zip_entry *entry = zip_reader_at(reader->zip, i);
		if (!entry->is_directory) {
			add_file(reader, (struct wacz_file){.path = alloc_text(entry->name.ptr,
								    entry->name.len),
						 .size = entry->size,
						 .is_stored = entry->is_stored,
						 .entry = entry});
			is_wacz = is_wacz || bytes_starts(entry->name, BYTES("archive/")) ||
				  bytes_equal(entry->name, BYTES("datapackage.json"));
		}
	}
	return is_wacz ? FLONG_OK
		       : error_set(err, FLONG_E_UNSUPPORTED,
				 "%s is a ZIP file, but no WACZ: it has neither archive/ nor "
				 "datapackage.json",
				 reader->path);
}

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct wacz_file *)a)->path, ((const struct wacz_file *)b)->path);
}

int wacz_reader_open(const char *path, struct wacz_reader **reader_out, struct flong_error *err)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *reader = ALLOC(struct wacz_reader);
	reader->path = alloc_copy(path);
	reader->dir_fd = io_open(path, O_RDONLY | O_DIRECTORY, 0);
	int rc;
	if (reader->dir_fd >= 0) {
		rc = read_directory(reader, err);
	} else {
		rc = zip_reader_open(path, &reader->zip, err);
		if (rc == FLONG_OK) {
			rc = read_zip(reader, err);
		}
	}
	if (rc < 0) {
		return rc;
	}
	if (reader->count > 1) {
		qsort(reader->files, reader->count, sizeof(reader->files[0]), compare_files);
	}
	*reader_out = TAKE(reader);
	return FLONG_OK;
}

void wacz_reader_close(struct wacz_reader *reader)
{
	if (reader != NULL) {
		for (size_t i = 0; i < reader->count; i++) {
			free(reader->files[i].path);
		}
		free(reader->files);
		zip_reader_close(reader->zip);
		files_close_fd(&reader->dir_fd);
		free(reader->path);
		free(reader);
	}
}

const char *wacz_reader_path(const struct wacz_reader *reader)
{
	return reader->path;
}

const struct zip_reader *wacz_reader_zip(const struct wacz_reader *reader)
{
	return reader->zip;
}

size_t wacz_reader_count(const struct wacz_reader *reader)
{
	return reader->count;
}

const struct wacz_file *wacz_reader_at(const struct wacz_reader *reader, size_t index)
{
	return &reader->files[index];
}

const struct wacz_file *wacz_reader_find(const struct wacz_reader *reader, struct bytes path)
{
	size_t low = 0;
	size_t high = reader->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(bytes_of(reader->files[middle].path), path);
		if (order == 0) {
			return &reader->files[middle];
		}
		if (order < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return NULL;
}

bool wacz_reader_is_archive(const struct wacz_file *file)
{
	static const char *const ends[] = {
		".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".arc.zst"};
	struct bytes path = bytes_of(file->path);
	if (!bytes_starts(path, BYTES("archive/"))) {
		return false;
	}
	if (bytes_ends(path, BYTES(".open"))) {
		path.len -= strlen(".open");
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (bytes_ends(path, bytes_of(ends[i]))) {
			return true;
		}
	}
	return false;
}

const struct wacz_file *wacz_reader_find_archive(
	const struct wacz_reader *reader, struct bytes name)
{
	const struct wacz_file *found = NULL;
	size_t count = 0;
	for (size_t i = 0; i < reader->count; i++) {
		const struct wacz_file *file = &reader->files[i];
		if (!bytes_starts(bytes_of(file->path), BYTES("archive/"))) {
			continue;
		}
		if (bytes_equal(bytes_of(file->path + strlen("archive/")), name)) {
			return file;
		}
		if (bytes_equal(bytes_of(files_base_name(file->path)), name)) {
			found = file;
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

/* --- reading -----------------------------------------------------------------------------------
 */

/* A source that owns the descriptor it reads. */
static int open_in_directory(const struct wacz_reader *reader, const struct wacz_file *file,
	uint64_t offset, struct source **source_out, struct flong_error *err)
{
	int fd = -1;
	int rc = safe_path_open(reader->dir_fd, bytes_of(file->path), &fd, err);
	if (rc < 0) {
		return error_context(err, "%s", reader->path);
	}
	SCOPED(source_closep) struct source *source = source_from_fd(fd);
	rc = offset > INT64_MAX ? error_set(err, FLONG_E_USAGE, "the offset is too large")
				: source_seek(source, (int64_t)offset, err);
	*source_out = rc == FLONG_OK ? TAKE(source) : NULL;
	return rc;
}

int wacz_reader_open_file(const struct wacz_reader *reader, const struct wacz_file *file,
	struct source **source_out, struct flong_error *err)
{
	if (reader->zip == NULL) {
		return open_in_directory(reader, file, 0, source_out, err);
	}
	return zip_reader_open_entry(reader->zip, file->entry, source_out, err);
}

int wacz_reader_open_file_at(const struct wacz_reader *reader, const struct wacz_file *file,
	uint64_t offset, struct source **source_out, struct flong_error *err)
{
	if (reader->zip == NULL) {
		return open_in_directory(reader, file, offset, source_out, err);
	}
	return zip_reader_open_entry_at(reader->zip, file->entry, offset, source_out, err);
}

int wacz_reader_open_records(const struct wacz_reader *reader, const struct wacz_file *file,
	uint64_t offset, struct reader **records_out, struct flong_error *err)
{
	struct source *source = NULL;
	int rc = wacz_reader_open_file_at(reader, file, offset, &source, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf name = {0};
	buf_addf(&name, "%s%s%s", reader->path, reader->zip == NULL ? "/" : ": ", file->path);
	return reader_create(source, offset, buf_text(&name), records_out, err);
}
