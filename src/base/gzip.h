/* SPDX-License-Identifier: MIT */
/* gzip.h - gzip members written from parts, and members read one by one (owner of zlib)
 *
 * Writing: a member is made of parts, each deflated or stored, or copied from a spool that was
 * deflated while it was filled. So a WARC header that is known last can stand in front of a body
 * that was compressed first. The gzip header is always 1f 8b 08 00 00000000 00 03:
 * the same input gives the same bytes. */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/members.h"
#include "base/scoped.h"
#include "base/spool.h"
#include "base/stream.h"
#include "flong/error.h"

enum gzip_form {
	GZIP_DEFLATE, /* compress */
	GZIP_STORE    /* keep: for bytes that are compressed already */
};

/* One part of a member, in order; bytes, or all of a finished spool. */
struct gzip_part {
	enum gzip_form form;
	struct bytes bytes;        /* borrowed; used when spool is NULL */
	const struct spool *spool; /* borrowed; a deflated spool file is copied as it stands,
				      whatever `form` says */
};

/* A compressor that is reused for many members: creating zlib's state costs more than a small
 * record. One thread at a time. */
struct deflater;
/* Level 1-9. Never NULL. */
struct deflater *deflater_create(int level);
void deflater_close(struct deflater *deflater);
SCOPED_CLOSE(struct deflater *, deflater_close)

/* Writes one complete member holding all parts to `out` (not finished). */
MUST_CHECK int gzip_write_member(struct deflater *deflater, const struct gzip_part *parts,
	size_t count, struct sink *out, struct flong_error *err);

/* Incremental raw deflate, for the spool. Output goes to `out`, some of it only with the flush,
 * which makes it byte-aligned without ending the stream; what is added later refers to nothing
 * before it. */
MUST_CHECK int deflater_add(
	struct deflater *deflater, struct bytes b, struct sink *out, struct flong_error *err);
MUST_CHECK int deflater_flush(struct deflater *deflater, struct sink *out, struct flong_error *err);
/* Writes `b` as stored deflate blocks (byte-aligned, not final). */
MUST_CHECK int deflate_store(struct bytes b, struct sink *out, struct flong_error *err);
uint32_t gzip_crc32(uint32_t crc, struct bytes b);

/* Reads a file of concatenated members (members.h) from `intake`. Never NULL. */
struct members *gunzip_open(struct intake *intake_take);

/* A source of the decoded bytes of a raw deflate file range made by a spool (no header, no
 * trailer). */
MUST_CHECK int inflate_open_raw(
	struct source *inner_take, struct source **source_out, struct flong_error *err);
/* HTTP content codings (used by web/content_coding): gzip (members may follow each other), or
 * deflate with or without a zlib header. Takes `inner`. Trailing garbage after a member ends the
 * data. */
enum inflate_kind { INFLATE_GZIP, INFLATE_DEFLATE };
struct source *inflate_open_coding(struct source *inner_take, enum inflate_kind kind);

#endif
