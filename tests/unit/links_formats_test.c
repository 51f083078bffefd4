/* SPDX-License-Identifier: MIT */
/* links_formats_test.c - playlists, manifests, sitemaps, feeds and headers */
#include "unit.h"

#include "links/feed.h"
#include "links/header_links.h"
#include "links/manifest.h"
#include "links/playlist.h"
#include "links/sitemap.h"
#include "links/xml_stylesheet.h"
#include "links_text.h"

#define BASE "https://news.example/d/f"

static struct url *base_url(void)
{
	struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	return url;
}

/* Resolves, clears and compares. */
static void check(struct references *references, const char *wanted)
{
	SCOPED(url_closep) struct url *url = base_url();
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	references_resolve(references, url, &list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
	references_clear(references);
}

TEST(master_playlists_offer_variants_by_bandwidth)
{
	struct references references = {0};
	playlist_find(BYTES("#EXTM3U\r\n"
			    "#EXT-X-MEDIA:TYPE=AUDIO,NAME=\"a,b=c\",URI=\"audio/de.m3u8\"\r\n"
			    "#EXT-X-STREAM-INF:CODECS=\"avc1,mp4a\",BANDWIDTH=900\r\nhigh.m3u8\r\n"
			    "#EXT-X-STREAM-INF:BANDWIDTH=100\r\n\r\nlow.m3u8\r\n"
			    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"i.m3u8\"\r\n"
			    "#EXT-X-SESSION-KEY:METHOD=NONE\r\n"),
		NULL, &references);
	check(&references,
		"requisite playlist L-55 https://news.example/d/i.m3u8 srcset\n"
		"requisite playlist L-55 https://news.example/d/audio/de.m3u8 srcset shown best\n"
		"requisite playlist L-55 https://news.example/d/low.m3u8 srcset shown\n"
		"requisite playlist L-55 https://news.example/d/high.m3u8 srcset best\n");
}

TEST(media_playlists_name_segments_keys_and_maps)
{
	struct references references = {0};
	playlist_find(BYTES("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k?a=1\",IV=0x1\n"
			    "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"7@0\"\n#EXTINF:4,\n"
			    "/s,1.ts\n# a comment URI=\"no\"\n#EXT-X-PART:DURATION=1,URI=\"p\""),
		NULL, &references);
	check(&references, "requisite media L-55 https://news.example/d/k?a=1\n"
			   "requisite media L-55 https://news.example/d/init.mp4\n"
			   "requisite media L-55 https://news.example/s,1.ts\n"
			   "requisite media L-55 https://news.example/d/p\n");
}

TEST(manifests_need_their_icons)
{
	struct references references = {0};
	manifest_find(BYTES("{\"icons\":[{\"src\":\"i.png\"},{},7],\"start_url\":\"/?s\","
			    "\"screenshots\":[{\"src\":\"s.png\"}],"
			    "\"shortcuts\":[{\"url\":\"/n\",\"icons\":[{\"src\":\"j.png\"}]}]}"),
		&references);
	check(&references, "requisite icon L-41 https://news.example/d/i.png\n"
			   "discovery image L-41 https://news.example/d/s.png\n"
			   "requisite icon L-41 https://news.example/d/j.png\n"
			   "discovery document L-41 https://news.example/n\n"
			   "discovery document L-41 https://news.example/?s\n");
	manifest_find(BYTES("not json"), &references);
	check(&references, "");
}

TEST(manifests_name_pages_but_no_templates)
{
	struct references references = {0};
	manifest_find(
		BYTES("{\"related_applications\":[{\"url\":\"https://store.example/a\"},7],"
		      "\"share_target\":{\"action\":\"/no\"},\"scope\":\"/no/\",\"id\":\"/no\","
		      "\"file_handlers\":[{\"action\":\"/no\",\"icons\":[{\"src\":\"f.png\"}]}],"
		      "\"note_taking\":{\"new_note_url\":\"/note\"},"
		      "\"protocol_handlers\":[{\"url\":\"/no?%s\"}]}"),
		&references);
	check(&references, "requisite icon L-41 https://news.example/d/f.png\n"
			   "discovery document L-41 https://store.example/a\n"
			   "discovery document L-41 https://news.example/note\n");
}

TEST(sitemaps_name_pages_pictures_and_sitemaps)
{
	struct references references = {0};
	struct flong_error err = {0};
	assert_int_equal(
		sitemap_find(BYTES("<urlset xmlns:image='x'><url><loc> https://a.example/?x=1&amp;y"
				   " </loc><image:image><image:loc>/i.jpg</image:loc></image:image>"
				   "<xhtml:link rel='alternate' href='/de?a&amp;b'/></url>"
				   "<url><loc><![CDATA[/c]]></loc><news:news/></url>"
				   "<url><loc>/cut"),
			&references, &err),
		FLONG_OK);
	check(&references, "discovery document L-52 https://a.example/?x=1&y\n"
			   "discovery image L-52 https://news.example/i.jpg\n"
			   "discovery document L-52 https://news.example/de?a&b\n"
			   "discovery document L-52 https://news.example/c\n");
	assert_int_equal(sitemap_find(BYTES("<sitemapindex><sitemap><loc>/s.xml</loc></sitemap>"),
				 &references, &err),
		FLONG_OK);
	check(&references, "discovery feed L-52 https://news.example/s.xml\n");
	sitemap_find_in_text(
		BYTES("https://a.example/1\r\nno url\nhttp://b.example/"), &references);
	check(&references, "discovery document L-52 https://a.example/1\n"
			   "discovery document L-52 http://b.example/\n");
}

TEST(entities_of_documents_are_never_expanded)
{
	struct references references = {0};
	struct flong_error err = {0};
	assert_int_equal(
		sitemap_find(BYTES("<!DOCTYPE u [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>"
				   "<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url>"
				   "<loc>/1&b;&x;</loc></url></urlset>"),
			&references, &err),
		FLONG_OK);
	check(&references, "discovery document L-52 https://news.example/1\n");
}

TEST(feeds_name_stories_enclosures_and_what_their_html_holds)
{
	static const char rss[] =
		"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='/r.xsl'?>"
		"<rss><channel xml:base='/base/'><link>x</link>"
		"<item><guid isPermaLink='false'>/no</guid><link>/s1</link>"
		"<enclosure url='/e.mp3?a=1&amp;b'/><media:thumbnail url='/t.jpg'/>"
		"<description>&lt;img src='h.png'&gt;</description>"
		"<content:encoded><![CDATA[<a href='/in'>x</a>]]></content:encoded></item>"
		"</channel></rss>";
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = base_url();
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	assert_int_equal(feed_find(bytes_of(rss), url, &list, &err), FLONG_OK);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got),
		"discovery document L-50 https://news.example/base/x\n"
		"discovery document L-50 https://news.example/s1\n"
		"discovery media L-50 https://news.example/e.mp3?a=1&b\n"
		"discovery image L-50 https://news.example/t.jpg\n"
		"discovery image L-50 https://news.example/base/h.png\n"
		"discovery unknown L-50 https://news.example/in\n");
	link_list_clear(&list);
	struct references references = {0};
	xml_stylesheet_find(bytes_of(rss), &references);
	check(&references, "requisite style L-37 https://news.example/r.xsl\n");
}

