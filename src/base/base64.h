/* SPDX-License-Identifier: MIT */
/* base64.h - bytes as text and back (RFC 4648 4) */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Adds the padded standard form of `b` to `out`. */
void base64_encode(struct bytes b, struct buf *out);
/* Adds the decoded bytes of `text` (padded or not, no white space) to `out`; false, with nothing
 * added, when it is not base64. */
bool base64_decode(struct bytes text, struct buf *out);

#endif
