/* SPDX-License-Identifier: MIT */
/* markup_clean.h - HTML by the standard's tokenizer, written anew for a parser that has another one
 *
 * libxml2 is left to say which elements are open. It gets their tags with a number in place of the
 * attributes, and marks in place of what has no tags. */
#ifndef LINKS_MARKUP_CLEAN_H
#define LINKS_MARKUP_CLEAN_H

#include "base/buf.h"
#include "base/bytes.h"
#include "links/markup_spans.h"

/* Names of elements that stand for others: the tag's number leads to the real name. */
#define MARKUP_ODD_NAME "x_"     /* a name that libxml2 cannot read */
#define MARKUP_SECOND_NAME "wbr" /* a second body or html, whose attributes count too */

/* The same document so that libxml2 hears the tags that a browser has. A start tag with attributes
 * has one, whose value markup_clean_place reads. Comments are left out but for conditional ones.
 * Texts, scripts and styles are cut out into `spans` and marks left for them. Borrows `html`, which
 * has no NUL, when nothing was to be done, else `storage`. */
struct bytes markup_clean(struct bytes html, struct markup_spans *spans, struct buf *storage);
/* Where in `html` the start tag stands, by the value of its one attribute. */
size_t markup_clean_place(struct bytes value);

#endif
