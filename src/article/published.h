/* SPDX-License-Identifier: MIT */
/* published.h - when a story was published and changed, where that stands, and how exactly
 *
 * In the order of trust: JSON-LD, meta elements, itemprop, time elements by the headline, the URL,
 * the text by the headline, and last the address of the story's picture. */
#ifndef ARTICLE_PUBLISHED_H
#define ARTICLE_PUBLISHED_H

#include "article/json_ld.h"
#include "article/outline.h"
#include "article/page.h"

/* What metadata.c saw on its way through the page. All borrowed, empty when absent. */
struct published_input {
	const struct outline *outline;
	const struct page_input *page;
	const struct json_ld *ld;
	struct bytes meta_published, meta_modified;
	struct bytes item_published, item_modified;
	struct bytes image_url;
	uint32_t headline; /* its element, or OUTLINE_NONE */
};

/* Fills result->published and result->modified. A time that is given in UTC is written in the
 * publisher's own time when the page shows the same instant in it too. */
void published_find(const struct published_input *input, struct page_result *result);

#endif
