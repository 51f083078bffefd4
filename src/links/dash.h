/* SPDX-License-Identifier: MIT */
/* dash.h - MPEG-DASH media presentation descriptions (ISO/IEC 23009-1): L-56 */
#ifndef LINKS_DASH_H
#define LINKS_DASH_H

#include "links/links.h"

/* Adds the segments of every representation as requisites, relative to the chain of BaseURL:
 * templates are counted to the end of a static period, timelines as far as they go, lists as they
 * are, and LIMIT_MEDIA_SEGMENTS in all. Of a dynamic presentation, whose end is not known, only
 * what a timeline or a list names and the initialization. Location and xlink:href are discovery.
 *
 * Representations of one adaptation set are a choice: all URLs of the one with the least bandwidth
 * have CANDIDATE_SHOWN, those of the one with the most CANDIDATE_BEST. These come first, so that
 * the limits cut what no policy but "all" wants. Never fails on content. */
MUST_CHECK int dash_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err);

#endif
