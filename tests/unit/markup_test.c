/* SPDX-License-Identifier: MIT */
/* markup_test.c - which events a document gives: what tags imply and end, and texts with references
 */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"

static void hear_start(void *context, const struct markup_element *element)
{
	struct buf *out = context;
	buf_addf(out, "<" BYTES_FMT, BYTES_ARG(element->name));
	for (size_t i = 0; i < element->attribute_count; i++) {
		buf_addf(out, " " BYTES_FMT "=" BYTES_FMT, BYTES_ARG(element->attributes[i].name),
			BYTES_ARG(element->attributes[i].value));
	}
	buf_add_text(out, ">");
}

static void hear_end(void *context, struct bytes name, size_t depth)
{
	(void)depth;
	buf_addf(context, "</" BYTES_FMT ">", BYTES_ARG(name));
}

static void hear_text(void *context, struct bytes text)
{
	buf_add(context, text);
}

static void hear_comment(void *context, struct bytes text)
{
	buf_addf(context, "<!--" BYTES_FMT "-->", BYTES_ARG(text));
}

static void hear(struct bytes html, struct buf *out)
{
	struct flong_error err = {0};
	const struct markup_listener listener = {
		hear_start, hear_end, hear_text, hear_comment, out};
	buf_reset(out);
	assert_int_equal(markup_read(html, &listener, 1, &err), FLONG_OK);
}

struct markup_case {
	const char *html, *events;
};

static void check(const struct markup_case *cases, size_t count)
{
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < count; i++) {
		hear(bytes_of(cases[i].html), &got);
		if (strcmp(buf_text(&got), cases[i].events) != 0) {
			fail_msg("%s\ngot: %s\nwanted: %s", cases[i].html, buf_text(&got),
				cases[i].events);
		}
	}
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof((cases)[0]))
#define HTML(x) "<html>" x "</html>"
#define BODY(x) HTML("<body>" x "</body>")

TEST(what_is_left_out_is_implied)
{
	static const struct markup_case cases[] = {
		{" \n x", BODY("<p> \n x</p>")},
		{"<div>x", BODY("<div>x</div>")},
		{"<!doctype html> <title>t</title> <meta> x",
			HTML("<head><title>t</title> <meta></meta></head><body><p> x</p></body>")},
		{"<html lang=en> <head> <link> </head> <body class=a> x </body> </html> y",
			"<html lang=en> <head> <link></link> </head> <body class=a> x   y"
			"</body></html>"},
		{"<head>  x", HTML("<head></head><body><p>  x</p></body>")},
		{"<script>x</script><p>y",
			HTML("<head><script>x</script></head><body><p>y</p></body>")},
		{"<frameset><frame></frameset>", HTML("<frameset><frame></frame></frameset>")},
		{"<noscript><img></noscript><link>",
			BODY("<noscript><img></img></noscript><link></link>")},
	};
	CHECK(cases);
}

TEST(tags_end_what_cannot_hold_them)
{
	static const struct markup_case cases[] = {
		{"<p>a<p>b<div>c</div>", BODY("<p>a</p><p>b</p><div>c</div>")},
		{"<ul><li>a<li>b</ul>c", BODY("<ul><li>a</li><li>b</li></ul>c")},
		{"<table><tr><td>a<td>b<tr><th>c</table>d",
			BODY("<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d")},
		{"<select><option>a<option>b</select>",
			BODY("<select><option>a</option><option>b</option></select>")},
		{"<a>a<a>b", BODY("<a>a</a><a>b</a>")},
		{"<video><source><track></video><wbr>",
			BODY("<video><source></source><track></track></video><wbr></wbr>")},
		{"<IMG SRC=a><Image src=b>", BODY("<img src=a></img><img src=b></img>")},
		{"<svg><path/><a/>x</svg>", BODY("<svg><path></path><a></a>x</svg>")},
	};
	CHECK(cases);
}

