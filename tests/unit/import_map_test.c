/* SPDX-License-Identifier: MIT */
/* import_map_test.c - what import maps name, and what modules mean with them: in the page, and in
 * files that it loads */
#include "unit.h"

#include "base/limits.h"
#include "links/html.h"
#include "links/import_map.h"
#include "links_text.h"

#define PAGE "https://news.example/en/story/a-17"
#define FILE_URL "https://static.news.example/js/app/main.js"
#define HOST "https://news.example/"
#define APP "https://static.news.example/js/app/"

struct map_case {
	const char *html;
	const char *links;
};

static struct url *parse(const char *text)
{
	struct flong_error err = {0};
	struct url *url = NULL;
	assert_int_equal(url_parse(bytes_of(text), NULL, &url, &err), FLONG_OK);
	return url;
}

static void find_in_page(const char *html, struct buf *out)
{
	SCOPED(url_closep) struct url *url = parse(PAGE);
	struct flong_error err = {0};
	struct link_list list = {0};
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	assert_int_equal(html_find(bytes_of(html), &input, &list, &err), FLONG_OK);
	buf_reset(out);
	links_text_add(&list, out);
	link_list_clear(&list);
}

TEST(import_maps_name_modules_and_resolve_specifiers)
{
	static const struct map_case cases[] = {
		{"<script type=importmap>{\"imports\":{\"a\":\"/a.mjs\",\"lib/\":\"/js/lib/\","
		 "\"no\":null,\"bare\":\"b\"},\"scopes\":{\"/en/\":{\"a\":\"./en-a.mjs\"}},"
		 "\"integrity\":{\"/i.mjs\":\"sha384-x\",\"bare\":\"sha384-x\"}}</script>",
			"requisite script L-38 " HOST "a.mjs\nrequisite script L-38 " HOST
			"en/story/en-a.mjs\nrequisite script L-38 " HOST "i.mjs\n"},
		{"<script type=module>import 'lib/x.js';import 'app';import 'none';import 'no'"
		 "</script><script type=importmap>{\"imports\":{\"app\":\"/app.mjs\",\"lib/\":"
		 "\"/js/lib/\",\"no\":null}}</script>",
			"requisite script L-39 " HOST "js/lib/x.js\nrequisite script L-39 " HOST
			"app.mjs\n"},
		{"<script type=importmap>{\"imports\":{\"a\":\"/1.mjs\",\"/u.js\":\"/2.mjs\"},"
		 "\"scopes\":{\"/en/story/\":{\"a\":\"/3.mjs\"},\"/other/\":{\"a\":\"/4.mjs\"}}}"
		 "</script><script type=module>import 'a';import '/u.js'</script>",
			"requisite script L-39 " HOST "3.mjs\nrequisite script L-39 " HOST
			"2.mjs\nrequisite script L-38 " HOST "1.mjs\nrequisite script L-38 " HOST
			"4.mjs\n"},
		{"<script type=importmap>{\"imports\":{\"p/\":\"/p/\",\"p/q/\":\"/q/\"}}</script>"
		 "<script type=module>import 'p/q/x.js';import 'p/../../y.js'</script>",
			"requisite script L-39 " HOST "q/x.js\n"},
		{"<script type=importmap>{\"imports\":</script><script type=module>import 'a'"
		 "</script>",
			""},
	};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		find_in_page(cases[i].html, &got);
		assert_string_equal(buf_text(&got), cases[i].links);
	}
}

TEST(a_module_that_is_a_file_is_read_with_the_map_of_its_page)
{
	SCOPED(url_closep) struct url *page = parse(PAGE);
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_IMPORT_MAP_BYTES);
	SCOPED(buf_clear) struct buf got = {0};
	struct import_map map = {.count = 0};
	struct references named = {.count = 0};
	import_map_add(&map,
		BYTES("{\"imports\":{\"lib/\":\"/js/lib/\",\"no\":null,\"lib/own.js\":\"/o.js\"},"
		      "\"scopes\":{\"https://static.news.example/js/\":{\"in/\":\"/in/\"},"
		      "\"/en/\":{\"out/\":\"/out/\"}}}"),
		page, &named);
	assert_int_equal(import_map_write(&map, &text), 0);
	SCOPED(url_closep) struct url *own = parse(FILE_URL);
	struct link_list list = {0};
	const struct links_input input = {
		.document =
			BYTES("import 'lib/x.js';import('no');import 'lib/own.js';import 'in/a.js';"
			      "import 'out/a.js';import './near.js'"),
		.url = own,
		.page = page,
		.import_map = buf_bytes(&text),
		.role = ROLE_SCRIPT};
	struct flong_error err = {0};
	assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got),
		"requisite script L-39 " HOST "js/lib/x.js\nrequisite script L-39 " HOST
		"o.js\nrequisite script L-39 " HOST "in/a.js\nrequisite script L-39 " APP
		"near.js\n");
	link_list_clear(&list);
	references_clear(&named);
	import_map_clear(&map);
}

TEST(a_map_as_text_is_bounded_and_nothing_else_is_one)
{
	SCOPED(url_closep) struct url *page = parse(PAGE);
	SCOPED(buf_clear) struct buf text = buf_with_max(60);
	struct import_map map = {.count = 0};
	struct import_map again = {.count = 0};
	struct references named = {.count = 0};
	import_map_add(&map, BYTES("{\"imports\":{\"a\":\"/a.js\",\"b\":\"/b.js\",\"c\":null}}"),
		page, &named);
	assert_int_equal(import_map_write(&map, &text), 1);
	assert_string_equal(buf_text(&text), "[\"\",\"a\",\"" HOST "a.js\",\"\",\"c\",\"\"]");
	import_map_read(&again, buf_bytes(&text));
	assert_int_equal(again.count, 2);
	static const char *const others[] = {
		"", "[", "{}", "[\"\",\"a\"]", "{\"imports\":{\"a\":\"/a.js\"}}", "\"a\""};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		import_map_read(&again, bytes_of(others[i]));
		assert_int_equal(again.count, 2);
	}
	references_clear(&named);
	import_map_clear(&map);
	import_map_clear(&again);
}

RUN_TESTS(CASE(import_maps_name_modules_and_resolve_specifiers),
	CASE(a_module_that_is_a_file_is_read_with_the_map_of_its_page),
	CASE(a_map_as_text_is_bounded_and_nothing_else_is_one))
