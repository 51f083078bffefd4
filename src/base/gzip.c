/* SPDX-License-Identifier: MIT */
/* gzip.c - gzip members written from parts
 *
 * A deflate stream is a row of blocks, and blocks made apart may stand in a row when each run ends
 * on a byte boundary and refers to nothing before its start. So a member can be joined from runs
 * that were compressed at different times; only its last block says that it is the last. */
#include "base/gzip.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"

enum { OUT_BYTES = 65536, STORED_MAX = 65535, WINDOW_BITS = 15 };

/* Input and output of a member that are kept for the next one: most need less. */
#define ROOM_KEPT_BYTES ((size_t)256 << 10)
/* Records below this are small; see choose_compressor. */
#define SMALL_BYTES ((size_t)16 << 10)

struct deflater {
	z_stream stream; /* zlib's; begun when it is first used: libdeflate does most of it */
	bool is_begun;
	bool is_used;   /* since the last reset */
	bool is_in_run; /* bytes went in since the last flush */
	size_t used;    /* bytes of `out` that wait to be written */
	unsigned char out[OUT_BYTES];
	int level;
	/* Owned; NULL without libdeflate or before their use. */
	struct libdeflate_compressor *whole, *whole_small;
	char *room; /* owned: input and output of a whole member that is not large */
	size_t room_size;
};

static void close_whole(struct deflater *deflater)
{
#ifdef HAVE_LIBDEFLATE
	libdeflate_free_compressor(deflater->whole);
	libdeflate_free_compressor(deflater->whole_small);
#else
	(void)deflater;
#endif
}

struct deflater *deflater_create(int level)
{
	assert(level >= 1 && level <= 9);
	struct deflater *deflater = ALLOC(struct deflater);
	deflater->level = level;
	return deflater;
}

static void begin_stream(struct deflater *deflater)
{
	if (deflater->is_begun) {
		return;
	}
	if (deflateInit2(&deflater->stream, deflater->level, Z_DEFLATED, -WINDOW_BITS, 8,
		    Z_DEFAULT_STRATEGY) != Z_OK) {
		alloc_failed(0);
	}
	deflater->is_begun = true;
}

void deflater_close(struct deflater *deflater)
{
	if (deflater != NULL) {
		if (deflater->is_begun) {
			(void)deflateEnd(&deflater->stream);
		}
		close_whole(deflater);
		free(deflater->room);
		free(deflater);
	}
}

static int drain(struct deflater *deflater, struct sink *out, struct flong_error *err)
{
	struct bytes waiting = bytes_from(deflater->out, deflater->used);
	deflater->used = 0;
	return sink_write(out, waiting, err);
}

