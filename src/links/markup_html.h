/* SPDX-License-Identifier: MIT */
/* markup_html.h - an HTML document as events: its tags by the standard's tokenizer, its open
 * elements by markup_open */
#ifndef LINKS_MARKUP_HTML_H
#define LINKS_MARKUP_HTML_H

#include "base/bytes.h"
#include "links/markup_tell.h"

/* Tells of a whole document, which has no NUL. Attributes are heard as browsers have them, those of
 * a second body or html with an element that is ended at once. Comments are left out but for
 * conditional ones. */
void markup_html_read(struct bytes html, struct markup_teller *teller);

#endif
