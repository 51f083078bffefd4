/* SPDX-License-Identifier: MIT */
/* headers.c - a list of fields whose bytes live in a chain of blocks that never move */
#include "web/headers.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Blocks double: most heads are short, and those of many replies are held at once. */
#define BLOCK_MIN_BYTES ((size_t)1024)
#define BLOCK_MAX_BYTES ((size_t)4096)

struct block {
	struct block *next; /* owned */
	size_t used, size;
	char bytes[];
};

static void free_blocks(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

void headers_clear(struct headers *headers)
{
	free_blocks(headers->arena);
	free(headers->fields);
	*headers = (struct headers){0};
}

/* The newest block stays, which is one of the largest. */
void headers_reset(struct headers *headers)
{
	struct block *block = headers->arena;
	if (block != NULL) {
		free_blocks(TAKE(block->next));
		block->used = 0;
	}
	headers->count = 0;
}

/* Of the next block, when a text does not need a larger one. */
static size_t next_size(const struct block *newest)
{
	size_t size = newest == NULL ? BLOCK_MIN_BYTES : 2 * newest->size;
	return size < BLOCK_MAX_BYTES ? size : BLOCK_MAX_BYTES;
}

static struct bytes headers_keep(struct headers *headers, struct bytes b)
{
	struct block *block = headers->arena;
	if (b.len == 0) {
		return BYTES("");
	}
	if (block == NULL || block->size - block->used < b.len) {
		size_t usual = next_size(block);
		size_t size = b.len > usual ? b.len : usual;
		block = alloc_resize(NULL, 1, sizeof(*block) + size);
		*block = (struct block){.next = headers->arena, .size = size};
		headers->arena = block;
	}
	char *copy = block->bytes + block->used;
	memcpy(copy, b.ptr, b.len);
	block->used += b.len;
	return bytes_from(copy, b.len);
}

void headers_add(struct headers *headers, struct bytes name, struct bytes value)
{
	if (headers->count == headers->capacity) {
		size_t capacity = headers->capacity == 0 ? 16 : headers->capacity * 2;
		headers->fields = alloc_resize(headers->fields, capacity, sizeof(*headers->fields));
		headers->capacity = capacity;
	}
	struct header_field *field = &headers->fields[headers->count++];
	field->name = headers_keep(headers, name);
	field->value = headers_keep(headers, value);
}

bool headers_nth(const struct headers *headers, const char *name, size_t n, struct bytes *value_out)
{
	struct bytes wanted = bytes_of(name);
	for (size_t i = 0; i < headers->count; i++) {
		struct bytes found = headers->fields[i].name;
		if (found.len == wanted.len && bytes_equal_nocase(found, wanted) && n-- == 0) {
			*value_out = headers->fields[i].value;
			return true;
		}
	}
	return false;
}

struct bytes headers_first(const struct headers *headers, const char *name)
{
	struct bytes value = {NULL, 0};
	(void)headers_nth(headers, name, 0, &value);
	return value;
}

bool headers_has(const struct headers *headers, const char *name)
{
	struct bytes value;
	return headers_nth(headers, name, 0, &value);
}

size_t headers_count(const struct headers *headers, const char *name)
{
	struct bytes wanted = bytes_of(name);
	size_t count = 0;
	for (size_t i = 0; i < headers->count; i++) {
		count += bytes_equal_nocase(headers->fields[i].name, wanted) ? 1 : 0;
	}
	return count;
}
