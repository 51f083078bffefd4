/* SPDX-License-Identifier: MIT */
/* embedded_html.h - HTML inside other formats: texts of feeds, oEmbed answers */
#ifndef LINKS_EMBEDDED_HTML_H
#define LINKS_EMBEDDED_HTML_H

#include "links/links.h"

/* Adds all that the HTML needs or names as discovery, with the rule and place of `found`: the page
 * that shows it will tell what it needs. Text without a tag is none. */
void embedded_html_add(struct bytes html, const struct url *base, const struct link *found,
	struct link_list *list);

#endif
