/* SPDX-License-Identifier: MIT */
/* track.h - pictures that text tracks name: thumbnails in WebVTT cues, images of TTML: L-57 */
#ifndef LINKS_TRACK_H
#define LINKS_TRACK_H

#include "links/references.h"

/* Collects, as requisites relative to the track:
 * - of WebVTT the cue payloads that are the URL of a picture, alone on their line; the fragment
 *   ("#xywh=0,0,160,90", W3C Media Fragments 4.2) is left out when it is resolved. Comments,
 *   styles, regions and spoken text name nothing.
 * - of TTML 2 the `src` of image (and of its source and data), `tts:backgroundImage` and
 *   `smpte:backgroundImage` (SMPTE ST 2052-1).
 * Never fails on content. */
MUST_CHECK int track_find(
	struct bytes utf8, struct references *references, struct flong_error *err);

#endif
