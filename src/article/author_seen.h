/* SPDX-License-Identifier: MIT */
/* author_seen.h - the byline that a reader sees by the headline
 *
 * By the surest clue there is: rel or itemprop, the path of a link, a label, a class or id, a line
 * that begins with "By", and a bold name that is the body's whole first paragraph. */
#ifndef ARTICLE_AUTHOR_SEEN_H
#define ARTICLE_AUTHOR_SEEN_H

#include "article/author_names.h"
#include "article/outline.h"

/* Adds the names near the headline's element (OUTLINE_NONE: at the page's start), and returns
 * whether there were any. The list of authors is empty. */
bool author_seen_find(const struct outline *outline, uint32_t headline, struct author_names *names);

#endif
