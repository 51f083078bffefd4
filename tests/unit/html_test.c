/* SPDX-License-Identifier: MIT */
/* html_test.c - the links of HTML, rule by rule */
#include "unit.h"

#include "links/html.h"
#include "links/html_attributes.h"
#include "links_text.h"

#define PAGE "https://news.example/en/story/a-17"

struct html_case {
	const char *html;
	const char *links;
};

static void find(const char *html, enum link_role role, struct buf *out)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(PAGE), NULL, &url, &err), FLONG_OK);
	struct links_input input = {.url = url, .role = role};
	assert_int_equal(html_find(bytes_of(html), &input, &list, &err), FLONG_OK);
	buf_reset(out);
	links_text_add(&list, out);
	link_list_clear(&list);
}

static void check(const struct html_case *cases, size_t count)
{
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < count; i++) {
		find(cases[i].html, ROLE_FRAME, &got);
		if (strcmp(buf_text(&got), cases[i].links) != 0) {
			fail_msg("%s\ngot:\n%swanted:\n%s", cases[i].html, buf_text(&got),
				cases[i].links);
		}
	}
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof((cases)[0]))
#define HOST "https://news.example/"

TEST(the_first_base_counts_for_all_links)
{
	static const struct html_case cases[] = {
		{"<img src=a.png><base href=/x/><base href=/y/><img src=b.png>",
			"requisite image L-09 " HOST "x/a.png\nrequisite image L-09 " HOST
			"x/b.png\n"},
		{"<base target=_top><base href=/x/><a href=b>", "page unknown L-02 " HOST "x/b\n"},
		{"<base href='javascript:1'><a href=b>", "page unknown L-02 " HOST "en/story/b\n"},
		{"<iframe srcdoc='<base href=/q/><img src=a.png><iframe srcdoc=\"<img "
		 "src=b.png>\"></iframe>'></iframe><iframe srcdoc='<img src=c.png>'></iframe>"
		 "<base href=/x/>",
			"requisite image L-09 " HOST "q/a.png\n"
			"requisite image L-09 " HOST "q/b.png\n"
			"requisite image L-09 " HOST "x/c.png\n"},
	};
	CHECK(cases);
}

TEST(what_loads_nothing_is_left_out)
{
	static const struct html_case cases[] = {
		{"<img src=''><img src=' '><img><a href='#top'><a href>", ""},
		{"<a href='javascript:x()'><img src='data:,x'><a href=mailto:a@b.example>", ""},
		{"<a href=' JavaScript:x'><a href='ftp://x.example/'><a href='http://[x'>", ""},
		{"<form action=/search><button formaction=/x></form><a ping=/t></a>", ""},
		{"<link rel=preconnect href=//c.example><link rel=dns-prefetch href=//d.example>"
		 "<link rel=pingback href=/p><link rel=EditURI href=/e><link href=/f>",
			""},
		{"<map name=m></map><img usemap='#m'>", ""},
	};
	CHECK(cases);
}

TEST(pages_come_from_anchors_and_refreshes)
{
	static const struct html_case cases[] = {
		{"<a href=' b&amp;c\n.html '><area href=/d#e>",
			"page unknown L-02 " HOST "en/story/b&c.html\npage unknown L-02 " HOST
			"d\n"},
		{"<meta http-equiv=Refresh content=\"0; URL='/new'\">",
			"page redirect L-22 " HOST "new\n"},
		{"<meta http-equiv=refresh content='5;url=/n?a=b;c'>",
			"page redirect L-22 " HOST "n?a=b;c\n"},
		{"<meta http-equiv=refresh content='5'><meta http-equiv=refresh content='url=/x'>",
			""},
		{"<svg><a xlink:href=/z></a></svg>", "page unknown L-36 " HOST "z\n"},
		{"<blockquote cite=/s>", "discovery unknown L-27 " HOST "s\n"},
	};
	CHECK(cases);
}

