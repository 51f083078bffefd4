/* SPDX-License-Identifier: MIT */
/* scope_test.c - places and patterns */
#include "unit.h"

#include "crawl/scope.h"

static struct url *parse(const char *href)
{
	struct flong_error err = {0};
	struct url *url = NULL;
	assert_int_equal(url_parse(bytes_of(href), NULL, &url, &err), FLONG_OK);
	return url;
}

struct patterns {
	const char *include, *exclude;
};

/* Whether a page is allowed by a scope around `seed`. */
static bool allows(
	enum crawl_scope kind, struct patterns patterns, const char *seed, const char *href)
{
	struct crawl_options options = {.scope = kind};
	if (patterns.include != NULL) {
		crawl_texts_add(&options.include, patterns.include);
	}
	if (patterns.exclude != NULL) {
		crawl_texts_add(&options.exclude, patterns.exclude);
	}
	struct flong_error err = {0};
	SCOPED(scope_closep) struct scope *scope = NULL;
	assert_int_equal(scope_create(&options, &scope, &err), FLONG_OK);
	SCOPED(url_closep) struct url *from = parse(seed);
	SCOPED(url_closep) struct url *to = parse(href);
	scope_add_seed(scope, from);
	const char *reason = NULL;
	bool result = scope_allows_page(scope, to, &reason);
	assert_true(result || reason != NULL);
	crawl_options_clear(&options);
	return result;
}

TEST(places_are_what_their_names_say)
{
	static const char seed[] = "https://www.news.example.org/en/world/story-1";
	static const struct {
		enum crawl_scope kind;
		const char *href;
		bool allowed;
	} cases[] = {
		{SCOPE_RELATED, "https://elsewhere.example/", true},
		{SCOPE_ANY, "http://elsewhere.example/", true},
		{SCOPE_PAGE, "https://www.news.example.org/en/world/story-1", false},
		{SCOPE_PREFIX, "https://www.news.example.org/en/world/story-2", true},
		{SCOPE_PREFIX, "http://www.news.example.org/en/world/", true},
		{SCOPE_PREFIX, "https://www.news.example.org/en/world/deep/er", true},
		{SCOPE_PREFIX, "https://www.news.example.org/en/worldly", false},
		{SCOPE_PREFIX, "https://www.news.example.org/en/", false},
		{SCOPE_PREFIX, "https://www.news.example.org:8443/en/world/story-2", false},
		{SCOPE_PREFIX, "https://news.example.org/en/world/story-2", false},
		{SCOPE_HOST, "http://www.news.example.org/sports", true},
		{SCOPE_HOST, "https://news.example.org/sports", false},
		{SCOPE_HOST, "https://www.news.example.org.evil.example/", false},
		{SCOPE_DOMAIN, "https://static.example.org/x", true},
		{SCOPE_DOMAIN, "https://example.org/x", true},
		{SCOPE_DOMAIN, "https://example.com/x", false},
		{SCOPE_DOMAIN, "https://notexample.org/x", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool result = allows(cases[i].kind, (struct patterns){0}, seed, cases[i].href);
		if (result != cases[i].allowed) {
			fail_msg("scope %d, %s", (int)cases[i].kind, cases[i].href);
		}
	}
}

TEST(addresses_and_public_suffixes_are_domains_of_their_own)
{
	struct patterns none = {0};
	assert_false(allows(SCOPE_DOMAIN, none, "http://192.0.2.1/", "http://192.0.2.2/"));
	assert_true(allows(SCOPE_DOMAIN, none, "http://192.0.2.1/", "http://192.0.2.1:8080/"));
	assert_false(allows(SCOPE_DOMAIN, none, "http://localhost/", "http://intranet/"));
	assert_false(allows(SCOPE_DOMAIN, none, "https://a.co.uk/", "https://b.co.uk/"));
}

TEST(exclude_wins_over_include)
{
	static const char seed[] = "https://a.example/x";
	static const struct {
		struct patterns patterns;
		const char *href;
		bool allowed;
	} cases[] = {
		{{"/en/", NULL}, "https://a.example/en/1", true},
		{{"/en/", NULL}, "https://a.example/de/1", false},
		{{NULL, "\\?page="}, "https://a.example/de/1?page=2", false},
		{{NULL, "\\?page="}, "https://a.example/de/1", true},
		{{"/en/", "/en/live"}, "https://a.example/en/live/1", false},
		{{"/en/", "/en/live"}, "https://a.example/en/1", true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool result = allows(SCOPE_HOST, cases[i].patterns, seed, cases[i].href);
		if (result != cases[i].allowed) {
			fail_msg("case %zu: %s", i, cases[i].href);
		}
	}
}

TEST(only_exclude_speaks_about_requisites)
{
	struct crawl_options options = {.scope = SCOPE_HOST};
	crawl_texts_add(&options.include, "/en/");
	crawl_texts_add(&options.exclude, "tracker");
	struct flong_error err = {0};
	SCOPED(scope_closep) struct scope *scope = NULL;
	assert_int_equal(scope_create(&options, &scope, &err), FLONG_OK);
	SCOPED(url_closep) struct url *image = parse("https://elsewhere.example/a.png");
	SCOPED(url_closep) struct url *tracker = parse("https://elsewhere.example/tracker.gif");
	const char *reason = NULL;
	assert_true(scope_allows_requisite(scope, image, &reason));
	assert_false(scope_allows_requisite(scope, tracker, &reason));
	assert_non_null(strstr(reason, "--exclude"));
	crawl_options_clear(&options);
}

TEST(seeds_add_up)
{
	struct crawl_options options = {.scope = SCOPE_HOST};
	struct flong_error err = {0};
	SCOPED(scope_closep) struct scope *scope = NULL;
	assert_int_equal(scope_create(&options, &scope, &err), FLONG_OK);
	SCOPED(url_closep) struct url *first = parse("https://a.example/");
	SCOPED(url_closep) struct url *second = parse("https://b.example/");
	SCOPED(url_closep) struct url *page = parse("https://b.example/story");
	const char *reason = NULL;
	assert_false(scope_allows_page(scope, page, &reason));
	scope_add_seed(scope, first);
	assert_false(scope_allows_page(scope, page, &reason));
	scope_add_seed(scope, second);
	assert_true(scope_allows_page(scope, page, &reason));
}

TEST(names_a_pattern_that_is_none)
{
	struct crawl_options options = {.scope = SCOPE_ANY};
	crawl_texts_add(&options.include, "fine");
	crawl_texts_add(&options.include, "(open");
	struct flong_error err = {0};
	SCOPED(scope_closep) struct scope *scope = NULL;
	assert_int_equal(scope_create(&options, &scope, &err), FLONG_E_USAGE);
	assert_non_null(strstr(err.message, "(open"));
	assert_null(scope);
	crawl_options_clear(&options);
}

RUN_TESTS(CASE(places_are_what_their_names_say),
	CASE(addresses_and_public_suffixes_are_domains_of_their_own),
	CASE(exclude_wins_over_include), CASE(only_exclude_speaks_about_requisites),
	CASE(seeds_add_up), CASE(names_a_pattern_that_is_none))
