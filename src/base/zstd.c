/* SPDX-License-Identifier: MIT */
/* zstd.c - zstd frames read one by one and written */
#include "base/zstd.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"

enum { OUT_BYTES = 131072, IN_BYTES = 65536, SKIP_HEAD_BYTES = 8, FRAME_HEAD_BYTES = 18 };

static const struct bytes frame_magic = {"\x28\xb5\x2f\xfd", 4};
static const struct bytes dictionary_magic = {"\x5d\x2a\x4d\x18", 4};

struct zstd_members {
	struct members base;
	ZSTD_DCtx *context; /* owned */
	ZSTD_DCtx *prober;  /* owned; NULL before its first use */
	bool is_over;       /* all content of the frame was given */
	bool has_looked;    /* for a dictionary at the file's start */
	struct buf dictionary;
	char *out; /* owned */
};

static ZSTD_DCtx *create_context(void)
{
	ZSTD_DCtx *context = ZSTD_createDCtx();
	if (context == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(
				       context, ZSTD_d_windowLogMax, LIMIT_ZSTD_WINDOW_LOG)) != 0) {
		alloc_failed(0);
	}
	return context;
}

bool zstd_is_start(struct bytes b)
{
	return bytes_starts(b, frame_magic) || bytes_starts(b, dictionary_magic);
}

/* Whether a skippable frame begins here (RFC 8878 3.1.2); the length of its user data. */
static bool is_skippable(struct bytes b, uint64_t *length_out)
{
	const unsigned char *p = (const unsigned char *)b.ptr;
	if (b.len < SKIP_HEAD_BYTES || (p[0] & 0xf0) != 0x50 ||
		!bytes_equal(bytes_slice(b, 1, 4), bytes_slice(dictionary_magic, 1, 4))) {
		return false;
	}
	*length_out = p[4] | (uint64_t)p[5] << 8 | (uint64_t)p[6] << 16 | (uint64_t)p[7] << 24;
	return true;
}

static int fail(struct zstd_members *zstd, size_t code, struct flong_error *err)
{
	ZSTD_ErrorCode kind = ZSTD_getErrorCode(code);
	bool is_ours = kind == ZSTD_error_frameParameter_windowTooLarge ||
		       kind == ZSTD_error_dictionary_wrong;
	const char *what = kind == ZSTD_error_dictionary_wrong
				   ? "needs a dictionary that is not at the file's start"
				   : ZSTD_getErrorName(code);
	return error_set(err, is_ours ? FLONG_E_UNSUPPORTED : FLONG_E_DAMAGED,
		"the zstd frame at offset %llu%s%s", (unsigned long long)zstd->base.offset,
		is_ours ? " " : " is damaged: ", what);
}

/* The dictionary is the user data, or a frame in it. */
static int use_dictionary(struct zstd_members *zstd, struct bytes data, struct flong_error *err)
{
	zstd->dictionary.max = LIMIT_ZSTD_DICTIONARY_BYTES;
	if (bytes_starts(data, frame_magic)) {
		char *room = buf_reserve(&zstd->dictionary, LIMIT_ZSTD_DICTIONARY_BYTES);
		size_t length = ZSTD_decompressDCtx(
			zstd->context, room, LIMIT_ZSTD_DICTIONARY_BYTES, data.ptr, data.len);
		if (ZSTD_isError(length) != 0) {
			return error_set(err, FLONG_E_DAMAGED,
				"the dictionary at the file's start is damaged: %s",
				ZSTD_getErrorName(length));
		}
		buf_commit(&zstd->dictionary, length);
	} else {
		buf_add(&zstd->dictionary, data);
	}
	size_t code =
		ZSTD_DCtx_loadDictionary(zstd->context, zstd->dictionary.ptr, zstd->dictionary.len);
	return ZSTD_isError(code) != 0 ? fail(zstd, code, err) : FLONG_OK;
}

static int cut_short(struct zstd_members *zstd, struct flong_error *err)
{
	return error_set(err, FLONG_E_FORMAT, "the zstd frame at offset %llu is cut short",
		(unsigned long long)zstd->base.offset);
}

/* Reads the user data of a skippable frame; `out` NULL skips it. */
static int take_data(
	struct zstd_members *zstd, uint64_t length, struct buf *out, struct flong_error *err)
{
	struct intake *intake = zstd->base.intake;
	intake_take(intake, SKIP_HEAD_BYTES);
	while (length > 0) {
		struct bytes in;
		int rc = intake_fill(intake, 1, &in, err);
		if (rc != FLONG_OK || in.len == 0) {
			return rc == FLONG_OK ? cut_short(zstd, err) : rc;
		}
		in = bytes_slice(in, 0, length < in.len ? (size_t)length : in.len);
		if (out != NULL) {
			buf_add(out, in);
		}
		intake_take(intake, in.len);
		length -= in.len;
	}
	return FLONG_OK;
}

