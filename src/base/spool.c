/* SPDX-License-Identifier: MIT */
/* spool.c - bytes in memory while few, then in an unlinked file, deflated on the way there
 *
 * They go to the file in pieces. What is deflated is looked at now and then: where deflate gains
 * next to nothing (an archive, a film, whatever its type says) the following pieces are stored, for
 * a stretch that doubles each time, and then it is tried again. Where the looks are depends on the
 * bytes alone and not on how they came: the same body gives the same file. */
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

/* A piece has the length of the largest stored block. */
enum { PIECE_BYTES = 65535 };

/* Deflate is looked at after 256 KB, which takes it 6 ms, then every 4 MB while it is worth its
 * time. Stored stretches begin with 4 MB and end with 64 MB: of 20 MB that do not compress 0.8 are
 * deflated. */
enum { TRY_PIECES = 4, DEFLATE_PIECES = 64, STORE_PIECES = 64, STORE_PIECES_MAX = 1024 };
/* Percent of its size that deflate leaves of a stretch: over the first one it is flushed to be
 * measured, as up to 96 KB wait in its buffers; over the second one it is not worth its time. */
enum { DOUBTFUL_PERCENT = 60, USELESS_PERCENT = 97 };

/* What is done with pieces of the form SPOOL_DEFLATED. */
struct compressing {
	bool is_storing;
	unsigned left;       /* pieces until the next look */
	unsigned next_store; /* pieces of the next stored stretch */
	uint64_t bytes;      /* since the last look */
	uint64_t file_from;  /* length of the file then */
};

struct spool {
	char *dir; /* owned; NULL once the file is there */
	struct buf memory;
	size_t memory_max;
	enum spool_form form;
	int level;
	bool is_finished, is_forgotten;
	uint64_t size;
	/* From here on only once the file is there. */
	int fd; /* -1 before */
	uint64_t file_length;
	uint32_t crc;
	struct deflater *deflater;
	struct compressing compressing;
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
	spool->memory = buf_with_max(memory_max < PIECE_BYTES ? PIECE_BYTES : memory_max);
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

static void begin_stretch(struct spool *spool, bool stores, unsigned pieces)
{
	struct compressing *c = &spool->compressing;
	c->is_storing = stores;
	c->left = pieces;
	c->bytes = 0;
	c->file_from = spool->file_length;
}

/* Whether deflate has left more than so many percent of the stretch. */
static bool leaves_over(const struct spool *spool, uint64_t percent)
{
	const struct compressing *c = &spool->compressing;
	return (spool->file_length - c->file_from) * 100 >= c->bytes * percent;
}

/* At the end of a stretch: what comes next. */
static int look(struct spool *spool, struct flong_error *err)
{
	struct compressing *c = &spool->compressing;
	if (c->is_storing) {
		begin_stretch(spool, false, TRY_PIECES);
		return FLONG_OK;
	}
	if (!leaves_over(spool, DOUBTFUL_PERCENT)) {
		begin_stretch(spool, false, DEFLATE_PIECES);
		return FLONG_OK;
	}
	int rc = deflater_flush(spool->deflater, &spool->sink, err);
	if (!leaves_over(spool, USELESS_PERCENT)) {
		begin_stretch(spool, false, DEFLATE_PIECES);
		return rc;
	}
	begin_stretch(spool, true, c->next_store);
	c->next_store = c->next_store * 2 < STORE_PIECES_MAX ? c->next_store * 2 : STORE_PIECES_MAX;
	return rc;
}

/* Puts a piece, or what is left at the end, into the file. */
static int write_piece(struct spool *spool, struct bytes b, struct flong_error *err)
{
	struct compressing *c = &spool->compressing;
	spool->crc = gzip_crc32(spool->crc, b);
	if (spool->form == SPOOL_PLAIN) {
		return sink_write(&spool->sink, b, err);
	}
	if (spool->form == SPOOL_STORED) {
		return deflate_store(b, &spool->sink, err);
	}
	int rc = c->is_storing ? deflate_store(b, &spool->sink, err)
			       : deflater_add(spool->deflater, b, &spool->sink, err);
	c->bytes += b.len;
	return rc == FLONG_OK && --c->left == 0 ? look(spool, err) : rc;
}

/* Moves what is in memory to the file: its whole pieces, of which the rest goes to the front. */
static int flush_memory(struct spool *spool, struct flong_error *err)
{
	struct bytes rest = buf_bytes(&spool->memory);
	int rc = FLONG_OK;
	while (rc == FLONG_OK && rest.len >= PIECE_BYTES) {
		rc = write_piece(spool, bytes_slice(rest, 0, PIECE_BYTES), err);
		rest = bytes_slice(rest, PIECE_BYTES, rest.len);
	}
	struct buf kept = buf_with_max(PIECE_BYTES); /* what follows needs a small one */
	buf_add(&kept, rest);
	buf_clear(&spool->memory);
	spool->memory = kept;
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
		spool->compressing.next_store = STORE_PIECES;
		begin_stretch(spool, false, TRY_PIECES);
	}
	return flush_memory(spool, err);
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
		size_t room = PIECE_BYTES - spool->memory.len;
		size_t count = b.len < room ? b.len : room;
		buf_add(&spool->memory, bytes_slice(b, 0, count));
		b = bytes_slice(b, count, b.len);
		if (spool->memory.len == PIECE_BYTES) {
			int rc = write_piece(spool, buf_bytes(&spool->memory), err);
			buf_reset(&spool->memory);
			if (rc != FLONG_OK) {
				return rc;
			}
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
	int rc = spool->memory.len > 0 ? write_piece(spool, buf_bytes(&spool->memory), err)
				       : FLONG_OK;
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
	assert(!spool->is_forgotten);
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

void spool_forget(struct spool *spool)
{
	assert(spool->is_finished);
	if (spool->fd < 0) {
		buf_clear(&spool->memory);
		spool->is_forgotten = true;
	}
}

struct spool_file spool_file(const struct spool *spool)
{
	assert(spool->is_finished && spool->fd >= 0);
	return (struct spool_file){spool->fd, spool->file_length, spool->crc, spool->form};
}
