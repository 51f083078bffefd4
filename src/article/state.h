/* SPDX-License-Identifier: MIT */
/* state.h - related stories that a page only names in its embedded JSON state
 *
 * Behind a "show more" there are often stories that no link of the markup names; the state that
 * scripts work with has them, in the same objects as the stories that are shown. */
#ifndef ARTICLE_STATE_H
#define ARTICLE_STATE_H

#include "article/evidence.h"
#include "article/page.h"

/* Appends to result->stories, as STORY_STATE and not accepted, what only the state names: objects
 * with a title and a URL of the make of the page's own, in a state that also holds two stories
 * accepted from the markup. */
void state_find(
	const struct evidence *evidence, const struct url *base, struct page_result *result);

#endif
