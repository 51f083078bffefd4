/* SPDX-License-Identifier: MIT */
/* archive.c - what is shown: collections, WACZ and WARC files, each under a name of its own */
#include "replay/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/log.h"
#include "index/indexer_write.h"
#include "index/sorter.h"
#include "index/zip_reader.h"

#define PLAIN_INDEX "indexes/index.cdx"
#define READ_BYTES ((size_t)64 << 10)

struct holding {
	char *name, *path;          /* owned */
	struct wacz_reader *reader; /* owned; NULL for a WARC file */
	int index_fd;               /* owned unless it is the package's */
	bool is_index_borrowed;
	uint64_t index_start, index_bytes;
	struct stat seen; /* of the index or the file, when it was opened */
};

struct archive {
	struct holding **items; /* owned */
	size_t count;
	struct holding *retired[LIMIT_ARCHIVES_RETIRED]; /* owned */
	size_t retired_count;
};

/* --- the index ---------------------------------------------------------------------------------
 */

static const char *temp_dir(void)
{
	const char *dir = getenv("TMPDIR");
	return dir != NULL && dir[0] != '\0' ? dir : "/tmp";
}

static int use_whole_file(struct holding *holding, int fd, struct flong_error *err)
{
	struct stat status;
	holding->index_fd = fd;
	if (fstat(fd, &status) != 0) {
		return error_set_errno(
			err, FLONG_E_IO, errno, "cannot read the index of %s", holding->path);
	}
	holding->index_bytes = (uint64_t)status.st_size;
	return FLONG_OK;
}

static bool is_index(const struct wacz_file *file, bool *is_gzip_out)
{
	struct bytes path = bytes_of(file->path);
	*is_gzip_out = bytes_ends(path, BYTES(".cdx.gz")) || bytes_ends(path, BYTES(".cdxj.gz"));
	return bytes_starts(path, BYTES("indexes/")) &&
	       (*is_gzip_out || bytes_ends(path, BYTES(".cdx")) ||
		       bytes_ends(path, BYTES(".cdxj")));
}

static int sort_lines(struct sorter *sorter, struct source *source, struct flong_error *err)
{
	SCOPED(free_textp) char *room = (char *)alloc_zeroed(1, READ_BYTES);
	SCOPED(buf_clear) struct buf line = {0};
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		size_t got = 0;
		rc = source_read(source, room, READ_BYTES, &got, err);
		struct bytes rest = bytes_from(room, got);
		struct bytes part;
		while (rc == FLONG_OK && bytes_cut(rest, '\n', &part, &rest)) {
			buf_add(&line, part);
			if (line.len > 0 && line.ptr[0] != '!' && line.ptr[0] != ' ') {
				rc = sorter_add(sorter, buf_bytes(&line), err);
			}
			buf_reset(&line);
		}
		buf_add(&line, rest);
	}
	if (rc == FLONG_END && line.len > 0) {
		return sorter_add(sorter, buf_bytes(&line), err);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* All index files of a package as one, in the file `fd`. */
static int merge_indexes(const struct holding *holding, int fd, struct flong_error *err)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create(temp_dir(), 0);
	size_t count = 0;
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(holding->reader); i++) {
		const struct wacz_file *file = wacz_reader_at(holding->reader, i);
		bool is_gzip = false;
		if (!is_index(file, &is_gzip)) {
			continue;
		}
		count++;
		SCOPED(source_closep) struct source *source = NULL;
		rc = wacz_reader_open_file(holding->reader, file, &source, err);
		if (rc == FLONG_OK && is_gzip) {
			source = inflate_open_coding(source, INFLATE_GZIP);
		}
		if (rc == FLONG_OK) {
			rc = sort_lines(sorter, source, err);
		}
	}
	if (rc == FLONG_OK && count == 0) {
		return error_set(err, FLONG_E_UNSUPPORTED,
			"%s has no index: make a collection of it (flong unpack), which makes one",
			holding->path);
	}
	SCOPED(sink_closep) struct sink *out = sink_to_fd(fd);
	if (rc == FLONG_OK) {
		rc = sorter_write(sorter, out, err);
	}
	return rc == FLONG_OK ? sink_finish(out, err) : rc;
}

static void tell_fault(void *context, const struct flong_error *fault)
{
	(void)context;
	log_warn("%s", fault->message);
}

