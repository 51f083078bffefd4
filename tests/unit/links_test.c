/* SPDX-License-Identifier: MIT */
/* links_test.c - which finder reads a document, in which encoding, and the list itself */
#include "unit.h"

#include "base/limits.h"
#include "links/links_json.h"
#include "links_text.h"

#define BASE "https://news.example/d/f"

static struct url *base_url(void)
{
	struct url *url = NULL;
	struct flong_error err = {0};
	assert_int_equal(url_parse(BYTES(BASE), NULL, &url, &err), FLONG_OK);
	return url;
}

TEST(the_format_follows_type_then_role_then_content)
{
	static const struct {
		const char *type;
		enum link_role role;
		const char *document;
		enum links_format format;
	} cases[] = {
		{"text/html; charset=x", ROLE_IMAGE, "", LINKS_HTML},
		{"application/xhtml+xml", ROLE_DOCUMENT, "", LINKS_HTML},
		{"text/css", ROLE_DOCUMENT, "", LINKS_CSS},
		{"", ROLE_STYLE, "a{}", LINKS_CSS},
		{"", ROLE_DOCUMENT, "plain", LINKS_HTML},
		{"image/svg+xml", ROLE_IMAGE, "", LINKS_SVG},
		{"application/rss+xml", ROLE_FEED, "", LINKS_XML_FEED},
		{"text/xml", ROLE_UNKNOWN, "<?xml version='1.0'?><urlset>", LINKS_SITEMAP},
		{"text/xml", ROLE_UNKNOWN, "<rss>", LINKS_XML_FEED},
		{"application/xml", ROLE_UNKNOWN, "<other/>", LINKS_XML},
		{"text/xml", ROLE_UNKNOWN, "<!-- <rss> --><MPD>", LINKS_DASH},
		{"text/xml", ROLE_UNKNOWN, "<?pi <rss>?><!DOCTYPE x [<!ENTITY a '>'>]><ns:feed>",
			LINKS_XML_FEED},
		{"text/xml", ROLE_UNKNOWN, "<a><rss>", LINKS_XML},
		{"", ROLE_DOCUMENT, "<!doctype html><rss>", LINKS_HTML},
		{"text/html", ROLE_UNKNOWN, "WEBVTT", LINKS_HTML},
		{"", ROLE_MANIFEST, "{}", LINKS_MANIFEST},
		{"application/json", ROLE_MANIFEST, "{}", LINKS_MANIFEST},
		{"application/json", ROLE_UNKNOWN, "{}", LINKS_JSON},
		{"application/vnd.apple.mpegurl", ROLE_MEDIA, "", LINKS_PLAYLIST},
		{"text/plain", ROLE_MEDIA, "#EXTM3U\n", LINKS_PLAYLIST},
		{"text/plain", ROLE_FEED, "http://a.example/", LINKS_SITEMAP},
		{"text/plain", ROLE_DOCUMENT, "hello", LINKS_NONE},
		{"text/javascript", ROLE_SCRIPT, "", LINKS_SCRIPT},
		{"application/x-ecmascript; charset=utf-8", ROLE_UNKNOWN, "", LINKS_SCRIPT},
		{"text/plain", ROLE_WORKER, "[]", LINKS_SCRIPT},
		{"", ROLE_SCRIPT, "{}", LINKS_SCRIPT},
		{"application/dash+xml", ROLE_MEDIA, "", LINKS_DASH},
		{"", ROLE_PLAYLIST, "<?xml version='1.0'?>\n<MPD xmlns='x'/>", LINKS_DASH},
		{"text/vtt", ROLE_UNKNOWN, "", LINKS_TRACK},
		{"application/octet-stream", ROLE_MEDIA, "\xEF\xBB\xBFWEBVTT\n", LINKS_TRACK},
		{"application/ttml+xml", ROLE_TRACK, "", LINKS_TRACK},
		{"text/xml", ROLE_TRACK, "<?xml version='1.0'?><tt xmlns='x'/>", LINKS_TRACK},
		{"", ROLE_TRACK, "", LINKS_TRACK},
		{"image/png", ROLE_IMAGE, "<html>", LINKS_NONE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct links_input input = {.document = bytes_of(cases[i].document),
			.content_type = bytes_of(cases[i].type),
			.role = cases[i].role};
		if (links_format_of(&input) != cases[i].format) {
			fail_msg("%s with \"%s\"", cases[i].type, cases[i].document);
		}
	}
	const struct links_input wide = {
		.document = BYTES("\xFF\xFE<\0r\0s\0s\0>\0"), .content_type = BYTES("text/xml")};
	assert_int_equal(links_format_of(&wide), LINKS_XML_FEED);
}

static void check(struct bytes document, const char *type, enum link_role role, const char *wanted)
{
	SCOPED(url_closep) struct url *url = base_url();
	SCOPED(buf_clear) struct buf got = {0};
	struct flong_error err = {0};
	struct link_list list = {0};
	struct links_input input = {
		.document = document, .url = url, .content_type = bytes_of(type), .role = role};
	assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
}

TEST(documents_are_decoded_before_they_are_read)
{
	check(BYTES("<a href=/\xE4>"), "text/html; charset=iso-8859-1", ROLE_FRAME,
		"page unknown L-02 https://news.example/%C3%A4\n");
	check(BYTES("<meta charset=windows-1251><a href=/\xE4>"), "text/html", ROLE_FRAME,
		"page unknown L-02 https://news.example/%D0%B4\n");
	check(BYTES("@charset \"iso-8859-1\";a{b:url(/\xE4)}"), "text/css", ROLE_STYLE,
		"requisite image L-29 https://news.example/%C3%A4\n");
	check(BYTES("\xFF\xFE<\0a\0 \0h\0r\0e\0f\0=\0/\0b\0>\0"), "text/html", ROLE_FRAME,
		"page unknown L-02 https://news.example/b\n");
	check(BYTES("<a href=/\xFF\xC3><a href=/c>"), "text/html; charset=utf-8", ROLE_FRAME,
		"page unknown L-02 https://news.example/%EF%BF%BD%EF%BF%BD\n"
		"page unknown L-02 https://news.example/c\n");
}

TEST(queries_are_in_the_encoding_of_their_document)
{
	check(BYTES("<a href='?q=\xE9&p=&#9731;'><img src=/\xE9?\xE9><img srcset='s?\xE9 2x'>"
		    "<b style='background:url(?b\xE9)'><style>p{background:url(?c\xE9)}</style>"
		    "<iframe srcdoc=\"<base href=/x/><img src='?d\xE9'>\"></iframe>"),
		"text/html; charset=windows-1252", ROLE_FRAME,
		"page unknown L-02 https://news.example/d/f?q=%E9&p=%26%239731%3B\n"
		"requisite image L-09 https://news.example/%C3%A9?%E9\n"
		"requisite image L-10 https://news.example/d/s?%E9 srcset shown\n"
		"requisite image L-29 https://news.example/d/f?b%E9\n"
		"requisite image L-29 https://news.example/d/f?c%E9\n"
		"requisite image L-09 https://news.example/x/?d%E9\n");
	check(BYTES("<meta charset=shift_jis><img src='?\x93\xFA'>"), "text/html", ROLE_FRAME,
		"requisite image L-09 https://news.example/d/f?%93%FA\n");
	check(BYTES("@charset \"windows-1252\";a{b:url(i.png?\xE4)}"), "text/css", ROLE_STYLE,
		"requisite image L-29 https://news.example/d/i.png?%E4\n");
	/* What scripts make is UTF-8, but where they send the reader. */
	check(BYTES("<script>a={src:'/s.png?\xE9'};import('./m.js?\xE9')</script>"
		    "<script type='application/json'>{\"url\":\"/j.png?\xE9\"}</script>"
		    "<i onclick=\"location='?l\xE9'\"><i data-player='{\"src\":\"/p.mp4?\xE9\"}'>"),
		"text/html; charset=windows-1252", ROLE_FRAME,
		"requisite image L-44 https://news.example/j.png?%C3%A9\n"
		"requisite media L-20 https://news.example/p.mp4?%C3%A9\n"
		"requisite script L-39 https://news.example/d/m.js?%C3%A9\n"
		"page unknown L-47 https://news.example/d/f?l%E9\n"
		"requisite image L-46 https://news.example/s.png?%C3%A9\n");
	check(BYTES("<img src='?\xC3\xA9'>"), "text/html; charset=utf-8", ROLE_FRAME,
		"requisite image L-09 https://news.example/d/f?%C3%A9\n");
	check(BYTES("<img src='/\xC3\xA9?&eacute;'>"), "text/html", ROLE_FRAME,
		"requisite image L-09 https://news.example/%C3%A9?%C3%A9\n");
	check(BYTES("<img src='/\xE9?&eacute;'>"), "text/html", ROLE_FRAME,
		"requisite image L-09 https://news.example/%C3%A9?%E9\n");
	check(BYTES("<\0i\0m\0g\0 \0s\0r\0c\0=\0?\0\xE9\0>\0"), "text/html; charset=utf-16le",
		ROLE_FRAME, "requisite image L-09 https://news.example/d/f?%C3%A9\n");
}

TEST(each_format_reaches_its_finder)
{
	check(BYTES("<?xml-stylesheet href='s.css'?><svg><use href='i.svg#x'/></svg>"),
		"image/svg+xml", ROLE_IMAGE,
		"requisite image L-36 https://news.example/d/i.svg\n"
		"requisite style L-37 https://news.example/d/s.css\n");
	check(BYTES("<rss><channel><link>/s</link></channel></rss>"), "application/rss+xml",
		ROLE_FEED, "discovery document L-50 https://news.example/s\n");
	check(BYTES("<urlset><url><loc>/s</loc></url></urlset>"), "text/xml", ROLE_FEED,
		"discovery document L-52 https://news.example/s\n");
	check(BYTES("{\"icons\":[{\"src\":\"i.png\"}]}"), "application/manifest+json",
		ROLE_MANIFEST, "requisite icon L-41 https://news.example/d/i.png\n");
	check(BYTES("{\"src\":\"/i.png\"}"), "application/json", ROLE_UNKNOWN,
		"requisite image L-44 https://news.example/i.png\n");
	check(BYTES("#EXTM3U\ns.ts\n"), "application/x-mpegurl", ROLE_PLAYLIST,
		"requisite media L-55 https://news.example/d/s.ts\n");
	check(BYTES("import './x.js'"), "text/javascript", ROLE_SCRIPT,
		"requisite script L-39 https://news.example/d/x.js\n");
	check(BYTES("{import './x.js'}"), "text/plain", ROLE_SCRIPT,
		"requisite script L-39 https://news.example/d/x.js\n");
	check(BYTES("a{}/*# sourceMappingURL=a.map */"), "text/css", ROLE_STYLE,
		"discovery unknown L-59 https://news.example/d/a.map\n");
	check(BYTES("<MPD><Period><AdaptationSet><Representation><BaseURL>v.mp4</BaseURL>"
		    "</Representation></AdaptationSet></Period></MPD>"),
		"application/dash+xml", ROLE_PLAYLIST,
		"requisite media L-56 https://news.example/d/v.mp4\n");
	check(BYTES("WEBVTT\n\n0:0.0 --> 0:1.0\ns.jpg#xywh=0,0,1,1\n"), "text/vtt", ROLE_TRACK,
		"requisite image L-57 https://news.example/d/s.jpg\n");
}

TEST(style_sheets_without_a_charset_are_in_that_of_their_page)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = base_url();
	static const struct {
		const char *type, *text, *environment, *wanted;
	} cases[] = {
		{"text/css", "a{b:url(\xE9)}", "iso-8859-5",
			"requisite image L-29 https://news.example/d/%D1%89\n"},
		{"text/css", "a{b:url(\xE9)}", NULL,
			"requisite image L-29 https://news.example/d/%EF%BF%BD\n"},
		{"text/css; charset=iso-8859-1", "a{b:url(\xE9)}", "iso-8859-5",
			"requisite image L-29 https://news.example/d/%C3%A9\n"},
		{"text/css", "@charset \"latin1\";a{b:url(\xE9)}", "iso-8859-5",
			"requisite image L-29 https://news.example/d/%C3%A9\n"},
		{"text/css", "@charset 'latin1';a{b:url(\xE9)}", "iso-8859-5",
			"requisite image L-29 https://news.example/d/%D1%89\n"},
		{"text/css",
			"\xEF\xBB\xBF"
			"a{b:url(\xC3\xA9)}",
			"iso-8859-5", "requisite image L-29 https://news.example/d/%C3%A9\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(buf_clear) struct buf got = {0};
		struct link_list list = {0};
		const struct links_input input = {.document = bytes_of(cases[i].text),
			.url = url,
			.content_type = bytes_of(cases[i].type),
			.environment = cases[i].environment};
		assert_int_equal(links_find(&input, &list, &err), FLONG_OK);
		links_text_add(&list, &got);
		assert_string_equal(buf_text(&got), cases[i].wanted);
		link_list_clear(&list);
	}
}

TEST(any_xml_names_its_style_sheets)
{
	check(BYTES("<?xml version='1.0'?><!-- <?xml-stylesheet href='no'?> -->"
		    "<?xml-stylesheet type='text/css' title=\"a='b'\" href='s.css?a&amp;b'?>"
		    "<?xml-stylesheetx href='no'?><!DOCTYPE a [<!ENTITY b '>'>]>"
		    "<?xml-stylesheet href=\"t.xsl\"?><a><?xml-stylesheet href='no'?></a>"),
		"application/xml", ROLE_FRAME,
		"requisite style L-37 https://news.example/d/s.css?a&b\n"
		"requisite style L-37 https://news.example/d/t.xsl\n");
	check(BYTES("<xsl:stylesheet><xsl:import href='a.xsl'/><xsl:include href='b.xsl'/>"
		    "<a href='no'/></xsl:stylesheet>"),
		"text/xml", ROLE_STYLE,
		"requisite style L-37 https://news.example/d/a.xsl\n"
		"requisite style L-37 https://news.example/d/b.xsl\n");
	check(BYTES("<a><import href='no'/></a>"), "text/xml", ROLE_STYLE, "");
	check(BYTES("<?xml-stylesheet href=no?><?xml-stylesheet href='no"), "text/xml", ROLE_FRAME,
		"");
}

TEST(response_heads_point_to_things_too)
{
	SCOPED(url_closep) struct url *url = base_url();
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	links_find_in_headers(url,
		BYTES("HTTP/1.1 200 OK\r\nLink: </a.css>; rel=preload; as=style\r\n"
		      "Location: /no\r\nContent-Location: /here\r\n\r\n"),
		&list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), "requisite style L-43 https://news.example/a.css\n"
					    "discovery document L-43 https://news.example/here\n");
	link_list_clear(&list);
}

