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
/* Bytes of a member, stored and unpacked, that are looked at to tell how long it is. */
enum { START_STORED_BYTES = 4096, START_BYTES = 4096 };

struct gunzip {
	struct members base;
	struct inflater inflater;
	z_stream probe; /* for members_find; zalloc NULL until it was used */
	bool has_probe;
	char *content; /* owned: of a whole member, or a piece that zlib gives */
#ifdef HAVE_LIBDEFLATE
	struct libdeflate_decompressor *decompressor; /* owned */
	size_t wanted;                                /* stored bytes to try with */
	size_t room; /* of `content`, to try with; what is never written costs nothing */
#endif
	struct bytes whole; /* content of a whole member, not yet viewed; borrowed from `content` */
	bool is_whole;      /* the current member was unpacked at once */
};

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

#ifdef HAVE_LIBDEFLATE
static void whole_init(struct gunzip *gunzip)
{
	gunzip->decompressor = libdeflate_alloc_decompressor();
	if (gunzip->decompressor == NULL) {
		alloc_failed(0);
	}
	size_t capacity = intake_capacity(gunzip->base.intake);
	gunzip->wanted = capacity < WHOLE_MIN_BYTES ? capacity : WHOLE_MIN_BYTES;
	gunzip->room = OUT_BYTES;
	gunzip->content = alloc_resize(NULL, LIMIT_WHOLE_MEMBER_BYTES, 1);
}

static void whole_clear(struct gunzip *gunzip)
{
	libdeflate_free_decompressor(gunzip->decompressor);
}

/* Whether the member at the window's first byte is known to be too large. */
static bool is_too_large(struct gunzip *gunzip, struct bytes in)
{
	char start[START_BYTES];
	if (gunzip->base.length_of == NULL) {
		return false;
	}
	size_t length = gunzip_probe(
		&gunzip->base, bytes_slice(in, 0, START_STORED_BYTES), start, sizeof(start));
	return gunzip->base.length_of(bytes_from(start, length)) > LIMIT_WHOLE_MEMBER_BYTES;
}

/* Whether another try may do better: with more room, or with more input when there is more. */
static bool widen(struct gunzip *gunzip, enum libdeflate_result result, struct bytes in)
{
	const struct intake *intake = gunzip->base.intake;
	bool needs_room =
		result == LIBDEFLATE_INSUFFICIENT_SPACE && gunzip->room < LIMIT_WHOLE_MEMBER_BYTES;
	bool needs_input = result == LIBDEFLATE_BAD_DATA && !intake_is_at_end(intake) &&
			   gunzip->wanted * 2 <= intake_capacity(intake);
	if ((!needs_room && !needs_input) || is_too_large(gunzip, in)) {
		return false;
	}
	gunzip->room = needs_room ? LIMIT_WHOLE_MEMBER_BYTES : gunzip->room;
	gunzip->wanted *= needs_input ? 2 : 1;
	return true;
}

/* Tries the member that starts at the window's first byte. */
static int whole_try(struct gunzip *gunzip, struct flong_error *err)
{
	struct intake *intake = gunzip->base.intake;
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
			in.ptr, in.len, gunzip->content, gunzip->room, &used, &length);
		if (result == LIBDEFLATE_SUCCESS) {
			intake_take(intake, used);
			gunzip->whole = bytes_from(gunzip->content, length);
			gunzip->is_whole = true;
			return FLONG_OK;
		}
		if (!widen(gunzip, result, in)) {
			return FLONG_OK;
		}
	}
}
#else
static void whole_init(struct gunzip *gunzip)
{
	gunzip->content = alloc_resize(NULL, OUT_BYTES, 1);
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
	size_t got;
	int status;
	int rc = inflater_run(&gunzip->inflater, gunzip->content, OUT_BYTES, &got, &status, err);
	if (rc == FLONG_END) {
		return error_set(err, FLONG_E_FORMAT, "the gzip member at offset %llu is cut short",
			(unsigned long long)members->offset);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	*view_out = bytes_from(gunzip->content, got);
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

static void gunzip_close(struct members *members)
{
	struct gunzip *gunzip = (struct gunzip *)members;
	if (gunzip->has_probe) {
		(void)inflateEnd(&gunzip->probe);
	}
	inflater_clear(&gunzip->inflater);
	whole_clear(gunzip);
	free(gunzip->content);
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
