/* SPDX-License-Identifier: MIT */
/* text_store.c - chunks that are filled one after the other and never move */
#include "links/text_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Chunks double: most documents have few links, and many documents wait at once. */
#define CHUNK_MIN_BYTES ((size_t)1 << 10)
#define CHUNK_MAX_BYTES ((size_t)16 << 10)

struct text_chunk {
	struct text_chunk *next;
	size_t used;
	size_t size;
	char text[];
};

/* Of the next chunk, when a text does not need a larger one. */
static size_t next_size(const struct text_store *store)
{
	size_t size = store->head == NULL ? CHUNK_MIN_BYTES : 2 * store->head->size;
	return size < CHUNK_MAX_BYTES ? size : CHUNK_MAX_BYTES;
}

static struct text_chunk *chunk_open(struct text_store *store, size_t least)
{
	size_t usual = next_size(store);
	size_t size = least > usual ? least : usual;
	struct text_chunk *chunk = alloc_resize(NULL, 1, sizeof(*chunk) + size);
	*chunk = (struct text_chunk){.size = size};
	/* A text of its own size goes behind the chunk being filled, which has room left. */
	if (least > usual && store->head != NULL) {
		chunk->next = store->head->next;
		store->head->next = chunk;
	} else {
		chunk->next = store->head;
		store->head = chunk;
	}
	return chunk;
}

struct bytes text_store_keep(struct text_store *store, struct bytes text)
{
	struct text_chunk *chunk = store->head;
	if (chunk == NULL || chunk->size - chunk->used < text.len + 1) {
		chunk = chunk_open(store, text.len + 1);
	}
	char *copy = chunk->text + chunk->used;
	if (text.len > 0) {
		memcpy(copy, text.ptr, text.len);
	}
	copy[text.len] = '\0';
	chunk->used += text.len + 1;
	store->bytes += text.len;
	return bytes_from(copy, text.len);
}

void text_store_clear(struct text_store *store)
{
	while (store->head != NULL) {
		struct text_chunk *chunk = store->head;
		store->head = chunk->next;
		free(chunk);
	}
	store->bytes = 0;
}
