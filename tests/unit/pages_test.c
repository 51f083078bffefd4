/* SPDX-License-Identifier: MIT */
/* pages_test.c - the page lists of a collection */
#include "unit.h"

#include "base/files.h"
#include "index/pages.h"

struct place {
	char dir[32];
	char *path;
	char *partial;
};

static struct place make_place(void)
{
	struct place place = {.dir = "/tmp/pages-XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	place.path = files_join(place.dir, "pages.jsonl");
	place.partial = files_join(place.dir, "pages.jsonl.partial");
	return place;
}

static void remove_place(struct place *place)
{
	struct flong_error err = {0};
	assert_int_equal(files_remove_tree(place->dir, &err), FLONG_OK);
	free(place->path);
	free(place->partial);
}

static void assert_content(const char *path, const char *want)
{
	struct buf content = {0};
	struct flong_error err = {0};
	assert_int_equal(files_read(path, &content, &err), FLONG_OK);
	assert_string_equal(buf_text(&content), want);
	buf_clear(&content);
}

TEST(writes_a_header_and_one_line_a_page)
{
	struct place place = make_place();
	struct flong_error err = {0};
	SCOPED(pages_closep) struct pages *pages = NULL;
	assert_int_equal(pages_open(place.path, PAGES_MAIN, true, &pages, &err), FLONG_OK);
	struct page_entry full = {
		.url = BYTES("https://news.example/a"),
		.time_ms = 1795460400123,
		.title = BYTES("A \"story\"\xff"),
		.id = BYTES("1"),
		.text = BYTES("one\ntwo \xc3\xa9"),
		.size = 0,
		.favicon_url = BYTES("https://news.example/favicon.ico"),
		.seed = true,
		.depth = 0,
		.status = 200,
		.mime = BYTES("text/html"),
	};
	struct page_entry bare = {
		.url = BYTES("https://news.example/b"), .size = -1, .depth = -1, .status = -1};
	assert_int_equal(pages_add(pages, &full, &err), FLONG_OK);
	assert_int_equal(pages_add(pages, &bare, &err), FLONG_OK);
	assert_false(files_exists(place.path));
	assert_int_equal(pages_finish(pages, &err), FLONG_OK);
	assert_false(files_exists(place.partial));
	assert_content(place.path,
		"{\"format\": \"json-pages-1.0\", \"id\": \"pages\", \"title\": \"All Pages\", "
		"\"hasText\": true}\n"
		"{\"id\":\"1\",\"url\":\"https://news.example/a\","
		"\"title\":\"A \\\"story\\\"\xef\xbf\xbd\",\"ts\":\"2026-11-23T19:00:00.123Z\","
		"\"seed\":true,\"depth\":0,\"status\":200,\"mime\":\"text/html\","
		"\"favIconUrl\":\"https://news.example/favicon.ico\",\"size\":0,"
		"\"text\":\"one\\ntwo \xc3\xa9\"}\n"
		"{\"url\":\"https://news.example/b\",\"ts\":\"1970-01-01T00:00:00.000Z\"}\n");
	remove_place(&place);
}

TEST(replaces_an_older_list_only_when_finished)
{
	struct place place = make_place();
	struct flong_error err = {0};
	assert_int_equal(files_replace(place.path, BYTES("old"), &err), FLONG_OK);
	struct pages *pages = NULL;
	assert_int_equal(pages_open(place.path, PAGES_EXTRA, false, &pages, &err), FLONG_OK);
	pages_close(pages);
	assert_content(place.path, "old");
	assert_false(files_exists(place.partial));
	assert_int_equal(pages_open(place.path, PAGES_EXTRA, false, &pages, &err), FLONG_OK);
	assert_int_equal(pages_finish(pages, &err), FLONG_OK);
	pages_close(pages);
	assert_content(place.path, "{\"format\": \"json-pages-1.0\", \"id\": \"extra-pages\", "
				   "\"title\": \"Extra Pages\", \"hasText\": false}\n");
	remove_place(&place);
}

TEST(copies_the_pages_of_another_list)
{
	struct place place = make_place();
	struct flong_error err = {0};
	/* More than is read at once. */
	struct buf list = {0};
	buf_add_text(&list, "{\"format\": \"json-pages-1.0\"}\n");
	size_t header = list.len;
	for (unsigned i = 0; i < 20000; i++) {
		buf_addf(&list, "{\"url\":\"http://a/%u\"}\n", i);
	}
	assert_int_equal(files_replace(place.path, buf_bytes(&list), &err), FLONG_OK);
	SCOPED(free_textp) char *extra = files_join(place.dir, "extraPages.jsonl");
	SCOPED(pages_closep) struct pages *pages = NULL;
	assert_int_equal(pages_open(extra, PAGES_EXTRA, true, &pages, &err), FLONG_OK);
	assert_int_equal(pages_copy(pages, place.path, &err), FLONG_OK);
	assert_int_equal(pages_add(pages,
				 &(struct page_entry){
					 .url = BYTES("x:"), .size = -1, .depth = -1, .status = -1},
				 &err),
		FLONG_OK);
	assert_int_equal(pages_copy(pages, "/nonexistent", &err), FLONG_E_NOT_FOUND);
	assert_int_equal(pages_finish(pages, &err), FLONG_OK);
	struct buf want = {0};
	buf_add_text(&want, "{\"format\": \"json-pages-1.0\", \"id\": \"extra-pages\", "
			    "\"title\": \"Extra Pages\", \"hasText\": true}\n");
	buf_add(&want, bytes_slice(buf_bytes(&list), header, list.len));
	buf_add_text(&want, "{\"url\":\"x:\",\"ts\":\"1970-01-01T00:00:00.000Z\"}\n");
	assert_content(extra, buf_text(&want));
	buf_clear(&want);
	buf_clear(&list);
	remove_place(&place);
}

TEST(refuses_a_page_without_url_and_a_place_that_is_none)
{
	struct place place = make_place();
	struct flong_error err = {0};
	SCOPED(pages_closep) struct pages *pages = NULL;
	assert_int_equal(
		pages_open("/nonexistent/pages.jsonl", PAGES_MAIN, true, &pages, &err), FLONG_E_IO);
	assert_int_equal(pages_open(place.path, PAGES_MAIN, true, &pages, &err), FLONG_OK);
	assert_int_equal(pages_add(pages, &(struct page_entry){.depth = 0}, &err), FLONG_E_USAGE);
	remove_place(&place);
}

RUN_TESTS(CASE(writes_a_header_and_one_line_a_page),
	CASE(replaces_an_older_list_only_when_finished), CASE(copies_the_pages_of_another_list),
	CASE(refuses_a_page_without_url_and_a_place_that_is_none))
