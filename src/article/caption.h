/* SPDX-License-Identifier: MIT */
/* caption.h - caption and credit of the picture by a story's headline
 *
 * Credits stand in elements of their own, in the figure or in the caption, or in its text behind a
 * label, in brackets or behind a bar. The label ("Photo:", "(c)") is not kept. */
#ifndef ARTICLE_CAPTION_H
#define ARTICLE_CAPTION_H

#include "article/outline.h"
#include "article/page.h"

/* Fills image_caption and image_credit from the first caption near the headline's element, which
 * may be OUTLINE_NONE. */
void caption_find(const struct outline *outline, uint32_t headline, struct page_result *result);

#endif
