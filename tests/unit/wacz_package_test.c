/* SPDX-License-Identifier: MIT */
/* wacz_package_test.c - datapackage.json in pieces: what is given, what is left, what is refused */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "index/wacz_package.h"

/* The names of the resources, one after the other. */
static int take(void *context, const struct json *resource, struct flong_error *err)
{
	struct buf *names = context;
	(void)err;
	buf_add(names, json_text(json_get(resource, "name")));
	buf_add_char(names, json_type(resource) == JSON_OBJECT ? ';' : '?');
	return FLONG_OK;
}

static int read_text(struct bytes text, struct buf *names, struct json_document **rest_out,
	struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = source_from_bytes(text);
	const struct wacz_package_hooks hooks = {.resource = take, .context = names};
	buf_reset(names);
	return wacz_package_read(source, &hooks, rest_out, err);
}

TEST(resources_are_given_and_the_rest_is_left)
{
	static const struct {
		const char *text, *names, *title;
	} rows[] = {
		{"{}", "", ""},
		{"{\"title\": \"t\", \"resources\": []}", "", "t"},
		{"{\"resources\": [ ], \"title\": \"t\"}", "", "t"},
		{"{\"resources\":[{\"name\":\"a\"},\n{\"name\":\"b\"}],\"title\":\"t\"}", "a;b;",
			"t"},
		{"{\"resources\": [{\"name\": \"a\", \"x\": [1, {\"y\": \"]}\"}]}]}", "a;", ""},
		{"{\"resources\": [{\"name\": \"\\\"],\\\\\"}]}", "\"],\\;", ""},
		{"{\"resources\": [1, \"x,y\", null]}", "???", ""},
		{"{\"title\": \"resources\", \"x\": [{\"name\": \"a\"}]}", "", "resources"},
		{"{\"x\": {\"resources\": [{\"name\": \"a\"}]}, \"title\": \"t\"}", "", "t"},
		{"{\"a name that is long resources\": [{\"name\": \"a\"}]}", "", ""},
		{"{\"resources\": {\"name\": \"a\"}}", "", ""},
	};
	SCOPED(buf_clear) struct buf names = {0};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flong_error err = {0};
		SCOPED(json_closep) struct json_document *rest = NULL;
		int rc = read_text(bytes_of(rows[i].text), &names, &rest, &err);
		if (rc != FLONG_OK) {
			print_message("# row %zu: %s\n", i, err.message);
		}
		assert_int_equal(rc, FLONG_OK);
		assert_string_equal(buf_text(&names), rows[i].names);
		assert_true(bytes_equal(
			json_text(json_get(json_root(rest), "title")), bytes_of(rows[i].title)));
	}
}

TEST(what_is_no_such_document_is_refused)
{
	static const char *const rows[] = {"", "x", "[]", "{", "{\"resources\": [",
		"{\"resources\": [}", "{\"resources\": [{]}", "{\"resources\": [,]}",
		"{\"resources\": [{},]}", "{\"resources\": [{} {}]}", "{\"resources\": []",
		"{\"resources\": []}}", "{\"resources\": [], \"resources\": []}",
		"{\"resources\" []}", "{\"res\\u006furces\": [{}]}", "]", "{\"resources\": [\"]}"};
	SCOPED(buf_clear) struct buf names = {0};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flong_error err = {0};
		SCOPED(json_closep) struct json_document *rest = NULL;
		int rc = read_text(bytes_of(rows[i]), &names, &rest, &err);
		if (rc != FLONG_E_FORMAT) {
			print_message("# row %zu: %d\n", i, rc);
		}
		assert_int_equal(rc, FLONG_E_FORMAT);
		assert_null(rest);
	}
}

TEST(pieces_have_a_limit_and_their_number_has_none)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf names = {0};
	struct flong_error err;
	struct json_document *rest = NULL;
	buf_add_text(&text, "{\"resources\": [");
	for (size_t i = 0; i < 100000; i++) {
		buf_addf(&text, "%s{\"name\": \"%s\"}", i > 0 ? ", " : "", "x");
	}
	buf_add_text(&text, "]}");
	assert_int_equal(read_text(buf_bytes(&text), &names, &rest, &err), FLONG_OK);
	assert_int_equal(names.len, 200000);
	json_close(rest);
	for (size_t part = 0; part < 2; part++) {
		buf_reset(&text);
		buf_add_text(&text, part == 0 ? "{\"resources\": [\"" : "{\"x\": \"");
		for (size_t i = 0; i <= LIMIT_PACKAGE_REST_BYTES; i++) {
			buf_add_char(&text, 'x');
		}
		buf_add_text(&text, part == 0 ? "\"]}" : "\"}");
		assert_int_equal(read_text(buf_bytes(&text), &names, &rest, &err), FLONG_E_LIMIT);
	}
}

RUN_TESTS(CASE(resources_are_given_and_the_rest_is_left), CASE(what_is_no_such_document_is_refused),
	CASE(pieces_have_a_limit_and_their_number_has_none))
