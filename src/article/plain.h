/* SPDX-License-Identifier: MIT */
/* plain.h - texts of metadata made plain: entities decoded once more, white space collapsed */
#ifndef ARTICLE_PLAIN_H
#define ARTICLE_PLAIN_H

#include <stdbool.h>

#include "article/page.h"
#include "base/buf.h"

/* Appends `text` with character references decoded, white space collapsed and tags left out: JSON
 * and attribute values often hold markup. */
void plain_add(struct buf *out, struct bytes text);
/* plain_add into the result's storage. */
struct bytes plain_keep(struct page_result *result, struct bytes text);
/* Appends a text to a list unless it is empty, there already, or the list is full (64). */
void plain_append(struct page_result *result, struct page_texts *texts, struct bytes text);
/* Equal but for letters' ASCII case and anything that is no letter or digit. */
bool plain_same(struct bytes a, struct bytes b);

#endif