/* Reads the dictionary that begins the file, where the window stands now. */
static int read_dictionary(struct zstd_members *zstd, struct flong_error *err)
{
	struct bytes in;
	uint64_t length;
	zstd->has_looked = true;
	int rc = intake_fill(zstd->base.intake, SKIP_HEAD_BYTES, &in, err);
	if (rc != FLONG_OK || !bytes_starts(in, dictionary_magic) || !is_skippable(in, &length)) {
		return rc;
	}
	if (length > LIMIT_ZSTD_DICTIONARY_BYTES) {
		return error_set(err, FLONG_E_LIMIT,
			"the dictionary at the file's start is over "
			"8 MiB");
	}
	SCOPED(buf_clear) struct buf data = buf_with_max(LIMIT_ZSTD_DICTIONARY_BYTES);
	rc = take_data(zstd, length, &data, err);
	return rc == FLONG_OK ? use_dictionary(zstd, buf_bytes(&data), err) : rc;
}

/* A frame that needs a dictionary in a file that was opened behind it: goes and gets it. */
static int fetch_dictionary(struct zstd_members *zstd, struct flong_error *err)
{
	uint64_t here = intake_offset(zstd->base.intake);
	struct flong_error reason;
	if (intake_move(zstd->base.intake, 0, &reason) != FLONG_OK) {
		zstd->has_looked = true;
		return FLONG_OK; /* the frame will say that it lacks one */
	}
	int rc = read_dictionary(zstd, err);
	return rc == FLONG_OK ? intake_move(zstd->base.intake, here, err) : rc;
}

