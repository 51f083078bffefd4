/* SPDX-License-Identifier: MIT */
/* html.h - the links of an HTML document, heard from the same events as its story */
#ifndef LINKS_HTML_H
#define LINKS_HTML_H

#include "base/scoped.h"
#include "links/links.h"
#include "links/markup.h"

struct html_links;

/* Starts finding. input and list are borrowed until close; input->document is not used. */
struct html_links *html_links_open(const struct links_input *input, struct link_list *list);
/* The listener for markup_read; valid until close. */
struct markup_listener html_links_listener(struct html_links *html);
/* The base of the document's URLs as far as it is known: the first <base href>, else the document's
 * URL. Final when markup_read has returned. Borrowed. */
const struct url *html_links_base(const struct html_links *html);
/* The encoding of the queries of URLs in attributes; NULL: UTF-8. Borrowed until close. */
struct charset_encoder *html_links_encoder(const struct html_links *html);
/* After markup_read: resolves everything and adds it to the list. Once. */
void html_links_finish(struct html_links *html);
/* After html_links_finish: what the document's import maps say, for links_input.import_map of its
 * scripts; empty without maps. Borrowed until close. */
struct bytes html_links_import_map(const struct html_links *html);
void html_links_close(struct html_links *html);
SCOPED_CLOSE(struct html_links *, html_links_close)

/* All of the above for a decoded document: UTF-8 in, links out. */
MUST_CHECK int html_find(struct bytes utf8, const struct links_input *input, struct link_list *list,
	struct flong_error *err);

#endif
