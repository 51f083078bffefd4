/* SPDX-License-Identifier: MIT */
/* feed_test.c - elements, attributes and texts of feeds, through the same entry as a crawl */
#include "unit.h"

#include "links/links.h"
#include "links_text.h"

static void find(struct bytes text, struct link_list *list)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	assert_int_equal(url_parse(BYTES("https://news.example/d/f"), NULL, &url, &err), FLONG_OK);
	const struct links_input input = {
		.document = text, .url = url, .content_type = BYTES("application/xml")};
	assert_int_equal(links_find(&input, list, &err), FLONG_OK);
}

static void check(const char *text, const char *wanted)
{
	SCOPED(buf_clear) struct buf got = {0};
	struct link_list list = {0};
	find(bytes_of(text), &list);
	links_text_add(&list, &got);
	assert_string_equal(buf_text(&got), wanted);
	link_list_clear(&list);
}

#define N "https://news.example/"

TEST(bases_count_where_they_stand)
{
	check("<feed xml:base='/a/'><entry xml:base='b/'><link href='c'/><link href=''/>"
	      "<content type='html'>&lt;img src=d.png></content></entry>"
	      "<entry xml:base='http://[bad'><link href='e'/></entry>"
	      "<entry xml:base='/z/'/><entry><link href='f'/></entry></feed>",
		"discovery document L-50 " N "a/b/c\n"
		"discovery document L-50 " N "a/b/\n"
		"discovery image L-50 " N "a/b/d.png\n"
		"discovery document L-50 " N "a/e\n"
		"discovery document L-50 " N "a/f\n");
	/* Levels deeper than are remembered have the base of the deepest that is. */
	SCOPED(buf_clear) struct buf deep = {0};
	buf_add_text(&deep, "<rss xml:base='/a/'>");
	for (int i = 0; i < 30; i++) {
		buf_add_text(&deep, "<b xml:base='c/'>");
	}
	buf_add_text(&deep, "<link>d</link>");
	check(buf_text(&deep), "discovery document L-50 " N "a/c/c/c/c/c/c/c/c/c/c/c/c/c/c/c/d\n");
}

TEST(prefixes_mean_nothing)
{
	check("<rdf:RDF><r:channel rdf:about='/c'><r:link>/l</r:link></r:channel><r:item>"
	      "<m:thumbnail url='t.jpg'/><m:group><m:content url='v.mp4'/><m:player url='p'/>"
	      "</m:group><fb:origLink>/o</fb:origLink><wfw:commentRss>/r</wfw:commentRss>"
	      "<itunes:image href='i.jpg'/></r:item></rdf:RDF>",
		"discovery unknown L-50 " N "c\n"
		"discovery document L-50 " N "l\n"
		"discovery image L-50 " N "d/t.jpg\n"
		"discovery media L-50 " N "d/v.mp4\n"
		"discovery unknown L-50 " N "d/p\n"
		"discovery document L-50 " N "o\n"
		"discovery feed L-50 " N "r\n"
		"discovery image L-50 " N "d/i.jpg\n");
	check("<CHANNEL HREF='/c'><Item HREF='/i'/><LOGO HREF='l.gif'/></CHANNEL>",
		"discovery unknown L-50 " N "c\n"
		"discovery document L-50 " N "i\n"
		"discovery image L-50 " N "d/l.gif\n");
}

TEST(what_can_be_a_number_or_a_name_needs_a_slash)
{
	check("<rss><slash:comments>7</slash:comments><guid>urn:x</guid><guid>tag 1/2</guid>"
	      "<guid>5f3a</guid><guid isPermaLink=' FALSE '>/never</guid><guid>/g</guid>"
	      "<comments>/c</comments><docs>none</docs><link> /l\n </link></rss>",
		"discovery document L-50 " N "g\n"
		"discovery document L-50 " N "c\n"
		"discovery document L-50 " N "l\n");
}

TEST(html_in_texts_in_any_packing)
{
	check("<rss><item><description>&lt;a href=h>&lt;img srcset='i.png 1x, j.png 2x'>"
	      "</description><c:encoded><![CDATA[<video src=v.mp4 poster=p.jpg>]]></c:encoded>"
	      "<title>1 &lt; 2/3</title></item></rss>",
		"discovery unknown L-50 " N "d/h\n"
		"discovery image L-50 " N "d/i.png\n"
		"discovery image L-50 " N "d/j.png\n"
		"discovery media L-50 " N "d/v.mp4\n"
		"discovery poster L-50 " N "d/p.jpg\n");
	check("<feed><content type='xhtml'><div><a href='x'/><img src='y' srcset='z 2x'/></div>"
	      "</content><content mode='base64' type='text/html'>PGltZyBzcmM9ai5w\nbmc+</content>"
	      "<content mode='base64'>no base64 &lt;img src=no.png></content></feed>",
		"discovery document L-50 " N "d/x\n"
		"discovery image L-50 " N "d/y\n"
		"discovery image L-50 " N "d/z\n"
		"discovery image L-50 " N "d/j.png\n");
}

TEST(enclosures_are_media)
{
	check("<feed><link rel='enclosure' href='e.mp3'/><enclosure url='f.mp3'/>"
	      "<link rel='alternate' href='/a'/></feed>",
		"discovery media L-50 " N "d/e.mp3\n"
		"discovery media L-50 " N "d/f.mp3\n"
		"discovery document L-50 " N "a\n");
}

TEST(bombs_stay_small)
{
	static const struct {
		const char *open, *middle, *close;
	} cases[] = {
		{"<!DOCTYPE u [<!ENTITY a 'aaaaaaaaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
		 "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
		 "<rss><item><link>",
			"&d;", "</link></item></rss>"},
		{"<rss>", "<a>", ""},
		{"<rss xml:base='/'>", "<b xml:base='c/'><link>d</link>", ""},
		{"<rss><description>", "&lt;b>", "</description></rss>"},
		{"<smil>", "<meta base='a/'>", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(buf_clear) struct buf text = {0};
		struct link_list list = {0};
		buf_add_text(&text, cases[i].open);
		for (int n = 0; n < 100000; n++) {
			buf_add_text(&text, cases[i].middle);
		}
		buf_add_text(&text, cases[i].close);
		find(buf_bytes(&text), &list);
		assert_true(list.count < 100);
		link_list_clear(&list);
	}
}

RUN_TESTS(CASE(bases_count_where_they_stand), CASE(prefixes_mean_nothing),
	CASE(what_can_be_a_number_or_a_name_needs_a_slash), CASE(html_in_texts_in_any_packing),
	CASE(enclosures_are_media), CASE(bombs_stay_small))
