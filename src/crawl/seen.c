/* SPDX-License-Identifier: MIT */
/* seen.c - which rows of the state may have a URL
 *
 * Open addressing with linear steps, at most three quarters full. A place holds eight bits of the
 * hash, 0 when it is free, and the row. The eight bits are looked at first: one line of the cache
 * has those of 64 places. */
#include "crawl/seen.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"

#define PLACES_MIN ((uint64_t)4096)

struct seen {
	uint8_t *tags;  /* owned: `places` of them */
	uint32_t *rows; /* owned */
	uint64_t places, count;
};

static void make_places(struct seen *seen, uint64_t places)
{
	seen->places = places;
	seen->count = 0;
	seen->tags = ALLOC_ARRAY(uint8_t, places);
	seen->rows = ALLOC_ARRAY(uint32_t, places);
}

struct seen *seen_create(void)
{
	struct seen *seen = ALLOC(struct seen);
	make_places(seen, PLACES_MIN);
	return seen;
}

void seen_close(struct seen *seen)
{
	if (seen != NULL) {
		free(seen->tags);
		free(seen->rows);
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

/* The high bits choose the tag, the low ones the place. */
static uint8_t tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);
	return tag == 0 ? 1 : tag;
}

void seen_add(struct seen *seen, uint64_t hash, uint32_t row)
{
	assert(row > 0 && !seen_is_full(seen));
	uint64_t at = hash & (seen->places - 1);
	while (seen->tags[at] != 0) {
		at = (at + 1) & (seen->places - 1);
	}
	seen->tags[at] = tag_of(hash);
	seen->rows[at] = row;
	seen->count++;
}

bool seen_is_full(const struct seen *seen)
{
	return seen->count >= seen->places / 4 * 3;
}

void seen_grow(struct seen *seen, uint64_t rows)
{
	uint64_t places = PLACES_MIN;
	while (places / 4 * 3 <= rows) {
		places *= 2;
	}
	free(seen->tags);
	free(seen->rows);
	make_places(seen, places);
}

uint64_t seen_count(const struct seen *seen)
{
	return seen->count;
}

uint32_t seen_next(const struct seen *seen, uint64_t hash, struct seen_search *search)
{
	uint8_t tag = tag_of(hash);
	for (;;) {
		uint64_t at = (hash + search->steps) & (seen->places - 1);
		if (seen->tags[at] == 0) {
			return 0;
		}
		search->steps++;
		if (seen->tags[at] == tag) {
			return seen->rows[at];
		}
	}
}