TEST(an_end_tag_ends_what_is_inside_but_no_higher_element)
{
	static const struct markup_case cases[] = {
		{"<div><b>x</div>y", BODY("<div><b>x</b></div>y")},
		{"<div><table></div>x</table>y", BODY("<div><table>x</table>y</div>")},
		{"<td><span></td>", BODY("<td><span></span></td>")},
		{"</p></x>y", BODY("<p>y</p>")},
		{"<x-a><X-B></x-a></X-b>", BODY("<x-a><x-b></x-b></x-a>")},
	};
	CHECK(cases);
}

TEST(what_a_second_html_or_body_says_is_heard)
{
	static const struct markup_case cases[] = {
		{"<p>x<body lang=a>y", BODY("<p>x</p><body lang=a></body>y")},
		{"<body><html lang=b><body><p>x", BODY("<html lang=b></html><p>x</p>")},
		{"<body><head><title>x</title></head>y", BODY("<title>x</title>y")},
	};
	CHECK(cases);
}

TEST(texts_are_heard_with_their_references)
{
	static const struct markup_case cases[] = {
		{"<p>a &amp; b&lt;c &copy2 &hellip; &#8211;&#x96;&nosuch; & d\r\ne",
			BODY("<p>a & b<c \xc2\xa9"
			     "2 \xe2\x80\xa6 \xe2\x80\x93\xe2\x80\x93&nosuch; & d\ne</p>")},
		{"<title>a<b>&amp;</title>", HTML("<head><title>a<b>&</title></head>")},
		{"<script>a&amp;<b></script>", HTML("<head><script>a&amp;<b></script></head>")},
		{"<xmp>a&amp;<b></xmp>", BODY("<xmp>a&amp;<b></xmp>")},
		{"<iframe><b>x</b></iframe>", BODY("<iframe></iframe>")},
		{"<p>a < b <3", BODY("<p>a < b <3</p>")},
		{"<p>a<!-- b -->c<!--[if IE]>d<![endif]-->",
			BODY("<p>ac<!--[if IE]>d<![endif]--></p>")},
		{"<svg><![CDATA[a<b]]></svg>", BODY("<svg>a<b</svg>")},
		{"<head>&#32;x", HTML("<head></head><body><p> x</p></body>")},
	};
	CHECK(cases);
}

TEST(a_document_that_is_cut_ends_what_is_open)
{
	static const struct markup_case cases[] = {
		{"<p><b>x", BODY("<p><b>x</b></p>")},
		{"<p><a href=x", BODY("<p><a href=x></a></p>")},
		{"<p><a href='x", BODY("<p><a href=x></a></p>")},
		{"<p><a href='x><b>", BODY("<p></p>")},
		{"<style>a{", HTML("<head><style>a{</style></head>")},
	};
	CHECK(cases);
}

static void count_start(void *context, const struct markup_element *element)
{
	size_t *deepest = context;
	*deepest = element->depth > *deepest ? element->depth : *deepest;
}

TEST(elements_are_open_to_a_depth)
{
	SCOPED(buf_clear) struct buf html = {0};
	struct flong_error err = {0};
	size_t deepest = 0;
	const struct markup_listener listener = {.start = count_start, .context = &deepest};
	for (size_t i = 0; i < LIMIT_MARKUP_DEPTH + 1000; i++) {
		buf_add_text(&html, "<i>");
	}
	assert_int_equal(markup_read(buf_bytes(&html), &listener, 1, &err), FLONG_OK);
	assert_int_equal(deepest, LIMIT_MARKUP_DEPTH - 1);
}

RUN_TESTS(CASE(what_is_left_out_is_implied), CASE(tags_end_what_cannot_hold_them),
	CASE(an_end_tag_ends_what_is_inside_but_no_higher_element),
	CASE(what_a_second_html_or_body_says_is_heard), CASE(texts_are_heard_with_their_references),
	CASE(a_document_that_is_cut_ends_what_is_open), CASE(elements_are_open_to_a_depth))
