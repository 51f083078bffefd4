/* SPDX-License-Identifier: MIT */
/* markup_open.h - which elements of a page are open: what a start tag closes, what it implies, what
 * an end tag ends
 *
 * The rules are those of HTML 4, as libxml2 2.9 has them: a table of what cannot stand in what, and
 * html, head, body and p where they are left out. Browsers do more for pages that are badly broken,
 * but move no text and no link out of its document. */
#ifndef LINKS_MARKUP_OPEN_H
#define LINKS_MARKUP_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"

struct markup_open_entry {
	uint32_t name; /* where it begins in the names */
	uint32_t known;
};

/* Whoever hears of elements that no tag of their own opens or ends. */
struct markup_open_listener {
	void (*start)(void *context, struct bytes name);
	void (*end)(void *context, struct bytes name);
	void *context; /* borrowed */
};

struct markup_open {
	struct markup_open_listener listener;
	struct buf names;                  /* owned: of the open elements, one behind the other */
	struct markup_open_entry *entries; /* owned */
	size_t count;
	size_t capacity;
	size_t ignored;          /* start tags of head and body that opened nothing */
	bool had_head, had_body; /* one was opened */
};

void markup_open_init(struct markup_open *open, const struct markup_open_listener *listener);
void markup_open_clear(struct markup_open *open);
/* The number of a name in lower case: one for all that no rule speaks of. */
unsigned markup_open_known(struct bytes name);
/* A start tag, by the number of its name: ends what it cannot stand in, opens what it implies.
 * False when it opens nothing: a second head or body, or one behind what implied it. Else the
 * caller tells of it and calls markup_open_push, unless it has no content. */
bool markup_open_start(struct markup_open *open, unsigned known);
void markup_open_push(struct markup_open *open, unsigned known, struct bytes name);
/* Whether an element of this number never has content. */
bool markup_open_is_void(unsigned known);
/* An end tag: ends its element and those inside, or nothing. */
void markup_open_end(struct markup_open *open, struct bytes name);
/* Text that is not blank: opens a paragraph where none of the page's own elements is open. */
void markup_open_text(struct markup_open *open);
/* The end of the document. */
void markup_open_finish(struct markup_open *open);

#endif
