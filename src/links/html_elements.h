/* SPDX-License-Identifier: MIT */
/* html_elements.h - elements whose attributes only mean something together: a, base, link, meta,
 * input, param (for html.c) */
#ifndef LINKS_HTML_ELEMENTS_H
#define LINKS_HTML_ELEMENTS_H

#include "base/buf.h"
#include "links/html.h"
#include "links/html_images.h"
#include "links/html_scripts.h"
#include "links/html_values.h"
#include "links/references.h"
#include "links/templates.h"

/* The reading of one document. */
struct html_links {
	const struct links_input *input;
	struct link_list *list;
	struct charset_encoder *encoder; /* owned: of queries, NULL for UTF-8 */
	struct references references;
	struct templates templates;
	struct html_images images;
	struct html_scripts scripts;
	struct url *base;     /* owned; NULL until a <base href> was found */
	bool has_base;        /* the first one was seen, good or not */
	struct url *own_base; /* owned: <base> of the srcdoc being read, NULL when it has none */
	const struct url *nested_base; /* borrowed: its own, or that of the srcdoc around it */
	bool has_icon;
	uint32_t anchors; /* a and area elements so far */
	size_t nested;    /* levels of markup inside markup */
	const char *rule; /* of everything found inside a conditional comment, else NULL */
	enum raw_kind raw_kind;
	struct buf raw; /* text of the open script or style */
};

/* Keeps a URL as found; one with a placeholder waits for what explains it. */
void html_links_add(struct html_links *html, struct bytes text, const struct link *prototype);
/* What the element says as a whole; its single attributes are in html_attributes.c. */
void html_elements_take(struct html_links *html, const struct markup_element *element);
/* Properties of microdata and RDFa whose value is not what the element shows (L-25). */
void html_elements_take_property(struct html_links *html, const struct markup_element *element);

#endif
