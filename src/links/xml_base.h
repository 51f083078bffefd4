/* SPDX-License-Identifier: MIT */
/* xml_base.h - the base URL of each open element (XML Base) */
#ifndef LINKS_XML_BASE_H
#define LINKS_XML_BASE_H

#include "links/markup.h"
#include "web/url.h"

/* Open elements whose xml:base is remembered; feeds nest 5 deep. */
#define XML_BASE_DEPTH 16

/* Zeroed but for the URL is valid. */
struct xml_base {
	const struct url *url;             /* of the document, borrowed */
	struct url *bases[XML_BASE_DEPTH]; /* owned; NULL where an element sets none */
};

/* An element starts: the base for its attributes and content, borrowed until it ends. */
const struct url *xml_base_push(struct xml_base *base, const struct markup_element *element);
/* The base at that depth. */
const struct url *xml_base_at(const struct xml_base *base, size_t depth);
void xml_base_pop(struct xml_base *base, size_t depth);
void xml_base_clear(struct xml_base *base);

#endif
