/* SPDX-License-Identifier: MIT */
/* text_body.h - where on a page the story's text stands
 *
 * Paragraphs give points to the elements around them by length and commas, links take them away;
 * the best element is the body. It is widened over what looks like its paragraphs, and of it is
 * left out what is not the story: teasers, captions, forms, comments, boxes named as such. */
#ifndef ARTICLE_TEXT_BODY_H
#define ARTICLE_TEXT_BODY_H

#include "article/evidence.h"
#include "article/page.h"

struct text_body {
	const struct evidence *evidence;
	const struct outline *outline;
	uint32_t *blocks;   /* owned: innermost block of each node */
	uint32_t *own;      /* owned: bytes of text directly in each block */
	uint32_t *own_link; /* owned: of these, linked */
	double *points;     /* owned */
	size_t text_bytes;  /* of the page */
	bool *has_headline; /* owned: holds an h1 */
	bool *left_out;     /* owned: not the story's own text, with all inside */
};

/* Looks at a page whose stories are judged (related_find comes first). `evidence` is borrowed until
 * text_body_close. */
void text_body_open(const struct evidence *evidence, const struct page_result *result,
	struct text_body *body_out);
void text_body_close(struct text_body *body);
/* The element of the outline that holds the text, OUTLINE_NONE when there is none. When the
 * <article> around the h1 that says `headline` holds a story, it is in there. */
uint32_t text_body_find(const struct text_body *body, struct bytes headline);

#endif
