/* SPDX-License-Identifier: MIT */
/* block_head.h - the HTTP head that a record's block begins with */
#ifndef WARC_BLOCK_HEAD_H
#define WARC_BLOCK_HEAD_H

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Looks at the head with its empty line, without taking it, from the first byte that was not
 * taken on. Without an empty line in the first LIMIT_HEAD_KEPT_BYTES of the block these are the
 * head, as in a block that was cut inside it. What it begins with is not judged. Borrowed until the
 * next read. Errors of reader_peek. */
MUST_CHECK int block_head_peek(
	struct reader *reader, struct bytes *head_out, struct flong_error *err);

#endif
