/* SPDX-License-Identifier: MIT */
/* json_test.c - JSON of any origin, read and written */
#include "unit.h"

#include "base/json.h"
#include "base/limits.h"

static int parse(struct bytes text, enum json_mode mode, struct json_document **document_out)
{
	struct flong_error err = {0};
	int rc = json_parse(text, mode, document_out, &err);
	assert_int_equal(err.code, rc);
	return rc;
}

TEST(reads_every_type)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct bytes text = BYTES("{\"s\":\"a\\u00e9\\u0000b\",\"n\":-1.5,\"i\":9007199254740993,"
				  "\"t\":true,\"z\":null,\"a\":[1,2,3],\"o\":{\"x\":\"y\"}}");
	assert_int_equal(parse(text, JSON_STRICT, &document), FLONG_OK);
	const struct json *root = json_root(document);
	assert_int_equal(json_type(root), JSON_OBJECT);
	assert_int_equal(json_count(root), 7);
	assert_bytes(json_text(json_get(root, "s")), "a\xc3\xa9\0b");
	assert_true(json_number(json_get(root, "n")) == -1.5);
	assert_int_equal(json_int(json_get(root, "n")), -1);
	assert_true(json_int(json_get(root, "i")) == 9007199254740993);
	assert_true(json_bool(json_get(root, "t")));
	assert_int_equal(json_type(json_get(root, "z")), JSON_NULL);
	assert_int_equal(json_type(json_get(root, "t")), JSON_BOOL);
	assert_int_equal(json_type(json_get(root, "s")), JSON_STRING);
	assert_int_equal(json_type(json_get(root, "i")), JSON_NUMBER);
	assert_int_equal(json_type(json_get(root, "a")), JSON_ARRAY);
	assert_int_equal(json_count(json_get(root, "a")), 3);
	assert_int_equal(json_int(json_at(json_get(root, "a"), 2)), 3);
	assert_bytes(json_text(json_get(json_get(root, "o"), "x")), "y");
}

TEST(what_is_absent_or_of_another_type_is_empty)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	assert_int_equal(parse(BYTES("[1]"), JSON_STRICT, &document), FLONG_OK);
	const struct json *root = json_root(document);
	assert_null(json_get(root, "x"));
	assert_null(json_get(NULL, "x"));
	assert_null(json_at(root, 1));
	assert_int_equal(json_type(NULL), JSON_NULL);
	assert_int_equal(json_text(root).len, 0);
	assert_int_equal(json_int(root), 0);
	assert_false(json_bool(json_at(root, 0)));
	assert_int_equal(json_count(json_at(root, 0)), 0);
}

TEST(strict_mode_refuses_what_is_no_json)
{
	const struct bytes cases[] = {BYTES(""), BYTES("{"), BYTES("[1] x"), BYTES("[\"\xff\"]"),
		BYTES("[\"\\ud800\"]"), BYTES("{'a':1}"), BYTES("[\"a\nb\"]"), BYTES("[\"a"),
		BYTES("[\"a\\"), BYTES("[\"\\ud8"), BYTES("\0"), BYTES("]"), BYTES("[1e999]"),
		BYTES("{\"\\u0000\":1}")};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_document *document = NULL;
		assert_int_equal(parse(cases[i], JSON_STRICT, &document), FLONG_E_FORMAT);
		assert_null(document);
	}
}

