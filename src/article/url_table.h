/* SPDX-License-Identifier: MIT */
/* url_table.h - from the hash of a text to an index: which candidate a link belongs to
 *
 * Equal hashes count as equal texts: a page that makes 64-bit hashes collide only confuses its own
 * links. */
#ifndef ARTICLE_URL_TABLE_H
#define ARTICLE_URL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Zeroed is valid. */
struct url_table {
	uint64_t *hashes; /* owned; 0 is free */
	uint32_t *values; /* owned */
	size_t capacity;
	size_t count;
};

/* A well mixed hash that is never 0. */
uint64_t url_table_hash(struct bytes text);
/* The value of `hash`, added as 0 when it is not there. Valid until the next addition. */
uint32_t *url_table_slot(struct url_table *table, uint64_t hash, bool *is_new_out);
/* The value of `hash`, or `absent`. */
uint32_t url_table_get(const struct url_table *table, uint64_t hash, uint32_t absent);
/* Whether it is there; values are below UINT32_MAX. */
bool url_table_has(const struct url_table *table, uint64_t hash);
void url_table_clear(struct url_table *table);

#endif
