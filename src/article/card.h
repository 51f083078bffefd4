/* SPDX-License-Identifier: MIT */
/* card.h - what stands around a story's link: its title, the block's heading, its date */
#ifndef ARTICLE_CARD_H
#define ARTICLE_CARD_H

#include "article/evidence.h"
#include "article/page.h"

/* The headings of a page that head blocks, not single stories. */
struct card_pages {
	const struct evidence *evidence; /* borrowed */
	uint32_t *headings;              /* owned: outline nodes, ascending */
	size_t heading_count;
	bool has_landmarks; /* the page says what its main part is */
	struct buf scratch;
};

void card_pages_init(struct card_pages *pages, const struct evidence *evidence);
void card_pages_clear(struct card_pages *pages);
/* Fills title, section and date of `story` from the card of its best anchor. */
void card_describe(struct card_pages *pages, uint32_t index, struct page_story *story,
	struct page_result *result);
/* Whether the story is offered in general (latest, most read, more from ...) rather than for this
 * page. */
bool card_is_more(const struct card_pages *pages, uint32_t anchor, struct bytes section);

#endif