/* The index of a WARC file, in the file `fd`. */
static int index_records(const struct holding *holding, int fd, struct flong_error *err)
{
	const struct indexer_form form = {.format = INDEXER_CDXJ,
		.line = {.digits = 17},
		.temp_dir = temp_dir(),
		.fault = tell_fault};
	const char *paths[] = {holding->path};
	SCOPED(sink_closep) struct sink *out = sink_to_fd(fd);
	int rc = indexer_write(paths, 1, &form, out, err);
	return rc == FLONG_OK ? sink_finish(out, err) : rc;
}

static int make_index(struct holding *holding, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = -1;
	int rc = files_open_temp(temp_dir(), &fd, err);
	if (rc == FLONG_OK) {
		rc = holding->reader != NULL ? merge_indexes(holding, fd, err)
					     : index_records(holding, fd, err);
	}
	if (rc == FLONG_OK) {
		int whole = fd;
		fd = -1;
		rc = use_whole_file(holding, whole, err);
	}
	return rc;
}

/* The one plain index of a collection or package where it lies; FLONG_END when it has none. */
static int use_own_index(struct holding *holding, struct flong_error *err)
{
	const struct wacz_file *index = NULL;
	for (size_t i = 0; i < wacz_reader_count(holding->reader); i++) {
		const struct wacz_file *file = wacz_reader_at(holding->reader, i);
		bool is_gzip = false;
		if (is_index(file, &is_gzip)) {
			if (index != NULL || is_gzip || !file->is_stored) {
				return FLONG_END;
			}
			index = file;
		}
	}
	if (index == NULL) {
		return FLONG_END;
	}
	if (index->entry != NULL) {
		holding->index_fd = zip_reader_fd(wacz_reader_zip(holding->reader));
		holding->is_index_borrowed = true;
		holding->index_start = index->entry->data_offset;
		holding->index_bytes = index->size;
		return FLONG_OK;
	}
	SCOPED(free_textp) char *path = files_join(holding->path, index->path);
	int fd = io_open(path, O_RDONLY | O_NOFOLLOW, 0);
	return fd >= 0 ? use_whole_file(holding, fd, err)
		       : error_set_errno(err, FLONG_E_IO, errno, "cannot open %s", path);
}

/* --- one holding -------------------------------------------------------------------------------
 */

static void holding_close(struct holding *holding)
{
	if (holding != NULL) {
		if (holding->index_fd >= 0 && !holding->is_index_borrowed) {
			(void)io_close(holding->index_fd);
		}
		wacz_reader_close(holding->reader);
		free(holding->name);
		free(holding->path);
		free(holding);
	}
}
SCOPED_CLOSE(struct holding *, holding_close)

/* What changes when a crawl has added to it. */
static bool look(const char *path, struct stat *status_out)
{
	SCOPED(free_textp) char *index = files_join(path, PLAIN_INDEX);
	return stat(index, status_out) == 0 || stat(path, status_out) == 0;
}

static int holding_open(const char *path, struct holding **holding_out, struct flong_error *err)
{
	SCOPED(holding_closep) struct holding *holding = ALLOC(struct holding);
	holding->index_fd = -1;
	holding->path = alloc_copy(path);
	(void)look(path, &holding->seen);
	bool is_wacz = false;
	int rc = wacz_reader_is_one(path, &is_wacz, err);
	if (rc == FLONG_OK && is_wacz) {
		rc = wacz_reader_open(path, &holding->reader, err);
		rc = rc == FLONG_OK ? use_own_index(holding, err) : rc;
		rc = rc == FLONG_END ? make_index(holding, err) : rc;
	} else if (rc == FLONG_OK) {
		rc = make_index(holding, err);
	}
	if (rc == FLONG_OK) {
		*holding_out = TAKE(holding);
	}
	return rc;
}

const char *holding_name(const struct holding *holding)
{
	return holding->name;
}

const char *holding_path(const struct holding *holding)
{
	return holding->path;
}

const struct wacz_reader *holding_reader(const struct holding *holding)
{
	return holding->reader;
}

struct lookup *holding_lookup(const struct holding *holding)
{
	return lookup_open_range(
		holding->index_fd, holding->index_start, holding->index_bytes, holding->path);
}

