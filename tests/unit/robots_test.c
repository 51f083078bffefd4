/* SPDX-License-Identifier: MIT */
/* robots_test.c - groups, rules, delays and sitemaps */
#include "unit.h"

#include "web/robots.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool allows(const char *text, const char *target)
{
	SCOPED(robots_closep) struct robots *robots = robots_parse(bytes_of(text), BYTES("flong"));
	return robots_allows(robots, bytes_of(target), NULL);
}

TEST(rules_are_those_of_our_group_and_the_longest_wins)
{
	static const struct {
		const char *text, *target;
		bool allowed;
	} cases[] = {
		{"", "/x", true},
		{"User-agent: *\nDisallow: /", "/x", false},
		{"user-agent: *\r\ndisallow: /\r\n\r\nUSER-AGENT: Flong/2.0\r\nDisallow:\r\n", "/x",
			true},
		{"user-agent: *\rdisallow: /\r", "/x", false},
		{"\xef\xbb\xbfuser-agent: *\ndisallow: /", "/x", false},
		{"disallow: /\nuser-agent: *\n", "/x", true},
		{"user-agent: flongbot\ndisallow: /", "/x", true},
		{"user-agent: a\nuser-agent: flong\ndisallow: /x\nuser-agent: b\ndisallow: /y",
			"/x", false},
		{"user-agent: a\nuser-agent: flong\ndisallow: /x\nuser-agent: b\ndisallow: /y",
			"/y", true},
		{"user-agent: *\ndisallow: /a\nallow: /a/b", "/a/b/c", true},
		{"user-agent: *\ndisallow: /a\nallow: /a", "/a", true},
		{"user-agent: *\ndisallow: /*.pdf$", "/x/y.pdf", false},
		{"user-agent: *\ndisallow: /*.pdf$", "/x/y.pdf?z", true},
		{"user-agent: *\ndisallow: /a*b*c", "/a-b-b-c-d", false},
		{"user-agent: *\ndisallow: /a*b$", "/ab-b", false},
		{"user-agent: *\ndisallow: /ab*b$", "/ab", true},
		{"user-agent: *\ndisallow: /a$b", "/a$b", false},
		{"user-agent: *\ndisallow: /\xc3\xa4", "/%c3%a4x", false},
		{"user-agent: *\ndisallow: /x # comment", "/x", false},
		{"user-agent: *\ndisallow: /\nallow: /i/index.html", "/i/", true},
		{"user-agent: *\ndissalow /x", "/x", false},
		{"user-agent: *\ndisallow: /a<b", "/a%3Cb", false},
		{"user-agent: *\ndisallow: /foo/%62%61%7A", "/foo/baz", false},
		{"user-agent: *\ndisallow: /~joe/", "/%7ejoe/x", false},
		{"user-agent: *\ndisallow: /a%2Fb", "/a/b", true},
		{"user-agent: *\ndisallow: /a%2a", "/a*", true},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (allows(cases[i].text, cases[i].target) != cases[i].allowed) {
			fail_msg("%s for %s", cases[i].target, cases[i].text);
		}
	}
}

TEST(the_deciding_rule_is_named)
{
	struct bytes rule;
	SCOPED(robots_closep)
	struct robots *robots =
		robots_parse(BYTES("user-agent: *\nDisallow: /a\nAllow: /a/b\n"), BYTES("flong"));
	assert_false(robots_allows(robots, BYTES("/a/x"), &rule));
	assert_bytes(rule, "disallow: /a");
	assert_true(robots_allows(robots, BYTES("/a/b"), &rule));
	assert_bytes(rule, "allow: /a/b");
	assert_true(robots_allows(robots, BYTES("/c"), &rule));
	assert_bytes(rule, "");
	assert_true(robots_allows(NULL, BYTES("/c"), &rule));
}

TEST(delays_and_sitemaps_are_read)
{
	struct bytes url;
	SCOPED(robots_closep)
	struct robots *robots =
		robots_parse(BYTES("user-agent: *\ncrawl-delay: 9\nSitemap: http://x/a\n"
				   "user-agent: flong\ncrawl-delay: 0.25\ndisallow:\n"
				   "sitemap:http://x/b"),
			BYTES("flong"));
	assert_int_equal(robots_crawl_delay_ms(robots), 250);
	assert_true(robots_sitemap(robots, 1, &url));
	assert_bytes(url, "http://x/b");
	assert_false(robots_sitemap(robots, 2, &url));
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"user-agent: flong\ncrawl-delay: 0.25", 250},
		{"user-agent: *\ncrawl-delay: 5\n", 5000}, {"user-agent: x\ncrawl-delay: 5", -1},
		{"user-agent: *\ncrawl-delay: soon", -1}, {"user-agent: *\ncrawl-delay: -1", -1},
		{"user-agent: *\ncrawl-delay: 999999999", 86400000}, {"crawl-delay: 5", -1}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(robots_closep)
		struct robots *one = robots_parse(bytes_of(cases[i].text), BYTES("flong"));
		assert_true(robots_crawl_delay_ms(one) == cases[i].ms);
	}
}

TEST(a_version_is_no_part_of_the_agent)
{
	SCOPED(robots_closep)
	struct robots *robots =
		robots_parse(BYTES("user-agent: flong\ndisallow: /\nuser-agent: *\ndisallow: /x"),
			BYTES("flong/0.1"));
	assert_false(robots_allows(robots, BYTES("/y"), NULL));
}

RUN_TESTS(CASE(a_version_is_no_part_of_the_agent),
	CASE(rules_are_those_of_our_group_and_the_longest_wins), CASE(the_deciding_rule_is_named),
	CASE(delays_and_sitemaps_are_read))
