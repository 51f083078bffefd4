/* SPDX-License-Identifier: MIT */
/* feed.h - RSS, RDF and Atom feeds: L-50 */
#ifndef LINKS_FEED_H
#define LINKS_FEED_H

#include "links/links.h"

/* Adds what the feed names, as discovery, resolved by xml:base; the links of HTML inside it
 * too. */
MUST_CHECK int feed_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err);

#endif