/* Puts bytes into the output as they are, in order with what is compressed. */
static int put_raw(
	struct deflater *deflater, struct bytes b, struct sink *out, struct flong_error *err)
{
	if (b.len > OUT_BYTES - deflater->used) {
		int rc = drain(deflater, out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	if (b.len > OUT_BYTES) {
		return sink_write(out, b, err);
	}
	if (b.len > 0) {
		memcpy(deflater->out + deflater->used, b.ptr, b.len);
		deflater->used += b.len;
	}
	return FLONG_OK;
}

/* Back to the start of a stream. A reset clears 64 KB, so that one that nothing went through stays
 * as it is. */
static void reset(struct deflater *deflater)
{
	if (deflater->is_used) {
		(void)deflateReset(&deflater->stream);
	}
	deflater->is_used = false;
	deflater->is_in_run = false;
}

/* Runs zlib until it has taken all input and, when flushing, given all output. */
static int run_deflate(
	struct deflater *deflater, int flush, struct sink *out, struct flong_error *err)
{
	z_stream *z = &deflater->stream;
	deflater->is_used = true;
	for (;;) {
		if (deflater->used == OUT_BYTES) {
			int rc = drain(deflater, out, err);
			if (rc != FLONG_OK) {
				return rc;
			}
		}
		z->next_out = deflater->out + deflater->used;
		z->avail_out = (uInt)(OUT_BYTES - deflater->used);
		int status = deflate(z, flush);
		assert(status != Z_STREAM_ERROR);
		deflater->used = OUT_BYTES - z->avail_out;
		if (status == Z_STREAM_END || z->avail_out > 0) {
			return FLONG_OK;
		}
	}
}

int deflater_add(
	struct deflater *deflater, struct bytes b, struct sink *out, struct flong_error *err)
{
	while (b.len > 0) {
		size_t count = b.len < INT_MAX ? b.len : INT_MAX;
		begin_stream(deflater);
		deflater->is_in_run = true;
		deflater->stream.next_in = (z_const Bytef *)(uintptr_t)b.ptr;
		deflater->stream.avail_in = (uInt)count;
		int rc = run_deflate(deflater, Z_NO_FLUSH, out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		b = bytes_slice(b, count, b.len);
	}
	return FLONG_OK;
}

/* Ends a run without ending the stream; what follows refers to nothing before it. */
static int end_run(struct deflater *deflater, struct sink *out, struct flong_error *err)
{
	if (!deflater->is_in_run) {
		return FLONG_OK;
	}
	int rc = run_deflate(deflater, Z_SYNC_FLUSH, out, err);
	reset(deflater);
	return rc;
}

int deflater_flush(struct deflater *deflater, struct sink *out, struct flong_error *err)
{
	int rc = end_run(deflater, out, err);
	return rc == FLONG_OK ? drain(deflater, out, err) : rc;
}

static void stored_header(size_t length, unsigned char header[5])
{
	header[0] = 0; /* not final, type "stored", padded to the byte */
	header[1] = (unsigned char)(length & 255);
	header[2] = (unsigned char)(length >> 8);
	header[3] = header[1] ^ 255;
	header[4] = header[2] ^ 255;
}

int deflate_store(struct bytes b, struct sink *out, struct flong_error *err)
{
	while (b.len > 0) {
		size_t count = b.len < STORED_MAX ? b.len : STORED_MAX;
		unsigned char header[5];
		stored_header(count, header);
		int rc = sink_write(out, bytes_from(header, sizeof(header)), err);
		if (rc == FLONG_OK) {
			rc = sink_write(out, bytes_slice(b, 0, count), err);
		}
		if (rc != FLONG_OK) {
			return rc;
		}
		b = bytes_slice(b, count, b.len);
	}
	return FLONG_OK;
}

uint32_t gzip_crc32(uint32_t crc, struct bytes b)
{
#ifdef HAVE_LIBDEFLATE
	return b.len == 0 ? crc : libdeflate_crc32(crc, b.ptr, b.len);
#else
	return b.len == 0 ? crc : (uint32_t)crc32_z(crc, (const Bytef *)b.ptr, b.len);
#endif
}

/* A member while it is written. */
struct member {
	struct deflater *deflater;
	struct sink *out;
	uint32_t crc;
	uint64_t length;
};

static int add_bytes(
	struct member *member, enum gzip_form form, struct bytes b, struct flong_error *err)
{
	member->crc = gzip_crc32(member->crc, b);
	member->length += b.len;
	if (form == GZIP_DEFLATE) {
		return deflater_add(member->deflater, b, member->out, err);
	}
	if (b.len == 0) {
		return FLONG_OK;
	}
	int rc = end_run(member->deflater, member->out, err);
	while (rc == FLONG_OK && b.len > 0) {
		size_t count = b.len < STORED_MAX ? b.len : STORED_MAX;
		unsigned char header[5];
		stored_header(count, header);
		rc = put_raw(
			member->deflater, bytes_from(header, sizeof(header)), member->out, err);
		if (rc == FLONG_OK) {
			rc = put_raw(member->deflater, bytes_slice(b, 0, count), member->out, err);
		}
		b = bytes_slice(b, count, b.len);
	}
	return rc;
}

/* Copies the file of a spool that holds deflate data already. */
static int add_deflated_file(
	struct member *member, const struct spool *spool, struct flong_error *err)
{
	struct spool_file file = spool_file(spool);
	uint64_t size = spool_size(spool);
	int rc = deflater_flush(member->deflater, member->out, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	uint64_t moved = file.length;
	if (member->out->ops->take_file != NULL) {
		rc = member->out->ops->take_file(member->out, file.fd, file.length, err);
	} else {
		SCOPED(source_closep)
		struct source *source = source_from_fd_range(file.fd, 0, file.length);
		rc = stream_copy(source, member->out, &moved, err);
	}
	if (rc == FLONG_OK && moved != file.length) {
		rc = error_set(err, FLONG_E_IO, "a temporary file lost its end");
	}
	member->crc = (uint32_t)crc32_combine(member->crc, file.crc32, (z_off_t)size);
	member->length += size;
	return rc;
}

static int add_spool(struct member *member, const struct gzip_part *part, struct flong_error *err)
{
	if (spool_in_memory(part->spool)) {
		return add_bytes(member, part->form, spool_memory(part->spool), err);
	}
	if (spool_file(part->spool).form != SPOOL_PLAIN) {
		return add_deflated_file(member, part->spool, err);
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = spool_open(part->spool, &source, err);
	char *room = alloc_zeroed(STORED_MAX, 1);
	while (rc == FLONG_OK) {
		size_t got;
		rc = source_read(source, room, STORED_MAX, &got, err);
		if (rc == FLONG_OK) {
			rc = add_bytes(member, part->form, bytes_from(room, got), err);
		}
	}
	free(room);
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* The last block. */
static int end_runs(struct member *member, struct flong_error *err)
{
	if (member->deflater->is_in_run) {
		return run_deflate(member->deflater, Z_FINISH, member->out, err);
	}
	return put_raw(member->deflater, BYTES("\x03\x00"), member->out, err); /* empty, final */
}

/* CRC-32 and length (RFC 1952 2.3.1). */
static int add_trailer(struct member *member, struct flong_error *err)
{
	unsigned char trailer[8];
	for (unsigned i = 0; i < 4; i++) {
		trailer[i] = (unsigned char)(member->crc >> (8 * i));
		trailer[4 + i] = (unsigned char)(member->length >> (8 * i));
	}
	int rc = put_raw(member->deflater, bytes_from(trailer, sizeof(trailer)), member->out, err);
	return rc == FLONG_OK ? drain(member->deflater, member->out, err) : rc;
}

#ifdef HAVE_LIBDEFLATE
static struct bytes part_memory(const struct gzip_part *part)
{
	return part->spool == NULL ? part->bytes : spool_memory(part->spool);
}

/* The bytes of all parts, or SIZE_MAX when libdeflate, which has no streams and no stored runs,
 * cannot make the member. */
static size_t whole_size(const struct gzip_part *parts, size_t count)
{
	size_t size = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_held = parts[i].spool == NULL || spool_in_memory(parts[i].spool);
		if (parts[i].form != GZIP_DEFLATE || !is_held ||
			!size_add(size, part_memory(&parts[i]).len, &size)) {
			return SIZE_MAX;
		}
	}
	return size <= LIMIT_WHOLE_MEMBER_BYTES ? size : SIZE_MAX;
}

/* Its levels are stronger than zlib's of the same number: its 5 makes real pages as small as zlib's
 * 6 (0.7 % larger) in less than half of the time. Records under SMALL_BYTES, most of them of our
 * own making, are half of the time of a crawl of small pages: its 1 needs a quarter of zlib's time
 * for them and half of what its own 4 does, and makes them 3.5 % larger than zlib's 6. */
static struct libdeflate_compressor *choose_compressor(struct deflater *deflater, size_t size)
{
	bool is_small = size < SMALL_BYTES && deflater->level == 6;
	struct libdeflate_compressor **compressor =
		is_small ? &deflater->whole_small : &deflater->whole;
	if (*compressor == NULL) {
		int level = deflater->level != 6 ? deflater->level : is_small ? 1 : 5;
		*compressor = libdeflate_alloc_compressor(level);
		if (*compressor == NULL) {
			alloc_failed(0);
		}
	}
	return *compressor;
}

static char *kept_room(struct deflater *deflater, size_t size)
{
	if (size > deflater->room_size) {
		free(deflater->room);
		deflater->room = alloc_resize(NULL, size, 1);
		deflater->room_size = size;
	}
	return deflater->room;
}

static struct bytes join_parts(const struct gzip_part *parts, size_t count, char *room)
{
	size_t length = 0;
	for (size_t i = 0; i < count; i++) {
		struct bytes b = part_memory(&parts[i]);
		if (b.len > 0) {
			memcpy(room + length, b.ptr, b.len);
			length += b.len;
		}
	}
	return bytes_from(room, length);
}

/* Deflates all parts at once: half to two thirds of zlib's time for the same size. */
static int add_whole(struct member *member, const struct gzip_part *parts, size_t count,
	size_t size, struct flong_error *err)
{
	struct deflater *deflater = member->deflater;
	struct libdeflate_compressor *compressor = choose_compressor(deflater, size);
	size_t bound = libdeflate_deflate_compress_bound(compressor, size);
	size_t copied = count == 1 ? 0 : size;
	bool is_kept = copied + bound <= ROOM_KEPT_BYTES;
	char *copy = is_kept ? kept_room(deflater, copied + bound) : alloc_resize(NULL, copied, 1);
	char *output = is_kept ? copy + copied : alloc_resize(NULL, bound, 1);
	struct bytes input =
		copied == 0 && size > 0 ? part_memory(&parts[0]) : join_parts(parts, count, copy);
	member->crc = (uint32_t)libdeflate_crc32(0, input.ptr, size);
	member->length = size;
	size_t length = libdeflate_deflate_compress(compressor, input.ptr, size, output, bound);
	assert(length > 0);
	if (!is_kept) {
		free(copy);
	}
	int rc = put_raw(deflater, bytes_from(output, length), member->out, err);
	if (!is_kept) {
		free(output);
	}
	return rc;
}
#endif

/* Writes all parts and the last block. */
static int add_parts(
	struct member *member, const struct gzip_part *parts, size_t count, struct flong_error *err)
{
#ifdef HAVE_LIBDEFLATE
	size_t size = whole_size(parts, count);
	if (size != SIZE_MAX) {
		return add_whole(member, parts, count, size, err);
	}
#endif
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < count; i++) {
		rc = parts[i].spool != NULL ? add_spool(member, &parts[i], err)
					    : add_bytes(member, parts[i].form, parts[i].bytes, err);
	}
	return rc == FLONG_OK ? end_runs(member, err) : rc;
}

int gzip_write_member(struct deflater *deflater, const struct gzip_part *parts, size_t count,
	struct sink *out, struct flong_error *err)
{
	struct member member = {deflater, out, 0, 0};
	/* Whatever an earlier failure left behind. */
	reset(deflater);
	deflater->used = 0;
	int rc = put_raw(deflater, BYTES("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), out, err);
	if (rc == FLONG_OK) {
		rc = add_parts(&member, parts, count, err);
	}
	if (rc == FLONG_OK) {
		rc = add_trailer(&member, err);
	}
	reset(deflater);
	deflater->used = 0;
	return rc;
}
