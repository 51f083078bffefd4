/* SPDX-License-Identifier: MIT */
/* html_head.h - <link> and <meta>: what their rel, name and content mean */
#ifndef LINKS_HTML_HEAD_H
#define LINKS_HTML_HEAD_H

#include <stdbool.h>

#include "links/links.h"
#include "links/markup.h"

/* What a <link> is to the page, by the tokens of rel, as and type (L-06, L-07, L-08, L-25). False
 * when nothing is to be fetched. Also used for the Link header. */
bool html_head_link(struct bytes rel, struct bytes as, struct bytes type, struct link *link_out);
/* Whether rel holds the token. */
bool html_head_rel_has(struct bytes rel, const char *token);
/* What the content of a <meta> is (L-22, L-23, L-25), with the URL in *url_out (borrowed). False
 * when it holds none. */
bool html_head_meta(
	const struct markup_element *element, struct bytes *url_out, struct link *link_out);
/* The same for an element with itemprop or property that is no <meta> and no <a>: its content,
 * resource or href (L-25). */
bool html_head_property(
	const struct markup_element *element, struct bytes *url_out, struct link *link_out);
/* The URL of a refresh value such as "0; url='/new'"; empty when it only reloads (HTML
 * 4.2.5.3). */
struct bytes html_head_refresh_url(struct bytes value);

#endif