TEST(link_relations_are_tokens)
{
	static const struct html_case cases[] = {
		{"<link rel='Preload StyleSheet' as=style href=/a.css>",
			"requisite style L-06 " HOST "a.css\n"},
		{"<link rel='alternate stylesheet' href=/a.css>",
			"requisite style L-06 " HOST "a.css\n"},
		{"<link rel=preload as=font href=/f.woff2>",
			"requisite font L-06 " HOST "f.woff2\n"},
		{"<link rel='shortcut icon' href=/i.ico><link rel=manifest href=/m.json>",
			"requisite icon L-06 " HOST "i.ico\nrequisite manifest L-06 " HOST
			"m.json\n"},
		{"<link rel=canonical href=/c><link rel=amphtml href=/m><link rel=shortlink "
		 "href=/s>",
			"discovery document L-08 " HOST "c\ndiscovery document L-08 " HOST
			"m\ndiscovery document L-08 " HOST "s\n"},
		{"<link rel=alternate type=application/rss+xml href=/feed>",
			"discovery feed L-08 " HOST "feed\n"},
		{"<link rel=alternate type=application/json+oembed href=/o>",
			"discovery unknown L-54 " HOST "o\n"},
		{"<link rel=author href=/au>", "discovery unknown L-08 " HOST "au\n"},
		{"<link rel=preload as=image href=/f.png imagesrcset='/a.png 1x, /b.png 3x'>",
			"requisite image L-06 " HOST "f.png srcset shown\n"
			"requisite image L-11 " HOST "a.png srcset shown\n"
			"requisite image L-11 " HOST "b.png srcset shown\n"},
	};
	CHECK(cases);
}

TEST(media_and_frames_are_requisites)
{
	static const struct html_case cases[] = {
		{"<script type=module src=m.js></script><script nomodule src=n.js></script>",
			"requisite script L-05 " HOST "en/story/m.js\nrequisite script L-05 " HOST
			"en/story/n.js\n"},
		{"<video src=/v.mp4 poster=/p.jpg><source src=/w.webm><track src=/de.vtt></video>",
			"requisite media L-19 " HOST "v.mp4\nrequisite poster L-19 " HOST
			"p.jpg\nrequisite media L-19 " HOST "w.webm\nrequisite track L-19 " HOST
			"de.vtt\n"},
		{"<video><source src='/i/a_,AVC_1,AVC_2,.csmil/master.m3u8'><p>x",
			"requisite playlist L-19 " HOST "i/a_,AVC_1,AVC_2,.csmil/master.m3u8\n"},
		{"<object data=/m.svg><param name=movie value=/f.swf><embed src=/e.swf></object>",
			"requisite object L-18 " HOST "m.svg\nrequisite object L-18 " HOST
			"f.swf\nrequisite object L-18 " HOST "e.swf\n"},
		{"<applet code=A archive='a.jar, b.jar'>",
			"requisite object L-18 " HOST "en/story/A\nrequisite object L-18 " HOST
			"en/story/a.jar\nrequisite object L-18 " HOST "en/story/b.jar\n"},
		{"<iframe src=/f></iframe><frame src=/g>",
			"requisite frame L-17 " HOST "f\nrequisite frame L-17 " HOST "g\n"},
		{"<input type=image src=/go.png><td background=/t.gif>",
			"requisite image L-21 " HOST "go.png\nrequisite image L-26 " HOST
			"t.gif\n"},
		{"<svg><use href='/i.svg#x'/><use xlink:href='/i.svg#y'/><image href=/p.png></svg>",
			"requisite image L-36 " HOST "i.svg\nrequisite image L-36 " HOST "p.png\n"},
		{"<amp-img src=/a.jpg></amp-img>", "requisite image L-53 " HOST "a.jpg\n"},
	};
	CHECK(cases);
}

TEST(hidden_markup_is_read_like_any_other)
{
	static const struct html_case cases[] = {
		{"<head><noscript><link rel=stylesheet href=/n.css></noscript></head><body>"
		 "<noscript><img src=/r.jpg></noscript>",
			"requisite style L-06 " HOST "n.css\nrequisite image L-09 " HOST "r.jpg\n"},
		{"<template shadowrootmode=open><img src=/s.png></template>",
			"requisite image L-09 " HOST "s.png\n"},
		{"<!--[if lt IE 9]><script src=/x.js></script><![endif]--><!-- <img src=/no> -->",
			"requisite script L-16 " HOST "x.js\n"},
		{"<!--[if !IE]><!--><link rel=stylesheet href=/a.css><!--<![endif]-->",
			"requisite style L-06 " HOST "a.css\n"},
		{"<iframe srcdoc=\"&lt;img src=&quot;q.png&quot;&gt;\"></iframe>",
			"requisite image L-09 " HOST "en/story/q.png\n"},
	};
	CHECK(cases);
}

