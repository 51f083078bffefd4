/* SPDX-License-Identifier: MIT */
/* bytes_test.c - looking at borrowed bytes */
#include "unit.h"

#include "base/bytes.h"

TEST(numbers_are_only_digits_within_the_maximum)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool ok;
		uint64_t number;
	} cases[] = {
		{"0", 10, true, 0},
		{"007", 10, true, 7},
		{"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, false, 0},
		{"11", 10, false, 0},
		{"", 10, false, 0},
		{"+5", 10, false, 0},
		{"-1", 10, false, 0},
		{" 1", 10, false, 0},
		{"1a", 10, false, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t number = 99;
		assert_int_equal(
			bytes_to_u64(bytes_of(cases[i].text), cases[i].max, &number), cases[i].ok);
		if (cases[i].ok) {
			assert_true(number == cases[i].number);
		} else {
			assert_int_equal(number, 99);
		}
	}
}

TEST(hexadecimal_numbers_take_both_cases)
{
	uint64_t number = 0;
	assert_true(bytes_hex_to_u64(BYTES("aF"), 255, &number));
	assert_int_equal(number, 175);
	assert_false(bytes_hex_to_u64(BYTES("100"), 255, &number));
	assert_false(bytes_hex_to_u64(BYTES("0x1"), 255, &number));
}

TEST(lines_end_with_lf_or_crlf_and_the_last_may_lack_it)
{
	struct bytes rest = BYTES("a\r\n\nb\rc\nd");
	struct bytes line;
	assert_true(bytes_next_line(&rest, &line));
	assert_bytes(line, "a");
	assert_true(bytes_next_line(&rest, &line));
	assert_bytes(line, "");
	assert_true(bytes_next_line(&rest, &line));
	assert_bytes(line, "b\rc");
	assert_true(bytes_next_line(&rest, &line));
	assert_bytes(line, "d");
	assert_false(bytes_next_line(&rest, &line));
}

TEST(finds_at_the_edges)
{
	assert_int_equal(bytes_find(BYTES("abcabc"), BYTES("bc"), 2), 4);
	assert_true(bytes_find(BYTES("ab"), BYTES("abc"), 0) == SIZE_MAX);
	assert_int_equal(bytes_find(BYTES("aaaab"), BYTES("aab"), 1), 2);
	assert_true(bytes_find(BYTES("aaaab"), BYTES("aab"), 3) == SIZE_MAX);
	assert_true(bytes_find(BYTES("aaaa"), BYTES("ab"), 0) == SIZE_MAX);
	assert_int_equal(bytes_find(BYTES("ab"), BYTES(""), 2), 2);
	assert_int_equal(bytes_find_nocase(BYTES("xxAbC"), BYTES("abc"), 0), 2);
	assert_int_equal(bytes_find_last_char(BYTES("a/b/c"), '/'), 3);
	assert_true(bytes_find_char((struct bytes){NULL, 0}, 'x', 0) == SIZE_MAX);
}

TEST(cut_leaves_outputs_alone_without_separator)
{
	struct bytes before = BYTES("x");
	struct bytes after = BYTES("y");
	assert_false(bytes_cut(BYTES("abc"), ':', &before, &after));
	assert_bytes(before, "x");
	assert_true(bytes_cut(BYTES("a:b:c"), ':', &before, &after));
	assert_bytes(before, "a");
	assert_bytes(after, "b:c");
}

TEST(order_is_bytewise_and_prefix_first)
{
	assert_true(bytes_compare(BYTES("a"), BYTES("ab")) < 0);
	assert_true(bytes_compare(BYTES("\xff"), BYTES("a")) > 0);
	assert_int_equal(bytes_compare(BYTES(""), BYTES("")), 0);
}

TEST(a_name_is_told_by_its_letters_alone)
{
	assert_true(bytes_is_name(BYTES("br"), "br"));
	assert_true(bytes_is_name(BYTES("Br"), "br"));
	assert_true(bytes_is_name(BYTES(""), ""));
	assert_false(bytes_is_name(BYTES(""), "br"));
	assert_false(bytes_is_name(BYTES("b"), "br"));
	assert_false(bytes_is_name(BYTES("br"), "b"));
	assert_false(bytes_is_name(BYTES("br\0"), "br"));
	assert_false(bytes_is_name(BYTES("br\0x"), "br"));
	assert_false(bytes_is_name(BYTES("b\x12"), "b2"));
}

RUN_TESTS(CASE(a_name_is_told_by_its_letters_alone),
	CASE(numbers_are_only_digits_within_the_maximum), CASE(hexadecimal_numbers_take_both_cases),
	CASE(lines_end_with_lf_or_crlf_and_the_last_may_lack_it), CASE(finds_at_the_edges),
	CASE(cut_leaves_outputs_alone_without_separator), CASE(order_is_bytewise_and_prefix_first))
