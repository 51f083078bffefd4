/* SPDX-License-Identifier: MIT */
/* charset_encode_test.c - queries in the encoding of their document: cells that the standard names,
 * and every character there and back */
#include "unit.h"

#include "web/charset.h"
#include "web/charset_encode.h"
#include "web/url.h"
#include "web/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

TEST(characters_have_the_bytes_of_the_standard)
{
	static const struct {
		const char *charset, *text, *query;
	} cases[] = {
		{"windows-1252", "caf\u00e9 \u20ac", "caf%E9%20%80"},
		{"windows-1252", "a&b\u2603#", "a&b%26%239731%3B%23"},
		{"windows-1252", "\xc2\x81\ufffd", "%81%26%2365533%3B"},
		{"windows-1251", "\u0416\u00e9", "%C6%26%23233%3B"},
		{"koi8-r", "\u0416", "%F6"},
		{"macintosh", "\u20ac\U0001f600", "%DB%26%23128512%3B"},
		{"x-user-defined", "\uf780\uf7ff\u00e9", "%80%FF%26%23233%3B"},
		{"shift_jis", "\u65e5\u672c", "%93%FA%96{"},
		{"shift_jis", "\uff8a\u00a5\u203e\u2212\xc2\x80", "%CA\\~%81|%80"},
		{"shift_jis", "\u2460\u2252\u7e8a\ue000", "%87@%81%E0%FA\\%26%2357344%3B"},
		{"shift_jis", "\ud55c", "%26%2354620%3B"},
		{"euc-jp", "\u65e5\u672c\uff8a\u7e8a", "%C6%FC%CB%DC%8E%CA%F9%A1"},
		{"euc-jp", "\u4e02", "%26%2319970%3B"},
		{"iso-2022-jp", "a\u65e5\u672cb", "a%1B$BF|K\\%1B(Bb"},
		{"iso-2022-jp", "\uff8a\u2603\u00a5a\\",
			"%1B$B%O%1B(B%26%239731%3B%1B(J\\a%1B(B\\"},
		{"iso-2022-jp", "\u65e5\x1b", "%1B$BF|%1B(B%26%2365533%3B"},
		{"gb18030", "\u4e2d\u20ac\u00e9\U0001f600", "%D6%D0%A2%E3%A8%A6%949%FC6"},
		{"gb18030", "\xc2\x80\uffff", "%810%810%841%A49"},
		{"gbk", "\u4e2d\u20ac\U0001f600", "%D6%D0%80%26%23128512%3B"},
		{"big5", "\u4e2d\u5341\u2550\u00c0", "%A4%A4%A4Q%F9%F9%26%23192%3B"},
		{"euc-kr", "\ud55c\ub620", "%C7%D1%8Cc"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(buf_clear) struct buf out = {0};
		SCOPED(charset_encoder_closep)
		struct charset_encoder *encoder = charset_encoder_create(cases[i].charset);
		assert_non_null(encoder);
		charset_encode_query(encoder, bytes_of(cases[i].text), PERCENT_QUERY, &out);
		if (strcmp(buf_text(&out), cases[i].query) != 0) {
			fail_msg("%s '%s': got %s, wanted %s", cases[i].charset, cases[i].text,
				buf_text(&out), cases[i].query);
		}
	}
	assert_null(charset_encoder_create("utf-8"));
	assert_null(charset_encoder_create("utf-16be"));
	assert_null(charset_encoder_create("replacement"));
}

/* Characters that do not come back are those written as what looks like them. */
static bool looks_like_another(const char *charset, uint32_t code)
{
	bool is_japanese = strcmp(charset, "shift_jis") == 0 || strcmp(charset, "euc-jp") == 0;
	return is_japanese && (code == 0xA5 || code == 0x203E || code == 0x2212);
}

TEST(what_is_written_is_read_back)
{
	static const struct {
		const char *charset;
		size_t at_least; /* characters of the sets it is made of */
	} cases[] = {{"windows-1252", 128}, {"ibm866", 128}, {"euc-kr", 17048}, {"gbk", 23939},
		{"big5", 13053}, {"shift_jis", 6942}, {"euc-jp", 6942}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t count = 0;
		SCOPED(charset_encoder_closep)
		struct charset_encoder *encoder = charset_encoder_create(cases[i].charset);
		for (uint32_t code = 0x80; code < 0x10000; code++) {
			SCOPED(buf_clear) struct buf text = {0};
			SCOPED(buf_clear) struct buf query = {0};
			SCOPED(buf_clear) struct buf raw = {0};
			SCOPED(buf_clear) struct buf again = {0};
			utf8_add(&text, code);
			charset_encode_query(encoder, buf_bytes(&text), PERCENT_C0, &query);
			if (bytes_starts(buf_bytes(&query), BYTES("%26%23"))) {
				continue;
			}
			count++;
			percent_decode(buf_bytes(&query), &raw);
			charset_decode(buf_bytes(&raw), cases[i].charset, &again);
			assert_true(looks_like_another(cases[i].charset, code) ||
				    bytes_equal(buf_bytes(&again), buf_bytes(&text)));
		}
		if (count < cases[i].at_least) {
			fail_msg("%s has %zu characters", cases[i].charset, count);
		}
	}
}

TEST(only_the_query_is_encoded_and_of_http_only)
{
	static const struct {
		const char *input, *base, *href;
	} cases[] = {
		{"/\u00e9?\u00e9#\u00e9", "https://a.example/",
			"https://a.example/%C3%A9?%E9#%C3%A9"},
		{"?q='\u20ac'", "http://a.example/p", "http://a.example/p?q=%27%80%27"},
		{"", "http://a.example/p?%C3%A9", "http://a.example/p?%C3%A9"},
		{"ws://a.example/?\u00e9", NULL, "ws://a.example/?%C3%A9"},
		{"wss://a.example/?\u00e9", NULL, "wss://a.example/?%C3%A9"},
		{"mailto:a?\u00e9", NULL, "mailto:a?%C3%A9"},
		{"?%C3%A9=\u00e9", "https://a.example/", "https://a.example/?%C3%A9=%E9"},
	};
	SCOPED(charset_encoder_closep)
	struct charset_encoder *encoder = charset_encoder_create("windows-1252");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct flong_error err = {0};
		SCOPED(url_closep) struct url *base = NULL;
		SCOPED(url_closep) struct url *url = NULL;
		if (cases[i].base != NULL) {
			assert_int_equal(
				url_parse(bytes_of(cases[i].base), NULL, &base, &err), FLONG_OK);
		}
		assert_int_equal(url_parse_in(bytes_of(cases[i].input), base, encoder, &url, &err),
			FLONG_OK);
		assert_string_equal(url->href, cases[i].href);
	}
}

RUN_TESTS(CASE(characters_have_the_bytes_of_the_standard), CASE(what_is_written_is_read_back),
	CASE(only_the_query_is_encoded_and_of_http_only))