TEST(pictures_tell_what_screens_show)
{
	static const struct html_case cases[] = {
		{"<img src=/d.jpg srcset='/a.jpg 360w, /b.jpg 1440w, /c.jpg 9999w' sizes=50vw>",
			"requisite image L-09 " HOST "d.jpg srcset shown\n"
			"requisite image L-10 " HOST "a.jpg srcset shown\n"
			"requisite image L-10 " HOST "b.jpg srcset shown\n"
			"requisite image L-10 " HOST "c.jpg srcset\n"},
		{"<picture><source media='(max-width: 500px)' srcset='/p.webp'>"
		 "<source media='(min-width: 501px)' srcset='/q.webp'><img src=/r.jpg "
		 "srcset=/s.jpg>"
		 "</picture><img src=/t.jpg>",
			"requisite image L-12 " HOST "p.webp srcset shown\n"
			"requisite image L-12 " HOST "q.webp srcset shown\n"
			"requisite image L-09 " HOST "r.jpg srcset shown\n"
			"requisite image L-10 " HOST "s.jpg srcset\n"
			"requisite image L-09 " HOST "t.jpg\n"},
		{"<img srcset='/a.jpg 1x, /b.jpg 2x'><img src=/b.jpg>",
			"requisite image L-10 " HOST "a.jpg srcset shown\n"
			"requisite image L-10 " HOST "b.jpg\n"},
	};
	CHECK(cases);
}

TEST(lazy_attributes_count_when_they_hold_media)
{
	static const struct html_case cases[] = {
		{"<img data-src=/a.jpg><div data-bg=/h.png></div><div data-src=/page></div>",
			"requisite image L-13 " HOST "a.jpg\nrequisite image L-13 " HOST "h.png\n"},
		{"<img data-src='/img?id=7' data-lazy=true data-url='{\"a\":1}'>",
			"requisite image L-13 " HOST "img?id=7\n"},
		{"<video data-posterurl=https://s.example/still.jpg data-id=7>",
			"requisite poster L-20 https://s.example/still.jpg\n"},
		{"<img data-srcset='/a.jpg 100w, /b.jpg 99999w'>",
			"requisite image L-13 " HOST "a.jpg srcset\nrequisite image L-13 " HOST
			"b.jpg srcset shown\n"},
		{"<iframe data-src=https://v.example/embed></iframe>",
			"discovery frame L-60 https://v.example/embed\n"},
		{"<div data-hero=/h.webp data-x=/page data-bg='url(/c.png)'></div>",
			"requisite image L-48 " HOST "h.webp\nrequisite image L-29 " HOST
			"c.png\n"},
		{"<div data-player='{\"poster\":\"/p.jpg\",\"file\":\"/v.m3u8\"}'></div>",
			"requisite image L-20 " HOST "p.jpg\nrequisite playlist L-20 " HOST
			"v.m3u8\n"},
	};
	CHECK(cases);
}

TEST(metadata_names_pictures_and_relatives)
{
	static const struct html_case cases[] = {
		{"<meta property=og:image content=/o.jpg><meta name=twitter:image content=/t.jpg>"
		 "<meta property=og:video content=/v><meta itemprop=image content=/i.jpg>"
		 "<meta name=description content=/no>",
			"requisite image L-23 " HOST "o.jpg\nrequisite image L-23 " HOST
			"t.jpg\ndiscovery unknown L-23 " HOST "v\nrequisite image L-25 " HOST
			"i.jpg\n"},
	};
	CHECK(cases);
}

TEST(styles_are_read_as_css)
{
	static const struct html_case cases[] = {
		{"<p style='background:url(a.png)'><style>@import \"b.css\";</style>",
			"requisite image L-29 " HOST "en/story/a.png\nrequisite style L-30 " HOST
			"en/story/b.css\n"},
		{"<style>a{fill:url(#g)}</style><svg><style><![CDATA[b{c:url(/d.png)}]]></style>",
			"requisite image L-29 " HOST "d.png\n"},
	};
	CHECK(cases);
}

