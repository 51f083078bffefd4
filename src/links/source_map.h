/* SPDX-License-Identifier: MIT */
/* source_map.h - the comments that name source maps: L-59 (ECMA-426 11.1.2) */
#ifndef LINKS_SOURCE_MAP_H
#define LINKS_SOURCE_MAP_H

#include "links/references.h"

/* Adds the URL of a map, if there is one, as discovery; `where` is static. */
void source_map_add(struct bytes url, const char *where, struct references *references);
/* Collects what the last such comment of a style sheet names. Those of scripts are found by
 * script_tokens. */
void source_map_find_in_css(struct bytes utf8, struct references *references);

#endif
