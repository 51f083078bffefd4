/* SPDX-License-Identifier: MIT */
/* request_query_test.c - bodies of requests as query text
 *
 * The expected texts are those of cdxj-indexer 1.5 and pywb 2.10, unless a case says otherwise. */
#include "unit.h"

#include "index/request_query.h"

static void assert_query(const char *type, struct bytes body, const char *want)
{
	struct buf query = {0};
	request_query_add(bytes_of(type), body, true, &query);
	assert_string_equal(buf_text(&query), want);
	buf_clear(&query);
}

TEST(forms_are_unescaped)
{
	const char *const type = "application/x-www-form-urlencoded; charset=UTF-8";
	assert_query(type, BYTES("a=1&b=x+y%20z&c=%2B&d=%zz%"), "a=1&b=x y z&c=+&d=%zz%");
	assert_query(type, BYTES("n=%C3%A9\xc3\xa9%C3%28"), "n=\xc3\xa9\xc3\xa9\xef\xbf\xbd(");
	assert_query(type, BYTES(""), "");
	/* Not UTF-8: as binary. */
	assert_query(type, BYTES("a=\xff"), "__wb_post_data=YT3/");
}

TEST(parts_are_escaped)
{
	const char *const type = "multipart/form-data; boundary=AaB";
	assert_query(type,
		BYTES("--AaB\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\nx y\r\nz\r\n"
		      "--AaB\r\nContent-Type: text/plain\r\n"
		      "content-disposition: form-data; name=\"f\"; filename=\"\xc3\xa9\"\r\n\r\n"
		      "\xff&\r\n--AaB\r\nContent-Disposition: form-data; name=e%22\r\n\r\n\r\n"
		      "--AaB--\r\n"),
		"a+b=x+y%0D%0Az&f=%FF%26&e%22=");
	assert_query("multipart/form-data; boundary=\"q;r\"; charset=utf-8",
		BYTES("preamble\r\n--q;r\r\nContent-Disposition: form-data; name=a\r\n\r\ncut off"),
		"a=cut+off");
	assert_query("multipart/form-data", BYTES("ab"), "__wb_post_data=YWI=");
	assert_query("multipart/form-data; boundary=x", BYTES("ab"), "__wb_post_data=YWI=");
}

TEST(json_is_flattened)
{
	const char *const type = "application/json";
	assert_query(type, BYTES("{\"a\":\"json-data\"}"), "a=json-data");
	assert_query(type,
		BYTES(" {\"a\": [1, {\"b\": \"x y\", \"c\": {\"a\": -0}}, [2, 3]],\n\"\": 4} "),
		"a=1&b=x+y&a.2_=0&a.3_=2&a.4_=3");
	/* cdxj-indexer prints True, False, None: no player looks for those. */
	assert_query(type, BYTES("{\"a\":true,\"b\":false,\"c\":null}"), "a=true&b=false&c=null");
	assert_query(type, BYTES("{\"\\u00e9\\n\\ud83d\\ude00\": \"\xc3\xa9&\\\"\\/\"}"),
		"%C3%A9%0A%F0%9F%98%80=%C3%A9%26%22%2F");
	assert_query(type, BYTES("{\"a.2_\": 1, \"b\": [1, 2]}"), "a.2_=1&b=1&b.2_=2");
	assert_query(type, BYTES("{\"a\":1}\n{\"a\":2}"), "a=1&a.2_=2");
	assert_query(type, BYTES("[1, \"no name\"]"), "");
	assert_query(type, BYTES("\xef\xbb\xbf{\"a\":1}"), "a=1");
}

TEST(numbers_are_printed_as_the_players_do)
{
	const struct {
		const char *json;
		const char *want;
	} cases[] = {{"44.0", "44"}, {"1.50", "1.5"}, {"1e5", "100000"}, {"0.1", "0.1"},
		{"-2.5e-3", "-0.0025"}, {"1e-6", "0.000001"}, {"1e-7", "1e-7"},
		{"1.5e-7", "1.5e-7"}, {"1e21", "1e%2B21"}, {"1e20", "100000000000000000000"},
		{"123456789012345678901234567890", "123456789012345678901234567890"},
		{"0.30000000000000004", "0.30000000000000004"}, {"-0.0", "0"}, {"5e-324", "5e-324"},
		{"1.7976931348623157e308", "1.7976931348623157e%2B308"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf json = {0};
		struct buf want = {0};
		buf_addf(&json, "{\"n\": %s}", cases[i].json);
		buf_addf(&want, "n=%s", cases[i].want);
		assert_query("application/json", buf_bytes(&json), buf_text(&want));
		buf_clear(&json);
		buf_clear(&want);
	}
}

TEST(what_is_no_json_gives_nothing_or_binary)
{
	const struct bytes bodies[] = {BYTES(""), BYTES("{"), BYTES("{\"a\":}"),
		BYTES("{\"a\":1,}"), BYTES("{'a':1}"), BYTES("{\"a\":01}"), BYTES("{\"a\":1.}"),
		BYTES("{\"a\":+1}"), BYTES("{\"a\":\"\t\"}"), BYTES("{\"a\":\"\\x\"}"),
		BYTES("{\"a\":\"\\ud800\"}"), BYTES("{\"a\":tru}"), BYTES("{\"a\":1} x"),
		BYTES("{\"a\":\"\xff\"}"), BYTES("{\"a\":1e999}"), BYTES("{\"a\":1}\n{\"a\":2}\n"),
		BYTES("{\"a\":\"\\u12\"}")};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_query("application/json", bodies[i], "");
		struct buf query = {0};
		request_query_add(BYTES("text/plain"), bodies[i], true, &query);
		assert_true(bytes_starts(buf_bytes(&query), BYTES("__wb_post_data=")));
		buf_clear(&query);
	}
	assert_query("text/plain", BYTES("{\"a\":1}"), "a=1");
	assert_query("image/png", BYTES("ab"), "__wb_post_data=YWI=");
	assert_query("", BYTES("ab"), "__wb_post_data=YWI=");
}

