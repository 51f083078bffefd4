/* SPDX-License-Identifier: MIT */
/* story_key.h - which story a page is: by its canonical address, where that can be believed */
#ifndef ARTICLE_STORY_KEY_H
#define ARTICLE_STORY_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "web/url.h"

/* Appends the key (url_key.h) of the canonical address that the page at `url` names, when it is one
 * of the same publisher and no front page or listing that the page itself is not; else the key of
 * `url`. `canonical` may be empty or no URL. */
void story_key_add(struct buf *out, const struct url *url, struct bytes canonical);
/* Whether it is the address of a front page: no path, or only a language ("/en/"). */
bool story_key_is_front(const struct url *url);

#endif
