/* SPDX-License-Identifier: MIT */
/* content_coding.h - undoing Content-Encoding: gzip, deflate, br, zstd, in any order, within limits
 */
#ifndef WEB_CONTENT_CODING_H
#define WEB_CONTENT_CODING_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "web/headers.h"

/* A source of `payload` with the codings named in `content_encoding` (a field value such as "gzip,
 * br"; names in any case, x-gzip) undone, last named first. Takes `payload`. FLONG_E_UNSUPPORTED
 * names a coding we do not know; more than 5 are FLONG_E_LIMIT. Broken or cut data ends the source
 * with FLONG_E_DAMAGED after what could be decoded. */
MUST_CHECK int content_coding_open(struct source *payload_take, struct bytes content_encoding,
	struct source **source_out, struct flong_error *err);
/* Adds the codings that a message with these fields has on its payload, as one list for
 * content_coding_open: Content-Encoding, then Transfer-Encoding without "chunked", which the
 * payload does not have any more. */
void content_coding_list(const struct headers *headers, struct buf *out);
/* Whether a body with this Content-Encoding or media type is compressed already, so that deflating
 * it again gains nothing. */
bool content_coding_is_compressed(struct bytes content_encoding, struct bytes content_type);

#endif
