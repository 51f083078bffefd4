/* SPDX-License-Identifier: MIT */
/* text.h - the main text of a page, and whether there is any */
#ifndef ARTICLE_TEXT_H
#define ARTICLE_TEXT_H

#include "article/evidence.h"
#include "article/page.h"

/* Fills text and class of the result; reads its stories (related_find comes first). Paragraphs are
 * divided by an empty line. With `base` also markdown, its links absolute, and captions; else
 * NULL. */
void text_find(const struct evidence *evidence, const struct url *base, struct page_result *result);

#endif
