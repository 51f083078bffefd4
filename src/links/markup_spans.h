/* SPDX-License-Identifier: MIT */
/* markup_spans.h - plain stretches of a page that go around libxml2: a mark in their place, the
 * bytes themselves afterwards
 *
 * libxml2's HTML parser looks at each character of text, values and scripts several times. What
 * holds nothing that it could act on is replaced by a mark of five bytes and put back when the mark
 * comes out again. */
#ifndef LINKS_MARKUP_SPANS_H
#define LINKS_MARKUP_SPANS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"

#define MARKUP_MARK_BYTES ((size_t)5)

/* Zeroed is valid, and takes nothing. */
struct markup_spans {
	struct bytes *items; /* owned; what they point to is the document's */
	size_t count;
	size_t capacity;
	bool is_open; /* the document holds no byte that a mark starts with */
};

/* Readies it for a document. */
void markup_spans_open(struct markup_spans *spans, struct bytes document);
void markup_spans_clear(struct markup_spans *spans);
/* Whether more may be kept. */
bool markup_spans_take(const struct markup_spans *spans);
/* Keeps `span`, borrowed, and appends its mark to `out`. */
void markup_spans_add(struct markup_spans *spans, struct bytes span, struct buf *out);
/* `text` with its marks replaced; borrowed from `text`, the document, or `scratch`. */
struct bytes markup_spans_expand(
	const struct markup_spans *spans, struct bytes text, struct buf *scratch);

/* Which bytes make a stretch plain. */
enum markup_plain {
	MARKUP_PLAIN_VALUE, /* no quotes, markup or references */
	MARKUP_PLAIN_TEXT,  /* characters that libxml2 keeps, no markup or references */
	MARKUP_PLAIN_SCRIPT /* characters that libxml2 keeps */
};
bool markup_spans_is_plain(struct bytes span, enum markup_plain kind);

#endif