TEST(json_in_scripts_gives_pictures_and_pages)
{
	static const struct html_case cases[] = {
		{"<script "
		 "type=application/ld+json>{\"@type\":\"NewsArticle\",\"image\":[\"a_804.jpg\","
		 "{\"url\":\"https://c.example/x?id=1\"}],\"url\":\"https://news.example/s\"}"
		 "</script>",
			"requisite image L-24 " HOST "en/story/a_804.jpg\n"
			"requisite image L-24 https://c.example/x?id=1\n"
			"discovery unknown L-24 " HOST "s\n"},
		{"<script>window.__STATE__={\"a\":{\"staticUrl\":\"https:\\/\\/"
		 "c.example\\u002Fp.jpg\"},"
		 "\"b\":[1,\"text/html\",\"/x\"]};f(\"https://no.example/a.jpg\")</script>",
			"requisite image L-44 https://c.example/p.jpg\n"},
		{"<script>var s=JSON.parse(\"{\\\"image\\\":\\\"/q.png\\\"}\");</script>",
			"requisite image L-44 " HOST "q.png\n"},
		{"<script id=__NEXT_DATA__ type=application/json>{\"src\":\"/n.webp\"}</script>",
			"requisite image L-44 " HOST "n.webp\n"},
		{"<script type=text/template><img src=/no.png></script>", ""},
	};
	CHECK(cases);
}

TEST(templates_are_expanded_by_the_family_of_the_page)
{
	static const struct html_case cases[] = {
		{"<img src='' srcset='https://s.example/i/12_600.jpg 78w, https://s.example/i/"
		 "12_603.jpg 545w'><picture><source srcset='https://s.example/i/12_800.jpg 50w'>"
		 "</picture><script>x={\"staticUrl\":\"https://s.example/i/9_${formatId}.jpg\"}"
		 "</script>",
			"requisite image L-10 https://s.example/i/12_600.jpg srcset\n"
			"requisite image L-10 https://s.example/i/12_603.jpg srcset shown\n"
			"requisite image L-12 https://s.example/i/12_800.jpg srcset shown\n"
			"requisite image L-45 https://s.example/i/9_600.jpg template\n"
			"requisite image L-45 https://s.example/i/9_603.jpg template shown\n"},
		{"<img data-src='/i/{width}.jpg'>", ""},
		{"<img data-src='/i/{{size}}.jpg' data-lazy='/j/%7B%7Bw%7D%7D.jpg' "
		 "srcset='/i/300.jpg "
		 "300w, /j/7.jpg 7w'>",
			"requisite image L-10 " HOST "i/300.jpg srcset template shown\n"
			"requisite image L-10 " HOST "j/7.jpg srcset template\n"},
		{"<img data-src='/i/%7Bw%7D/b.jpg' srcset='/i/300/c.jpg 300w'>",
			"requisite image L-10 " HOST "i/300/c.jpg srcset shown\n"},
		{"<img data-src='/i/7/{w}/b.jpg' srcset='/i/8/300/b.jpg 300w, /i/8/600/b.jpg "
		 "600w'>",
			"requisite image L-10 " HOST "i/8/300/b.jpg srcset\n"
			"requisite image L-10 " HOST "i/8/600/b.jpg srcset shown\n"
			"requisite image L-45 " HOST "i/7/300/b.jpg template\n"
			"requisite image L-45 " HOST "i/7/600/b.jpg template shown\n"},
		{"<img srcset='/i/12_600_78.jpg 78w, /i/12_603_545.jpg 545w'><picture><source "
		 "srcset='/i/12_601_99.jpg 99w'></picture>"
		 "<script>x={\"url\":\"/i/9_${formatId}_${width}.jpg\"}</script>",
			"requisite image L-10 " HOST "i/12_600_78.jpg srcset\n"
			"requisite image L-10 " HOST "i/12_603_545.jpg srcset shown\n"
			"requisite image L-12 " HOST "i/12_601_99.jpg srcset shown\n"
			"requisite image L-45 " HOST "i/9_600_78.jpg template\n"
			"requisite image L-45 " HOST "i/9_603_545.jpg template shown\n"},
	};
	CHECK(cases);
}

TEST(expansions_of_a_template_are_capped)
{
	SCOPED(buf_clear) struct buf html = {0};
	struct flong_error err = {0};
	buf_add_text(&html, "<img data-src='/i/9_{a}_{b}.jpg'>");
	for (int i = 100; i < 400; i++) {
		buf_addf(&html, "<img src=/i/1_%d_%d.jpg>", i, i);
	}
	SCOPED(url_closep) struct url *url = NULL;
	assert_int_equal(url_parse(BYTES(HOST), NULL, &url, &err), FLONG_OK);
	struct link_list list = {0};
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	assert_int_equal(html_find(buf_bytes(&html), &input, &list, &err), FLONG_OK);
	assert_int_equal(list.count, 300 + 24);
	link_list_clear(&list);
}

