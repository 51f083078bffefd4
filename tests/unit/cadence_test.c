/* SPDX-License-Identifier: MIT */
/* cadence_test.c - when a story is due again */
#include "unit.h"

#include "crawl/cadence.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Any moment. */
#define NOW (INT64_C(1795000000) * 1000)

static const struct cadence steps = {
	.steps = {{HOUR, DAY}, {6 * HOUR, 7 * DAY}, {DAY, 30 * DAY}}, .count = 3};

/* Whether a story of this age, captured so long ago, is due. */
static bool is_due(int64_t age_ms, int64_t ago_ms, uint64_t unchanged)
{
	const struct cadence_story story = {
		.born_ms = NOW - age_ms, .last_ms = NOW - ago_ms, .unchanged = unchanged};
	return cadence_is_due(&steps, &story, NOW);
}

TEST(young_stories_are_due_often_and_old_ones_rarely)
{
	assert_true(is_due(3 * HOUR, HOUR, 1));
	assert_false(is_due(3 * HOUR, 30 * MINUTE, 1));
	assert_false(is_due(2 * DAY, HOUR, 1));
	assert_true(is_due(2 * DAY, 6 * HOUR, 1));
	assert_false(is_due(10 * DAY, 6 * HOUR, 1));
	assert_true(is_due(10 * DAY, DAY, 1));
}

TEST(the_last_age_is_the_end)
{
	assert_true(is_due(29 * DAY, 2 * DAY, 1));
	assert_false(is_due(31 * DAY, 20 * DAY, 1));
}

TEST(a_stable_story_is_not_due_once_it_is_older_than_the_first_step)
{
	assert_true(is_due(3 * HOUR, HOUR, 50));
	assert_true(is_due(2 * DAY, 6 * HOUR, CADENCE_STABLE - 1));
	assert_false(is_due(2 * DAY, 6 * HOUR, CADENCE_STABLE));
}

TEST(a_run_that_is_a_little_early_takes_what_is_nearly_due)
{
	assert_true(is_due(3 * HOUR, 55 * MINUTE, 1));
	assert_false(is_due(3 * HOUR, 53 * MINUTE, 1));
}

TEST(a_capture_in_the_future_does_not_put_a_story_off)
{
	assert_true(is_due(3 * HOUR, -300 * DAY, 1));
}

TEST(without_steps_everything_is_due)
{
	const struct cadence none = {.count = 0};
	const struct cadence_story story = {.born_ms = 0, .last_ms = NOW, .unchanged = 99};
	assert_true(cadence_is_due(&none, &story, NOW));
}

TEST(one_interval_makes_a_whole_cadence)
{
	struct cadence cadence = cadence_of(15 * MINUTE);
	assert_int_equal(cadence.count, 3);
	assert_int_equal(cadence.steps[0].interval_ms, 15 * MINUTE);
	assert_int_equal(cadence.steps[0].until_ms, DAY);
	assert_int_equal(cadence.steps[1].interval_ms, 6 * HOUR);
	assert_int_equal(cadence.steps[2].interval_ms, DAY);
	cadence = cadence_of(2 * DAY);
	assert_int_equal(cadence.steps[1].interval_ms, 12 * DAY);
	assert_int_equal(cadence.steps[2].interval_ms, 2 * DAY);
}

RUN_TESTS(CASE(young_stories_are_due_often_and_old_ones_rarely), CASE(the_last_age_is_the_end),
	CASE(a_stable_story_is_not_due_once_it_is_older_than_the_first_step),
	CASE(a_run_that_is_a_little_early_takes_what_is_nearly_due),
	CASE(a_capture_in_the_future_does_not_put_a_story_off),
	CASE(without_steps_everything_is_due), CASE(one_interval_makes_a_whole_cadence))
