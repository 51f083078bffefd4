/* SPDX-License-Identifier: MIT */
/* share_links.h - the short address of a page, as its share buttons spell it */
#ifndef ARTICLE_SHARE_LINKS_H
#define ARTICLE_SHARE_LINKS_H

#include "article/outline.h"
#include "article/page.h"

struct share_input {
	const struct outline *outline;  /* borrowed */
	const struct page_input *input; /* borrowed */
};

/* Sets result->short_url when at least two share links carry the same URL of another host whose
 * path has at most 8 characters and a tracking-free form. */
void share_links_find_short(const struct share_input *share, struct page_result *result);

#endif
