/* SPDX-License-Identifier: MIT */
/* related.h - which of a page's links are other stories: the scores and the reasons
 *
 * Evidence of nine kinds is summed for each unique URL; nothing here knows a site or needs a
 * language. Word lists only soften. */
#ifndef ARTICLE_RELATED_H
#define ARTICLE_RELATED_H

#include "article/evidence.h"
#include "article/page.h"

/* A candidate is a related story from this score on; the result is the same between 3.5 and 5.5. */
#define RELATED_THRESHOLD 4.0

/* Judges every candidate and appends it to result_out->stories, in the order of the page. */
void related_find(const struct evidence *evidence, const struct page_input *input,
	struct page_result *result_out);

#endif
