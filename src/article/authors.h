/* SPDX-License-Identifier: MIT */
/* authors.h - who wrote a story: what the page says to machines, else what it shows by its headline
 *
 * A name of an agency stands with the authors when the page names it as one, and with the agencies
 * too. The name of the publisher is an author only when nobody else is named. */
#ifndef ARTICLE_AUTHORS_H
#define ARTICLE_AUTHORS_H

#include "article/json_ld.h"
#include "article/outline.h"
#include "article/page.h"

/* Names that meta elements give: of those with one name ("author", "parsely-author") all count. */
#define AUTHORS_META_MAX 8
struct authors_meta {
	struct {
		struct bytes name, content; /* borrowed */
	} items[AUTHORS_META_MAX];
	size_t count;
	char label; /* n when twitter:label<n> says "Written by" */
};

struct authors_input {
	const struct outline *outline; /* borrowed */
	const struct json_ld *ld;
	const struct authors_meta *meta; /* what meta elements say */
	struct bytes site_name;
	struct bytes host;
	uint32_t headline; /* its element, or OUTLINE_NONE */
};

/* Notes a meta element when it names an author. */
void authors_see_meta(struct authors_meta *meta, struct bytes name, struct bytes content);
/* Fills authors, and adds to the agencies. Agencies of the text's last line should be there
 * already: a story that credits some has no need of its publisher's name. */
void authors_find(const struct authors_input *input, struct page_result *result);

#endif