TEST(headers_link_preload_and_refresh)
{
	struct references references = {0};
	struct http_head head = {.status = 200};
	headers_add(&head.headers, BYTES("Link"),
		BYTES("</a,b.css>; rel=\"preload\"; as=style, <//c.example>;rel=preconnect , "
		      "</n?x;y>; title=\"a, b\"; rel=next"));
	headers_add(&head.headers, BYTES("link"), BYTES("<broken"));
	headers_add(&head.headers, BYTES("Refresh"), BYTES("0;url=/r"));
	header_links_find(&head, &references);
	headers_clear(&head.headers);
	check(&references, "requisite style L-43 https://news.example/a,b.css\n"
			   "discovery document L-43 https://news.example/n?x;y\n"
			   "page redirect L-43 https://news.example/r\n");
}

RUN_TESTS(CASE(master_playlists_offer_variants_by_bandwidth),
	CASE(media_playlists_name_segments_keys_and_maps), CASE(manifests_need_their_icons),
	CASE(manifests_name_pages_but_no_templates),
	CASE(sitemaps_name_pages_pictures_and_sitemaps),
	CASE(entities_of_documents_are_never_expanded),
	CASE(feeds_name_stories_enclosures_and_what_their_html_holds),
	CASE(headers_link_preload_and_refresh))
