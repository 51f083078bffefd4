/* SPDX-License-Identifier: MIT */
/* entries_test.c - feeds and sitemaps of all kinds as a list of stories */
#include "unit.h"

#include "article/page.h"
#include "base/gzip.h"
#include "base/limits.h"

#define N "https://news.example/"

/* "KIND URL DATE TITLE" a line; "no feed" when it is none. */
static void list_entries(struct bytes document, const char *type, struct buf *out)
{
	struct flong_error err = {0};
	struct page_result result = {0};
	SCOPED(url_closep) struct url *url = NULL;
	assert_int_equal(url_parse(BYTES(N "d/feed"), NULL, &url, &err), FLONG_OK);
	const struct page_input input = {.document = document,
		.url = url,
		.content_type = bytes_of(type),
		.role = ROLE_FEED,
		.captured_ms = 1000};
	assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
	if (result.format == LINKS_NONE) {
		assert_int_equal(result.story_count, 0);
		buf_add_text(out, "no feed\n");
	}
	for (size_t i = 0; i < result.story_count; i++) {
		const struct page_story *story = &result.stories[i];
		buf_addf(out, "%s " BYTES_FMT " " BYTES_FMT " " BYTES_FMT "\n",
			story_kind_name(story->kind), BYTES_ARG(story->url), BYTES_ARG(story->date),
			BYTES_ARG(story->title));
	}
	/* The same after the way from the parser. */
	SCOPED(buf_clear) struct buf packed = {0};
	struct page_result again = {0};
	assert_int_equal(page_result_write(&result, &packed, &err), FLONG_OK);
	assert_int_equal(page_result_read(buf_bytes(&packed), &again, &err), FLONG_OK);
	assert_int_equal(again.story_count, result.story_count);
	assert_int_equal(again.format, result.format);
	page_result_clear(&again);
	page_result_clear(&result);
}

static void check(const char *document, const char *type, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	list_entries(bytes_of(document), type, &got);
	assert_string_equal(buf_text(&got), wanted);
}

TEST(rss_and_rdf)
{
	check("<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><link>" N "</link>"
	      "<image><url>/l.png</url><title>I</title><link>" N "</link></image>"
	      "<item><title>One &amp; two</title><link> /one </link>"
	      "<pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate><guid>" N "guid</guid>"
	      "<source url='/s'>S</source><media:group><media:title>M</media:title>"
	      "<link>/other</link></media:group><enclosure url='/x.mp3'/></item>"
	      "<item><guid isPermaLink='true'>" N "two</guid><dc:date>2026-11-22</dc:date></item>"
	      "<item><guid isPermaLink='false'>" N "three</guid></item>"
	      "<item><guid>17</guid></item><item><link>mailto:a@b.example</link></item>"
	      "<item><feedburner:origLink>" N "four</feedburner:origLink><link>http://p/4</link>"
	      "<pubDate>yesterday</pubDate></item></channel></rss>",
		"text/html",
		"entry " N "one 2026-11-23T09:00:00Z One & two\n"
		"entry " N "two 2026-11-22T23:59:59Z \n"
		"entry " N "four  \n");
	check("<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='/c'>"
	      "<link>/c</link></channel><item rdf:about='/a'><title>A</title>"
	      "<dc:date>2026-11-23T10:00:00Z</dc:date></item></rdf:RDF>",
		"application/rdf+xml", "entry " N "a 2026-11-23T10:00:00Z A\n");
}

TEST(atom)
{
	check("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/b/'><link href='/'/>"
	      "<updated>2026-11-25T00:00:00Z</updated><entry><title>A</title>"
	      "<link rel='enclosure' href='a.mp3'/><link href='a' rel='alternate'/>"
	      "<link href='second'/><published>2026-11-20T10:00:00Z</published>"
	      "<updated>2026-11-23T10:00:00.5-02:00</updated><source><title>S</title>"
	      "<link href='/source'/><updated>2030-01-01T00:00:00Z</updated></source></entry>"
	      "<entry xml:base='c/'><link href='d'/></entry></feed>",
		"application/atom+xml; charset=utf-8",
		"entry " N "b/a 2026-11-23T12:00:00Z A\n"
		"entry " N "b/c/d  \n");
}