TEST(tags_are_read_as_browsers_read_them)
{
	static const struct html_case cases[] = {
		{"<a @click=\"x => y\" href=/b>", "page unknown L-02 " HOST "b\n"},
		{"<a/href=/b><a title=''href=/c>",
			"page unknown L-02 " HOST "b\npage unknown L-02 " HOST "c\n"},
		{"<!--><img src=/a.png><!-- --><!---><img src=/b.png>-->",
			"requisite image L-09 " HOST "a.png\nrequisite image L-09 " HOST "b.png\n"},
		{"<img src=/a.png src=/b.png/><img src=c>",
			"requisite image L-09 " HOST "a.png\nrequisite image L-09 " HOST
			"en/story/c\n"},
		{"<img {x} [src]=/no.png #y src='/a.png'/>",
			"requisite image L-09 " HOST "a.png\n"},
		{"<script>if (a<b && c/d) x='</b>';</script><title>a <b</title><img src=/d.png>",
			"requisite image L-09 " HOST "d.png\n"},
		{"</b></p><b><img src=/e.png></b></i>", "requisite image L-09 " HOST "e.png\n"},
		{"<html><body></body></html><img src=/f.png>",
			"requisite image L-09 " HOST "f.png\n"},
		{"<p><a href='/open", "page unknown L-02 " HOST "open\n"},
	};
	CHECK(cases);
}

TEST(content_without_tags_has_no_links)
{
	static const struct html_case cases[] = {
		{"<title>a &lt; <img src=/no.png></title><img src=/a.png>",
			"requisite image L-09 " HOST "a.png\n"},
		{"<textarea><img src=/no.png></TEXTAREA ><xmp><img src=/no.png></xmp>"
		 "<noembed><img src=/no.png></noembed><iframe><img src=/no.png></iframe>"
		 "<plaintext><img src=/no.png></plaintext>",
			""},
		{"<script><!-- <script></script><img src=/no.png> --></script><img src=/a.png>",
			"requisite image L-09 " HOST "a.png\n"},
		{"<script src=/s.js /><img src=/no.png></script><img src=/a.png>",
			"requisite script L-05 " HOST "s.js\nrequisite image L-09 " HOST "a.png\n"},
		{"<!-- a --!><img src=/a.png><!x <img src=/b.png></ y><?z><img src=/c.png>",
			"requisite image L-09 " HOST "a.png\nrequisite image L-09 " HOST "c.png\n"},
		{"a <<!-- -->b><img src=/a.png>", "requisite image L-09 " HOST "a.png\n"},
	};
	CHECK(cases);
}

TEST(foreign_content_has_rules_of_its_own)
{
	static const struct html_case cases[] = {
		{"<svg><script href=/s.js /><title><img src=/a.png></title></svg>",
			"requisite script L-36 " HOST "s.js\nrequisite image L-09 " HOST "a.png\n"},
		{"<svg><![CDATA[<image href=/no.png>]]></svg><![CDATA[<img src=/no.png>"
		 "<img src=/a.png>]]>",
			"requisite image L-09 " HOST "a.png\n"},
		{"<svg><foreignObject><title><img src=/no.png></title></foreignObject>"
		 "<desc><img src=/a.png></desc></svg>",
			"requisite image L-09 " HOST "a.png\n"},
		{"<svg><p><title><img src=/no.png></title>", ""},
		{"<image src=/a.png><math><mi/><title></title></math>",
			"requisite image L-09 " HOST "a.png\n"},
	};
	CHECK(cases);
}

TEST(attributes_are_those_of_browsers)
{
	static const struct html_case cases[] = {
		{"<body background=/a.png><p><body background=/b.png id=x><html manifest=/m>",
			"requisite image L-26 " HOST "a.png\nrequisite image L-26 " HOST
			"b.png\nrequisite manifest L-26 " HOST "m\n"},
		{"<a href='?a=1&copy=2&amp;b&lt;&not;it;&#x80;&NotEqualTilde;'>",
			"page unknown L-02 " HOST
			"en/story/a-17?a=1&copy=2&b%3C%C2%ACit;%E2%82%AC%E2%89%82%CC%B8\n"},
		{"<IMG SRC=/a.png sRc=/b.png srcSet='/c.png 2x'>",
			"requisite image L-09 " HOST
			"a.png srcset shown\nrequisite image L-10 " HOST "c.png srcset shown\n"},
		{"<p><a href='/open", "page unknown L-02 " HOST "open\n"},
		{"<p><a href='/no><p>open", ""},
		{"<a\"b href=/no><a=b href=/no><img\f\"src=/no src\n=\t/a.png>",
			"requisite image L-09 " HOST "a.png\n"},
	};
	CHECK(cases);
}

