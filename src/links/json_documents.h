/* SPDX-License-Identifier: MIT */
/* json_documents.h - JSON documents of known formats: JSON Feed (L-51), oEmbed (L-54) */
#ifndef LINKS_JSON_DOCUMENTS_H
#define LINKS_JSON_DOCUMENTS_H

#include "base/bytes.h"
#include "links/links.h"

/* Adds what a document of one of these formats names, and the links of HTML inside it. JSON Feed
 * (version https://jsonfeed.org/version/1 and 1.1) is discovery. Of oEmbed 1.0 (a version and one
 * of its four types) thumbnail_url and the url of a photo are requisites, the rest is discovery.
 * False, and nothing added, for any other document. */
bool json_documents_find(struct bytes utf8, const struct url *url, struct link_list *list);

#endif
