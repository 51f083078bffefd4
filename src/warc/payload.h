/* SPDX-License-Identifier: MIT */
/* payload.h - the digests of an HTTP block in one pass: whole block, payload, and raw body */
#ifndef WARC_PAYLOAD_H
#define WARC_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "web/http_body.h"

/* What to compute. Digesters are borrowed and may be NULL; they may not be the same. */
struct payload_pass {
	struct digester *block;   /* gets `head` and the body as it is */
	struct digester *payload; /* gets the body without chunk framing */
	struct digester *proof;   /* the same again, with another algorithm */
	struct digester *raw;     /* gets the body as it is: what some writers take for payload */
	bool is_chunked;
	uint64_t block_bytes;       /* out */
	uint64_t payload_bytes;     /* out */
	struct chunk_parser chunks; /* out: what the framing was like, when `is_chunked` */
};

/* Runs `head` (the bytes before the body) and all of `body` (borrowed) through the digesters. */
MUST_CHECK int payload_run(
	struct payload_pass *pass, struct bytes head, struct source *body, struct flong_error *err);

#endif
