/* SPDX-License-Identifier: MIT */
/* http_body.h - where a body ends, and its bytes without chunk framing: an incremental chunk parser
 *
 * RFC 9112 7.1, tolerant where bytes can be kept: bare LF, extensions, trailers, hexadecimal of
 * either case. */
#ifndef WEB_HTTP_BODY_H
#define WEB_HTTP_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

enum chunk_state {
	CHUNK_SIZE,
	CHUNK_EXTENSION,
	CHUNK_SIZE_LF,
	CHUNK_DATA,
	CHUNK_DATA_END,
	CHUNK_TRAILER,
	CHUNK_DONE,
	CHUNK_BROKEN
};

/* The state of one chunked body. Zeroed is the start. */
struct chunk_parser {
	enum chunk_state state;
	uint64_t left;          /* bytes of the current chunk still to come */
	uint64_t payload_bytes; /* data bytes seen */
	uint64_t trailer_bytes; /* bytes of trailers and extensions seen, capped by
				   LIMIT_HEAD_KEPT_BYTES */
	unsigned size_digits;
	bool has_extension; /* named in the report: some players cannot decode it */
	bool has_trailer;
	bool has_size;     /* a whole chunk-size line was read: the body is chunked indeed */
	const char *fault; /* static text once state is CHUNK_BROKEN */
	unsigned char line_length; /* private */
};

/* Takes the next bytes of the body. *used_out is how many belong to it: all, or fewer when the
 * terminating line is reached (CHUNK_DONE) or the framing breaks (CHUNK_BROKEN: from there on
 * nothing is taken). Data bytes are written to `payload` when it is not NULL; only its failure is
 * returned. */
MUST_CHECK int chunk_parser_add(struct chunk_parser *parser, struct bytes b, struct sink *payload,
	size_t *used_out, struct flong_error *err);

/* A source of the payload of a raw body: chunk framing undone when `is_chunked`; a broken or cut
 * framing ends the data (and when nothing was chunked at all, the bytes are given as they are, as
 * players do). Takes `raw`. */
struct source *http_body_open_payload(struct source *raw_take, bool is_chunked);

#endif
