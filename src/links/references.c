/* SPDX-License-Identifier: MIT */
/* references.c - collecting references under a cap, resolving them all at the end */
#include "links/references.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"

/* Duplicates count here, hence more than the links of a page. */
#define MAX_REFERENCES ((size_t)4 * (LIMIT_PAGE_REQUISITES + LIMIT_PAGE_LINKS))

bool reference_is_useful(struct bytes text)
{
	while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ') {
		text = bytes_slice(text, 1, text.len);
	}
	while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] <= ' ') {
		text.len--;
	}
	if (text.len == 0 || text.ptr[0] == '#') {
		return false;
	}
	static const char *const schemes[] = {
		"data:", "javascript:", "blob:", "about:", "mailto:", "tel:"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (char_lower(text.ptr[0]) == schemes[i][0] &&
			bytes_starts_nocase(text, bytes_of(schemes[i]))) {
			return false;
		}
	}
	return true;
}

void references_add(struct references *references, struct bytes text, const struct link *prototype)
{
	if (!reference_is_useful(text)) {
		return;
	}
	if (text.len > LIMIT_URL_BYTES || references->count >= MAX_REFERENCES ||
		references->store.bytes > LIMIT_DOCUMENT_BYTES) {
		references->dropped++;
		return;
	}
	if (references->count == references->capacity) {
		references->capacity = references->capacity == 0 ? 64 : 2 * references->capacity;
		references->items = alloc_resize(
			references->items, references->capacity, sizeof(*references->items));
	}
	struct reference *item = &references->items[references->count++];
	item->text = text_store_keep(&references->store, text);
	item->prototype = *prototype;
	item->encoder = references->encoder;
	if (prototype->rel.len > 0) {
		item->prototype.rel = text_store_keep(&references->store, prototype->rel);
	}
}

void references_resolve(
	const struct references *references, const struct url *base, struct link_list *list)
{
	for (size_t i = 0; i < references->count; i++) {
		const struct reference *item = &references->items[i];
		(void)link_list_add_in(list, base, item->text, item->encoder, &item->prototype);
	}
	list->dropped += references->dropped;
}

void references_clear(struct references *references)
{
	free(references->items);
	text_store_clear(&references->store);
	*references = (struct references){0};
}