TEST(sitemaps)
{
	check("<urlset xmlns:n='news' xmlns:i='image'><url><loc>" N "a</loc><lastmod>2026-11-20"
	      "</lastmod><n:news><n:publication><n:name>T</n:name></n:publication>"
	      "<n:publication_date>2026-11-23T10:00:00Z</n:publication_date>"
	      "<n:title>A</n:title></n:news><i:image><i:loc>" N "a.jpg</i:loc></i:image></url>"
	      "<url><loc>" N "b</loc></url></urlset>",
		"application/xml",
		"entry " N "a 2026-11-23T10:00:00Z A\n"
		"entry " N "b  \n");
	check("<sitemapindex><sitemap><loc>" N "s1.xml.gz</loc><lastmod>2026-11-23T10:00:00Z"
	      "</lastmod></sitemap></sitemapindex>",
		"", "list " N "s1.xml.gz 2026-11-23T10:00:00Z \n");
	check(N "a\r\n\r\nno address\n" N "b\n", "text/plain",
		"entry " N "a  \n"
		"entry " N "b  \n");
}

TEST(json_feeds)
{
	check("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"url\":"
	      "\"/a\",\"external_url\":\"" N "x\",\"title\":\"A\",\"date_published\":"
	      "\"2026-11-20T10:00:00Z\",\"date_modified\":\"2026-11-23T10:00:00Z\"},"
	      "{\"id\":\"" N "b\"},{\"id\":\"c\"},7]}",
		"application/feed+json",
		"entry " N "a 2026-11-23T10:00:00Z A\n"
		"entry " N "b  \n");
}

TEST(a_packed_one_in_another_charset)
{
	SCOPED(buf_clear) struct buf packed = {0};
	SCOPED(buf_clear) struct buf got = {0};
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(6);
	struct flong_error err = {0};
	const struct gzip_part part = {GZIP_DEFLATE,
		BYTES("<rss><item><title>Caf\xe9</title><link>/a</link></item></rss>"), NULL};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&packed);
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	list_entries(buf_bytes(&packed), "text/xml; charset=iso-8859-1", &got);
	assert_string_equal(buf_text(&got), "entry " N "a  Caf\xc3\xa9\n");
}

TEST(what_is_no_feed_has_no_entries)
{
	static const char *const others[] = {"", "<!doctype html><title>x</title><a href=/>x</a>",
		"{\"items\":[]}", "words", "<svg><item><link>/a</link></item></svg>",
		"\x1f\x8b\x08", "<html><body><item><link>/a</link></item>", "/a\n"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		check(others[i], "application/xml", "no feed\n");
	}
	check("<rss><channel></channel></rss>", "application/xml", "");
	check("<rss><item><link>/a</link></item><item><link>/b</link", "application/xml",
		"entry " N "a  \n");
}

TEST(more_entries_than_a_sitemap_may_have_are_dropped)
{
	SCOPED(buf_clear) struct buf text = {0};
	struct flong_error err = {0};
	struct page_result result = {0};
	SCOPED(url_closep) struct url *url = NULL;
	for (size_t i = 0; i < LIMIT_FEED_ENTRIES + 3; i++) {
		buf_addf(&text, N "%zu\n", i);
	}
	assert_int_equal(url_parse(BYTES(N), NULL, &url, &err), FLONG_OK);
	const struct page_input input = {
		.document = buf_bytes(&text), .url = url, .role = ROLE_FEED};
	assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
	assert_int_equal(result.story_count, LIMIT_FEED_ENTRIES);
	assert_int_equal(result.links_dropped, 3);
	page_result_clear(&result);
}

RUN_TESTS(CASE(rss_and_rdf), CASE(atom), CASE(sitemaps), CASE(json_feeds),
	CASE(a_packed_one_in_another_charset), CASE(what_is_no_feed_has_no_entries),
	CASE(more_entries_than_a_sitemap_may_have_are_dropped))
