/* SPDX-License-Identifier: MIT */
/* import_map.h - import maps of pages: what they name (L-38), and what a module specifier means
 * with them (HTML 8.1.6.2 and 8.1.5.3) */
#ifndef LINKS_IMPORT_MAP_H
#define LINKS_IMPORT_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "links/references.h"
#include "links/text_store.h"

struct import_map_rule {
	struct bytes scope;   /* URL, or empty: all modules */
	struct bytes key;     /* a specifier, normalised; ends in "/": a prefix */
	struct bytes address; /* URL, or empty: refused */
};

/* The maps of one page. Zeroed is valid and empty. */
struct import_map {
	struct import_map_rule *rules; /* owned array; the texts are owned by the store */
	size_t count;
	size_t capacity;
	struct text_store store;
};

/* Adds a map: JSON text, with the page's base. What is no map adds nothing. Collects as requisites
 * what its entries and integrity keys name; entries that are prefixes name nothing. */
void import_map_add(struct import_map *map, struct bytes json, const struct url *base,
	struct references *references);
/* Appends the URL of a specifier in a module whose URL is `base`; false when it has none. `map` may
 * be NULL. */
bool import_map_resolve(const struct import_map *map, struct bytes specifier,
	const struct url *base, struct buf *url_out);
/* Adds all specifiers that have a URL to the list. */
void import_map_resolve_all(const struct import_map *map, const struct references *specifiers,
	const struct url *base, struct link_list *list);
/* Appends the rules as text for import_map_read, as far as they fit into the buffer's limit.
 * Returns how many did not. */
size_t import_map_write(const struct import_map *map, struct buf *out);
/* Adds the rules of such a text, in order. What is no such text adds nothing or little. */
void import_map_read(struct import_map *map, struct bytes text);
void import_map_clear(struct import_map *map);

#endif
