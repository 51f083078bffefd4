/* SPDX-License-Identifier: MIT */
/* story_key_test.c - which story a page is, and which address is a front page */
#include "article/story_key.h"
#include "unit.h"

static struct url *parsed(const char *text)
{
	struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(bytes_of(text), NULL, &url, &err), FLONG_OK);
	return url;
}

static void check_key(const char *page, const char *canonical, const char *expected)
{
	struct buf key = {0};
	struct url *url = parsed(page);
	story_key_add(&key, url, bytes_of(canonical));
	assert_string_equal(buf_text(&key), expected);
	buf_clear(&key);
	url_close(url);
}

TEST(canonical_address_names_the_story)
{
	check_key("https://www.a.example/news/some-story-here-1234567?utm_source=x", "",
		"a.example/news/some-story-here-1234567");
	check_key("https://amp.a.example/some-story-here-1234567",
		"https://www.a.example/news/some-story-here-1234567",
		"a.example/news/some-story-here-1234567");
	check_key("https://a.example/amp/s1", "/news/s1/", "a.example/news/s1");
}

TEST(not_every_canonical_address_is_believed)
{
	static const char page[] = "https://a.example/news/some-story-here-1234567";
	static const char key[] = "a.example/news/some-story-here-1234567";
	check_key(page, "https://other.example/news/some-story-here-1234567", key);
	check_key(page, "https://a.example/", key);
	check_key(page, "https://a.example/en/", key);
	check_key(page, "https://a.example/tag/news", key);
	check_key(page, "http://[", key);
	check_key(page, "mailto:x@a.example", key);
	check_key("https://a.example/", "https://a.example", "a.example");
}

TEST(front_pages)
{
	static const struct {
		const char *url;
		bool is_front;
	} cases[] = {
		{"https://a.example/", true},
		{"https://a.example/en/", true},
		{"https://a.example/de", true},
		{"https://a.example/?p=123", false},
		{"https://a.example/x", false},
		{"https://a.example/12", false},
		{"https://a.example/news", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct url *url = parsed(cases[i].url);
		assert_int_equal(story_key_is_front(url), cases[i].is_front);
		url_close(url);
	}
}

RUN_TESTS(CASE(canonical_address_names_the_story), CASE(not_every_canonical_address_is_believed),
	CASE(front_pages))
