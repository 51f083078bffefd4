/* SPDX-License-Identifier: MIT */
/* media_type_test.c - Content-Type values as servers write them */
#include "unit.h"

#include "web/media_type.h"

TEST(essence_and_charset_are_cut_out)
{
	static const struct {
		const char *value, *essence, *charset;
	} cases[] = {
		{"text/html; charset=utf-8", "text/html", "utf-8"},
		{" TEXT/HTML ;Charset=\"UTF-8\"; x=y", "TEXT/HTML", "UTF-8"},
		{"text/html;charset='gbk'", "text/html", "gbk"},
		{"text/html; a=\"b;charset=no\"; charset=yes", "text/html", "yes"},
		{"text/html; charset=; charset=x", "text/html", "x"},
		{"text/html; charset=\"\"", "text/html", ""},
		{"text/html, text/plain", "text/html", ""},
		{"text/html; charset=\"open", "text/html", "open"},
		{"text/", "", ""},
		{"html", "", ""},
		{"", "", ""},
		{"text /html", "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes value = bytes_of(cases[i].value);
		assert_true(bytes_equal(media_type_essence(value), bytes_of(cases[i].essence)));
		assert_true(bytes_equal(media_type_charset(value), bytes_of(cases[i].charset)));
	}
}

TEST(kinds_are_told_apart)
{
	assert_true(media_type_is_html(BYTES("application/xhtml+xml; charset=x")));
	assert_true(media_type_is_xml(BYTES("application/rss+xml")));
	assert_true(media_type_is_json(BYTES("application/ld+json")));
	assert_true(media_type_is_text(BYTES("application/x-mpegURL")));
	assert_true(media_type_is_text(BYTES("text/css")));
	assert_false(media_type_is_text(BYTES("image/png")));
	assert_false(media_type_is_xml(BYTES("+xml")));
	assert_false(media_type_is_html(BYTES("text/htmlx")));
	assert_true(media_type_is(BYTES("Image/PNG;a"), "image/png"));
}

RUN_TESTS(CASE(essence_and_charset_are_cut_out), CASE(kinds_are_told_apart))
