/* SPDX-License-Identifier: MIT */
/* routes_test.c - targets of requests and what they ask for */
#include "unit.h"

#include <string.h>

#include "replay/routes.h"

struct route_case {
	const char *target;
	enum route_kind kind;
	const char *collection, *digits, *mod, *rest, *url, *query;
};

static void check_part(const char *target, struct bytes got, const char *want)
{
	if (!bytes_equal(got, bytes_of(want))) {
		fail_msg("%s: '" BYTES_FMT "' instead of '%s'", target, BYTES_ARG(got), want);
	}
}

static void check(const struct route_case *want)
{
	struct route route;
	route_read(bytes_of(want->target), &route);
	if (route.kind != want->kind) {
		fail_msg("%s is of kind %d", want->target, route.kind);
	}
	if (want->kind != ROUTE_NONE) {
		check_part(want->target, route.collection, want->collection);
		check_part(want->target, route.digits, want->digits);
		assert_string_equal(route.mod, want->mod);
		check_part(want->target, route.rest, want->rest);
		check_part(want->target, route.url, want->url);
		check_part(want->target, route.query, want->query);
	}
	route_clear(&route);
}

TEST(targets_of_the_library)
{
	static const struct route_case cases[] = {
		{"/", ROUTE_LIBRARY, "", "", "", "", "", ""},
		{"/?x=1", ROUTE_LIBRARY, "", "", "", "", "", "x=1"},
		{"/search?q=a+b", ROUTE_LIBRARY, "", "", "", "search", "", "q=a+b"},
		{"/-/style.css", ROUTE_ASSET, "-", "", "", "style.css", "", ""},
		{"/news/", ROUTE_COLLECTION, "news", "", "", "", "", ""},
		{"/news/urls?from=a", ROUTE_COLLECTION, "news", "", "", "urls", "", "from=a"},
		{"/news/cdx?url=x", ROUTE_CDX, "news", "", "", "", "", "url=x"},
		{"/news/file/archive/a.warc.gz", ROUTE_FILE, "news", "", "", "archive/a.warc.gz",
			"", ""},
		{"/news", ROUTE_NONE, "", "", "", "", "", ""},
		{"//news/", ROUTE_NONE, "", "", "", "", "", ""},
		{"news/", ROUTE_NONE, "", "", "", "", "", ""},
		{"", ROUTE_NONE, "", "", "", "", "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(&cases[i]);
	}
}

TEST(targets_of_captures)
{
	static const struct route_case cases[] = {
		{"/n/20261129/http://a.example/", ROUTE_FRAME, "n", "20261129", "", "",
			"http://a.example/", ""},
		{"/n/20261129mp_/http://a.example/", ROUTE_CAPTURE, "n", "20261129", "mp", "",
			"http://a.example/", ""},
		{"/n/mp_/http://a.example/", ROUTE_CAPTURE, "n", "", "mp", "", "http://a.example/",
			""},
		{"/n/20261129093000123id_/https://a.example/b?c=d&e", ROUTE_CAPTURE, "n",
			"20261129093000123", "id", "", "https://a.example/b?c=d&e", "c=d&e"},
		{"/n/http://a.example/?q", ROUTE_FRAME, "n", "", "", "", "http://a.example/?q",
			"q"},
		{"/n/a.example/b", ROUTE_FRAME, "n", "", "", "", "http://a.example/b", ""},
		{"/n/2026/a.example", ROUTE_FRAME, "n", "2026", "", "", "http://a.example", ""},
		{"/n/*/http://a.example/", ROUTE_CAPTURES, "n", "", "", "", "http://a.example/",
			""},
		{"/n/2026im_/http:/a.example/x", ROUTE_CAPTURE, "n", "2026", "im", "",
			"http://a.example/x", ""},
		{"/n/2026im_///a.example/x", ROUTE_CAPTURE, "n", "2026", "im", "",
			"https://a.example/x", ""},
		{"/n/timemap/link/http://a.example/?x=y", ROUTE_TIMEMAP, "n", "", "", "link",
			"http://a.example/?x=y", "x=y"},
		/* No time, or no mod. */
		{"/n/99999999mp_/http://a.example/", ROUTE_NONE, "", "", "", "", "", ""},
		{"/n/202611290930001234mp_/http://a.example/", ROUTE_NONE, "", "", "", "", "", ""},
		{"/n/2026mp/http://a.example/", ROUTE_NONE, "", "", "", "", "", ""},
		{"/n/2026verylongmod_/http://a.example/", ROUTE_NONE, "", "", "", "", "", ""},
		{"/news/img.png/x", ROUTE_FRAME, "news", "", "", "", "http://img.png/x", ""},
		{"/a/b/c", ROUTE_NONE, "", "", "", "", "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(&cases[i]);
	}
}

TEST(parameters_are_decoded_and_counted)
{
	SCOPED(buf_clear) struct buf value = {0};
	struct bytes query = BYTES("a=1&b=x+y%2B&a=2&c");
	assert_true(route_parameter(query, "b", 0, &value));
	assert_string_equal(buf_text(&value), "x y+");
	buf_reset(&value);
	assert_true(route_parameter(query, "a", 1, &value));
	assert_string_equal(buf_text(&value), "2");
	buf_reset(&value);
	assert_true(route_parameter(query, "c", 0, &value));
	assert_string_equal(buf_text(&value), "");
	assert_false(route_parameter(query, "a", 2, &value));
	assert_false(route_parameter(query, "d", 0, &value));
}

RUN_TESTS(CASE(targets_of_the_library), CASE(targets_of_captures),
	CASE(parameters_are_decoded_and_counted))
