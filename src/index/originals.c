/* SPDX-License-Identifier: MIT */
/* originals.c - the responses that revisits need, taken over
 *
 * Revisits and originals meet by their payload digest, in a sorted list: memory does not grow with
 * the collection. Then each file that has originals is read once from its beginning. */
#include "index/originals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "index/cdxj.h"
#include "index/line_file.h"
#include "index/originals_file.h"
#include "index/sorter.h"

#define MIME_REVISIT BYTES("warc/revisit")

/* Lines of the sorter into a new file. */
static int write_sorted(struct sorter *sorter, const char *path, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", path);
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	int rc = sorter_write(sorter, sink, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	return rc == FLONG_OK ? files_close_written(&fd, path, err) : rc;
}

struct gathering {
	const struct originals_options *options;
	struct sorter *sorter;
	struct buf line, digest;
	bool is_sha1; /* the digests of the collection, else SHA-256 */
};

/* "DIGEST 0" for a revisit that is kept, "DIGEST 1 OFFSET FILE" for a response that is left. */
static int gather_row(void *context, struct bytes text, struct flong_error *err)
{
	struct gathering *gathering = context;
	const struct originals_options *options = gathering->options;
	struct flong_error ignored = {0};
	struct cdxj_row row = {0};
	if (cdxj_parse(text, &row, &ignored) < 0) { /* a header line */
		cdxj_clear(&row);
		return FLONG_OK;
	}
	SCOPED(free_textp) char *file = alloc_text(row.entry.filename.ptr, row.entry.filename.len);
	bool is_revisit = bytes_equal(row.entry.mime, MIME_REVISIT);
	int rc = FLONG_OK;
	buf_reset(&gathering->line);
	buf_add(&gathering->line, row.entry.digest);
	gathering->is_sha1 = gathering->is_sha1 || bytes_starts(row.entry.digest, BYTES("sha1:"));
	if (row.entry.digest.len == 0) {
		cdxj_clear(&row);
		return FLONG_OK;
	}
	if (is_revisit && options->is_kept(options->context, file)) {
		buf_add_text(&gathering->line, " 0");
		rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
	} else if (!is_revisit && options->is_left(options->context, file)) {
		buf_addf(&gathering->line, " 1 %020llu %s", (unsigned long long)row.entry.offset,
			file);
		rc = sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
	}
	cdxj_clear(&row);
	return rc;
}

/* Of the sorted lines those of originals whose digest a revisit has: "FILE OFFSET". */
static int choose_line(void *context, struct bytes line, struct flong_error *err)
{
	struct gathering *gathering = context;
	struct bytes digest, rest, offset, file;
	if (!bytes_cut(line, ' ', &digest, &rest)) {
		return FLONG_OK;
	}
	if (bytes_equal(rest, BYTES("0"))) {
		buf_reset(&gathering->digest);
		buf_add(&gathering->digest, digest);
		return FLONG_OK;
	}
	if (!bytes_equal(digest, buf_bytes(&gathering->digest)) ||
		!bytes_cut(rest, ' ', &digest, &rest) || !bytes_cut(rest, ' ', &offset, &file)) {
		return FLONG_OK;
	}
	buf_reset(&gathering->line);
	buf_add(&gathering->line, file);
	buf_add_char(&gathering->line, '/'); /* which no name has, and sorts before others */
	buf_add(&gathering->line, offset);
	return sorter_add(gathering->sorter, buf_bytes(&gathering->line), err);
}

static int gather(struct gathering *gathering, const char *list, struct flong_error *err)
{
	SCOPED(free_textp) char *index = files_join(gathering->options->dir, "indexes/index.cdx");
	int rc = line_file_each_of(index, gather_row, gathering, err);
	if (rc == FLONG_OK) {
		rc = write_sorted(gathering->sorter, list, err);
	}
	if (rc == FLONG_OK) {
		rc = line_file_each_of(list, choose_line, gathering, err);
	}
	return rc == FLONG_OK ? write_sorted(gathering->sorter, list, err) : rc;
}

/* One file that is read. */
struct left_file {
	char *name, *path;      /* owned */
	struct line_file *list; /* borrowed: what is wanted of all files */
	uint64_t at;            /* of the next line in it */
};

static void left_file_clear(struct left_file *file)
{
	free(file->name);
	free(file->path);
}

static int open_left(void *context, struct reader **reader_out, struct flong_error *err)
{
	const struct left_file *file = context;
	return reader_open(file->path, reader_out, err);
}

static int open_stored(
	void *context, uint64_t offset, struct source **source_out, struct flong_error *err)
{
	const struct left_file *file = context;
	return source_open_file_at(file->path, offset, source_out, err);
}

/* The next line of the list, if it is of this file. */
static int next_wanted(void *context, uint64_t *offset_out, struct flong_error *err)
{
	struct left_file *file = context;
	struct bytes line, name, offset;
	uint64_t next;
	int rc = line_file_read(file->list, file->at, &line, &next, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (!bytes_cut(line, '/', &name, &offset) || !bytes_equal(name, bytes_of(file->name)) ||
		!bytes_to_u64(offset, INT64_MAX, offset_out)) {
		return FLONG_END;
	}
	file->at = next;
	return FLONG_OK;
}

/* Copies what the list wants of the file that the line at *at names; leaves *at behind all of its
 * lines. */
static int copy_file(struct originals_file *out, const char *archive, struct line_file *list,
	uint64_t *at, struct flong_error *err)
{
	SCOPED(left_file_clear) struct left_file file = {.list = list, .at = *at};
	struct bytes line, name;
	uint64_t next;
	int rc = line_file_read(list, *at, &line, &next, err);
	if (rc != FLONG_OK || !bytes_cut(line, '/', &name, &line)) {
		return rc;
	}
	file.name = alloc_text(name.ptr, name.len);
	file.path = files_join(archive, file.name);
	const struct originals_input input = {.open = open_left,
		.open_stored = open_stored,
		.next = next_wanted,
		.context = &file,
		.name = file.path};
	rc = originals_file_take(out, &input, err);
	*at = file.at;
	return rc;
}

static int copy_all(const struct originals_options *options, struct originals_file *out,
	const char *path, struct flong_error *err)
{
	SCOPED(free_textp) char *archive = files_join(options->dir, "archive");
	SCOPED(line_file_closep) struct line_file *list = NULL;
	uint64_t at = 0;
	int rc = line_file_open(path, &list, err);
	while (rc == FLONG_OK) {
		rc = copy_file(out, archive, list, &at, err);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

int originals_copy(
	const struct originals_options *options, uint64_t *count_out, struct flong_error *err)
{
	SCOPED(free_textp) char *list = files_join(options->temp_dir, "originals.list");
	struct gathering gathering = {
		.options = options, .sorter = sorter_create(options->temp_dir, 0)};
	int rc = gather(&gathering, list, err);
	sorter_close(gathering.sorter);
	buf_clear(&gathering.line);
	buf_clear(&gathering.digest);
	const struct originals_file_options file = {.dir = options->out_dir,
		.name = options->name,
		.temp_dir = options->temp_dir,
		.now_ms = options->now_ms,
		.algorithm = gathering.is_sha1 ? DIGEST_SHA1 : DIGEST_SHA256};
	SCOPED(originals_file_closep) struct originals_file *out = originals_file_create(&file);
	if (rc == FLONG_OK) {
		rc = copy_all(options, out, list, err);
	}
	(void)io_unlink(list);
	if (rc == FLONG_OK) {
		rc = originals_file_finish(out, err);
	}
	*count_out = originals_file_count(out);
	return rc;
}
