/* SPDX-License-Identifier: MIT */
/* media_list.h - lists of media for players: m3u, pls, ASX, SMIL, XSPF, Smooth Streaming: L-58
 *
 * All they name is discovery: a browser plays none of them by itself. */
#ifndef LINKS_MEDIA_LIST_H
#define LINKS_MEDIA_LIST_H

#include "links/links.h"
#include "links/references.h"

/* Collects the lines of an m3u list that are no comments, or the FileN entries of a pls one and the
 * RefN ones of an old ASX. */
void media_list_find(struct bytes utf8, struct references *references);
/* Adds what an XML list names, by its xml:base or the base it declares. Of Smooth Streaming
 * manifests the chunks that their times name, at most LIMIT_MEDIA_SEGMENTS; what is over is counted
 * as dropped. */
MUST_CHECK int media_list_find_in_xml(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err);

#endif
