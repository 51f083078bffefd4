/* SPDX-License-Identifier: MIT */
/* sitemap_test.c - sitemaps with prefixes of any name, packed, as text, and those that robots.txt
 * names, through the same entry as a crawl */
#include "unit.h"

#include "base/buf.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "links/links.h"
#include "links_text.h"

static bool find(const char *url_text, const char *type, struct bytes text, struct buf *out)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(bytes_of(url_text), NULL, &url, &err), FLONG_OK);
	const struct links_input input = {
		.document = text, .url = url, .content_type = bytes_of(type)};
	assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
	links_text_add(&list, out);
	bool is_cut = list.is_cut;
	link_list_clear(&list);
	return is_cut;
}

static void check(const char *type, struct bytes text, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	assert_false(find("https://news.example/d/f", type, text, &got));
	assert_string_equal(buf_text(&got), wanted);
}

TEST(prefixes_mean_nothing)
{
	check("text/xml",
		BYTES("<s:urlset><s:url><s:loc>/p</s:loc><i:image><i:loc>/i.jpg</i:loc><i:title>/no"
		      "</i:title><i:license>/l</i:license></i:image><v:video>"
		      "<v:thumbnail_loc>/t.jpg</v:thumbnail_loc><v:content_loc>/f.mp4"
		      "</v:content_loc><v:player_loc>/e</v:player_loc><v:duration>5</v:duration>"
		      "<v:uploader info='/u'>no</v:uploader></v:video><n:news><n:publication>/no"
		      "</n:publication></n:news><s:lastmod>/no</s:lastmod>"
		      "<x:link rel='alternate' href='/de'/></s:url></s:urlset>"),
		"discovery document L-52 https://news.example/p\n"
		"discovery image L-52 https://news.example/i.jpg\n"
		"discovery document L-52 https://news.example/l\n"
		"discovery image L-52 https://news.example/t.jpg\n"
		"discovery media L-52 https://news.example/f.mp4\n"
		"discovery unknown L-52 https://news.example/e\n"
		"discovery document L-52 https://news.example/u\n"
		"discovery document L-52 https://news.example/de\n");
}

TEST(a_page_may_follow_its_pictures)
{
	check("application/xml",
		BYTES("<urlset><url><image:image><image:loc>/i</image:loc></image:image>"
		      "<loc>/p</loc></url></urlset>"),
		"discovery image L-52 https://news.example/i\n"
		"discovery document L-52 https://news.example/p\n");
	check("application/xml",
		BYTES("<sitemapindex><sitemap><loc>/s.xml.gz</loc></sitemap></sitemapindex>"),
		"discovery feed L-52 https://news.example/s.xml.gz\n");
}

TEST(text_and_wide_sitemaps)
{
	check("text/plain", BYTES("\xEF\xBB\xBFhttps://a.example/1\nno\nhttp://b.example/2\r\n"),
		"discovery document L-52 https://a.example/1\n"
		"discovery document L-52 http://b.example/2\n");
	check("text/xml",
		BYTES("\xFE\xFF\0<\0u\0r\0l\0s\0e\0t\0>\0<\0l\0o\0c\0>\0/\0p\0<\0/\0l\0o\0c\0>"),
		"discovery document L-52 https://news.example/p\n");
}

TEST(packed_sitemaps_are_unpacked)
{
	/* gzip of "http://a.example/1\n", and the same cut in the middle. */
	static const char packed[] =
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x28\x29\x29\xb0\xd2\xd7\x4f\xd4"
		"\x4b\xad\x48\xcc\x2d\xc8\x49\xd5\x37\xe4\x02\x00\x96\x01\x60\xb5\x13\x00\x00\x00";
	struct bytes whole = bytes_from(packed, sizeof(packed) - 1);
	static const char wanted[] = "discovery document L-52 http://a.example/1\n";
	check("application/x-gzip", whole, wanted);
	check("application/octet-stream", whole, wanted);
	check("application/gzip", bytes_slice(whole, 0, 10), "");
	check("application/gzip", BYTES("\x1f\x8b\x08"), "");
	check("application/gzip", BYTES("no gzip"), "");
}

TEST(packed_bombs_are_read_in_part)
{
	SCOPED(buf_clear) struct buf blanks = buf_with_max(2 * LIMIT_DOCUMENT_BYTES);
	SCOPED(buf_clear) struct buf packed = {0};
	SCOPED(buf_clear) struct buf got = {0};
	struct flong_error err = {0};
	buf_add_text(&blanks, "https://a.example/1\n");
	while (blanks.len < LIMIT_DOCUMENT_BYTES + 100) {
		buf_add_text(&blanks, "                                                        ");
	}
	buf_add_text(&blanks, "\nhttps://a.example/2\n");
	SCOPED(deflater_closep) struct deflater *deflater = deflater_create(9);
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&packed);
	const struct gzip_part part = {.form = GZIP_DEFLATE, .bytes = buf_bytes(&blanks)};
	assert_int_equal(gzip_write_member(deflater, &part, 1, sink, &err), FLONG_OK);
	assert_true(find("https://a.example/", "application/gzip", buf_bytes(&packed), &got));
	assert_string_equal(buf_text(&got), "discovery document L-52 https://a.example/1\n");
}

TEST(robots_txt_names_sitemaps)
{
	static const struct bytes text = {
		"User-agent: x\nDisallow: /no\nSitemap: https://a.example/s.xml\n"
		"sitemap : /t.xml # no\nSitemap:\n",
		88};
	SCOPED(buf_clear) struct buf got = {0};
	assert_false(
		find("https://news.example/robots.txt", "text/plain; charset=utf-8", text, &got));
	assert_string_equal(buf_text(&got), "discovery feed L-52 https://a.example/s.xml\n"
					    "discovery feed L-52 https://news.example/t.xml\n");
	check("text/plain", text, "");
}

RUN_TESTS(CASE(prefixes_mean_nothing), CASE(a_page_may_follow_its_pictures),
	CASE(text_and_wide_sitemaps), CASE(packed_sitemaps_are_unpacked),
	CASE(packed_bombs_are_read_in_part), CASE(robots_txt_names_sitemaps))
