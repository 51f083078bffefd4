/* SPDX-License-Identifier: MIT */
/* regex_test.c - regular expressions with a match limit */
#include "unit.h"

#include "base/regex.h"

TEST(matches_anywhere)
{
	struct flong_error err = {0};
	struct regex *regex = NULL;
	assert_int_equal(regex_compile("/(news|sport)/[0-9]+", &regex, &err), FLONG_OK);
	assert_true(regex_matches(regex, BYTES("https://a.example/news/12")));
	assert_false(regex_matches(regex, BYTES("https://a.example/news/x")));
	assert_false(regex_matches(regex, (struct bytes){NULL, 0}));
	regex_close(regex);
}

TEST(a_bad_pattern_is_named_with_its_place)
{
	struct flong_error err = {0};
	struct regex *regex = NULL;
	assert_int_equal(regex_compile("a(b", &regex, &err), FLONG_E_USAGE);
	assert_non_null(strstr(err.message, "'a(b'"));
	assert_non_null(strstr(err.message, "character 3"));
	assert_null(regex);
}

TEST(a_match_without_end_is_no_match)
{
	struct flong_error err = {0};
	struct regex *regex = NULL;
	char text[64];
	memset(text, 'a', sizeof(text));
	assert_int_equal(regex_compile("^(a+)+$.", &regex, &err), FLONG_OK);
	assert_false(regex_matches(regex, bytes_from(text, sizeof(text))));
	regex_close(regex);
}

RUN_TESTS(CASE(matches_anywhere), CASE(a_bad_pattern_is_named_with_its_place),
	CASE(a_match_without_end_is_no_match))
