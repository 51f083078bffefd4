/* SPDX-License-Identifier: MIT */
/* css_test.c - URLs of style sheets, and what only looks like one */
#include "unit.h"

#include "base/buf.h"
#include "links/css.h"

static void write_url(struct bytes url, const struct css_span *span, void *context)
{
	static const char letters[] = {'u', 'i', 's', 'f', 'n'};
	buf_addf(context, "%c:" BYTES_FMT ";", letters[span->place], BYTES_ARG(url));
}

struct css_case {
	const char *css;
	const char *urls;
};

static void check(const struct css_case *cases, size_t count)
{
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < count; i++) {
		buf_reset(&got);
		css_each_url(bytes_of(cases[i].css), write_url, &got);
		assert_string_equal(buf_text(&got), cases[i].urls);
	}
}

TEST(urls_come_bare_quoted_and_escaped)
{
	static const struct css_case cases[] = {
		{"a{background:url(a.png)}", "u:a.png;"},
		{"a{background:url( 'a b.png' )}", "u:a b.png;"},
		{"a{background:URL(\"a.png\")}", "u:a.png;"},
		{"a{b:url(a\\).png)}", "u:a).png;"},
		{"a{b:url(\\61.png)}", "u:a.png;"},
		{"a{b:u\\72l(a.png)}", "u:a.png;"},
		{"--hero:url(/h.webp)", "u:/h.webp;"},
		{"a{cursor:url(c.cur),auto;mask:src('m.svg')}", "u:c.cur;u:m.svg;"},
		{"a{b:url(open", "u:open;"},
		{"a{b:url(a\\", "u:a\xEF\xBF\xBD;"},
	};
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

TEST(what_is_no_url_is_left_out)
{
	static const struct css_case cases[] = {
		{"/*url(x)*/ a{}", ""},
		{"a{content:'url(x)'}", ""},
		{"a{b:url(a b)}", ""},
		{"a{b:url(a\"b)} c{d:url(e)}", "u:e;"},
		{"a{b:url('a\nb')}", ""},
		{"#url(x) .5url(y) a{b:xurl(z)}", ""},
		{"/* open url(x)", ""},
	};
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

TEST(imports_come_as_string_or_url)
{
	static const struct css_case cases[] = {
		{"@import \"b.css\" layer(x) screen;", "i:b.css;"},
		{"@IMPORT url(b.css) supports(display: grid);", "i:b.css;"},
		{"@import url('b.css');a{b:url(c)}", "i:b.css;u:c;"},
		{"@charset \"utf-8\";@import 'x.css'", "i:x.css;"},
		{"@namespace svg url(http://www.w3.org/2000/svg);",
			"n:http://www.w3.org/2000/svg;"},
		{"@import{} a{content:'x'}", ""},
		{"@media print{@import 'late.css';}", "i:late.css;"},
	};
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

TEST(fonts_and_image_sets_are_told_apart)
{
	static const struct css_case cases[] = {
		{"@font-face{src:url(f.woff2) format(\"woff2\"),url(f.woff)}a{b:url(c)}",
			"f:f.woff2;f:f.woff;u:c;"},
		{"a{b:image-set(\"a.avif\" type(\"image/avif\"),\"a.jpg\" 1x)}",
			"s:a.avif;s:a.jpg;"},
		{"a{b:-webkit-image-set(url(a.png) 1x,url('b.png') 2x)}", "u:a.png;u:b.png;"},
		{"a{b:cross-fade(url(a.png),\"b.png\",50%)}", "u:a.png;s:b.png;"},
		{"@media x{@font-face{src:url(f)}a{b:url(c)}}", "f:f;u:c;"},
	};
	check(cases, sizeof(cases) / sizeof(cases[0]));
}

TEST(a_browser_loads_neither_namespaces_nor_fragments)
{
	struct references references = {0};
	css_find(BYTES("@namespace url(n);a{fill:url(#g);b:url(data:,x);c:url();d:url(e.png)}"),
		&references);
	assert_int_equal(references.count, 1);
	assert_bytes(references.items[0].text, "e.png");
	references_clear(&references);
}

TEST(deep_nesting_is_followed_without_memory)
{
	SCOPED(buf_clear) struct buf css = {0};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < 100000; i++) {
		buf_add_text(&css, "{(");
	}
	buf_add_text(&css, "url(a)");
	css_each_url(buf_bytes(&css), write_url, &got);
	assert_string_equal(buf_text(&got), "u:a;");
}

static void write_span(struct bytes url, const struct css_span *span, void *context)
{
	(void)url;
	buf_addf(context, "%zu-%zu%s;", span->start, span->end, span->is_string ? "s" : "");
}

TEST(a_url_is_found_where_it_is_written)
{
	static const struct css_case cases[] = {
		{"a{b:url(a.png)}", "8-13;"},
		{"a{b:url( a.png )}", "9-15;"},
		{"a{b:url('a.png')}", "8-15s;"},
		{"@import \"a.css\" print;", "8-15s;"},
		{"a{b:url(open", "8-12;"},
		{"a{b:url('open", "8-13s;"},
		{"a{b:image-set('a' 1x,url(b) 2x)}", "14-17s;25-26;"},
	};
	SCOPED(buf_clear) struct buf got = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&got);
		css_each_url(bytes_of(cases[i].css), write_span, &got);
		assert_string_equal(buf_text(&got), cases[i].urls);
	}
}

RUN_TESTS(CASE(urls_come_bare_quoted_and_escaped), CASE(what_is_no_url_is_left_out),
	CASE(imports_come_as_string_or_url), CASE(fonts_and_image_sets_are_told_apart),
	CASE(a_browser_loads_neither_namespaces_nor_fragments),
	CASE(deep_nesting_is_followed_without_memory), CASE(a_url_is_found_where_it_is_written))
