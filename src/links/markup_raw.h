/* SPDX-License-Identifier: MIT */
/* markup_raw.h - elements whose content has no tags, and where they end (HTML 13.2.5.2 to
 * 13.2.5.5 and 13.2.5.9 to 13.2.5.31) */
#ifndef LINKS_MARKUP_RAW_H
#define LINKS_MARKUP_RAW_H

#include <stddef.h>

#include "base/bytes.h"

enum markup_raw {
	MARKUP_RAW_NONE,
	MARKUP_RAW_DATA,   /* script, style: heard as it is */
	MARKUP_RAW_TEXT,   /* title, textarea: text with references */
	MARKUP_RAW_PLAIN,  /* xmp, plaintext: text without */
	MARKUP_RAW_HIDDEN, /* iframe, noembed: for browsers of the past, shown by none */
};

/* What the content of an element of this name is. noscript and noframes are markup here: a page
 * that is shown without its scripts shows them. */
enum markup_raw markup_raw_of(struct bytes name);
/* Where the end tag of the raw element stands, from `at` on; SIZE_MAX when there is none. */
size_t markup_raw_end(struct bytes html, size_t at, struct bytes name);

#endif
