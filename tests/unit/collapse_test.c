/* SPDX-License-Identifier: MIT */
/* collapse_test.c - white space as one space, and the same for every length and place */
#include "unit.h"

#include "article/collapse.h"

static void check(const char *text, bool space_before, const char *expected, bool space_after)
{
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(collapse_add(&out, bytes_of(text), space_before), space_after);
	assert_string_equal(buf_text(&out), expected);
}

TEST(runs_of_white_space_become_one_space)
{
	check("", false, "", false);
	check("", true, "", true);
	check("one two", false, "one two", false);
	check(" one \t\n two ", false, " one two", true);
	check("one", true, " one", false);
	check("one\xc2\xa0\xc2\xa0two \xc2\xa0three", false, "one two three", false);
	check("\xc2\xa9 one \xc2\xb7 two\xc2\xa9", false, "\xc2\xa9 one \xc2\xb7 two\xc2\xa9",
		false);
	check("a long sentence of words  with two spaces in the middle, and at its end  ", false,
		"a long sentence of words with two spaces in the middle, and at its end", true);
}

/* The plain way, character by character. */
static bool collapse_plainly(struct buf *out, struct bytes text)
{
	bool space = false;
	for (size_t i = 0; i < text.len; i++) {
		if (char_is_space(text.ptr[i])) {
			space = true;
		} else if (text.ptr[i] == '\xc2' && i + 1 < text.len && text.ptr[i + 1] == '\xa0') {
			space = true;
			i++;
		} else {
			if (space) {
				buf_add_char(out, ' ');
			}
			space = false;
			buf_add_char(out, text.ptr[i]);
		}
	}
	return space;
}

TEST(every_short_text_is_as_when_read_character_by_character)
{
	static const char alphabet[] = "aaaaaaaaaaaab     \t\n\xc2\xa0\x01\xe2";
	unsigned random = 1;
	for (int round = 0; round < 60000; round++) {
		char text[48];
		random = random * 1103515245u + 12345u;
		size_t length = (random >> 16) % sizeof(text);
		for (size_t i = 0; i < length; i++) {
			random = random * 1103515245u + 12345u;
			text[i] = alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		SCOPED(buf_clear) struct buf expected = {0};
		SCOPED(buf_clear) struct buf got = {0};
		bool space = collapse_plainly(&expected, bytes_from(text, length));
		assert_int_equal(collapse_add(&got, bytes_from(text, length), false), space);
		assert_int_equal(got.len, expected.len);
		if (got.len > 0) {
			assert_memory_equal(got.ptr, expected.ptr, got.len);
		}
	}
}

RUN_TESTS(CASE(runs_of_white_space_become_one_space),
	CASE(every_short_text_is_as_when_read_character_by_character))
