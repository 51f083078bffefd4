/* SPDX-License-Identifier: MIT */
/* base64_test.c - the vectors of RFC 4648 10, and what is no base64 */
#include "unit.h"

#include "base/base64.h"

TEST(the_vectors_of_the_rfc_go_both_ways)
{
	static const struct {
		const char *plain, *text;
	} rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf text = {0};
		struct buf plain = {0};
		base64_encode(bytes_of(rows[i].plain), &text);
		assert_string_equal(buf_text(&text), rows[i].text);
		assert_true(base64_decode(buf_bytes(&text), &plain));
		assert_string_equal(buf_text(&plain), rows[i].plain);
		buf_clear(&text);
		buf_clear(&plain);
	}
}

TEST(other_text_adds_nothing)
{
	static const char *const texts[] = {"Z", "Zm9vY", "Zm9 v", "Zm9*", "Zm=v"};
	struct buf out = {0};
	buf_add_text(&out, "kept");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(base64_decode(bytes_of(texts[i]), &out));
	}
	assert_false(base64_decode(bytes_from("Zm\0v", 4), &out));
	assert_string_equal(buf_text(&out), "kept");
	buf_clear(&out);
}

RUN_TESTS(CASE(the_vectors_of_the_rfc_go_both_ways), CASE(other_text_adds_nothing))
