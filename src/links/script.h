/* SPDX-License-Identifier: MIT */
/* script.h - what scripts name: modules and workers (L-39), URLs in strings (L-46), where they send
 * the reader (L-47), source maps (L-59) */
#ifndef LINKS_SCRIPT_H
#define LINKS_SCRIPT_H

#include "links/import_map.h"
#include "links/references.h"

enum script_kind {
	SCRIPT_CLASSIC, /* inline; "import x" and import.meta are no part of the language */
	SCRIPT_MODULE,  /* inline, type=module */
	SCRIPT_FILE,    /* fetched; what it was loaded as is not known */
	SCRIPT_HANDLER  /* an event handler attribute, or what follows "javascript:" */
};

/* What was found, by what it is relative to. Zeroed is valid and empty. */
struct script_links {
	struct references specifiers; /* of modules: resolved by import_map_resolve_all */
	struct references own;        /* to the script; in a page to its base */
	struct references page;       /* to the base of the page, or to the worker */
	struct references guesses;    /* L-46, the same; for script_strings_resolve */
};

/* Collects what one script names. Only literals count: what is put together at run time is left
 * out. Linear; what is no script gives nothing or little. */
void script_find(struct bytes utf8, enum script_kind kind, struct script_links *links);
void script_links_clear(struct script_links *links);
/* Where a fetched script was found. Zeroed is valid: nothing is known of it. */
struct script_runner {
	const struct url *page;       /* of the page or worker that runs it, or NULL */
	const struct import_map *map; /* of that page, or NULL */
};
/* All of the above for a fetched script; `own` is its URL. */
void script_find_in_file(struct bytes utf8, const struct url *own,
	const struct script_runner *runner, struct link_list *list);

#endif
