/* SPDX-License-Identifier: MIT */
/* html_attributes.h - which attribute of which element holds URLs: the table of the HTML rules */
#ifndef LINKS_HTML_ATTRIBUTES_H
#define LINKS_HTML_ATTRIBUTES_H

#include "base/bytes.h"
#include "links/links.h"

enum html_action {
	HTML_URL,         /* one URL */
	HTML_URL_LIST,    /* URLs between spaces and commas */
	HTML_IMAGE,       /* img src: one of several when there is a srcset */
	HTML_SRCSET,      /* image candidates */
	HTML_CSS,         /* declarations */
	HTML_LAZY,        /* a URL that a script moves into place: only when it looks like media */
	HTML_LAZY_SRCSET, /* the same for candidates */
	HTML_VIDEO_ID,    /* the id of a film of YouTube */
	HTML_DOCUMENT     /* markup (srcdoc) */
};

struct html_attribute {
	const char *name;
	const char *element; /* "*": any that has no line of its own */
	enum html_action action;
	enum link_kind kind;
	enum link_role role;
	const char *rule;
	const char *where;
};

/* The line for an attribute of an element, or NULL. Names in lower case. */
const struct html_attribute *html_attributes_find(struct bytes element, struct bytes name);
/* The table itself, for tests and the map of rules. */
const struct html_attribute *html_attributes_all(size_t *count_out);

#endif
