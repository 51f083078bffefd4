/* SPDX-License-Identifier: MIT */
/* gunzip.c - gzip members read one by one
 *
 * With libdeflate a member that lies in the window is unpacked at once, in less than half of zlib's
 * time. What it does not take, because the member is too large or damaged, zlib reads, and says
 * what is wrong. */
#include "base/gzip.h"

#include <stdlib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "base/alloc.h"
#include "base/error.h"
#include "base/inflater.h"
#include "base/limits.h"

enum { OUT_BYTES = 1 << 18, MEMBER_HEAD_BYTES = 10 };

/* Stored bytes that are tried at once at first; larger members raise it. */
#define WHOLE_MIN_BYTES ((size_t)64 << 10)

struct gunzip {
	struct members base;
	struct inflater inflater;
	z_stream probe; /* for members_find; zalloc NULL until it was used */
	bool has_probe;
	char *out; /* owned: what zlib gives */
#ifdef HAVE_LIBDEFLATE
	struct libdeflate_decompressor *decompressor; /* owned */
	char *content;                                /* owned: of a whole member */
	size_t wanted;                                /* stored bytes to try with */
#endif
	struct bytes whole; /* content of a whole member, not yet viewed; borrowed from `content` */
	bool is_whole;      /* the current member was unpacked at once */
};

#ifdef HAVE_LIBDEFLATE
static void whole_init(struct gunzip *gunzip)
{
	gunzip->decompressor = libdeflate_alloc_decompressor();
	if (gunzip->decompressor == NULL) {
		alloc_failed(0);
	}
	size_t capacity = intake_capacity(gunzip->base.intake);
	gunzip->wanted = capacity < WHOLE_MIN_BYTES ? capacity : WHOLE_MIN_BYTES;
}

static void whole_clear(struct gunzip *gunzip)
{
	libdeflate_free_decompressor(gunzip->decompressor);
	free(gunzip->content);
}

/* Tries the member that starts at the window's first byte. */
static int whole_try(struct gunzip *gunzip, struct flong_error *err)
{
	struct intake *intake = gunzip->base.intake;
	if (gunzip->content == NULL) {
		/* Pages that are never used cost nothing. */
		gunzip->content = alloc_resize(NULL, LIMIT_WHOLE_MEMBER_BYTES, 1);
	}
	for (;;) {
		struct bytes in;
		int rc = intake_fill(intake, gunzip->wanted, &in, err);
		/* Optional header fields: zlib checks those too. */
		if (rc != FLONG_OK || in.len < 4 || in.ptr[3] != 0) {
			return rc;
		}
		size_t used;
		size_t length;
		enum libdeflate_result result = libdeflate_gzip_decompress_ex(gunzip->decompressor,
			in.ptr, in.len, gunzip->content, LIMIT_WHOLE_MEMBER_BYTES, &used, &length);
		if (result == LIBDEFLATE_SUCCESS) {
			intake_take(intake, used);
			gunzip->whole = bytes_from(gunzip->content, length);
			gunzip->is_whole = true;
			return FLONG_OK;
		}
		/* More input helps only when there is more. */
		if (result != LIBDEFLATE_BAD_DATA || intake_is_at_end(intake) ||
			gunzip->wanted * 2 > intake_capacity(intake)) {
			return FLONG_OK;
		}
		gunzip->wanted *= 2;
	}
}
#else
static void whole_init(struct gunzip *gunzip)
{
	(void)gunzip;
}

static void whole_clear(struct gunzip *gunzip)
{
	(void)gunzip;
}

static int whole_try(struct gunzip *gunzip, struct flong_error *err)
{
	(void)gunzip;
	(void)err;
	return FLONG_OK;
}
#endif

static int gunzip_next(struct members *members, struct flong_error *err)
{
	struct gunzip *gunzip = (struct gunzip *)members;
	struct bytes in;
	int rc = intake_fill(members->intake, 2, &in, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (!bytes_starts(in, BYTES("\x1f\x8b"))) {
		return error_set(err, FLONG_E_FORMAT, "no gzip member at offset %llu",
			(unsigned long long)members->offset);
	}
	gunzip->is_whole = false;
	(void)inflateReset(&gunzip->inflater.stream);
	members->is_inside = true;
	return whole_try(gunzip, err);
}

static int gunzip_view(struct members *members, struct bytes *view_out, struct flong_error *err)
{
	struct gunzip *gunzip = (struct gunzip *)members;
	if (gunzip->is_whole) {
		*view_out = gunzip->whole;
		gunzip->whole.len = 0;
		return view_out->len > 0 ? FLONG_OK : FLONG_END;
	}
	if (gunzip->out == NULL) {
		gunzip->out = ALLOC_ARRAY(char, OUT_BYTES);
	}
	size_t got;
	int status;
	int rc = inflater_run(&gunzip->inflater, gunzip->out, OUT_BYTES, &got, &status, err);
	if (rc == FLONG_END) {
		return error_set(err, FLONG_E_FORMAT, "the gzip member at offset %llu is cut short",
			(unsigned long long)members->offset);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	*view_out = bytes_from(gunzip->out, got);
	if (status == Z_STREAM_END) {
		gunzip->is_whole = true; /* the end comes with the next call */
		gunzip->whole.len = 0;
		return got > 0 ? FLONG_OK : FLONG_END;
	}
	if (status != Z_OK && status != Z_BUF_ERROR && got == 0) {
		return error_set(err, FLONG_E_DAMAGED,
			"the gzip member at offset %llu is damaged: %s",
			(unsigned long long)members->offset,
			inflater_fault(&gunzip->inflater, status));
	}
	return FLONG_OK; /* a fault after these bytes comes again with the next call */
}

static size_t gunzip_probe(struct members *members, struct bytes at, char *room, size_t max)
{
	struct gunzip *gunzip = (struct gunzip *)members;
	z_stream *z = &gunzip->probe;
	if (at.len < MEMBER_HEAD_BYTES || ((unsigned char)at.ptr[3] & 0xe0) != 0) {
		return 0;
	}
	if (!gunzip->has_probe) {
		if (inflateInit2(z, INFLATER_WINDOW_BITS + INFLATER_GZIP) != Z_OK) {
			alloc_failed(0);
		}
		gunzip->has_probe = true;
	}
	(void)inflateReset(z);
	z->next_in = (z_const Bytef *)(uintptr_t)at.ptr;
	z->avail_in = (uInt)at.len;
	z->next_out = (Bytef *)room;
	z->avail_out = (uInt)max;
	(void)inflate(z, Z_NO_FLUSH);
	return max - z->avail_out;
}

static void gunzip_close(struct members *members)
{
	struct gunzip *gunzip = (struct gunzip *)members;
	if (gunzip->has_probe) {
		(void)inflateEnd(&gunzip->probe);
	}
	inflater_clear(&gunzip->inflater);
	whole_clear(gunzip);
	free(gunzip->out);
	free(gunzip);
}

struct members *gunzip_open(struct intake *intake_take)
{
	static const struct members_ops ops = {.next = gunzip_next,
		.view = gunzip_view,
		.probe = gunzip_probe,
		.close = gunzip_close,
		.magic = {"\x1f\x8b\x08", 3}};
	struct gunzip *gunzip = ALLOC(struct gunzip);
	gunzip->base.ops = &ops;
	gunzip->base.intake = intake_take;
	gunzip->base.offset = intake_offset(intake_take);
	gunzip->base.end = gunzip->base.offset;
	inflater_init(&gunzip->inflater, intake_take, INFLATER_WINDOW_BITS + INFLATER_GZIP);
	whole_init(gunzip);
	return &gunzip->base;
}
