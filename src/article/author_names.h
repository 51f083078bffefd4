/* SPDX-License-Identifier: MIT */
/* author_names.h - the names in a text such as "By A B, C D and E F", told from houses and agencies
 *
 * A name of an agency stands with the authors when the page names it as one, and with the agencies
 * too. The publisher's name is set aside. */
#ifndef ARTICLE_AUTHOR_NAMES_H
#define ARTICLE_AUTHOR_NAMES_H

#include "article/page.h"

/* Names of one story; more is a list of something else. */
#define NAMES_MAX 16

/* Where names are added to, and what tells houses from people. */
struct author_names {
	struct page_result *result;              /* borrowed: authors and agencies are added to */
	struct bytes publisher, site_name, host; /* borrowed; may be empty */
	struct bytes house; /* the first name that was the publisher's, kept by the result */
	bool is_seen;       /* what is added stands in the text of the page: people only */
	struct buf scratch; /* owned */
};

/* Adds all names of a text, which must outlive the result or be kept by it. */
void author_names_add(struct author_names *names, struct bytes text);
/* The same of a text with references and tags, as JSON-LD and meta elements hold it. */
void author_names_add_plain(struct author_names *names, struct bytes text);
/* The text without "By", "Von" or the like at its start. */
struct bytes author_names_without_by(struct bytes text);
/* Whether it can be the name of a person: what stands in a byline may be a date or a button. */
bool author_names_is_personal(struct bytes name);
void author_names_clear(struct author_names *names);

#endif
