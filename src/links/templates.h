/* SPDX-License-Identifier: MIT */
/* templates.h - image URLs with a placeholder, expanded by what the page itself shows (L-45)
 *
 * "https://s.example/image/17_${formatId}.jpg" means nothing to a server. A srcset of the same page
 * with ".../image/12_600.jpg 78w, .../12_601.jpg 201w" tells the values that the page uses; where
 * no srcset does, its other pictures tell them. Of several placeholders the values that stand
 * together in one URL of the page are taken, never all combinations. */
#ifndef LINKS_TEMPLATES_H
#define LINKS_TEMPLATES_H

#include <stdbool.h>
#include <stddef.h>

#include "links/references.h"
#include "links/text_store.h"

struct template_source {
	struct bytes srcset; /* owned by the store */
	bool of_image;       /* stood on an img, not on a source or link */
};

/* Zeroed is valid and empty. */
struct templates {
	struct reference *items; /* owned array; the texts are owned by the store */
	size_t count;
	size_t capacity;
	struct template_source *sources; /* owned array */
	size_t source_count;
	size_t source_capacity;
	struct text_store store;
};

/* Whether the text holds a placeholder: "${name}", "{name}", "{{name}}", "%7Bname%7D" or
 * "__NAME__".
 */
bool template_has_placeholder(struct bytes text);
/* Remembers a URL with a placeholder. */
void templates_add(struct templates *templates, struct bytes text, const struct link *prototype);
/* Remembers a srcset that expansions may learn from. */
void templates_learn(struct templates *templates, struct bytes srcset, bool of_image);
/* Adds the expansions; a template that nothing on the page explains adds nothing. */
void templates_expand(const struct templates *templates, struct references *references);
void templates_clear(struct templates *templates);

#endif
