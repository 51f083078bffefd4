/* SPDX-License-Identifier: MIT */
/* charset_encode.h - queries of URLs in the encoding of the document that they stand in */
#ifndef WEB_CHARSET_ENCODE_H
#define WEB_CHARSET_ENCODE_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "web/percent.h"

/* The encoder of one encoding. Its table is made when the first character asks for it. */
struct charset_encoder;

/* Takes a name that charset_detect gives. NULL for those whose documents have queries in UTF-8:
 * that itself, UTF-16, "replacement" (Encoding standard 4.3, "get an output encoding"). */
struct charset_encoder *charset_encoder_create(const char *charset);
void charset_encoder_close(struct charset_encoder *encoder);
SCOPED_CLOSE(struct charset_encoder *, charset_encoder_close)
/* Appends valid UTF-8 in the encoding, bytes of the set as %XX; a character that has no place there
 * as its reference, "%26%23N%3B" (URL standard 1.3, "percent-encode after encoding"). */
void charset_encode_query(
	struct charset_encoder *encoder, struct bytes utf8, enum percent_set set, struct buf *out);

#endif
