/* SPDX-License-Identifier: MIT */
/* markup_tell.h - what a parser heard goes to all who listen */
#ifndef LINKS_MARKUP_TELL_H
#define LINKS_MARKUP_TELL_H

#include <stddef.h>

#include "links/markup.h"

struct markup_teller {
	const struct markup_listener *listeners; /* borrowed */
	size_t listener_count;
	size_t depth; /* open elements, as heard */
};

/* Tells of a start tag and counts the element as open. */
void markup_tell_start(struct markup_teller *teller, struct bytes name,
	const struct markup_attribute *attributes, size_t attribute_count);
void markup_tell_end(struct markup_teller *teller, struct bytes name);
/* In one piece; nothing for none. */
void markup_tell_text(struct markup_teller *teller, struct bytes text);
/* In pieces of 1000 bytes, or up to three bytes over it to end with a character. */
void markup_tell_pieces(struct markup_teller *teller, struct bytes text);
void markup_tell_comment(struct markup_teller *teller, struct bytes text);

#endif
