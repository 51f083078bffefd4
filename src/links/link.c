/* SPDX-License-Identifier: MIT */
/* link.c - the list of links: one entry a (url, kind), findings merged, limits counted */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "links/links.h"
#include "links/references.h"
#include "links/text_store.h"

const char *link_kind_name(enum link_kind kind)
{
	switch (kind) {
	case LINK_REQUISITE:
		return "requisite";
	case LINK_PAGE:
		return "page";
	case LINK_DISCOVERY:
		return "discovery";
	}
	return "unknown";
}

const char *link_role_name(enum link_role role)
{
	static const char *const names[] = {
		[ROLE_UNKNOWN] = "unknown",
		[ROLE_STYLE] = "style",
		[ROLE_SCRIPT] = "script",
		[ROLE_IMAGE] = "image",
		[ROLE_FONT] = "font",
		[ROLE_FRAME] = "frame",
		[ROLE_MEDIA] = "media",
		[ROLE_POSTER] = "poster",
		[ROLE_TRACK] = "track",
		[ROLE_PLAYLIST] = "playlist",
		[ROLE_MANIFEST] = "manifest",
		[ROLE_ICON] = "icon",
		[ROLE_OBJECT] = "object",
		[ROLE_FEED] = "feed",
		[ROLE_DOCUMENT] = "document",
		[ROLE_REDIRECT] = "redirect",
		[ROLE_WORKER] = "worker",
	};
	size_t index = (size_t)role;
	return index < sizeof(names) / sizeof(names[0]) ? names[index] : "unknown";
}

/* Open addressing; a slot holds index + 1, 0 is free. The number of entries is capped by the
 * limits, so chains stay short whatever the page does. */
struct link_table {
	struct text_store store;
	uint32_t *slots; /* owned */
	size_t slot_count;
};

static struct link_table *list_table(struct link_list *list)
{
	if (list->table == NULL) {
		struct link_table *table = ALLOC(struct link_table);
		table->slot_count = 256;
		table->slots = ALLOC_ARRAY(uint32_t, table->slot_count);
		list->table = table;
	}
	return list->table;
}

static uint64_t key_hash(struct bytes url, enum link_kind kind)
{
	uint64_t hash = bytes_hash(url) + (uint64_t)kind;
	return (hash ^ (hash >> 29)) * 0x9E3779B97F4A7C15u;
}

/* The slot of (url, kind), or the free one where it belongs. */
static uint32_t *table_slot(const struct link_list *list, struct link_table *table,
	struct bytes url, enum link_kind kind)
{
	size_t mask = table->slot_count - 1;
	size_t i = (size_t)(key_hash(url, kind) >> 20) & mask;
	while (table->slots[i] != 0) {
		const struct link *item = &list->items[table->slots[i] - 1];
		if (item->kind == kind && bytes_equal(item->url, url)) {
			break;
		}
		i = (i + 1) & mask;
	}
	return &table->slots[i];
}

static void table_grow(const struct link_list *list, struct link_table *table)
{
	free(table->slots);
	table->slot_count *= 2;
	table->slots = ALLOC_ARRAY(uint32_t, table->slot_count);
	for (size_t i = 0; i < list->count; i++) {
		*table_slot(list, table, list->items[i].url, list->items[i].kind) =
			(uint32_t)(i + 1);
	}
}

/* What must be loaded anyway is no longer a choice; of two choices each bit counts. */
static void link_merge(struct link *kept, const struct link *found)
{
	if (kept->candidate == CANDIDATE_ONLY || found->candidate == CANDIDATE_ONLY) {
		kept->candidate = CANDIDATE_ONLY;
	} else {
		kept->candidate |= found->candidate;
	}
	if (kept->role == ROLE_UNKNOWN) {
		kept->role = found->role;
	}
	if (found->anchor < kept->anchor) {
		kept->anchor = found->anchor;
	}
}

static bool list_is_full(const struct link_list *list, enum link_kind kind)
{
	if (kind == LINK_REQUISITE) {
		return list->requisites >= LIMIT_PAGE_REQUISITES;
	}
	return list->count - list->requisites >= LIMIT_PAGE_LINKS;
}

bool link_list_add(struct link_list *list, const struct url *base, struct bytes reference,
	const struct link *prototype)
{
	return link_list_add_in(list, base, reference, NULL, prototype);
}

bool link_list_add_in(struct link_list *list, const struct url *base, struct bytes reference,
	struct charset_encoder *encoder, const struct link *prototype)
{
	if (!reference_is_useful(reference)) {
		return false;
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse_in(reference, base, encoder, &url, &ignored) != FLONG_OK || !url->is_http) {
		return false;
	}
	struct link_table *table = list_table(list);
	uint32_t *slot = table_slot(list, table, url->all, prototype->kind);
	if (*slot != 0) {
		link_merge(&list->items[*slot - 1], prototype);
		return true;
	}
	if (list_is_full(list, prototype->kind)) {
		list->dropped++;
		return false;
	}
	if (list->count == list->capacity) {
		list->capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
		list->items = alloc_resize(list->items, list->capacity, sizeof(*list->items));
	}
	struct link *item = &list->items[list->count++];
	*item = *prototype;
	item->url = text_store_keep(&table->store, url->all);
	if (prototype->rel.len > 0) {
		item->rel = text_store_keep(&table->store, prototype->rel);
	} else {
		item->rel = (struct bytes){0};
	}
	*slot = (uint32_t)list->count;
	if (item->kind == LINK_REQUISITE) {
		list->requisites++;
	}
	if (list->count * 2 > table->slot_count) {
		table_grow(list, table);
	}
	return true;
}

bool link_list_has(const struct link_list *list, struct bytes url)
{
	static const enum link_kind kinds[] = {LINK_REQUISITE, LINK_PAGE, LINK_DISCOVERY};
	struct link_table *table = list->table;
	for (size_t i = 0; table != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (*table_slot(list, table, url, kinds[i]) != 0) {
			return true;
		}
	}
	return false;
}

void link_list_clear(struct link_list *list)
{
	struct link_table *table = list->table;
	if (table != NULL) {
		text_store_clear(&table->store);
		free(table->slots);
		free(table);
	}
	free(list->items);
	*list = (struct link_list){0};
}
