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

/* The kinds of evidence, as bits: page_input.without names those that do not count. */
enum related_evidence {
	RELATED_SHAPE = 1,        /* of the URL: date, id, slug, listing words */
	RELATED_AGREEMENT = 2,    /* of the URL with the page's own */
	RELATED_TEMPLATE = 4,     /* what anchors of URLs of one make are like */
	RELATED_WORDS = 8,        /* of the anchor */
	RELATED_HEADING = 16,     /* around or in the anchor */
	RELATED_IMAGE = 32,       /* in the anchor; and nothing but one */
	RELATED_CARD = 64,        /* repeated; several anchors */
	RELATED_PLACE = 128,      /* menus, header, footer; main part */
	RELATED_PROSE = 256,      /* links in running text are told apart */
	RELATED_CLASS_WORDS = 512 /* menu, advertisement, tags */
};
/* The bit of "shape", "agreement", "template", "words", "heading", "image", "card", "place",
 * "prose" or "class-words"; 0 for any other name. */
unsigned related_evidence_of(struct bytes name);

/* Judges every candidate and appends it to result_out->stories, in the order of the page. */
void related_find(const struct evidence *evidence, const struct page_input *input,
	struct page_result *result_out);

#endif
