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

struct authors_input {
	const struct outline *outline; /* borrowed */
	const struct json_ld *ld;
	struct bytes meta_author;
	struct bytes site_name;
	struct bytes host;
	uint32_t headline; /* its element, or OUTLINE_NONE */
};

/* Fills authors, and adds to the agencies. Agencies of the text's last line should be there
 * already: a story that credits some has no need of its publisher's name. */
void authors_find(const struct authors_input *input, struct page_result *result);

#endif
