/* SPDX-License-Identifier: MIT */
/* settings.h - small XML files that a page's head names: browserconfig.xml, OpenSearch
 * descriptions: L-42 */
#ifndef LINKS_SETTINGS_H
#define LINKS_SETTINGS_H

#include "links/links.h"
#include "links/references.h"

/* Collects the pictures of tiles and of the search engine. Templates, for what a user types or for
 * what a server is polled with, are never taken. */
MUST_CHECK int settings_find(
	struct bytes utf8, struct references *references, struct flong_error *err);

#endif