TEST(one_entry_a_url_and_kind_within_the_limits)
{
	SCOPED(url_closep) struct url *url = base_url();
	struct link_list list = {0};
	struct link link = {.kind = LINK_PAGE, .rule = "L-02", .where = "a href", .anchor = 3};
	assert_true(link_list_add(&list, url, BYTES("/a#x"), &link));
	link.anchor = 1;
	assert_true(link_list_add(&list, url, BYTES("/a#y"), &link));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].anchor, 1);
	link.kind = LINK_DISCOVERY;
	assert_true(link_list_add(&list, url, BYTES("/a"), &link));
	assert_int_equal(list.count, 2);
	assert_false(link_list_add(&list, url, BYTES("ftp://a.example/"), &link));
	link.kind = LINK_REQUISITE;
	SCOPED(buf_clear) struct buf name = {0};
	for (size_t i = 0; i < LIMIT_PAGE_REQUISITES + 7; i++) {
		buf_reset(&name);
		buf_addf(&name, "/r/%zu", i);
		(void)link_list_add(&list, url, buf_bytes(&name), &link);
	}
	assert_int_equal(list.requisites, LIMIT_PAGE_REQUISITES);
	assert_int_equal(list.dropped, 7);
	link_list_clear(&list);
	assert_int_equal(list.count, 0);
}

TEST(a_link_is_one_line_of_json)
{
	SCOPED(buf_clear) struct buf out = {0};
	struct link link = {.url = BYTES("https://a.example/\"x"),
		.kind = LINK_PAGE,
		.rel = BYTES("next"),
		.where = "a href",
		.rule = "L-02"};
	links_json_add(&link, &out);
	assert_string_equal(buf_text(&out),
		"{\"url\":\"https://a.example/\\\"x\",\"kind\":\"page\",\"rel\":\"next\","
		"\"where\":\"a href\",\"rule\":\"L-02\"}");
}

RUN_TESTS(CASE(the_format_follows_type_then_role_then_content),
	CASE(documents_are_decoded_before_they_are_read),
	CASE(queries_are_in_the_encoding_of_their_document), CASE(each_format_reaches_its_finder),
	CASE(style_sheets_without_a_charset_are_in_that_of_their_page),
	CASE(any_xml_names_its_style_sheets), CASE(response_heads_point_to_things_too),
	CASE(one_entry_a_url_and_kind_within_the_limits), CASE(a_link_is_one_line_of_json))
