/* SPDX-License-Identifier: MIT */
/* seen.c - which rows of the state may have a URL
 *
 * Open addressing with linear steps, at most three quarters full. A place holds eight bits of the
 * hash, 0 when it is free, and the row. What a large table costs is the way to memory, so both
 * stand in one line of the cache, twelve places a line, and the lines in large pages. */
#include "crawl/seen.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/alloc.h"

#define LINE_BYTES ((size_t)64)
#define LINE_PLACES 12
#define LINES_MIN ((uint64_t)512)
/* Tables from this size on are in pages of this size, when the system has them. */
#define LARGE_PAGE_BYTES ((size_t)2 << 20)

struct line {
	uint32_t rows[LINE_PLACES];
	uint8_t tags[LINE_PLACES];
	uint8_t unused[LINE_BYTES - LINE_PLACES * 5];
};
static_assert(sizeof(struct line) == LINE_BYTES, "a line of the cache");

struct seen {
	void *memory;       /* owned */
	struct line *lines; /* in it, aligned */
	uint64_t places, count;
};

static void make_lines(struct seen *seen, uint64_t lines)
{
	size_t align = lines * LINE_BYTES < LARGE_PAGE_BYTES ? LINE_BYTES : LARGE_PAGE_BYTES;
	seen->places = lines * LINE_PLACES;
	seen->count = 0;
	seen->memory = alloc_zeroed(1, lines * LINE_BYTES + align);
	char *bytes = seen->memory;
	bytes += align - (uintptr_t)bytes % align;
	if (align == LARGE_PAGE_BYTES) {
		(void)madvise(bytes, lines * LINE_BYTES, MADV_HUGEPAGE);
	}
	seen->lines = (struct line *)(void *)bytes;
}

struct seen *seen_create(void)
{
	struct seen *seen = ALLOC(struct seen);
	make_lines(seen, LINES_MIN);
	return seen;
}

void seen_close(struct seen *seen)
{
	if (seen != NULL) {
		free(seen->memory);
		free(seen);
	}
}

static uint64_t rotate(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* Up to eight bytes, the first the lowest. */
static uint64_t little_endian(const unsigned char *bytes, size_t count)
{
	uint64_t value = 0;
	for (size_t i = 0; i < count; i++) {
		value |= (uint64_t)bytes[i] << (8 * i);
	}
	return value;
}

uint64_t seen_hash(const unsigned char key[SEEN_KEY_BYTES], struct bytes text)
{
	uint64_t k0 = little_endian(key, 8);
	uint64_t k1 = little_endian(key + 8, 8);
	uint64_t v[4] = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
	const unsigned char *at = (const unsigned char *)text.ptr;
	size_t left = text.len;
	for (; left >= 8; left -= 8, at += 8) {
		uint64_t word = little_endian(at, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	uint64_t last = little_endian(at, left) | ((uint64_t)text.len << 56);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The high bits choose the tag, the low half the place. */
static uint8_t tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);
	return tag == 0 ? 1 : tag;
}

static uint64_t place_of(const struct seen *seen, uint64_t hash)
{
	return ((hash & UINT32_MAX) * seen->places) >> 32;
}

static uint64_t next_place(const struct seen *seen, uint64_t at)
{
	return at + 1 == seen->places ? 0 : at + 1;
}

void seen_add(struct seen *seen, uint64_t hash, uint32_t row)
{
	assert(row > 0 && !seen_is_full(seen));
	uint64_t at = place_of(seen, hash);
	while (seen->lines[at / LINE_PLACES].tags[at % LINE_PLACES] != 0) {
		at = next_place(seen, at);
	}
	seen->lines[at / LINE_PLACES].tags[at % LINE_PLACES] = tag_of(hash);
	seen->lines[at / LINE_PLACES].rows[at % LINE_PLACES] = row;
	seen->count++;
}

bool seen_is_full(const struct seen *seen)
{
	return seen->count >= seen->places / 4 * 3;
}

void seen_grow(struct seen *seen, uint64_t rows)
{
	uint64_t lines = rows * 2 / LINE_PLACES;
	free(seen->memory);
	make_lines(seen, lines < LINES_MIN ? LINES_MIN : lines);
}

uint64_t seen_count(const struct seen *seen)
{
	return seen->count;
}

uint32_t seen_next(const struct seen *seen, uint64_t hash, struct seen_search *search)
{
	uint8_t tag = tag_of(hash);
	uint64_t at = search->steps == 0 ? place_of(seen, hash) : search->at;
	for (;;) {
		const struct line *line = &seen->lines[at / LINE_PLACES];
		uint64_t i = at % LINE_PLACES;
		if (line->tags[i] == 0) {
			return 0;
		}
		at = next_place(seen, at);
		if (line->tags[i] == tag) {
			search->steps++;
			search->at = at;
			return line->rows[i];
		}
	}
}
