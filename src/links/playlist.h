/* SPDX-License-Identifier: MIT */
/* playlist.h - HLS playlists: L-55 (RFC 8216, draft-pantos-hls-rfc8216bis)
 *
 * A master playlist offers variants of one video. All are choices (CANDIDATE_SRCSET); the one of
 * least bandwidth has CANDIDATE_SHOWN, that of most CANDIDATE_BEST, and so have the renditions of
 * the audio, video and subtitles groups that it names. Playlists of I-frames and images are a
 * choice that neither needs. */
#ifndef LINKS_PLAYLIST_H
#define LINKS_PLAYLIST_H

#include "links/references.h"

/* Collects variants by rising bandwidth after all else, renditions, segments, keys, maps and parts.
 * Variables of EXT-X-DEFINE are filled in; what uses an unknown one is left out. `url` (may be
 * NULL) gives the values of QUERYPARAM. */
void playlist_find(struct bytes utf8, const struct url *url, struct references *references);
/* Whether the text has a tag that only HLS has: else it is a plain list of files (L-58). */
bool playlist_is_hls(struct bytes utf8);

#endif
