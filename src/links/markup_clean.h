/* SPDX-License-Identifier: MIT */
/* markup_clean.h - HTML made harmless for a parser that is less tolerant than browsers */
#ifndef LINKS_MARKUP_CLEAN_H
#define LINKS_MARKUP_CLEAN_H

#include "base/buf.h"
#include "base/bytes.h"
#include "links/markup_spans.h"

/* The same document with tags written so that libxml2 hears the attributes a browser has: a space
 * between attributes, none with a name it does not read, at most MARKUP_MAX_ATTRIBUTES, no "<!-->",
 * no end tag without start tag. Long plain values, texts and scripts are cut out into `spans`
 * (which markup_spans_open has readied) and marks left for them. Borrows `html` when nothing was to
 * be done, else `storage`. */
struct bytes markup_clean(struct bytes html, struct markup_spans *spans, struct buf *storage);

/* Attributes of one element that are heard. Real ones have under 60; libxml2 compares each with
 * each.
 */
#define MARKUP_MAX_ATTRIBUTES 256

#endif
