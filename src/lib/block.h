/* SPDX-License-Identifier: MIT */
/* block.h - a block that is to be written: in memory or in a spool, read as often as needed */
#ifndef LIB_BLOCK_H
#define LIB_BLOCK_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "base/spool.h"
#include "base/stream.h"
#include "flong/writer.h"

/* Zeroed is valid and empty. */
struct block {
	struct bytes memory; /* borrowed from the caller */
	struct spool *spool; /* owned; NULL: it is in memory */
	uint64_t length;
};

/* How a block from an input is kept. */
struct block_room {
	const char *dir; /* of the file, when it gets large */
	enum spool_form form;
	int level;
};

/* Takes a block of the caller; of an input all that it gives, without closing it. Errors of
 * flong_writer_add. */
MUST_CHECK int block_take(const struct flong_block *from, const struct block_room *room,
	struct block *block_out, struct flong_error *err);
void block_clear(struct block *block);
/* A source of its bytes; the block is borrowed until it is closed. */
MUST_CHECK int block_open(
	const struct block *block, struct source **source_out, struct flong_error *err);

/* What the payload of a block is. */
enum block_payload {
	BLOCK_PAYLOAD_NONE,
	BLOCK_PAYLOAD_BLOCK, /* all of it */
	BLOCK_PAYLOAD_HTTP   /* what follows the head of an HTTP response, without chunk framing */
};
/* The digests of the block, and of its payload if it has one. */
MUST_CHECK int block_digest(const struct block *block, enum digest_algorithm algorithm,
	enum block_payload kind, struct digest digests_out[2], struct flong_error *err);

#endif