TEST(nesting_has_a_limit)
{
	struct buf body = {0};
	buf_add_text(&body, "{\"a\":");
	for (size_t i = 0; i < 600; i++) {
		buf_add_char(&body, '[');
	}
	assert_query("application/json", buf_bytes(&body), "");
	buf_clear(&body);
}

/* A text of `unit` repeated. */
static struct buf repeated(const char *start, const char *unit, size_t count, const char *end)
{
	struct buf text = {0};
	buf_add_text(&text, start);
	for (size_t i = 0; i < count; i++) {
		buf_add_text(&text, unit);
	}
	buf_add_text(&text, end);
	return text;
}

TEST(the_text_is_cut_at_4096_characters)
{
	struct buf form = repeated("a=", "%C3%A9", 5000, "");
	struct buf want = repeated("a=", "\xc3\xa9", 4094, "");
	assert_query("application/x-www-form-urlencoded", buf_bytes(&form), buf_text(&want));
	buf_clear(&form);
	buf_clear(&want);
	struct buf binary = repeated("", "x", 5000, "");
	struct buf query = {0};
	request_query_add(BYTES(""), buf_bytes(&binary), true, &query);
	assert_int_equal(query.len, REQUEST_QUERY_MAX);
	buf_reset(&query);
	struct buf json = repeated("{\"a\":[", "\"value\",", 2000, "1], \"b\": 2}");
	request_query_add(BYTES("application/json"), buf_bytes(&json), true, &query);
	assert_int_equal(query.len, REQUEST_QUERY_MAX);
	assert_true(bytes_starts(buf_bytes(&query), BYTES("a=value&a.2_=value&a.3_=value&")));
	buf_clear(&json);
	buf_clear(&query);
	buf_clear(&binary);
}

TEST(the_beginning_of_a_long_body_is_enough)
{
	struct buf json = repeated("{\"a\":[", "\"value\",", 2000, "");
	struct buf query = {0};
	request_query_add(BYTES("application/json"), buf_bytes(&json), false, &query);
	assert_int_equal(query.len, REQUEST_QUERY_MAX);
	buf_reset(&query);
	request_query_add(BYTES("application/json"), BYTES("{\"a\":1,"), false, &query);
	assert_int_equal(query.len, 0);
	request_query_add(
		BYTES("application/x-www-form-urlencoded"), BYTES("a=\xe2\x82"), false, &query);
	assert_string_equal(buf_text(&query), "a=");
	buf_clear(&json);
	buf_clear(&query);
}

TEST(the_url_takes_method_and_query)
{
	const struct {
		struct bytes url;
		struct bytes query;
		const char *want;
	} cases[] = {{BYTES("http://a/"), BYTES("b=1"), "http://a/?__wb_method=POST&b=1"},
		{BYTES("http://a/?"), BYTES("b=1"), "http://a/?&__wb_method=POST&b=1"},
		{BYTES("http://a/?c&"), BYTES(""), "http://a/?c&&__wb_method=POST"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf url = {0};
		request_query_add_url(cases[i].url, BYTES("POST"), cases[i].query, &url);
		assert_string_equal(buf_text(&url), cases[i].want);
		buf_clear(&url);
	}
}

RUN_TESTS(CASE(forms_are_unescaped), CASE(parts_are_escaped), CASE(json_is_flattened),
	CASE(numbers_are_printed_as_the_players_do), CASE(what_is_no_json_gives_nothing_or_binary),
	CASE(nesting_has_a_limit), CASE(the_text_is_cut_at_4096_characters),
	CASE(the_beginning_of_a_long_body_is_enough), CASE(the_url_takes_method_and_query))