TEST(lenient_mode_repairs_strings_and_stops_after_the_value)
{
	const struct {
		struct bytes text;
		const char *first;
	} cases[] = {
		{BYTES("[\"plain\"];</script>\xff"), "plain"},
		{BYTES("\xef\xbb\xbf [\"mark\"]"), "mark"},
		{BYTES("[\"a\xff\xfe"
		       "b\"] }"),
			"a\xef\xbf\xbd\xef\xbf\xbd"
			"b"},
		{BYTES("[\"\xe2\x82\"]"), "\xef\xbf\xbd"},
		{BYTES("[\"\xed\xa0\x80\"]"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{BYTES("[\"\\ud800x\"]"), "\xef\xbf\xbdx"},
		{BYTES("[\"\\udc00\\ud83d\\ude00\"]"), "\xef\xbf\xbd\xf0\x9f\x98\x80"},
		{BYTES("[\"\\ud83d\\ud83d\\ude00\"]"), "\xef\xbf\xbd\xf0\x9f\x98\x80"},
		{BYTES("[\"a\nb\tc\"]"), "a\nb\tc"},
		{BYTES("[\"]}\\\"\"] ]"), "]}\""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(json_closep) struct json_document *document = NULL;
		assert_int_equal(parse(cases[i].text, JSON_LENIENT, &document), FLONG_OK);
		struct bytes got = json_text(json_at(json_root(document), 0));
		assert_int_equal(got.len, strlen(cases[i].first));
		assert_memory_equal(got.ptr, cases[i].first, got.len);
	}
}

TEST(integers_of_any_size_are_read)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct bytes text = BYTES("[123456789012345678,99999999999999999999,-99999999999999999999,"
				  "1e300,-1e300,0]");
	assert_int_equal(parse(text, JSON_STRICT, &document), FLONG_OK);
	const struct json *root = json_root(document);
	assert_true(json_int(json_at(root, 0)) == 123456789012345678);
	assert_true(json_number(json_at(root, 1)) == 1e20);
	assert_true(json_int(json_at(root, 1)) == INT64_MAX);
	assert_true(json_int(json_at(root, 2)) == INT64_MIN);
	assert_true(json_int(json_at(root, 3)) == INT64_MAX);
	assert_true(json_int(json_at(root, 4)) == INT64_MIN);
}

TEST(nesting_and_number_of_values_are_capped)
{
	struct buf text = buf_with_max((size_t)64 << 20);
	struct json_document *document = NULL;
	for (size_t depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
		buf_reset(&text);
		for (size_t i = 0; i < depth; i++) {
			buf_add_char(&text, '[');
		}
		for (size_t i = 0; i < depth; i++) {
			buf_add_char(&text, ']');
		}
		int want = depth == LIMIT_JSON_DEPTH ? FLONG_OK : FLONG_E_LIMIT;
		assert_int_equal(parse(buf_bytes(&text), JSON_STRICT, &document), want);
	}
	json_close(document);
	document = NULL;
	buf_reset(&text);
	buf_add_char(&text, '[');
	for (size_t i = 0; i < LIMIT_JSON_VALUES; i++) {
		buf_add_text(&text, "0,");
	}
	buf_add_text(&text, "0]");
	assert_int_equal(parse(buf_bytes(&text), JSON_LENIENT, &document), FLONG_E_LIMIT);
	assert_null(document);
	buf_clear(&text);
}

static bool note_name(struct bytes name, const struct json *value, void *context)
{
	struct buf *names = context;
	buf_add(names, name);
	return json_type(value) != JSON_NULL;
}

TEST(members_come_in_the_order_of_the_text)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	assert_int_equal(
		parse(BYTES("{\"z\":1,\"a\":2,\"m\":null,\"b\":3}"), JSON_STRICT, &document),
		FLONG_OK);
	struct buf names = {0};
	json_each(json_root(document), note_name, &names);
	assert_string_equal(buf_text(&names), "zam");
	json_each(NULL, note_name, &names);
	assert_string_equal(buf_text(&names), "zam");
	buf_clear(&names);
}

TEST(writes_members)
{
	struct buf out = {0};
	buf_add_char(&out, '{');
	json_add_member(&out, "a", BYTES("x\"y\\z\n\r\t\b\f\x01\x7f\xc3\xa9\xff\0"));
	json_add_member_u64(&out, "n", UINT64_MAX);
	json_add_member_bool(&out, "t", true);
	json_add_name(&out, "l");
	buf_add_text(&out, "[]}");
	assert_string_equal(buf_text(&out),
		"{\"a\":\"x\\\"y\\\\z\\n\\r\\t\\b\\f\\u0001\x7f\xc3\xa9\xef\xbf\xbd\\u0000\","
		"\"n\":18446744073709551615,\"t\":true,\"l\":[]}");
	buf_clear(&out);
}

TEST(writes_ascii_as_pythons_json_dumps_does)
{
	struct buf out = {0};
	json_add_string_ascii(&out, BYTES("a/\x7f\xc3\xa9\xf0\x9f\x98\x80\xed\xa0\x80\x1f\""));
	assert_string_equal(buf_text(&out),
		"\"a/\\u007f\\u00e9\\ud83d\\ude00\\ufffd\\ufffd\\ufffd\\u001f\\\"\"");
	buf_clear(&out);
}

TEST(what_must_be_escaped_is_found_at_every_place)
{
	static const struct {
		const char *raw, *escaped;
	} rows[] = {{"\"", "\\\""}, {"\\", "\\\\"}, {"\x1f", "\\u001f"}, {"\x7f", "\x7f"},
		{"\xc3\xa9", "\xc3\xa9"}, {"\xff", "\xef\xbf\xbd"}, {" ", " "}};
	static const char filler[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		for (size_t at = 0; at < 36; at++) {
			struct buf text = {0}, expected = {0}, got = {0};
			buf_add(&text, bytes_from(filler, at));
			buf_add_text(&text, rows[row].raw);
			buf_add_text(&text, filler + at);
			buf_add_char(&expected, '"');
			buf_add(&expected, bytes_from(filler, at));
			buf_add_text(&expected, rows[row].escaped);
			buf_add_text(&expected, filler + at);
			buf_add_char(&expected, '"');
			json_add_string(&got, buf_bytes(&text));
			assert_string_equal(buf_text(&got), buf_text(&expected));
			buf_clear(&text);
			buf_clear(&expected);
			buf_clear(&got);
		}
	}
}

RUN_TESTS(CASE(what_must_be_escaped_is_found_at_every_place), CASE(reads_every_type),
	CASE(what_is_absent_or_of_another_type_is_empty), CASE(strict_mode_refuses_what_is_no_json),
	CASE(lenient_mode_repairs_strings_and_stops_after_the_value),
	CASE(integers_of_any_size_are_read), CASE(nesting_and_number_of_values_are_capped),
	CASE(members_come_in_the_order_of_the_text), CASE(writes_members),
	CASE(writes_ascii_as_pythons_json_dumps_does))
