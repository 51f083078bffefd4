/* SPDX-License-Identifier: MIT */
/* markup_spans.h - stretches of a page that go around libxml2: a mark in their place, the bytes
 * themselves afterwards
 *
 * libxml2's HTML parser looks at each character of text and scripts several times, and finds tags
 * where browsers find none. Such stretches are replaced by a mark of six bytes and put back when
 * the mark comes out again. */
#ifndef LINKS_MARKUP_SPANS_H
#define LINKS_MARKUP_SPANS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"

/* What a mark begins with. */
#define MARKUP_MARK '\x7f'
#define MARKUP_MARK_BYTES ((size_t)6)

/* Zeroed is valid. */
struct markup_spans {
	struct bytes *items; /* owned; what they point to is the document's */
	size_t count;
	size_t capacity;
};

void markup_spans_clear(struct markup_spans *spans);
/* Whether more may be kept that libxml2 could read as well. */
bool markup_spans_take(const struct markup_spans *spans);
/* Keeps `span`, borrowed, and appends its mark to `out`. Past 33 million it is lost. */
void markup_spans_add(struct markup_spans *spans, struct bytes span, struct buf *out);
/* `text` with its marks replaced; borrowed from `text`, the document, or `scratch`. */
struct bytes markup_spans_expand(
	const struct markup_spans *spans, struct bytes text, struct buf *scratch);

/* Whether it has only characters that libxml2 keeps, no markup, references or marks. */
bool markup_spans_is_plain(struct bytes span);

#endif
