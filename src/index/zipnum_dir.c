/* SPDX-License-Identifier: MIT */
/* zipnum_dir.c - a folder with an index in compressed blocks, as pywb reads it */
#include "index/zipnum_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "index/zipnum.h"

#define BLOCKS "index.cdx.gz"
#define PARTIAL ".partial"

/* A file that is written aside. */
struct output {
	char *path;    /* owned */
	char *partial; /* owned */
	int fd;
	bool has_partial; /* it is there, under that name */
};

static int output_open(
	const char *dir, const char *name, struct output *output, struct flong_error *err)
{
	struct buf partial = {0};
	buf_addf(&partial, "%s" PARTIAL, name);
	output->path = files_join(dir, name);
	output->partial = files_join(dir, buf_text(&partial));
	buf_clear(&partial);
	output->fd = io_open(output->partial, O_WRONLY | O_CREAT | O_TRUNC, 0640);
	output->has_partial = output->fd >= 0;
	return output->has_partial ? FLONG_OK
				   : error_set_errno(err, FLONG_E_IO, errno, "cannot create %s",
					     output->partial);
}

static int output_rename(struct output *output, struct flong_error *err)
{
	if (io_rename(output->partial, output->path) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot rename %s", output->partial);
	}
	output->has_partial = false;
	return FLONG_OK;
}

/* What was not renamed goes. */
static void output_clear(struct output *output)
{
	files_close_fd(&output->fd);
	if (output->has_partial) {
		(void)io_unlink(output->partial);
	}
	free_textp(&output->path);
	free_textp(&output->partial);
}

int zipnum_dir_write(const char *dir, size_t block_lines,
	int (*fill)(void *context, struct sink *lines, struct flong_error *err), void *context,
	struct flong_error *err)
{
	SCOPED(output_clear) struct output blocks = {.fd = -1};
	SCOPED(output_clear) struct output index = {.fd = -1};
	int rc = files_make_dir(dir, err);
	if (rc == FLONG_OK) {
		rc = output_open(dir, BLOCKS, &blocks, err);
	}
	if (rc == FLONG_OK) {
		rc = output_open(dir, "index.idx", &index, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(sink_closep) struct sink *blocks_sink = sink_to_fd(blocks.fd);
	SCOPED(sink_closep) struct sink *index_sink = sink_to_fd(index.fd);
	const struct zipnum_options options = {
		.dialect = ZIPNUM_PYWB, .lines = block_lines, .part = BLOCKS, .temp_dir = dir};
	SCOPED(sink_closep)
	struct sink *lines = zipnum_create(blocks_sink, index_sink, &options);
	rc = fill(context, lines, err);
	if (rc == FLONG_OK) {
		rc = sink_finish(lines, err);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&blocks.fd, blocks.partial, err);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&index.fd, index.partial, err);
	}
	if (rc == FLONG_OK) {
		rc = output_rename(&blocks, err);
	}
	if (rc == FLONG_OK) {
		rc = output_rename(&index, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(free_textp) char *loc = files_join(dir, "index.loc");
	return files_replace(loc, BYTES(BLOCKS "\t" BLOCKS "\n"), err);
}
