/* SPDX-License-Identifier: MIT */
/* fuzzy_test.c - captures of almost the same URL */
#include "unit.h"

#include <unistd.h>

#include "base/files.h"
#include "base/limits.h"
#include "replay/fuzzy.h"

static unsigned score(const char *asked, const char *there, const char *mime)
{
	SCOPED(fuzzy_clear) struct fuzzy fuzzy = {0};
	fuzzy_begin(bytes_of(asked), &fuzzy);
	return fuzzy_score(&fuzzy, bytes_of(there), bytes_of(mime));
}

TEST(what_changes_each_time_is_nothing)
{
	static const struct {
		const char *asked, *there;
		bool is_same;
	} cases[] = {
		{"com,a)/x?_=17&id=1", "com,a)/x?id=1", true},
		{"com,a)/x", "com,a)/x?cb=123", true},
		{"com,a)/x?uncache=1", "com,a)/x?uncache=2", true},
		{"com,a)/x?nocache=99", "com,a)/x", true},
		{"com,a)/x?utm_medium=rss&utm_source=feed", "com,a)/x", true},
		{"com,a)/x?fbclid=iwar0", "com,a)/x", true},
		{"com,a)/x?ts=1700000000000", "com,a)/x?ts=1800000000000", true},
		{"com,a)/x?cachebust=1700000000000000", "com,a)/x", true},
		{"com,a)/x?callback=jsonp123&id=1", "com,a)/x?callback=jsonp9&id=1", true},
		{"com,a)/x?cb=jquery183_17&id=1", "com,a)/x?cb=jquery19_18&id=1", true},
		{"com,a)/x?_=abc", "com,a)/x", false},
		{"com,a)/x?cb=", "com,a)/x", false},
		{"com,a)/x?ts=170", "com,a)/x", false},
		{"com,a)/x?ts=2700000000000", "com,a)/x", false},
		{"com,a)/x?ts=17000000000001234", "com,a)/x", false},
		{"com,a)/x?utm_=", "com,a)/x", false},
		{"com,a)/x?callback=other1", "com,a)/x?callback=other2", false},
		{"com,a)/x?cb=jquery_17", "com,a)/x?cb=jquery_18", false},
		{"com,a)/x?id=1", "com,a)/x?id=2", false},
		{"com,a)/x?page=2", "com,a)/x", false},
		{"com,a)/x?_=1", "com,a)/y?_=1", false},
		{"com,a)/x?_=1", "com,a)/x/y", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_same = score(cases[i].asked, cases[i].there, "application/json") > 0;
		if (is_same != cases[i].is_same) {
			fail_msg("%s for %s: %d", cases[i].there, cases[i].asked, is_same);
		}
	}
}

TEST(of_a_file_only_the_query_may_differ_and_a_page_is_no_file)
{
	static const struct {
		const char *asked, *there, *mime;
		bool fits;
	} cases[] = {
		{"com,a)/x.js?v=1", "com,a)/x.js?v=2", "text/javascript", true},
		{"com,a)/x.css", "com,a)/x.css?v=2", "text/css", true},
		{"com,a)/x.jpg?w=1", "com,a)/x.jpg", "image/jpeg", true},
		{"com,a)/list?t=1", "com,a)/list?t=2", "application/dash+xml", true},
		{"com,a)/list?t=1", "com,a)/list?t=2", "application/vnd.apple.mpegURL", true},
		{"com,a)/x.html?page=1", "com,a)/x.html?page=2", "text/html", false},
		{"com,a)/x.js?v=1", "com,a)/x.js?v=2", "text/html", false},
		{"com,a)/x.php?v=1", "com,a)/x.php?v=2", "image/png", false},
		{"com,a)/x?v=1", "com,a)/x?v=2", "image/png", false},
		{"com,a)/.js?v=1", "com,a)/.js?v=2", "text/javascript", false},
		{"com,a)/x.?v=1", "com,a)/x.?v=2", "text/javascript", false},
		{"com,a)/x.d/y?v=1", "com,a)/x.d/y?v=2", "text/javascript", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if ((score(cases[i].asked, cases[i].there, cases[i].mime) > 0) != cases[i].fits) {
			fail_msg("%s for %s", cases[i].there, cases[i].asked);
		}
	}
}

TEST(the_more_they_have_in_common_the_better)
{
	const char *asked = "com,a)/x.jpg?crop=1&q=80&w=300";
	unsigned two = score(asked, "com,a)/x.jpg?crop=1&q=80&w=600", "image/jpeg");
	unsigned one = score(asked, "com,a)/x.jpg?crop=2&q=80&w=100", "image/jpeg");
	unsigned none = score(asked, "com,a)/x.jpg", "image/jpeg");
	unsigned same = score(asked, "com,a)/x.jpg?_=1&crop=1&q=80&w=300", "image/jpeg");
	assert_true(same > two && two > one && one > none && none > 0);
}

static struct lookup *open_text(struct bytes text)
{
	char path[] = "/tmp/fuzzy-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct flong_error err = {0};
	assert_int_equal(files_write_all(fd, text, path, &err), FLONG_OK);
	(void)close(fd);
	struct lookup *lookup = NULL;
	assert_int_equal(lookup_open(path, &lookup, &err), FLONG_OK);
	(void)unlink(path);
	return lookup;
}

#define ROW(key, mime)                                                                             \
	key " 20260101000000 {\"url\": \"https://a.com/\", \"mime\": \"" mime                      \
	    "\", \"status\": \"200\", \"length\": \"1\", \"offset\": \"0\", \"filename\": "        \
	    "\"x\"}\n"

TEST(rows_come_in_the_order_of_the_index)
{
	struct flong_error err = {0};
	struct bytes line;
	unsigned points = 0;
	SCOPED(buf_clear) struct buf got = {0};
	SCOPED(fuzzy_clear) struct fuzzy fuzzy = {0};
	SCOPED(lookup_closep)
	struct lookup *lookup = open_text(BYTES(ROW("com,a)/x.js", "text/javascript") ROW(
		"com,a)/x.js/y", "text/javascript") ROW("com,a)/x.js?v=1", "text/javascript")
			ROW("com,a)/x.js?v=2", "text/html") ROW("com,a)/x.js?v=3",
				"text/javascript") ROW("com,a)/x.json?v=1", "application/json")));
	fuzzy_begin(BYTES("com,a)/x.js?v=9"), &fuzzy);
	int rc;
	while ((rc = fuzzy_next(&fuzzy, lookup, &line, &points, &err)) == FLONG_OK) {
		buf_add(&got, bytes_slice(line, 0, bytes_find_char(line, ' ', 0)));
		buf_add_char(&got, ' ');
	}
	assert_int_equal(rc, FLONG_END);
	assert_string_equal(buf_text(&got), "com,a)/x.js com,a)/x.js?v=1 com,a)/x.js?v=3 ");
}

TEST(an_address_with_very_many_variants_is_not_searched_through)
{
	struct flong_error err = {0};
	struct bytes line;
	unsigned points = 0;
	unsigned count = 0;
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(fuzzy_clear) struct fuzzy fuzzy = {0};
	for (unsigned i = 0; i < LIMIT_FUZZY_ROWS + 10; i++) {
		buf_addf(&text, "com,a)/x.js?v=%06u", i);
		buf_add_text(&text, ROW("", "text/javascript"));
	}
	SCOPED(lookup_closep) struct lookup *lookup = open_text(buf_bytes(&text));
	fuzzy_begin(BYTES("com,a)/x.js?v=none"), &fuzzy);
	while (fuzzy_next(&fuzzy, lookup, &line, &points, &err) == FLONG_OK) {
		count++;
	}
	assert_int_equal(count, LIMIT_FUZZY_ROWS);
}

RUN_TESTS(CASE(what_changes_each_time_is_nothing),
	CASE(of_a_file_only_the_query_may_differ_and_a_page_is_no_file),
	CASE(the_more_they_have_in_common_the_better), CASE(rows_come_in_the_order_of_the_index),
	CASE(an_address_with_very_many_variants_is_not_searched_through))
