/* SPDX-License-Identifier: MIT */
/* media_kinds.h - what a URL is likely to hold, by the extension of its path */
#ifndef LINKS_MEDIA_KINDS_H
#define LINKS_MEDIA_KINDS_H

#include "links/links.h"

/* The role for a known extension of pictures, sound, films, playlists, tracks and fonts;
 * ROLE_UNKNOWN for all else. Query and fragment are not looked at. */
enum link_role media_kinds_role(struct bytes reference);

#endif
