/* SPDX-License-Identifier: MIT */
/* playlist_variables.h - variables of HLS playlists: "{$name}" (draft-pantos-hls-rfc8216bis 4.3) */
#ifndef LINKS_PLAYLIST_VARIABLES_H
#define LINKS_PLAYLIST_VARIABLES_H

#include "base/bytes.h"
#include "base/scoped.h"
#include "links/text_store.h"

struct playlist_variables;

/* `query` is that of the playlist's URL, with its '?', borrowed. Never NULL. */
struct playlist_variables *playlist_variables_create(struct bytes query);
void playlist_variables_close(struct playlist_variables *variables);
SCOPED_CLOSE(struct playlist_variables *, playlist_variables_close)
/* Sets a variable; one that is set keeps its value, and above LIMIT_PLAYLIST_VARIABLES none is
 * added. An empty name does nothing. */
void playlist_variables_set(
	struct playlist_variables *variables, struct bytes name, struct bytes value);
/* Sets the variable `name` to the value of the query parameter of that name, if there is one. */
void playlist_variables_set_by_query(struct playlist_variables *variables, struct bytes name);
/* The text with its variables filled in, kept in `store` when that changed it; empty when one is
 * unknown, the text gets longer than a URL may be, or all texts together longer than a document. */
struct bytes playlist_variables_fill(
	struct playlist_variables *variables, struct bytes text, struct text_store *store);

#endif
