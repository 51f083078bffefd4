/* SPDX-License-Identifier: MIT */
/* charset_test.c - encodings decided and undone */
#include "unit.h"

#include <sys/resource.h>

#include "base/buf.h"
#include "web/charset.h"
#include "web/idna.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

TEST(the_strongest_sign_decides)
{
	static const struct {
		const char *document, *http;
		enum charset_kind kind;
		const char *fallback, *charset;
	} cases[] = {
		{"\xef\xbb\xbf<meta charset=gbk>", "big5", CHARSET_HTML, NULL, "utf-8"},
		{"\xff\xfe", "big5", CHARSET_TEXT, NULL, "utf-16le"},
		{"<meta charset=gbk>", "big5", CHARSET_HTML, NULL, "big5"},
		{"<meta charset=gbk>", "nonsense", CHARSET_HTML, NULL, "gbk"},
		{"<meta charset=gbk>", "", CHARSET_HTML, "koi8-r", "gbk"},
		{"<p>", "", CHARSET_HTML, "koi8-r", "koi8-r"},
		{"<p>", "", CHARSET_HTML, NULL, "windows-1252"},
		{"<?xml version='1.0' encoding = 'ISO-8859-2'?>", "", CHARSET_XML, NULL,
			"iso-8859-2"},
		{"<?xml version='1.0' encoding='big5'?><html>", "", CHARSET_HTML, NULL, "big5"},
		{"<?xml version='1.0'?>", "", CHARSET_XML, NULL, "utf-8"},
		{"@charset \"euc-kr\";", "", CHARSET_CSS, NULL, "euc-kr"},
		{"@charset 'euc-kr';", "", CHARSET_CSS, NULL, "utf-8"},
		{"@charset \"utf-16\";", "", CHARSET_CSS, NULL, "utf-8"},
		{"\xc3\xa4", "", CHARSET_TEXT, NULL, "utf-8"},
		{"\xe4", "", CHARSET_TEXT, NULL, "windows-1252"},
		{"", " Latin1 ", CHARSET_TEXT, NULL, "windows-1252"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(
			charset_detect(bytes_of(cases[i].document), bytes_of(cases[i].http),
				cases[i].kind, cases[i].fallback),
			cases[i].charset);
	}
}

TEST(a_declaration_behind_many_scripts_counts)
{
	SCOPED(buf_clear) struct buf page = {0};
	for (size_t i = 0; i < 20000; i++) {
		buf_add_text(&page, "<script></script>");
	}
	buf_add_text(&page, "<meta charset=koi8-r>");
	assert_string_equal(
		charset_detect(buf_bytes(&page), BYTES(""), CHARSET_HTML, NULL), "koi8-r");
}

TEST(text_becomes_valid_utf8)
{
	static const struct {
		const char *charset, *document, *text;
	} cases[] = {
		{"utf-8",
			"\xef\xbb\xbf"
			"a\xff\xe2\x82z\xed\xa0\x80",
			"a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"windows-1252", "\x80\x81\xe4", "\xe2\x82\xac\xc2\x81\xc3\xa4"},
		{"iso-8859-6", "a\xa1", "a\xef\xbf\xbd"},
		{"koi8-r", "\xf0", "\xd0\x9f"},
		{"koi8-u", "\xae\xa4", "\xd1\x9e\xd1\x94"},
		{"koi8-u", "\x93", "\xe2\x8c\xa0"},
		{"macintosh", "\xdb", "\xe2\x82\xac"},
		{"gbk", "\x80\xc4\xe3<\xc4<", "\xe2\x82\xac\xe4\xbd\xa0<\xef\xbf\xbd<"},
		{"gb18030",
			"\x81\x30\x81\x30"
			"\x81\x30",
			"\xc2\x80\xef\xbf\xbd"},
		{"big5", "\xa7\x41\x88\x62\xff", "\xe4\xbd\xa0\xc3\x8a\xcc\x84\xef\xbf\xbd"},
		{"euc-kr", "\xb0\xa1\xb0", "\xea\xb0\x80\xef\xbf\xbd"},
		{"shift_jis", "\x82\xa0\xb1\x5c\x81<", "\xe3\x81\x82\xef\xbd\xb1\\\xef\xbf\xbd<"},
		{"euc-jp", "\xa4\xa2\x8e\xb1\x8f\xb0\xa1", "\xe3\x81\x82\xef\xbd\xb1\xe4\xb8\x82"},
		{"iso-2022-jp", "a\x1b$B$\"\x1b(Bb",
			"a\xe3\x81\x82"
			"b"},
		{"replacement", "abc", "\xef\xbf\xbd"},
		{"x-user-defined", "a\x80", "a\xef\x9e\x80"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(buf_clear) struct buf out = {0};
		charset_decode(bytes_of(cases[i].document), cases[i].charset, &out);
		assert_string_equal(buf_text(&out), cases[i].text);
	}
}

TEST(utf16_has_two_orders_and_surrogates)
{
	SCOPED(buf_clear) struct buf out = {0};
	charset_decode(BYTES("\xff\xfe"
			     "a\0\x3d\xd8\x00\xde\x00\xd8"),
		"utf-16le", &out);
	assert_bytes(buf_bytes(&out), "a\xf0\x9f\x98\x80\xef\xbf\xbd");
	buf_reset(&out);
	charset_decode(BYTES("\0a\xd8\x3d\xde\x00\0"), "utf-16be", &out);
	assert_bytes(buf_bytes(&out), "a\xf0\x9f\x98\x80\xef\xbf\xbd");
}

TEST(labels_are_names_of_encodings)
{
	assert_string_equal(charset_from_label(BYTES(" UTF8\n")), "utf-8");
	assert_string_equal(charset_from_label(BYTES("ascii")), "windows-1252");
	assert_null(charset_from_label(BYTES("utf-7")));
	assert_null(charset_from_label(BYTES("")));
	assert_null(charset_from_label(BYTES("utf-8 utf8")));
}

TEST(nothing_is_opened_once_preloaded)
{
	SCOPED(buf_clear) struct buf out = {0};
	SCOPED(charset_preload_closep) struct charset_preload *preload = charset_preload_create();
	assert_non_null(preload);
	struct rlimit saved;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &saved), 0);
	struct rlimit none = {0, saved.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	charset_decode(BYTES("\xb0\xa1"), "gbk", &out);
	charset_decode(BYTES("\xb0\xa1"), "euc-kr", &out);
	charset_decode(BYTES("\xe0"), "windows-1251", &out);
	bool is_domain = idna_to_ascii(BYTES("b\xc3\xbc"
					     "cher"),
		&out);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &saved), 0);
	assert_true(is_domain);
	assert_string_equal(buf_text(&out), "\xe5\x95\x8a\xea\xb0\x80\xd0\xb0"
					    "xn--bcher-kva");
}

RUN_TESTS(CASE(the_strongest_sign_decides), CASE(a_declaration_behind_many_scripts_counts),
	CASE(text_becomes_valid_utf8), CASE(utf16_has_two_orders_and_surrogates),
	CASE(labels_are_names_of_encodings), CASE(nothing_is_opened_once_preloaded))
