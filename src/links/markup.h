/* SPDX-License-Identifier: MIT */
/* markup.h - a document as one stream of events: start, end, text, comment (owner of libxml2, for
 * XML)
 *
 * One walk serves links and article: several listeners hear the same events. The input is UTF-8
 * made by web/charset. Names of HTML are lower case. */
#ifndef LINKS_MARKUP_H
#define LINKS_MARKUP_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

struct markup_attribute {
	struct bytes name;  /* lower case, prefix kept ("xlink:href") */
	struct bytes value; /* entities decoded once; empty when absent */
};

/* A start tag. Borrowed for the call. */
struct markup_element {
	struct bytes name;
	const struct markup_attribute *attributes;
	size_t attribute_count;
	size_t depth; /* open elements above it; the root has 0 */
};

/* The value of an attribute, or empty bytes with ptr NULL when it is absent (present but empty has
 * a ptr). */
struct bytes markup_attribute_value(const struct markup_element *element, const char *name);
/* The part of a name behind its prefix, borrowed: finders of XML take any prefix for the usual one.
 */
struct bytes markup_local_name(struct bytes name);

/* Whoever listens. Any member may be NULL. */
struct markup_listener {
	void (*start)(void *context, const struct markup_element *element);
	void (*end)(void *context, struct bytes name, size_t depth);
	/* Text, CDATA and the raw content of script and style; may come in several pieces. */
	void (*text)(void *context, struct bytes text);
	void (*comment)(void *context, struct bytes text);
	void *context; /* borrowed */
};

/* Reads a whole document. Never fails on content. Elements deeper than LIMIT_MARKUP_DEPTH are heard
 * with that depth. The content of noscript and template is heard like any other. */
MUST_CHECK int markup_read(struct bytes utf8, const struct markup_listener *listeners,
	size_t listener_count, struct flong_error *err);

/* Reads XML (feeds, sitemaps) the same way: names as written ("media:content"), a broken document
 * as far as it goes. Only the five predefined entities exist; nothing is loaded. */
MUST_CHECK int markup_read_xml(struct bytes utf8, const struct markup_listener *listeners,
	size_t listener_count, struct flong_error *err);

#endif
