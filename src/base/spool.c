/* SPDX-License-Identifier: MIT */
/* spool.c - bytes in memory while few, then in an unlinked file, deflated on the way there */
#include "base/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/gzip.h"

/* Once there is a file, bytes are collected to the length of the largest stored block. */
enum { STAGE_BYTES = 65535 };

struct spool {
	char *dir; /* owned; NULL once the file is there */
	struct buf memory;
	size_t memory_max;
	enum spool_form form;
	int level;
	bool is_finished;
	uint64_t size;
	/* From here on only once the file is there. */
	int fd; /* -1 before */
	uint64_t file_length;
	uint32_t crc;
	struct deflater *deflater;
	struct sink sink; /* counts and writes to fd */
};

static struct spool *spool_of_sink(struct sink *sink)
{
	return (struct spool *)(void *)((char *)sink - offsetof(struct spool, sink));
}

static int file_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct spool *spool = spool_of_sink(sink);
	spool->file_length += b.len;
	return files_write_all(spool->fd, b, "temporary file", err);
}

struct spool *spool_create(const char *dir, size_t memory_max, enum spool_form form, int level)
{
	static const struct sink_ops ops = {.write = file_write};
	struct spool *spool = ALLOC(struct spool);
	spool->dir = alloc_copy(dir);
	spool->memory_max = memory_max;
	spool->memory = buf_with_max(memory_max < STAGE_BYTES ? STAGE_BYTES : memory_max);
	spool->level = level;
	spool->fd = -1;
	spool_set_form(spool, form);
	spool->sink.ops = &ops;
	return spool;
}

void spool_close(struct spool *spool)
{
	if (spool == NULL) {
		return;
	}
	files_close_fd(&spool->fd);
	deflater_close(spool->deflater);
	buf_clear(&spool->memory);
	free(spool->dir);
	free(spool);
}

void spool_set_form(struct spool *spool, enum spool_form form)
{
	if (spool->fd < 0) {
		bool is_deflated = form == SPOOL_DEFLATED && spool->level > 0;
		spool->form = form != SPOOL_DEFLATED || is_deflated ? form : SPOOL_PLAIN;
	}
}

/* Moves what is in memory to the file. */
static int flush_memory(struct spool *spool, struct flong_error *err)
{
	struct bytes b = buf_bytes(&spool->memory);
	int rc;
	if (spool->form == SPOOL_DEFLATED) {
		rc = deflater_add(spool->deflater, b, &spool->sink, err);
	} else if (spool->form == SPOOL_STORED) {
		rc = deflate_store(b, &spool->sink, err);
	} else {
		rc = sink_write(&spool->sink, b, err);
	}
	spool->crc = gzip_crc32(spool->crc, b);
	buf_reset(&spool->memory);
	return rc;
}

static int move_to_file(struct spool *spool, struct flong_error *err)
{
	int failure = files_open_temp(spool->dir, &spool->fd, err);
	if (failure < 0) {
		return failure;
	}
	free(TAKE(spool->dir));
	if (spool->form == SPOOL_DEFLATED) {
		spool->deflater = deflater_create(spool->level);
	}
	int rc = flush_memory(spool, err);
	buf_clear(&spool->memory); /* what follows needs a small one */
	spool->memory.max = STAGE_BYTES;
	return rc;
}

int spool_write(struct spool *spool, struct bytes b, struct flong_error *err)
{
	assert(!spool->is_finished);
	if (spool->fd < 0 && b.len > spool->memory_max - spool->memory.len) {
		int rc = move_to_file(spool, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	spool->size += b.len;
	if (spool->fd < 0) {
		buf_add(&spool->memory, b);
		return FLONG_OK;
	}
	while (b.len > 0) {
		size_t room = STAGE_BYTES - spool->memory.len;
		size_t count = b.len < room ? b.len : room;
		buf_add(&spool->memory, bytes_slice(b, 0, count));
		b = bytes_slice(b, count, b.len);
		int rc = spool->memory.len == STAGE_BYTES ? flush_memory(spool, err) : FLONG_OK;
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return FLONG_OK;
}

int spool_finish(struct spool *spool, struct flong_error *err)
{
	if (spool->is_finished) {
		return FLONG_OK;
	}
	spool->is_finished = true;
	if (spool->fd < 0) {
		return FLONG_OK;
	}
	int rc = flush_memory(spool, err);
	if (rc == FLONG_OK && spool->deflater != NULL) {
		rc = deflater_flush(spool->deflater, &spool->sink, err);
	}
	deflater_close(TAKE(spool->deflater));
	buf_clear(&spool->memory);
	return rc;
}

uint64_t spool_size(const struct spool *spool)
{
	return spool->size;
}

bool spool_truncate(struct spool *spool, uint64_t size)
{
	if (spool->fd >= 0) {
		return false;
	}
	if (size < spool->size) {
		buf_truncate(&spool->memory, (size_t)size);
		spool->size = size;
	}
	return true;
}

bool spool_in_memory(const struct spool *spool)
{
	return spool->fd < 0;
}

struct bytes spool_memory(const struct spool *spool)
{
	return buf_bytes(&spool->memory);
}

int spool_open(const struct spool *spool, struct source **source_out, struct flong_error *err)
{
	assert(spool->is_finished);
	if (spool->fd < 0) {
		*source_out = source_from_bytes(spool_memory(spool));
		return FLONG_OK;
	}
	struct source *file = source_from_fd_range(spool->fd, 0, spool->file_length);
	if (spool->form == SPOOL_PLAIN) {
		*source_out = file;
		return FLONG_OK;
	}
	return inflate_open_raw(file, source_out, err);
}

struct spool_file spool_file(const struct spool *spool)
{
	assert(spool->is_finished && spool->fd >= 0);
	return (struct spool_file){spool->fd, spool->file_length, spool->crc, spool->form};
}
