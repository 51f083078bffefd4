/* SPDX-License-Identifier: MIT */
/* subset.c - a collection of some WARC files of another one */
#include "index/subset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "index/collection.h"
#include "index/lookup.h"
#include "index/originals.h"
#include "index/pages_indexed.h"
#include "index/wacz_reader.h"

static int copy_file(const char *from, const char *to, struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	int rc = source_open_file(from, &source, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(files_close_fd) int fd = io_open(to, O_WRONLY | O_CREAT | O_EXCL, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", to);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	rc = stream_copy(source, sink, NULL, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	return rc == FLONG_OK ? files_close_written(&fd, to, err) : rc;
}

static int take_file(const char *from, const char *to, struct flong_error *err)
{
	return io_link(from, to) == 0 ? FLONG_OK : copy_file(from, to, err);
}

/* Takes the files of a folder over. */
static int take_files(const struct subset_options *options, const char *folder,
	const struct buf *names, struct flong_error *err)
{
	SCOPED(free_textp) char *from_dir = files_join(options->dir, folder);
	SCOPED(free_textp) char *to_dir = files_join(options->out_dir, folder);
	struct bytes rest = buf_bytes(names);
	struct bytes line;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		SCOPED(free_textp) char *name = alloc_text(line.ptr, line.len);
		SCOPED(free_textp) char *from = files_join(from_dir, name);
		SCOPED(free_textp) char *to = files_join(to_dir, name);
		if (!files_exists(from)) {
			return error_set(err, FLONG_E_NOT_FOUND, "%s is not there any more", from);
		}
		rc = take_file(from, to, err);
	}
	return rc;
}

static bool is_in(void *context, const char *file)
{
	const struct subset_options *options = context;
	struct bytes rest = buf_bytes(options->files);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_equal(line, bytes_of(file))) {
			return true;
		}
	}
	return false;
}

static bool is_out(void *context, const char *file)
{
	return !is_in(context, file);
}

static int take_originals(
	const struct subset_options *options, uint64_t *count_out, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(options->out_dir, "archive");
	SCOPED(buf_clear) struct buf name = {0};
	char stamp[CLOCK_DIGITS_SIZE];
	struct subset_options copy = *options;
	clock_format_digits17(options->now_ms, stamp);
	buf_addf(&name, "originals-%s.warc.gz", stamp);
	const struct originals_options originals = {.dir = options->dir,
		.is_kept = is_in,
		.is_left = is_out,
		.context = &copy,
		.out_dir = archive,
		.name = buf_text(&name),
		.temp_dir = options->out_dir,
		.now_ms = options->now_ms};
	return originals_copy(&originals, count_out, err);
}

static int take_lists(const struct subset_options *options, struct flong_error *err)
{
	static const char *const names[] = {
		"pages/pages.jsonl", "pages/extraPages.jsonl", "stories/stories.jsonl"};
	SCOPED(free_textp) char *path = files_join(options->out_dir, "indexes/index.cdx");
	SCOPED(lookup_closep) struct lookup *index = NULL;
	int rc = lookup_open(path, &index, err);
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED(free_textp) char *from = files_join(options->dir, names[i]);
		SCOPED(free_textp) char *to = files_join(options->out_dir, names[i]);
		rc = files_exists(from) ? pages_indexed_copy(index, from, to, err) : FLONG_OK;
	}
	return rc;
}

static int make_folders(const char *dir, struct flong_error *err)
{
	static const char *const subs[] = {
		"archive", "indexes", "pages", "stories", "logs", "reports"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(subs) / sizeof(subs[0]); i++) {
		SCOPED(free_textp) char *path = files_join(dir, subs[i]);
		rc = files_make_dir(path, err);
	}
	return rc;
}

int subset_make(
	const struct subset_options *options, uint64_t *originals_out, struct flong_error *err)
{
	*originals_out = 0;
	int rc = make_folders(options->out_dir, err);
	if (rc == FLONG_OK) {
		rc = take_files(options, "archive", options->files, err);
	}
	if (rc == FLONG_OK) {
		rc = take_files(options, "reports", options->reports, err);
	}
	if (rc == FLONG_OK && options->is_self_contained) {
		rc = take_originals(options, originals_out, err);
	}
	if (rc == FLONG_OK) {
		rc = collection_write_index(options->out_dir, err);
	}
	return rc == FLONG_OK ? take_lists(options, err) : rc;
}

int subset_make_whole(const char *dir, const char *out_dir, struct flong_error *err)
{
	SCOPED(wacz_reader_closep) struct wacz_reader *collection = NULL;
	int rc = wacz_reader_open(dir, &collection, err);
	if (rc == FLONG_OK) {
		rc = make_folders(out_dir, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < wacz_reader_count(collection); i++) {
		struct bytes path = bytes_of(wacz_reader_at(collection, i)->path);
		SCOPED(free_textp) char *from = files_join(dir, path.ptr);
		SCOPED(free_textp) char *to = files_join(out_dir, path.ptr);
		if (bytes_ends(path, BYTES(".open"))) {
			return error_set(err, FLONG_E_USAGE,
				"%s is not finished: resume the crawl first", from);
		}
		if (bytes_find_char(path, '/', 0) !=
			SIZE_MAX) { /* what tells of a package is old */
			rc = take_file(from, to, err);
		}
	}
	return rc;
}
