/* SPDX-License-Identifier: MIT */
/* url_table.c - from a hash to an index, open addressing */
#include "article/url_table.h"

#include <stdlib.h>

#include "base/alloc.h"

/* Where the hash stands, or the free place where it belongs. */
static size_t find_place(const uint64_t *hashes, size_t capacity, uint64_t hash)
{
	size_t at = (size_t)hash & (capacity - 1);
	while (hashes[at] != 0 && hashes[at] != hash) {
		at = (at + 1) & (capacity - 1);
	}
	return at;
}

static void grow(struct url_table *table)
{
	size_t capacity = table->capacity == 0 ? 256 : table->capacity * 2;
	uint64_t *hashes = ALLOC_ARRAY(uint64_t, capacity);
	uint32_t *values = ALLOC_ARRAY(uint32_t, capacity);
	for (size_t i = 0; i < table->capacity; i++) {
		if (table->hashes[i] != 0) {
			size_t at = find_place(hashes, capacity, table->hashes[i]);
			hashes[at] = table->hashes[i];
			values[at] = table->values[i];
		}
	}
	free(table->hashes);
	free(table->values);
	table->hashes = hashes;
	table->values = values;
	table->capacity = capacity;
}

uint32_t *url_table_slot(struct url_table *table, uint64_t hash, bool *is_new_out)
{
	if (table->count * 2 >= table->capacity) {
		grow(table);
	}
	size_t at = find_place(table->hashes, table->capacity, hash);
	*is_new_out = table->hashes[at] == 0;
	if (*is_new_out) {
		table->hashes[at] = hash;
		table->count++;
	}
	return &table->values[at];
}

uint32_t url_table_get(const struct url_table *table, uint64_t hash, uint32_t absent)
{
	size_t at = (size_t)hash & (table->capacity - 1);
	while (table->capacity > 0 && table->hashes[at] != 0) {
		if (table->hashes[at] == hash) {
			return table->values[at];
		}
		at = (at + 1) & (table->capacity - 1);
	}
	return absent;
}

bool url_table_has(const struct url_table *table, uint64_t hash)
{
	return url_table_get(table, hash, UINT32_MAX) != UINT32_MAX;
}

void url_table_clear(struct url_table *table)
{
	free(table->hashes);
	free(table->values);
}

/* FNV mixes its low bits poorly for short texts; the tables mask low bits. */
uint64_t url_table_hash(struct bytes text)
{
	uint64_t hash = bytes_hash(text);
	hash ^= hash >> 29;
	hash *= UINT64_C(0xbf58476d1ce4e5b9);
	hash ^= hash >> 32;
	return hash == 0 ? 1 : hash; /* 0 marks a free slot */
}
