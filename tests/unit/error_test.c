/* SPDX-License-Identifier: MIT */
/* error_test.c - one sentence about what went wrong */
#include "unit.h"

#include <errno.h>

#include "base/error.h"

TEST(context_stands_in_front_of_the_cause)
{
	struct flong_error err = {0};
	assert_int_equal(error_set(&err, FLONG_E_FORMAT, "length '%s' is not a number", "12x"),
		FLONG_E_FORMAT);
	assert_int_equal(error_context(&err, "record at offset %d", 7), FLONG_E_FORMAT);
	assert_string_equal(err.message, "record at offset 7: length '12x' is not a number");
}

TEST(control_bytes_are_not_printed)
{
	struct flong_error err = {0};
	(void)error_set(&err, FLONG_E_FORMAT, "bad '%s'", "a\r\n\033[31mb");
	assert_string_equal(err.message, "bad 'a???[31mb'");
}

TEST(a_long_context_is_cut_and_the_cause_stays)
{
	struct flong_error err = {0};
	char context[2 * FLONG_ERROR_MAX];
	memset(context, 'c', sizeof(context) - 1);
	context[sizeof(context) - 1] = '\0';
	(void)error_set(&err, FLONG_E_IO, "the cause");
	(void)error_context(&err, "%s", context);
	assert_int_equal(strlen(err.message), FLONG_ERROR_MAX - 1);
	assert_string_equal(err.message + FLONG_ERROR_MAX - 1 - strlen("the cause"), "the cause");
}

TEST(errno_is_said_in_words)
{
	struct flong_error err = {0};
	assert_int_equal(error_set_errno(&err, FLONG_E_IO, ENOENT, "x.warc"), FLONG_E_IO);
	assert_string_equal(err.message, "x.warc: No such file or directory");
}

RUN_TESTS(CASE(context_stands_in_front_of_the_cause), CASE(control_bytes_are_not_printed),
	CASE(a_long_context_is_cut_and_the_cause_stays), CASE(errno_is_said_in_words))
