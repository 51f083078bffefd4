/* SPDX-License-Identifier: MIT */
/* url_key.h - when two URLs are one story, and when a host belongs to the page's publisher */
#ifndef ARTICLE_URL_KEY_H
#define ARTICLE_URL_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "web/url.h"

/* Appends the key: host without "www.", path without a final '/', and the query only when the path
 * itself names no story. */
void url_key_add(struct buf *out, const struct url *url);
/* Whether `host` is the domain `site` or inside it. */
bool url_key_in_domain(struct bytes host, struct bytes site);
/* Whether `host` is of the same publisher as the registrable domain `site`: the same domain, or the
 * same name under another public suffix (news.example.com, news.example.co.uk). */
bool url_key_same_site(struct bytes host, struct bytes site);
/* Whether `url` is another page of the same story as `seed`: its path and a small number. */
bool url_key_is_page_of(const struct url *url, const struct url *seed);

#endif
