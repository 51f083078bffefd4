/* SPDX-License-Identifier: MIT */
/* gunzip.c - gzip members read one by one, raw deflate, and HTTP's gzip and deflate codings */
#include "base/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/alloc.h"
#include "base/error.h"

enum {
	IN_BYTES = 65536,
	WHOLE_BYTES = 4 * IN_BYTES,
	ROOM_MAX = 1 << 20,
	WINDOW_BITS = 15,
	AUTO_GZIP = 16
};

/* Compressed input with the inflater that reads it. */
struct inflater {
	z_stream stream;
	struct source *inner; /* borrowed or owned: see the user */
	uint64_t offset;      /* of the byte after those in `in` */
	bool at_end;          /* inner has no more */
	unsigned char in[IN_BYTES];
};

static void inflater_init(
	struct inflater *inflater, struct source *inner, uint64_t offset, int window_bits)
{
	inflater->inner = inner;
	inflater->offset = offset;
	if (inflateInit2(&inflater->stream, window_bits) != Z_OK) {
		abort(); /* only without memory; see alloc.h */
	}
}

/* Reads more input when there is none. FLONG_END at the end. */
static int fill(struct inflater *inflater, struct flong_error *err)
{
	z_stream *z = &inflater->stream;
	if (z->avail_in > 0) {
		return FLONG_OK;
	}
	if (inflater->at_end) {
		return FLONG_END;
	}
	size_t got;
	int rc = source_read(inflater->inner, inflater->in, IN_BYTES, &got, err);
	if (rc == FLONG_OK) {
		z->next_in = inflater->in;
		z->avail_in = (uInt)got;
		inflater->offset += got;
	}
	inflater->at_end = rc == FLONG_END;
	return rc;
}

/* Makes at least two bytes of input available when there are as many. FLONG_END when there is
 * none. */