TEST(the_icon_by_convention_is_for_documents_without_one)
{
	SCOPED(buf_clear) struct buf got = {0};
	find("<p>x", ROLE_DOCUMENT, &got);
	assert_string_equal(buf_text(&got), "requisite icon L-42 " HOST "favicon.ico\n");
	find("<link rel=icon href=/i.png>", ROLE_DOCUMENT, &got);
	assert_string_equal(buf_text(&got), "requisite icon L-06 " HOST "i.png\n");
}

TEST(anchors_are_numbered_in_document_order)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(PAGE), NULL, &url, &err), FLONG_OK);
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	const char *html = "<a name=x></a><iframe srcdoc='<a href=/n>'></iframe>"
			   "<area href=/b><a href=/c></a><a href=/b></a><img src=/i.png>";
	assert_int_equal(html_find(bytes_of(html), &input, &list, &err), FLONG_OK);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.items[0].anchor, UINT32_MAX);
	assert_int_equal(list.items[1].anchor, 1);
	assert_int_equal(list.items[2].anchor, 2);
	assert_int_equal(list.items[3].anchor, UINT32_MAX);
	link_list_clear(&list);
}

TEST(the_table_is_sorted_for_its_search)
{
	size_t count = 0;
	const struct html_attribute *table = html_attributes_all(&count);
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			assert_true(strcmp(table[i - 1].name, table[i].name) <= 0);
		}
		const char *element = table[i].element[0] == '*' ? "nav" : table[i].element;
		assert_ptr_equal(html_attributes_find(bytes_of(element), bytes_of(table[i].name)),
			&table[i]);
	}
	assert_null(html_attributes_find(BYTES("img"), BYTES("alt")));
}

TEST(hostile_markup_ends)
{
	SCOPED(buf_clear) struct buf html = {0};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < 20000; i++) {
		buf_add_text(&html, "<div></b><iframe srcdoc='<iframe srcdoc=x>'></iframe>");
	}
	buf_add_text(&html, "<img src=/deep.png>\xEF\xBF\xBD");
	find(buf_text(&html), ROLE_FRAME, &got);
	assert_string_equal(buf_text(&got), "requisite image L-09 " HOST "deep.png\n");
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	assert_int_equal(url_parse(BYTES(PAGE), NULL, &url, &err), FLONG_OK);
	struct links_input input = {.url = url, .role = ROLE_FRAME};
	struct bytes with_nul = BYTES("<img src=/a\0b.png><img src=/c.png>");
	assert_int_equal(html_find(with_nul, &input, &list, &err), FLONG_OK);
	assert_int_equal(list.count, 2);
	assert_bytes(list.items[0].url, HOST "a%EF%BF%BDb.png");
	link_list_clear(&list);
}

RUN_TESTS(CASE(the_first_base_counts_for_all_links), CASE(what_loads_nothing_is_left_out),
	CASE(pages_come_from_anchors_and_refreshes), CASE(link_relations_are_tokens),
	CASE(media_and_frames_are_requisites), CASE(hidden_markup_is_read_like_any_other),
	CASE(pictures_tell_what_screens_show), CASE(lazy_attributes_count_when_they_hold_media),
	CASE(metadata_names_pictures_and_relatives), CASE(styles_are_read_as_css),
	CASE(json_in_scripts_gives_pictures_and_pages),
	CASE(templates_are_expanded_by_the_family_of_the_page),
	CASE(expansions_of_a_template_are_capped), CASE(tags_are_read_as_browsers_read_them),
	CASE(content_without_tags_has_no_links), CASE(foreign_content_has_rules_of_its_own),
	CASE(attributes_are_those_of_browsers),
	CASE(the_icon_by_convention_is_for_documents_without_one),
	CASE(anchors_are_numbered_in_document_order), CASE(the_table_is_sorted_for_its_search),
	CASE(hostile_markup_ends))
