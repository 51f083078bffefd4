/* SPDX-License-Identifier: MIT */
/* markup_tag.h - one start tag by the HTML standard's tokenizer (13.2.5.6 to 13.2.5.40)
 *
 * Read twice: once to find where it ends, once more for its attributes when it is heard. So nothing
 * has to be kept of a page with a million tags. */
#ifndef LINKS_MARKUP_TAG_H
#define LINKS_MARKUP_TAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "links/markup.h"

/* Attributes of one element that are heard. Real ones have under 60; each is compared with each. */
#define MARKUP_MAX_ATTRIBUTES 256

/* Where the reading of a tag is. */
struct markup_tag {
	struct bytes html;
	size_t at;
	bool is_self_closing; /* "/>" */
	bool is_cut;          /* the document ends inside of a value in quotes */
};

/* Begins with the tag whose '<' stands at `at`, a letter behind it; returns its name as written. */
struct bytes markup_tag_start(struct markup_tag *tag, struct bytes html, size_t at);
/* The next attribute as written. False behind the last; tag->at is then behind the '>'. */
bool markup_tag_next(struct markup_tag *tag, struct bytes *name_out, struct bytes *value_out);

/* A name in lower case: itself, or made in `scratch`. */
struct bytes markup_name_lower(struct bytes name, struct buf *scratch);

/* Attributes as browsers have them: names in lower case, the first of the same name, references
 * decoded. Zeroed is valid. */
struct markup_attributes {
	struct markup_attribute items[MARKUP_MAX_ATTRIBUTES];
	size_t count;
	struct bytes name; /* of the element, in lower case */
	struct buf text;   /* owned: what is not borrowed from the document */
	size_t at;         /* where the tag stands */
	bool has_room;     /* `text` does not move until the end of the tag */
};

/* Reads the tag at `at` whole. What it gives is borrowed until the next call. */
void markup_attributes_read(struct markup_attributes *attributes, struct bytes html, size_t at);
void markup_attributes_clear(struct markup_attributes *attributes);

#endif
