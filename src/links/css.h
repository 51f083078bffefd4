/* SPDX-License-Identifier: MIT */
/* css.h - the URLs of a style sheet or a style attribute (css-syntax-3, css-values-4,
 * css-cascade-5, css-images-4) */
#ifndef LINKS_CSS_H
#define LINKS_CSS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "links/references.h"

/* What stands around a URL. */
enum css_place {
	CSS_URL,       /* url() or src() somewhere in a value: L-29, L-33 */
	CSS_IMPORT,    /* @import: L-30 */
	CSS_IMAGE_SET, /* a string of image-set(), -webkit-image-set(), cross-fade(), image(): L-31
			*/
	CSS_FONT,      /* in @font-face: L-32 */
	CSS_NAMESPACE  /* @namespace: names something, loads nothing: L-34 */
};

/* Where a URL is written. */
struct css_span {
	enum css_place place;
	size_t start, end; /* a string with its quotes, else what stands between "url(" and ")" */
	bool is_string;
};

/* Calls `found` for each URL with escapes undone, in the order of the text; all is borrowed for the
 * call. `utf8` is decoded text. */
void css_each_url(struct bytes utf8,
	void (*found)(struct bytes url, const struct css_span *span, void *context), void *context);
/* Collects what a browser loads. */
void css_find(struct bytes utf8, struct references *references);

#endif
