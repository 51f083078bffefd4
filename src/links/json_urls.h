/* SPDX-License-Identifier: MIT */
/* json_urls.h - URLs in JSON that pages carry: JSON-LD (L-24), state for scripts (L-44), settings
 * of players (L-20), and scripts that hold such state */
#ifndef LINKS_JSON_URLS_H
#define LINKS_JSON_URLS_H

#include "links/references.h"
#include "links/templates.h"

enum json_urls_kind {
	JSON_URLS_STATE,  /* the text is JSON */
	JSON_URLS_PLAYER, /* the text is JSON in an attribute: settings of a player (L-20) */
	JSON_URLS_LD,     /* the text is JSON-LD */
	JSON_URLS_SCRIPT  /* the text is a script; JSON may start anywhere in it */
};

/* Collects pictures and media as requisites, pages as discovery; URLs with placeholders go to
 * `templates` (may be NULL). Reads tokens, not a tree: what is no JSON ends the value, never the
 * search. */
void json_urls_find(struct bytes utf8, enum json_urls_kind kind, struct references *references,
	struct templates *templates);

#endif
