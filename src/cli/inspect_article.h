/* SPDX-License-Identifier: MIT */
/* inspect_article.h - what a page says of its story, for people */
#ifndef CLI_INSPECT_ARTICLE_H
#define CLI_INSPECT_ARTICLE_H

#include "article/verdict.h"

/* Appends the story as lines of at most `width` columns: headline, a table (what came in the
 * story's place, if anything did, and what else is known), text, captions, related stories. What is
 * unknown has no line; nothing in it harms a terminal. */
void inspect_article_text(struct buf *out, struct bytes url, const struct page_result *result,
	enum verdict verdict, size_t width);
/* Appends the story as one Markdown document: headline, byline, picture, text. */
void inspect_article_markdown(struct buf *out, struct bytes url, const struct page_result *result);

#endif
