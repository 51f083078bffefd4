/* SPDX-License-Identifier: MIT */
/* inflate.c - zlib's inflate over an intake; raw deflate, and HTTP's gzip and deflate codings */
#include "base/inflater.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/gzip.h"

enum { IN_BYTES = 65536, ROOM_MAX = 1 << 20 };

void inflater_init(struct inflater *inflater, struct intake *intake, int window_bits)
{
	inflater->intake = intake;
	if (inflateInit2(&inflater->stream, window_bits) != Z_OK) {
		alloc_failed(0);
	}
}

void inflater_clear(struct inflater *inflater)
{
	(void)inflateEnd(&inflater->stream);
}

int inflater_run(struct inflater *inflater, void *room, size_t max, size_t *got_out,
	int *status_out, struct flong_error *err)
{
	z_stream *z = &inflater->stream;
	size_t wanted = max < ROOM_MAX ? max : ROOM_MAX;
	*got_out = 0;
	*status_out = Z_OK;
	for (;;) {
		struct bytes in;
		int rc = intake_fill(inflater->intake, 1, &in, err);
		if (rc < 0) {
			return rc;
		}
		z->next_in = (z_const Bytef *)(uintptr_t)in.ptr;
		z->avail_in = (uInt)in.len;
		z->next_out = room;
		z->avail_out = (uInt)wanted;
		*status_out = inflate(z, Z_FINISH); /* spares a copy where all fits */
		intake_take(inflater->intake, in.len - z->avail_in);
		*got_out = wanted - z->avail_out;
		if (*got_out > 0 || (*status_out != Z_OK && *status_out != Z_BUF_ERROR)) {
			return FLONG_OK;
		}
		if (in.len == 0) {
			return FLONG_END;
		}
	}
}

const char *inflater_fault(const struct inflater *inflater, int status)
{
	if (status == Z_NEED_DICT) {
		return "a preset dictionary is needed";
	}
	return inflater->stream.msg != NULL ? inflater->stream.msg : "bad deflate data";
}

/* A source of decoded bytes: raw deflate of a spool, or an HTTP content coding. */
struct coding_source {
	struct source base;
	struct inflater inflater; /* owns its intake */
	bool is_raw;              /* ends when the input does */
	bool is_gzip;             /* further members may follow */
	bool is_started;          /* a member was begun */
	bool is_done;
};

/* Chooses the form before the first byte, or goes on to the next member. */
static int start_stream(struct coding_source *s, struct flong_error *err)
{
	struct bytes in;
	int rc = intake_fill(s->inflater.intake, 2, &in, err);
	if (rc != FLONG_OK || in.len == 0) {
		return rc == FLONG_OK ? FLONG_END : rc;
	}
	unsigned first = (unsigned char)in.ptr[0];
	unsigned second = in.len > 1 ? (unsigned char)in.ptr[1] : 0;
	int window_bits = -INFLATER_WINDOW_BITS;
	if (s->is_gzip) {
		window_bits = INFLATER_WINDOW_BITS + INFLATER_GZIP;
		if (s->is_started && (first != 0x1f || second != 0x8b)) {
			return FLONG_END; /* garbage after a member */
		}
	} else if (!s->is_raw && (first & 15) == Z_DEFLATED && (first * 256 + second) % 31 == 0) {
		window_bits = INFLATER_WINDOW_BITS; /* a zlib header (RFC 1950 2.2) */
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
		rc = inflater_run(&s->inflater, room, max, got_out, &status, err);
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
				inflater_fault(&s->inflater, status));
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
	inflater_clear(&s->inflater);
	intake_close(s->inflater.intake);
	free(s);
}

static struct coding_source *coding_create(struct source *inner_take)
{
	static const struct source_ops ops = {
		.read = coding_source_read, .close = coding_source_close};
	struct coding_source *s = ALLOC(struct coding_source);
	s->base.ops = &ops;
	inflater_init(&s->inflater, intake_create(inner_take, 0, IN_BYTES), -INFLATER_WINDOW_BITS);
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
