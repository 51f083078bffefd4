/* SPDX-License-Identifier: MIT */
/* sitemap.h - sitemaps, sitemap indexes, news, image and video extensions, text sitemaps: L-52 */
#ifndef LINKS_SITEMAP_H
#define LINKS_SITEMAP_H

#include "links/links.h"
#include "links/references.h"

/* Collects what an XML sitemap names, as discovery: pages, further sitemaps (ROLE_FEED), pictures
 * and films. A broken one gives what stands before the fault. */
MUST_CHECK int sitemap_find(
	struct bytes utf8, struct references *references, struct flong_error *err);
/* Collects the URLs of a text sitemap: one absolute URL a line. */
void sitemap_find_in_text(struct bytes utf8, struct references *references);
/* Collects the Sitemap lines of a robots.txt. */
void sitemap_find_in_robots(struct bytes text, struct references *references);

#endif
