/* SPDX-License-Identifier: MIT */
/* markup_foreign.h - whether a tag stands in SVG or MathML, where "/>" ends an element, CDATA is
 * text and <title> has tags inside (HTML 13.2.6.5) */
#ifndef LINKS_MARKUP_FOREIGN_H
#define LINKS_MARKUP_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* SVG in foreignObject in SVG: deeper is read as if it were not. */
#define MARKUP_FOREIGN_DEPTH 32

struct markup_foreign_place {
	uint32_t element; /* which of the elements that change the place */
	uint32_t open;    /* other elements open in it */
};

/* Zeroed: in HTML. */
struct markup_foreign {
	struct markup_foreign_place places[MARKUP_FOREIGN_DEPTH];
	size_t count;
};

/* Whether what comes next is SVG or MathML. */
bool markup_foreign_is_inside(const struct markup_foreign *foreign);
/* A start tag; returns whether its element is SVG or MathML. Those that these do not know, such as
 * div, end them. */
bool markup_foreign_start(struct markup_foreign *foreign, struct bytes name, bool is_self_closing);
/* An end tag of an element that is open. */
void markup_foreign_end(struct markup_foreign *foreign, struct bytes name);

#endif
