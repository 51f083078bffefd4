/* SPDX-License-Identifier: MIT */
/* text_store.c - chunks that are filled one after the other and never move */
#include "links/text_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define CHUNK_BYTES ((size_t)16 << 10)

struct text_chunk {
	struct text_chunk *next;
	size_t used;
	size_t size;
	char text[];
};

static struct text_chunk *chunk_open(struct text_store *store, size_t least)
{
	size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
	struct text_chunk *chunk = alloc_resize(NULL, 1, sizeof(*chunk) + size);
	*chunk = (struct text_chunk){.size = size};
	/* A text of its own size goes behind the chunk being filled, which has room left. */
	if (least > CHUNK_BYTES && store->head != NULL) {
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
