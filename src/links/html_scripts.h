/* SPDX-License-Identifier: MIT */
/* html_scripts.h - the scripts and the data that stand in a page, once its base is known */
#ifndef LINKS_HTML_SCRIPTS_H
#define LINKS_HTML_SCRIPTS_H

#include "links/html_values.h"
#include "links/script.h"
#include "links/templates.h"
#include "links/text_store.h"

/* Import maps of one page that are read. */
#define HTML_IMPORT_MAPS 16

/* Zeroed is valid and empty but for what it collects into. */
struct html_scripts {
	struct references *references; /* borrowed: what all of the page is resolved with */
	struct templates *templates;   /* borrowed */
	struct script_links links;
	struct bytes maps[HTML_IMPORT_MAPS]; /* owned by the store */
	size_t map_count;
	struct buf map; /* owned: all of them resolved, for modules that are files; once resolved */
	struct text_store store;
};

/* Reads the text of a script or style element. */
void html_scripts_read(struct html_scripts *scripts, enum raw_kind kind, struct bytes text);
/* Reads an event handler attribute (L-47). */
void html_scripts_read_handler(struct html_scripts *scripts, struct bytes value);
/* Reads a "javascript:" URL; false when it is none. */
bool html_scripts_read_url(struct html_scripts *scripts, struct bytes url);
/* Resolves what scripts name and adds it to the list, behind what markup names. Once. */
void html_scripts_resolve(struct html_scripts *scripts, const struct url *base,
	const struct url *own, struct link_list *list);
void html_scripts_clear(struct html_scripts *scripts);

#endif