int holding_open_records(const struct holding *holding, struct bytes filename, uint64_t offset,
	struct reader **records_out, struct flong_error *err)
{
	if (holding->reader == NULL) {
		return reader_open_at(holding->path, offset, records_out, err);
	}
	const struct wacz_file *file = wacz_reader_find_archive(holding->reader, filename);
	if (file == NULL) {
		return error_set(err, FLONG_E_NOT_FOUND,
			"%s has no file '" BYTES_FMT "' in archive/", holding->path,
			BYTES_ARG(filename));
	}
	return wacz_reader_open_records(holding->reader, file, offset, records_out, err);
}

/* --- all of them -------------------------------------------------------------------------------
 */

struct archive *archive_create(void)
{
	return ALLOC(struct archive);
}

void archive_close(struct archive *archive)
{
	if (archive != NULL) {
		archive_release(archive);
		for (size_t i = 0; i < archive->count; i++) {
			holding_close(archive->items[i]);
		}
		free(archive->items);
		free(archive);
	}
}

size_t archive_count(const struct archive *archive)
{
	return archive->count;
}

struct holding *archive_at(const struct archive *archive, size_t index)
{
	return archive->items[index];
}

struct holding *archive_find(const struct archive *archive, struct bytes name)
{
	for (size_t i = 0; i < archive->count; i++) {
		if (bytes_equal(bytes_of(archive->items[i]->name), name)) {
			return archive->items[i];
		}
	}
	return NULL;
}

/* The last part of the path without its ending, in safe letters; numbered when it is taken. */
static char *choose_name(const struct archive *archive, const char *path)
{
	static const char *const ends[] = {".gz", ".zst", ".warc", ".arc", ".wacz"};
	struct bytes base = bytes_of(path);
	while (base.len > 1 && base.ptr[base.len - 1] == '/') {
		base.len--;
	}
	size_t slash = bytes_find_last_char(base, '/');
	base = bytes_slice(base, slash == SIZE_MAX ? 0 : slash + 1, base.len);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct bytes end = bytes_of(ends[i]);
		if (base.len > end.len && bytes_ends(base, end)) {
			base.len -= end.len;
		}
	}
	SCOPED(buf_clear) struct buf name = {0};
	for (size_t i = 0; i < base.len && i < 100; i++) {
		char c = base.ptr[i];
		bool is_safe = char_is_alnum(c) || c == '_' || (i > 0 && (c == '-' || c == '.'));
		buf_add_char(&name, is_safe ? c : '_');
	}
	if (name.len == 0) {
		buf_add_text(&name, "archive");
	}
	size_t length = name.len;
	for (unsigned i = 2; archive_find(archive, buf_bytes(&name)) != NULL; i++) {
		buf_truncate(&name, length);
		buf_addf(&name, "-%u", i);
	}
	return buf_take(&name);
}

int archive_add(struct archive *archive, const char *path, struct flong_error *err)
{
	struct holding *holding = NULL;
	int rc = holding_open(path, &holding, err);
	if (rc < 0) {
		return rc;
	}
	holding->name = choose_name(archive, path);
	archive->items = (struct holding **)alloc_resize(
		archive->items, archive->count + 1, sizeof(struct holding *));
	archive->items[archive->count++] = holding;
	return FLONG_OK;
}

static bool has_changed(const struct holding *holding)
{
	struct stat now;
	return look(holding->path, &now) &&
	       (now.st_ino != holding->seen.st_ino || now.st_size != holding->seen.st_size ||
		       now.st_mtim.tv_sec != holding->seen.st_mtim.tv_sec ||
		       now.st_mtim.tv_nsec != holding->seen.st_mtim.tv_nsec);
}

void archive_release(struct archive *archive)
{
	while (archive->retired_count > 0) {
		holding_close(archive->retired[--archive->retired_count]);
	}
}

void archive_refresh(struct archive *archive)
{
	for (size_t i = 0; i < archive->count; i++) {
		struct holding *holding = archive->items[i];
		struct holding *fresh = NULL;
		struct flong_error err = {0};
		if (archive->retired_count == LIMIT_ARCHIVES_RETIRED || !has_changed(holding)) {
			continue;
		}
		if (holding_open(holding->path, &fresh, &err) < 0) {
			log_warn("%s has changed and cannot be read: %s", holding->path,
				err.message);
			(void)look(holding->path, &holding->seen);
			continue;
		}
		fresh->name = alloc_copy(holding->name);
		archive->items[i] = fresh;
		archive->retired[archive->retired_count++] = holding;
	}
}
