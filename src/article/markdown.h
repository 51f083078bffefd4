/* SPDX-License-Identifier: MIT */
/* markdown.h - the text of a story as Markdown (CommonMark 0.31): sub-heads, lists, quotes, links,
 * emphasis
 *
 * Whatever a page says stays text: what Markdown would read as markup is escaped. */
#ifndef ARTICLE_MARKDOWN_H
#define ARTICLE_MARKDOWN_H

#include "article/outline.h"
#include "web/url.h"

/* One block of the story: its element, and the nodes of the outline with its text. */
struct markdown_block {
	uint32_t element;
	uint32_t first;
	uint32_t end; /* one past the last */
};

struct markdown {
	const struct outline *outline; /* borrowed */
	const bool *left_out;   /* borrowed: nodes that are not the story's, with all inside */
	const struct url *base; /* borrowed */
	struct buf out;
	uint32_t *numbers; /* owned: of each list item, in its list */
	uint32_t item;     /* the list item of the last block, OUTLINE_NONE */
	uint32_t quote;    /* the outermost quote of the last block, OUTLINE_NONE */
};

/* Links are made absolute against `base`. markdown_clear frees it. */
void markdown_init(const struct outline *outline, const bool *left_out, const struct url *base,
	struct markdown *markdown_out);
void markdown_clear(struct markdown *markdown);
/* Appends a block, with a blank line before it, or a line end between items of lists. */
void markdown_add(struct markdown *markdown, const struct markdown_block *block);

#endif
