/* SPDX-License-Identifier: MIT */
/* diff_test.c - changes are those of the shortest way, or said to be rough */
#include "base/alloc.h"
#include "base/diff.h"
#include "base/limits.h"
#include "unit.h"

#define SMALL_MAX 12

/* Numbers that are the same at each run. */
static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

/* Length of the longest common subsequence, by the table of all pairs. */
static size_t common_length(
	const uint64_t *before, size_t before_count, const uint64_t *after, size_t after_count)
{
	size_t table[SMALL_MAX + 1][SMALL_MAX + 1] = {{0}};
	for (size_t i = 1; i <= before_count; i++) {
		for (size_t j = 1; j <= after_count; j++) {
			size_t skip = table[i - 1][j] > table[i][j - 1] ? table[i - 1][j]
									: table[i][j - 1];
			table[i][j] =
				before[i - 1] == after[j - 1] ? table[i - 1][j - 1] + 1 : skip;
		}
	}
	return table[before_count][after_count];
}

/* What stands between the changes is the same on both sides, and nothing is left over. Gives the
 * number of edits. */
static size_t check_changes(const struct diff *diff, const uint64_t *before, size_t before_count,
	const uint64_t *after, size_t after_count)
{
	size_t i = 0;
	size_t j = 0;
	size_t edits = 0;
	for (size_t k = 0; k <= diff->count; k++) {
		const struct diff_change end = {.before = before_count, .after = after_count};
		const struct diff_change *change = k < diff->count ? &diff->changes[k] : &end;
		assert_true(k == 0 || k == diff->count || change->before > i);
		assert_int_equal(change->before - i, change->after - j);
		for (; i < change->before; i++, j++) {
			assert_int_equal(before[i], after[j]);
		}
		assert_true(k == diff->count || change->removed + change->added > 0);
		i += change->removed;
		j += change->added;
		edits += change->removed + change->added;
	}
	assert_int_equal(i, before_count);
	assert_int_equal(j, after_count);
	return edits;
}

TEST(finds_the_shortest_way)
{
	uint64_t seed = 1;
	for (int round = 0; round < 20000; round++) {
		uint64_t before[SMALL_MAX];
		uint64_t after[SMALL_MAX];
		size_t before_count = next_random(&seed) % (SMALL_MAX + 1);
		size_t after_count = next_random(&seed) % (SMALL_MAX + 1);
		uint64_t letters = 1 + next_random(&seed) % 5;
		for (size_t i = 0; i < SMALL_MAX; i++) {
			before[i] = next_random(&seed) % letters;
			after[i] = next_random(&seed) % letters;
		}
		struct diff diff = {0};
		diff_find(before, before_count, after, after_count, &diff);
		size_t edits = check_changes(&diff, before, before_count, after, after_count);
		size_t common = common_length(before, before_count, after, after_count);
		assert_int_equal(edits, before_count + after_count - 2 * common);
		assert_false(diff.is_rough);
		diff_clear(&diff);
	}
}

/* Numbers from `first` on. */
static uint64_t *count_up(size_t count, uint64_t first)
{
	uint64_t *items = ALLOC_ARRAY(uint64_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		items[i] = first + i;
	}
	return items;
}

TEST(gives_up_on_what_shares_nothing)
{
	enum { COUNT = 300000 };
	uint64_t *before = count_up(COUNT, 0);
	uint64_t *after = count_up(COUNT, COUNT);
	after[0] = before[0];
	after[COUNT - 1] = before[COUNT - 1];
	struct diff diff = {0};
	diff_find(before, COUNT, after, COUNT, &diff);
	assert_true(diff.is_rough);
	assert_int_equal(check_changes(&diff, before, COUNT, after, COUNT), 2 * (COUNT - 2));
	diff_clear(&diff);
	free(before);
	free(after);
}

TEST(stands_hostile_sequences)
{
	/* Two letters in other rhythms: paths that nearly agree everywhere. */
	enum { COUNT = 200000 };
	uint64_t *before = ALLOC_ARRAY(uint64_t, COUNT);
	uint64_t *after = ALLOC_ARRAY(uint64_t, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		before[i] = i % 2;
		after[i] = i % 3 == 0;
	}
	struct diff diff = {0};
	diff_find(before, COUNT, after, COUNT, &diff);
	(void)check_changes(&diff, before, COUNT, after, COUNT);
	diff_clear(&diff);
	diff_find(before, COUNT, before, COUNT, &diff);
	assert_int_equal(diff.count, 0);
	diff_clear(&diff);
	diff_find(before, COUNT, after, 0, &diff);
	assert_int_equal(check_changes(&diff, before, COUNT, after, 0), COUNT);
	assert_false(diff.is_rough);
	diff_clear(&diff);
	free(before);
	free(after);
}

TEST(finds_few_edits_in_long_sequences)
{
	enum { COUNT = 500000, EDITS = 400 };
	uint64_t *before = count_up(COUNT, 0);
	uint64_t *after = count_up(COUNT, 0);
	for (size_t i = 0; i < EDITS; i++) {
		after[i * (COUNT / EDITS)] = UINT64_MAX - i;
	}
	struct diff diff = {0};
	diff_find(before, COUNT, after, COUNT, &diff);
	assert_int_equal(check_changes(&diff, before, COUNT, after, COUNT), 2 * EDITS);
	assert_int_equal(diff.count, EDITS);
	assert_false(diff.is_rough);
	diff_clear(&diff);
	free(before);
	free(after);
}

RUN_TESTS(CASE(finds_the_shortest_way), CASE(gives_up_on_what_shares_nothing),
	CASE(stands_hostile_sequences), CASE(finds_few_edits_in_long_sequences))
