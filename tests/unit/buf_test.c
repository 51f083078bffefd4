/* SPDX-License-Identifier: MIT */
/* buf_test.c - growing output with a limit */
#include "unit.h"

#include "base/buf.h"

TEST(an_addition_over_the_limit_adds_nothing_and_is_remembered)
{
	struct buf buf = buf_with_max(4);
	buf_add_text(&buf, "abc");
	buf_add_text(&buf, "de");
	assert_true(buf_failed(&buf));
	assert_bytes(buf_bytes(&buf), "abc");
	buf_add_char(&buf, 'x');
	assert_bytes(buf_bytes(&buf), "abc");
	buf_reset(&buf);
	buf_add_text(&buf, "wxyz");
	assert_false(buf_failed(&buf));
	assert_string_equal(buf_text(&buf), "wxyz");
	buf_clear(&buf);
}

TEST(formats_and_numbers)
{
	struct buf buf = {0};
	buf_add_u64(&buf, 0);
	buf_addf(&buf, "-%d-", 42);
	buf_add_u64(&buf, UINT64_MAX);
	assert_string_equal(buf_text(&buf), "0-42-18446744073709551615");
	char *text = buf_take(&buf);
	assert_string_equal(text, "0-42-18446744073709551615");
	assert_string_equal(buf_text(&buf), "");
	free(text);
}

TEST(a_cleared_buffer_is_usable)
{
	struct buf buf = {0};
	buf_add_text(&buf, "a");
	buf_clear(&buf);
	assert_int_equal(buf.len, 0);
	buf_add_text(&buf, "b");
	assert_bytes(buf_bytes(&buf), "b");
	buf_clear(&buf);
}

TEST(a_copy_takes_no_more_than_its_length)
{
	static const char page[10000];
	struct buf buf = {0};
	buf_add(&buf, bytes_from(page, sizeof(page)));
	assert_int_equal(buf.cap, sizeof(page) + 1);
	buf_add_char(&buf, 'x'); /* what comes again will come often */
	assert_true(buf.cap >= sizeof(page) + sizeof(page) / 2);
	buf_clear(&buf);
}

RUN_TESTS(CASE(an_addition_over_the_limit_adds_nothing_and_is_remembered),
	CASE(formats_and_numbers), CASE(a_cleared_buffer_is_usable),
	CASE(a_copy_takes_no_more_than_its_length))