static int zstd_next(struct members *members, struct flong_error *err)
{
	struct zstd_members *zstd = (struct zstd_members *)members;
	for (;;) {
		struct bytes in;
		uint64_t length;
		members->offset = intake_offset(members->intake);
		int rc = intake_fill(members->intake, FRAME_HEAD_BYTES, &in, err);
		if (rc != FLONG_OK || in.len == 0) {
			return rc == FLONG_OK ? FLONG_END : rc;
		}
		if (members->offset == 0 && !zstd->has_looked) {
			rc = read_dictionary(zstd, err);
		} else if (is_skippable(in, &length)) {
			rc = take_data(zstd, length, NULL, err);
		} else if (!bytes_starts(in, frame_magic)) {
			return error_set(err, FLONG_E_FORMAT, "no zstd frame at offset %llu",
				(unsigned long long)members->offset);
		} else if (!zstd->has_looked && ZSTD_getDictID_fromFrame(in.ptr, in.len) != 0) {
			rc = fetch_dictionary(zstd, err);
		} else {
			(void)ZSTD_DCtx_reset(zstd->context, ZSTD_reset_session_only);
			zstd->is_over = false;
			members->is_inside = true;
			return FLONG_OK;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
	}
}

static int zstd_view(struct members *members, struct bytes *view_out, struct flong_error *err)
{
	struct zstd_members *zstd = (struct zstd_members *)members;
	if (zstd->out == NULL) {
		zstd->out = ALLOC_ARRAY(char, OUT_BYTES);
	}
	while (!zstd->is_over) {
		struct bytes window;
		int rc = intake_fill(members->intake, 1, &window, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		ZSTD_inBuffer in = {window.ptr, window.len, 0};
		ZSTD_outBuffer out = {zstd->out, OUT_BYTES, 0};
		size_t code = ZSTD_decompressStream(zstd->context, &out, &in);
		if (ZSTD_isError(code) != 0) {
			return fail(zstd, code, err);
		}
		intake_take(members->intake, in.pos);
		zstd->is_over = code == 0;
		if (out.pos > 0) {
			*view_out = bytes_from(zstd->out, out.pos);
			return FLONG_OK;
		}
		if (window.len == 0 && !zstd->is_over) {
			return cut_short(zstd, err);
		}
	}
	return FLONG_END;
}

static size_t zstd_probe(struct members *members, struct bytes at, char *room, size_t max)
{
	struct zstd_members *zstd = (struct zstd_members *)members;
	if (zstd->prober == NULL) {
		zstd->prober = create_context();
		if (zstd->dictionary.len > 0) {
			(void)ZSTD_DCtx_loadDictionary(
				zstd->prober, zstd->dictionary.ptr, zstd->dictionary.len);
		}
	}
	/* Content comes block by block: what is unpacked is more than what is wanted. */
	char all[OUT_BYTES];
	ZSTD_inBuffer in = {at.ptr, at.len, 0};
	ZSTD_outBuffer out = {all, sizeof(all), 0};
	(void)ZSTD_DCtx_reset(zstd->prober, ZSTD_reset_session_only);
	(void)ZSTD_decompressStream(zstd->prober, &out, &in);
	size_t length = out.pos < max ? out.pos : max;
	memcpy(room, all, length);
	return length;
}

static void zstd_close(struct members *members)
{
	struct zstd_members *zstd = (struct zstd_members *)members;
	(void)ZSTD_freeDCtx(zstd->context);
	(void)ZSTD_freeDCtx(zstd->prober);
	buf_clear(&zstd->dictionary);
	free(zstd->out);
	free(zstd);
}

struct members *zstd_open(struct intake *intake_take)
{
	static const struct members_ops ops = {.next = zstd_next,
		.view = zstd_view,
		.probe = zstd_probe,
		.close = zstd_close,
		.magic = {"\x28\xb5\x2f\xfd", 4}};
	struct zstd_members *zstd = ALLOC(struct zstd_members);
	zstd->base.ops = &ops;
	zstd->base.intake = intake_take;
	zstd->base.offset = intake_offset(intake_take);
	zstd->base.end = zstd->base.offset;
	zstd->context = create_context();
	return &zstd->base;
}

/* --- the content coding ----------------------------------------------------------------------- */

struct coding_source {
	struct source base;
	ZSTD_DCtx *context;    /* owned */
	struct intake *intake; /* owned */
	bool is_inside;        /* a frame has not ended */
};

static int coding_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct coding_source *s = (struct coding_source *)source;
	for (;;) {
		struct bytes window;
		int rc = intake_fill(s->intake, 1, &window, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (window.len == 0 && !s->is_inside) {
			return FLONG_END;
		}
		ZSTD_inBuffer in = {window.ptr, window.len, 0};
		ZSTD_outBuffer out = {room, max, 0};
		size_t code = ZSTD_decompressStream(s->context, &out, &in);
		if (ZSTD_isError(code) != 0) {
			return error_set(err, FLONG_E_DAMAGED, "the zstd data is damaged: %s",
				ZSTD_getErrorName(code));
		}
		intake_take(s->intake, in.pos);
		s->is_inside = code != 0;
		if (out.pos > 0) {
			*got_out = out.pos;
			return FLONG_OK;
		}
		if (window.len == 0 && s->is_inside) {
			return error_set(err, FLONG_E_DAMAGED, "the zstd data is cut short");
		}
	}
}

static void coding_close(struct source *source)
{
	struct coding_source *s = (struct coding_source *)source;
	(void)ZSTD_freeDCtx(s->context);
	intake_close(s->intake);
	free(s);
}

struct source *zstd_open_coding(struct source *inner_take)
{
	static const struct source_ops ops = {.read = coding_read, .close = coding_close};
	struct coding_source *s = ALLOC(struct coding_source);
	s->base.ops = &ops;
	s->context = create_context();
	s->intake = intake_create(inner_take, 0, IN_BYTES);
	return &s->base;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct zstd_packer {
	ZSTD_CCtx *context; /* owned */
	char in[IN_BYTES], out[OUT_BYTES];
};

struct zstd_packer *zstd_packer_create(int level)
{
	struct zstd_packer *packer = ALLOC(struct zstd_packer);
	packer->context = ZSTD_createCCtx();
	if (packer->context == NULL) {
		alloc_failed(0);
	}
	(void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, level);
	(void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1);
	(void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_contentSizeFlag, 1);
	return packer;
}

void zstd_packer_close(struct zstd_packer *packer)
{
	if (packer != NULL) {
		(void)ZSTD_freeCCtx(packer->context);
		free(packer);
	}
}

/* Packs `b`; at the end until nothing is left inside. */
static int pack(struct zstd_packer *packer, struct bytes b, ZSTD_EndDirective end, struct sink *out,
	struct flong_error *err)
{
	ZSTD_inBuffer in = {b.ptr, b.len, 0};
	size_t left;
	do {
		ZSTD_outBuffer room = {packer->out, OUT_BYTES, 0};
		left = ZSTD_compressStream2(packer->context, &room, &in, end);
		if (ZSTD_isError(left) != 0) {
			return error_set(
				err, FLONG_E_USAGE, "packing: %s", ZSTD_getErrorName(left));
		}
		int rc = sink_write(out, bytes_from(packer->out, room.pos), err);
		if (rc != FLONG_OK) {
			return rc;
		}
	} while (in.pos < in.size || (end == ZSTD_e_end && left > 0));
	return FLONG_OK;
}

int zstd_write_frame(struct zstd_packer *packer, struct source *content, uint64_t size,
	struct sink *out, struct flong_error *err)
{
	(void)ZSTD_CCtx_reset(packer->context, ZSTD_reset_session_only);
	(void)ZSTD_CCtx_setPledgedSrcSize(packer->context, size);
	size_t got;
	int rc;
	while ((rc = source_read(content, packer->in, IN_BYTES, &got, err)) == FLONG_OK) {
		rc = pack(packer, bytes_from(packer->in, got), ZSTD_e_continue, out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return rc == FLONG_END ? pack(packer, BYTES(""), ZSTD_e_end, out, err) : rc;
}
