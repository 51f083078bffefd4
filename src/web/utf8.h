/* SPDX-License-Identifier: MIT */
/* utf8.h - UTF-8 read one code point at a time, and made valid (WHATWG Encoding, "UTF-8 decode") */
#ifndef WEB_UTF8_H
#define WEB_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Reads the code point at *at (which is below b.len) and moves *at past it. Malformed bytes give
 * U+FFFD, one for each maximal part of a sequence, as browsers do. */
uint32_t utf8_next(struct bytes b, size_t *at);
/* Appends a code point; surrogates and what is over U+10FFFF become U+FFFD. */
void utf8_add(struct buf *out, uint32_t code);
/* Appends `b` with everything malformed replaced by U+FFFD. */
void utf8_add_valid(struct buf *out, struct bytes b);
/* Appends `b` without what is malformed. */
void utf8_add_well_formed(struct buf *out, struct bytes b);
/* Whether all of `b` is well formed. */
bool utf8_is_valid(struct bytes b);
bool utf8_is_ascii(struct bytes b);

#endif
