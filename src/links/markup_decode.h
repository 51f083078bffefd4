/* SPDX-License-Identifier: MIT */
/* markup_decode.h - character references in attribute values and text (HTML 13.2.5.72 to 13.2.5.80)
 */
#ifndef LINKS_MARKUP_DECODE_H
#define LINKS_MARKUP_DECODE_H

#include "base/buf.h"
#include "base/bytes.h"

/* Whether the value is other than it is written: it holds a reference or a carriage return. */
bool markup_decode_changes(struct bytes value);
/* Appends the value with its references decoded once; "&copy=1" and "&copy2" stay, as they are
 * mostly parts of a query. CR and CRLF become LF. */
void markup_decode(struct bytes value, struct buf *out);
/* The same of a text, where "&copy2" is a sign and a number. */
void markup_decode_text(struct bytes text, struct buf *out);

#endif
