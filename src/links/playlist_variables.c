/* SPDX-License-Identifier: MIT */
/* playlist_variables.c - a short table, looked up from its start */
#include "links/playlist_variables.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "web/percent.h"

struct playlist_variables {
	struct bytes query; /* borrowed */
	struct text_store store;
	struct {
		struct bytes name, value; /* in the store */
	} items[LIMIT_PLAYLIST_VARIABLES];
	size_t count;
	size_t filled; /* bytes made, kept or not: few short lines could ask for very many */
};

struct playlist_variables *playlist_variables_create(struct bytes query)
{
	struct playlist_variables *variables = ALLOC(struct playlist_variables);
	variables->query = query;
	return variables;
}

void playlist_variables_close(struct playlist_variables *variables)
{
	if (variables != NULL) {
		text_store_clear(&variables->store);
		free(variables);
	}
}

/* The value, or ptr NULL when the name is unknown. */
static struct bytes value_of(const struct playlist_variables *variables, struct bytes name)
{
	for (size_t i = 0; i < variables->count; i++) {
		if (bytes_equal(variables->items[i].name, name)) {
			return variables->items[i].value;
		}
	}
	return (struct bytes){0};
}

void playlist_variables_set(
	struct playlist_variables *variables, struct bytes name, struct bytes value)
{
	if (name.len == 0 || name.len > LIMIT_URL_BYTES ||
		variables->count == LIMIT_PLAYLIST_VARIABLES ||
		value_of(variables, name).ptr != NULL) {
		return;
	}
	variables->items[variables->count].name = text_store_keep(&variables->store, name);
	variables->items[variables->count].value = text_store_keep(&variables->store, value);
	variables->count++;
}

void playlist_variables_set_by_query(struct playlist_variables *variables, struct bytes name)
{
	struct bytes rest = bytes_slice(variables->query, 1, variables->query.len);
	struct bytes item;
	while (name.len > 0 && bytes_next_item(&rest, '&', &item)) {
		struct bytes key = item;
		struct bytes value = {0};
		(void)bytes_cut(item, '=', &key, &value);
		if (bytes_equal(key, name)) {
			SCOPED(buf_clear) struct buf decoded = buf_with_max(LIMIT_URL_BYTES);
			percent_decode(value, &decoded);
			playlist_variables_set(variables, name, buf_bytes(&decoded));
			return;
		}
	}
}

struct bytes playlist_variables_fill(
	struct playlist_variables *variables, struct bytes text, struct text_store *store)
{
	size_t open = bytes_find(text, BYTES("{$"), 0);
	if (open == SIZE_MAX) {
		return text;
	}
	if (variables->filled > LIMIT_DOCUMENT_BYTES) {
		return (struct bytes){0};
	}
	SCOPED(buf_clear) struct buf out = buf_with_max(LIMIT_URL_BYTES);
	size_t at = 0;
	for (; open != SIZE_MAX; open = bytes_find(text, BYTES("{$"), at)) {
		size_t close = bytes_find_char(text, '}', open);
		struct bytes value = value_of(variables, bytes_slice(text, open + 2, close));
		if (close == SIZE_MAX || value.ptr == NULL) {
			return (struct bytes){0};
		}
		buf_add(&out, bytes_slice(text, at, open));
		buf_add(&out, value);
		at = close + 1;
	}
	buf_add(&out, bytes_slice(text, at, text.len));
	variables->filled += out.len;
	if (buf_failed(&out)) {
		return (struct bytes){0};
	}
	return text_store_keep(store, buf_bytes(&out));
}
