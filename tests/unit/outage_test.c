/* SPDX-License-Identifier: MIT */
/* outage_test.c - when the network is what failed */
#include "unit.h"

#include "crawl/outage.h"

/* What `count` failures in a row of one origin change; the last answer is told. */
static enum outage_change fail_with(
	struct outage *outage, uint64_t origin, bool is_known, int count, int64_t now_ms)
{
	enum outage_change change = OUTAGE_NONE;
	for (int i = 0; i < count; i++) {
		change = outage_failed(outage, origin, is_known, 5, now_ms);
	}
	return change;
}

TEST(one_host_that_is_gone_is_no_outage)
{
	struct outage outage = {0};
	assert_int_equal(fail_with(&outage, 1, true, 100, 1000), OUTAGE_NONE);
	assert_false(outage_lasts(&outage));
}

TEST(two_hosts_that_had_answered_are_one)
{
	struct outage outage = {0};
	assert_int_equal(fail_with(&outage, 1, true, 4, 1000), OUTAGE_NONE);
	assert_int_equal(fail_with(&outage, 2, true, 1, 1000), OUTAGE_BEGINS);
	assert_int_equal(fail_with(&outage, 2, true, 1, 1001), OUTAGE_LASTS);
	assert_true(outage_lasts(&outage));
	assert_int_equal(outage_replied(&outage, 4000), 3000);
	assert_false(outage_lasts(&outage));
	assert_int_equal(outage_replied(&outage, 5000), -1);
}

TEST(a_reply_in_between_begins_anew)
{
	struct outage outage = {0};
	assert_int_equal(fail_with(&outage, 1, true, 4, 1000), OUTAGE_NONE);
	assert_int_equal(outage_replied(&outage, 1000), -1);
	assert_int_equal(fail_with(&outage, 2, true, 4, 1000), OUTAGE_NONE);
}

TEST(dead_hosts_of_a_page_are_none)
{
	struct outage outage = {0};
	for (uint64_t origin = 1; origin < LIMIT_OUTAGE_ORIGINS; origin++) {
		assert_int_equal(fail_with(&outage, origin, false, 4, 1000), OUTAGE_NONE);
	}
	/* So many look like one; when nothing changes, it was none. */
	assert_int_equal(fail_with(&outage, LIMIT_OUTAGE_ORIGINS, false, 1, 2000), OUTAGE_BEGINS);
	assert_int_equal(fail_with(&outage, 1, false, 1, 2000 + 59999), OUTAGE_LASTS);
	assert_int_equal(fail_with(&outage, 1, false, 1, 2000 + 60000), OUTAGE_NONE);
	assert_int_equal(fail_with(&outage, 999, false, 50, 2000 + 60000), OUTAGE_NONE);
	assert_false(outage_lasts(&outage));
}

TEST(the_only_host_gets_a_minute)
{
	struct outage outage = {0};
	for (int i = 0; i < 4; i++) {
		assert_int_equal(outage_failed(&outage, 1, true, 1, 1000), OUTAGE_NONE);
	}
	assert_int_equal(outage_failed(&outage, 1, true, 1, 1000), OUTAGE_BEGINS);
	assert_int_equal(outage_failed(&outage, 1, true, 1, 60999), OUTAGE_LASTS);
	assert_int_equal(outage_failed(&outage, 1, true, 1, 61000), OUTAGE_NONE);
}

TEST(an_outage_of_ten_minutes_is_endless)
{
	struct outage outage = {0};
	(void)fail_with(&outage, 1, true, 4, 1000);
	assert_int_equal(fail_with(&outage, 2, true, 1, 1000), OUTAGE_BEGINS);
	assert_int_equal(fail_with(&outage, 1, true, 1, 600999), OUTAGE_LASTS);
	assert_int_equal(fail_with(&outage, 1, true, 1, 601000), OUTAGE_ENDLESS);
}

TEST(one_fetch_at_a_time_tries)
{
	struct outage outage = {0};
	static const int64_t waits[] = {1000, 2000, 4000, 8000, 10000, 10000};
	(void)fail_with(&outage, 1, true, 4, 1000);
	(void)fail_with(&outage, 2, true, 1, 1000);
	int64_t now_ms = 1000;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		assert_int_equal(outage_wait_ms(&outage, now_ms), waits[i]);
		now_ms += waits[i];
		assert_int_equal(outage_wait_ms(&outage, now_ms), 0);
		outage_probed(&outage, now_ms);
	}
}

RUN_TESTS(CASE(one_host_that_is_gone_is_no_outage), CASE(two_hosts_that_had_answered_are_one),
	CASE(a_reply_in_between_begins_anew), CASE(dead_hosts_of_a_page_are_none),
	CASE(the_only_host_gets_a_minute), CASE(an_outage_of_ten_minutes_is_endless),
	CASE(one_fetch_at_a_time_tries))
