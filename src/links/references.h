/* SPDX-License-Identifier: MIT */
/* references.h - URLs as written, before the base they belong to is known
 *
 * Finders (html, css, srcset, json_urls) collect here; a <base> may come after the first link. */
#ifndef LINKS_REFERENCES_H
#define LINKS_REFERENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "links/links.h"
#include "links/text_store.h"

struct reference {
	struct bytes text;               /* owned by the collection */
	struct link prototype;           /* all but the url */
	struct charset_encoder *encoder; /* borrowed: of its query, NULL for UTF-8 */
};

/* Zeroed is valid and empty. */
struct references {
	struct reference *items; /* owned */
	size_t count;
	size_t capacity;
	size_t dropped; /* over the limits */
	/* Borrowed: for the queries of those that are added from now on; NULL for UTF-8. It must
	 * live until they are resolved. */
	struct charset_encoder *encoder;
	struct text_store store;
};

/* Whether the text can name something to load: not empty, not only a fragment, and no scheme that
 * makes no request (data:, javascript:, blob:, about:, mailto:, tel:) (L-03). */
bool reference_is_useful(struct bytes text);
/* Copies text and prototype->rel. Useless and too long references are left out. */
void references_add(struct references *references, struct bytes text, const struct link *prototype);
/* Adds all of them to the list, resolved against base. */
void references_resolve(
	const struct references *references, const struct url *base, struct link_list *list);
void references_clear(struct references *references);

#endif
