/* SPDX-License-Identifier: MIT */
/* seen_test.c - the table of known URLs */
#include "unit.h"

#include "crawl/seen.h"

/* Values of the reference implementation, for the key 00 01 .. 0f and texts 00 01 .. of these
 * lengths. */
TEST(the_hash_is_siphash_1_3)
{
	static const struct {
		size_t length;
		uint64_t hash;
	} cases[] = {{0, UINT64_C(0xabac0158050fc4dc)}, {1, UINT64_C(0xc9f49bf37d57ca93)},
		{8, UINT64_C(0x369095118d299a8e)}, {15, UINT64_C(0xd320d86d2a519956)},
		{63, UINT64_C(0x9d199062b7bbb3a8)}};
	unsigned char key[SEEN_KEY_BYTES];
	char text[64];
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = (char)i;
		key[i % SEEN_KEY_BYTES] = (unsigned char)(i % SEEN_KEY_BYTES);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(seen_hash(key, bytes_from(text, cases[i].length)) == cases[i].hash);
	}
	key[3] ^= 1;
	assert_true(seen_hash(key, bytes_from(text, 8)) != cases[2].hash);
}

static bool has_row(const struct seen *seen, uint64_t hash, uint32_t wanted)
{
	struct seen_search search = {0};
	for (uint32_t row = seen_next(seen, hash, &search); row != 0;
		row = seen_next(seen, hash, &search)) {
		if (row == wanted) {
			return true;
		}
	}
	return false;
}

static uint64_t hash_of(uint32_t number)
{
	static const unsigned char key[SEEN_KEY_BYTES] = {7};
	return seen_hash(key, bytes_from((const char *)&number, sizeof(number)));
}

TEST(every_row_is_found_and_few_others)
{
	enum { ROWS = 100000 };
	SCOPED(seen_closep) struct seen *seen = seen_create();
	for (uint32_t row = 1; row <= ROWS; row++) {
		if (seen_is_full(seen)) {
			uint64_t count = seen_count(seen);
			seen_grow(seen, count);
			assert_int_equal(seen_count(seen), 0);
			for (uint32_t again = 1; again <= count; again++) {
				seen_add(seen, hash_of(again), again);
			}
		}
		seen_add(seen, hash_of(row), row);
	}
	assert_int_equal(seen_count(seen), ROWS);
	size_t strangers = 0;
	for (uint32_t row = 1; row <= ROWS; row++) {
		assert_true(has_row(seen, hash_of(row), row));
		struct seen_search search = {0};
		strangers += seen_next(seen, hash_of(row + ROWS), &search) != 0;
	}
	assert_true(strangers < ROWS / 20);
}

TEST(equal_hashes_are_all_told)
{
	SCOPED(seen_closep) struct seen *seen = seen_create();
	for (uint32_t row = 1; row <= 50; row++) {
		seen_add(seen, UINT64_MAX, row);
	}
	for (uint32_t row = 1; row <= 50; row++) {
		assert_true(has_row(seen, UINT64_MAX, row));
	}
	struct seen_search search = {0};
	assert_int_equal(seen_next(seen, 0x0100000000000000, &search), 0);
}

RUN_TESTS(CASE(the_hash_is_siphash_1_3), CASE(every_row_is_found_and_few_others),
	CASE(equal_hashes_are_all_told))