static int fill_two(struct inflater *inflater, struct flong_error *err)
{
	int rc = fill(inflater, err);
	z_stream *z = &inflater->stream;
	if (rc != FLONG_OK || z->avail_in > 1 || inflater->at_end) {
		return rc;
	}
	inflater->in[0] = *z->next_in;
	z->next_in = inflater->in;
	size_t got;
	rc = source_read(inflater->inner, inflater->in + 1, IN_BYTES - 1, &got, err);
	inflater->at_end = rc == FLONG_END;
	z->avail_in += (uInt)got;
	inflater->offset += got;
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Inflates until there is output or the stream ends. zlib's status in *status_out; FLONG_END when
 * the input ran out first, with nothing given. */
static int run_inflate(struct inflater *inflater, void *room, size_t max, size_t *got_out,
	int *status_out, struct flong_error *err)
{
	z_stream *z = &inflater->stream;
	size_t wanted = max < ROOM_MAX ? max : ROOM_MAX;
	*got_out = 0;
	*status_out = Z_OK;
	for (;;) {
		int rc = fill(inflater, err);
		if (rc < 0) {
			return rc;
		}
		z->next_out = room;
		z->avail_out = (uInt)wanted;
		*status_out = inflate(z, Z_NO_FLUSH);
		*got_out = wanted - z->avail_out;
		if (*got_out > 0 || (*status_out != Z_OK && *status_out != Z_BUF_ERROR)) {
			return FLONG_OK;
		}
		if (rc == FLONG_END) {
			return FLONG_END;
		}
	}
}

static const char *fault_text(const struct inflater *inflater, int status)
{
	if (status == Z_NEED_DICT) {
		return "a preset dictionary is needed";
	}
	return inflater->stream.msg != NULL ? inflater->stream.msg : "bad deflate data";
}

struct gunzip {
	struct inflater inflater;
	enum { BEFORE_MEMBER, IN_MEMBER, AFTER_MEMBER } state;
	uint64_t member_offset;
	uint64_t member_end;
	uint64_t padding;
	struct whole *whole; /* owned; NULL without libdeflate */
};

#ifdef HAVE_LIBDEFLATE
/* Members that lie in the input buffer are inflated at once: in less than half of zlib's time. */
struct whole {
	struct libdeflate_decompressor *decompressor; /* owned */
	size_t length, at; /* of the content that waits to be read; at == length: none */
	bool is_used;      /* the current member was inflated here */
	char content[WHOLE_BYTES];
};

static struct whole *whole_create(void)
{
	struct whole *whole = ALLOC(struct whole);
	whole->decompressor = libdeflate_alloc_decompressor();
	if (whole->decompressor == NULL) {
		abort(); /* only without memory; see alloc.h */
	}
	return whole;
}

static void whole_close(struct whole *whole)
{
	if (whole != NULL) {
		libdeflate_free_decompressor(whole->decompressor);
		free(whole);
	}
}

/* Tries the member that starts at the input's next byte. Where it does not succeed, zlib reads the
 * member and says what is wrong. */
static int whole_try(struct whole *whole, struct inflater *inflater, struct flong_error *err)
{
	z_stream *z = &inflater->stream;
	whole->is_used = false;
	if (z->avail_in < IN_BYTES / 2 && !inflater->at_end) {
		memmove(inflater->in, z->next_in, z->avail_in);
		z->next_in = inflater->in;
		size_t got;
		int rc = source_read(inflater->inner, inflater->in + z->avail_in,
			IN_BYTES - z->avail_in, &got, err);
		inflater->at_end = rc == FLONG_END;
		if (rc < 0) {
			return rc;
		}
		z->avail_in += (uInt)got;
		inflater->offset += got;
	}
	if (z->avail_in < 4 || z->next_in[3] != 0) {
		return FLONG_OK; /* optional header fields: zlib checks those too */
	}
	size_t used;
	enum libdeflate_result result = libdeflate_gzip_decompress_ex(whole->decompressor,
		z->next_in, z->avail_in, whole->content, WHOLE_BYTES, &used, &whole->length);
	if (result == LIBDEFLATE_SUCCESS) {
		z->next_in += used;
		z->avail_in -= (uInt)used;
		whole->at = 0;
		whole->is_used = true;
	}
	return FLONG_OK;
}

/* Gives content of the current member. False when zlib reads it. */
static bool whole_read(struct gunzip *gunzip, void *room, size_t max, size_t *got_out)
{
	struct whole *whole = gunzip->whole;
	if (!whole->is_used) {
		return false;
	}
	size_t left = whole->length - whole->at;
	*got_out = left < max ? left : max;
	memcpy(room, whole->content + whole->at, *got_out);
	whole->at += *got_out;
	return true;
}

static bool whole_is_read(const struct gunzip *gunzip)
{
	return gunzip->whole->at == gunzip->whole->length;
}
#else
static struct whole *whole_create(void)
{
	return NULL;
}

static void whole_close(struct whole *whole)
{
	(void)whole;
}

static int whole_try(struct whole *whole, struct inflater *inflater, struct flong_error *err)
{
	(void)whole;
	(void)inflater;
	(void)err;
	return FLONG_OK;
}

static bool whole_read(struct gunzip *gunzip, void *room, size_t max, size_t *got_out)
{
	(void)gunzip;
	(void)room;
	(void)max;
	(void)got_out;
	return false;
}

static bool whole_is_read(const struct gunzip *gunzip)
{
	(void)gunzip;
	return false;
}
#endif

struct gunzip *gunzip_create(struct source *inner, uint64_t offset)
{
	struct gunzip *gunzip = ALLOC(struct gunzip);
	inflater_init(&gunzip->inflater, inner, offset, WINDOW_BITS + AUTO_GZIP);
	gunzip->member_offset = offset;
	gunzip->member_end = offset;
	gunzip->whole = whole_create();
	return gunzip;
}

void gunzip_close(struct gunzip *gunzip)
{
	if (gunzip != NULL) {
		(void)inflateEnd(&gunzip->inflater.stream);
		whole_close(gunzip->whole);
		free(gunzip);
	}
}

static uint64_t position(const struct gunzip *gunzip)
{
	return gunzip->inflater.offset - gunzip->inflater.stream.avail_in;
}

static int skip_rest(struct gunzip *gunzip, struct flong_error *err)
{
	char room[16384];
	size_t got;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && gunzip->state == IN_MEMBER) {
		rc = gunzip_read(gunzip, room, sizeof(room), &got, err);
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

/* Skips zero bytes: some tools pad files with them. */
static int skip_padding(struct gunzip *gunzip, struct flong_error *err)
{
	z_stream *z = &gunzip->inflater.stream;
	gunzip->padding = 0;
	for (;;) {
		int rc = fill_two(&gunzip->inflater, err);
		if (rc != FLONG_OK || *z->next_in != 0) {
			return rc;
		}
		z->next_in++;
		z->avail_in--;
		gunzip->padding++;
	}
}

int gunzip_next(struct gunzip *gunzip, struct flong_error *err)
{
	int rc = skip_rest(gunzip, err);
	if (rc == FLONG_OK) {
		rc = skip_padding(gunzip, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	z_stream *z = &gunzip->inflater.stream;
	if (gunzip->padding > 0 || z->avail_in < 2 || z->next_in[0] != 0x1f ||
		z->next_in[1] != 0x8b) {
		return error_set(err, FLONG_E_FORMAT, "no gzip member at offset %llu",
			(unsigned long long)(position(gunzip) - gunzip->padding));
	}
	gunzip->member_offset = position(gunzip);
	gunzip->state = IN_MEMBER;
	(void)inflateReset(z);
	return whole_try(gunzip->whole, &gunzip->inflater, err);
}

int gunzip_read(
	struct gunzip *gunzip, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	*got_out = 0;
	if (gunzip->state != IN_MEMBER) {
		return FLONG_END;
	}
	if (max == 0) {
		return FLONG_OK;
	}
	if (whole_read(gunzip, room, max, got_out)) {
		if (!whole_is_read(gunzip)) {
			return FLONG_OK;
		}
		gunzip->state = AFTER_MEMBER;
		gunzip->member_end = position(gunzip);
		return *got_out > 0 ? FLONG_OK : FLONG_END;
	}
	int status;
	int rc = run_inflate(&gunzip->inflater, room, max, got_out, &status, err);
	if (rc == FLONG_END) {
		gunzip->state = AFTER_MEMBER;
		return error_set(err, FLONG_E_FORMAT, "the gzip member at offset %llu is cut short",
			(unsigned long long)gunzip->member_offset);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	if (status == Z_STREAM_END) {
		gunzip->state = AFTER_MEMBER;
		gunzip->member_end = position(gunzip);
		return *got_out > 0 ? FLONG_OK : FLONG_END;
	}
	if (status != Z_OK && status != Z_BUF_ERROR && *got_out == 0) {
		gunzip->state = AFTER_MEMBER;
		return error_set(err, FLONG_E_DAMAGED,
			"the gzip member at offset %llu is damaged: %s",
			(unsigned long long)gunzip->member_offset,
			fault_text(&gunzip->inflater, status));
	}
	return FLONG_OK; /* a fault after these bytes comes again with the next call */
}

uint64_t gunzip_member_offset(const struct gunzip *gunzip)
{
	return gunzip->member_offset;
}

uint64_t gunzip_member_end(const struct gunzip *gunzip)
{
	return gunzip->member_end;
}

uint64_t gunzip_padding(const struct gunzip *gunzip)
{
	return gunzip->padding;
}

/* A source of decoded bytes: raw deflate of a spool, or an HTTP content coding. */
struct coding_source {
	struct source base;
	struct inflater inflater; /* owns its inner source */
	bool is_raw;              /* ends when the input does */
	bool is_gzip;             /* further members may follow */
	bool is_started;          /* a member was begun */
	bool is_done;
};

/* Chooses the form before the first byte, or goes on to the next member. */
static int start_stream(struct coding_source *s, struct flong_error *err)
{
	int rc = fill_two(&s->inflater, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	const z_stream *z = &s->inflater.stream;
	unsigned first = z->next_in[0];
	unsigned second = z->avail_in > 1 ? z->next_in[1] : 0;
	int window_bits = -WINDOW_BITS;
	if (s->is_gzip) {
		window_bits = WINDOW_BITS + AUTO_GZIP;
		if (s->is_started && (first != 0x1f || second != 0x8b)) {
			return FLONG_END; /* garbage after a member */
		}
	} else if (!s->is_raw && (first & 15) == Z_DEFLATED && (first * 256 + second) % 31 == 0) {
		window_bits = WINDOW_BITS; /* a zlib header (RFC 1950 2.2) */
	}
	(void)inflateReset2(&s->inflater.stream, window_bits);
	s->is_started = true;
	return FLONG_OK;
}

static int coding_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct coding_source *s = (struct coding_source *)source;
	while (!s->is_done) {
		int rc = s->is_started ? FLONG_OK : start_stream(s, err);
		if (rc != FLONG_OK) {
			s->is_done = true;
			return rc;
		}
		int status;
		rc = run_inflate(&s->inflater, room, max, got_out, &status, err);
		if (rc == FLONG_END) {
			s->is_done = true;
			return s->is_raw ? FLONG_END
					 : error_set(err, FLONG_E_DAMAGED,
						   "the compressed data is cut short");
		}
		if (rc != FLONG_OK) {
			return rc;
		}
		if (status == Z_STREAM_END) {
			s->is_done = !s->is_gzip || start_stream(s, err) != FLONG_OK;
		} else if (status != Z_OK && status != Z_BUF_ERROR && *got_out == 0) {
			s->is_done = true;
			return error_set(err, FLONG_E_DAMAGED, "the compressed data is damaged: %s",
				fault_text(&s->inflater, status));
		}
		if (*got_out > 0) {
			return FLONG_OK;
		}
	}
	return FLONG_END;
}

static void coding_source_close(struct source *source)
{
	struct coding_source *s = (struct coding_source *)source;
	(void)inflateEnd(&s->inflater.stream);
	source_close(s->inflater.inner);
	free(s);
}

static struct coding_source *coding_create(struct source *inner_take)
{
	static const struct source_ops ops = {coding_source_read, coding_source_close};
	struct coding_source *s = ALLOC(struct coding_source);
	s->base.ops = &ops;
	inflater_init(&s->inflater, inner_take, 0, -WINDOW_BITS);
	return s;
}

int inflate_open_raw(struct source *inner_take, struct source **source_out, struct flong_error *err)
{
	(void)err;
	struct coding_source *s = coding_create(inner_take);
	s->is_raw = true;
	*source_out = &s->base;
	return FLONG_OK;
}

struct source *inflate_open_coding(struct source *inner_take, enum inflate_kind kind)
{
	struct coding_source *s = coding_create(inner_take);
	s->is_gzip = kind == INFLATE_GZIP;
	return &s->base;
}
