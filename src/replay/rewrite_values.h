/* SPDX-License-Identifier: MIT */
/* rewrite_values.h - attributes of a page that is copied, given values that lead into the archive
 */
#ifndef REPLAY_REWRITE_VALUES_H
#define REPLAY_REWRITE_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "links/markup_foreign.h"
#include "replay/rewrite.h"

/* A page under way: copied up to a place, with what has changed so far. */
struct rewrite_page {
	struct rewrite rewrite; /* its base changes with <base> */
	struct url *own_base;   /* owned */
	bool has_base;
	bool has_head; /* our markup is in */
	struct bytes html;
	size_t at, copied;
	struct buf *out;
	struct markup_foreign foreign;
};

/* One attribute of a tag. */
struct rewrite_attribute {
	struct bytes name, value; /* as written */
	struct bytes text;        /* the value as UTF-8, references decoded */
};

/* Copies the page as it is up to `end`. */
void rewrite_copy_to(struct rewrite_page *page, size_t end);
/* Puts another value in the place of one, in quotes; where none is written, none is put. */
void rewrite_value(
	struct rewrite_page *page, const struct rewrite_attribute *attribute, struct bytes text);
/* Gives an attribute a name that nobody knows. */
void rewrite_disarm(struct rewrite_page *page, const struct rewrite_attribute *attribute);
/* Turns the value: one URL for `mod`; URLs between commas; image candidates; declarations; a
 * document (srcdoc); what a refresh says ("5; url=/next"). */
void rewrite_url_value(
	struct rewrite_page *page, const struct rewrite_attribute *attribute, const char *mod);
void rewrite_list(struct rewrite_page *page, const struct rewrite_attribute *attribute);
void rewrite_srcset(struct rewrite_page *page, const struct rewrite_attribute *attribute);
void rewrite_css_value(struct rewrite_page *page, const struct rewrite_attribute *attribute);
void rewrite_document(struct rewrite_page *page, const struct rewrite_attribute *attribute);
void rewrite_refresh(struct rewrite_page *page, const struct rewrite_attribute *attribute);

#endif
