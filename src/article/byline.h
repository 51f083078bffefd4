/* SPDX-License-Identifier: MIT */
/* byline.h - the lines around a story: agencies, the kicker over its headline, its picture's
 * caption */
#ifndef ARTICLE_BYLINE_H
#define ARTICLE_BYLINE_H

#include "article/outline.h"
#include "article/page.h"

struct byline_input {
	const struct outline *outline; /* borrowed */
	uint32_t headline;             /* its element, or OUTLINE_NONE */
};

/* Fills agencies, kicker, image_caption and image_credit. */
void byline_find(const struct byline_input *input, struct page_result *result);
/* The agencies of a credit line such as "ss/fb (AFP, Reuters, AP)" at the end of a story, appended
 * to the list; false when the text is none. */
bool byline_read_agencies(
	struct bytes text, struct page_result *result, struct page_texts *agencies);

/* Whether a class names the small line over a headline. */
bool byline_is_kicker_class(struct bytes class);

#endif
