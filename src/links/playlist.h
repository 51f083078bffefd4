/* SPDX-License-Identifier: MIT */
/* playlist.h - HLS playlists (RFC 8216 and its second edition): L-55 */
#ifndef LINKS_PLAYLIST_H
#define LINKS_PLAYLIST_H

#include "links/references.h"

/* Collects every URI as a requisite: variants and renditions as playlists, the rest as media.
 * Variants are a choice (CANDIDATE_SRCSET) and come in ascending bandwidth, the first with
 * CANDIDATE_SHOWN, the last with CANDIDATE_BEST, so that a policy can take one. */
void playlist_find(struct bytes utf8, struct references *references);
/* Whether the text has a tag that only HLS has: else it is a plain list of files (L-58). */
bool playlist_is_hls(struct bytes utf8);

#endif
