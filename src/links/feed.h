/* SPDX-License-Identifier: MIT */
/* feed.h - RSS 0.9x to 2.0, RDF, Atom, CDF, with the extensions for media and podcasts: L-50 */
#ifndef LINKS_FEED_H
#define LINKS_FEED_H

#include "links/links.h"

/* Adds what a feed names, as discovery: stories, enclosures, pictures, and all that the HTML in its
 * texts needs or names. Names are taken without their prefix; xml:base counts where it stands. A
 * broken feed gives what can be read of it. */
MUST_CHECK int feed_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err);

#endif
