/* SPDX-License-Identifier: MIT */
/* rewrite_test.c - pages, style sheets and scripts whose URLs lead into the archive */
#include "unit.h"

#include "replay/rewrite.h"

#define SITE "/n/2026mp_/https://w.example"
#define PICTURE "/n/2026im_/https://w.example"

struct rewrite_case {
	const char *in, *out;
};

typedef void rewrite_function(const struct rewrite *, struct bytes, struct buf *);

static void check_in(rewrite_function *function, const struct rewrite_case *cases, size_t count,
	const char *charset)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(charset_encoder_closep)
	struct charset_encoder *encoder = charset_encoder_create(charset);
	assert_int_equal(url_parse(BYTES("https://w.example/d/page"), NULL, &base, &err), FLONG_OK);
	const struct rewrite rewrite = {.collection = "n",
		.digits = "2026",
		.base = base,
		.charset = charset,
		.encoder = encoder};
	for (size_t i = 0; i < count; i++) {
		SCOPED(buf_clear) struct buf out = {0};
		function(&rewrite, bytes_of(cases[i].in), &out);
		assert_string_equal(buf_text(&out), cases[i].out);
	}
}

#define CHECK(function, cases)                                                                     \
	check_in(function, cases, sizeof(cases) / sizeof((cases)[0]), "utf-8")

TEST(what_a_page_points_to_is_turned)
{
	static const struct rewrite_case cases[] = {
		{"<a href=\"b?c&amp;d#e\">x</a>", "<a href=\"" SITE "/d/b?c&amp;d#e\">x</a>"},
		{"<A HREF='/b'>", "<A HREF=\"" SITE "/b\">"},
		{"<a href=b>", "<a href=\"" SITE "/d/b\">"},
		{"<a href=//o.example/>", "<a href=\"/n/2026mp_/https://o.example/\">"},
		{"<a href=\"#e\">", "<a href=\"#e\">"},
		{"<a href=\"mailto:x@y\">", "<a href=\"mailto:x@y\">"},
		{"<img src=a.png alt=x>", "<img src=\"" PICTURE "/d/a.png\" alt=x>"},
		{"<img srcset=\"a.png 1x, b.png 2x\">",
			"<img srcset=\"" PICTURE "/d/a.png, " PICTURE "/d/b.png 2x\">"},
		{"<source srcset='a 300w,b 600w'>",
			"<source srcset=\"" PICTURE "/d/a 300w, " PICTURE "/d/b 600w\">"},
		{"<script src=a.js></script>",
			"<script src=\"/n/2026js_/https://w.example/d/a.js\"></script>"},
		{"<link rel=stylesheet href=a.css>",
			"<link rel=stylesheet href=\"/n/2026cs_/https://w.example/d/a.css\">"},
		{"<iframe src=f></iframe>",
			"<iframe src=\"/n/2026if_/https://w.example/d/f\"></iframe>"},
		{"<form action=/s>", "<form action=\"" SITE "/s\">"},
		{"<p style=\"background:url(a.png)\">",
			"<p style=\"background:url(&quot;" PICTURE "/d/a.png&quot;)\">"},
		{"<style>a{b:url(a.png)}</style>",
			"<style>a{b:url(\"" PICTURE "/d/a.png\")}</style>"},
		{"<svg><use href=\"i.svg#x\"/></svg>",
			"<svg><use href=\"" PICTURE "/d/i.svg#x\"/></svg>"},
		{"<meta http-equiv=refresh content=\"3; url=/n\">",
			"<meta http-equiv=refresh content=\"3; url=" SITE "/n\">"},
		{"<base href=/x/><a href=b>",
			"<base href=\"" SITE "/x/\"><a href=\"" SITE "/x/b\">"},
		{"<iframe srcdoc=\"<img src=a>\">",
			"<iframe srcdoc=\"&lt;img src=&quot;" PICTURE "/d/a&quot;&gt;\">"},
	};
	CHECK(rewrite_html, cases);
}

TEST(what_is_no_tag_stays)
{
	static const struct rewrite_case cases[] = {
		{"a < b <!-- <a href=b> --> c", "a < b <!-- <a href=b> --> c"},
		{"<script>'<a href=b>'</script>", "<script>'<a href=b>'</script>"},
		{"<textarea><a href=b></textarea>", "<textarea><a href=b></textarea>"},
		{"<!DOCTYPE html><p>x", "<!DOCTYPE html><p>x"},
		{"<a href=\"b", "<a href=\"" SITE "/d/b\""},
		{"</a href=b>", "</a href=b>"},
		{"<", "<"},
	};
	CHECK(rewrite_html, cases);
}

TEST(what_leads_out_of_the_archive_is_taken_away)
{
	static const struct rewrite_case cases[] = {
		{"<link rel=preconnect href=//o.example>",
			"<link rel=preconnect data-flong-href=//o.example>"},
		{"<a ping=/p target=_top href=b>",
			"<a data-flong-ping=/p target=\"_self\" href=\"" SITE "/d/b\">"},
		{"<script integrity=x></script>", "<script data-flong-integrity=x></script>"},
		{"<meta http-equiv=\"Content-Security-Policy\" content=x>",
			"<meta data-flong-http-equiv=\"Content-Security-Policy\" content=x>"},
	};
	CHECK(rewrite_html, cases);
}

TEST(values_keep_their_meaning_in_old_encodings)
{
	/* A query is in the encoding of the page, a path in UTF-8; other texts stay what they are.
	 */
	static const struct rewrite_case cases[] = {
		{"<a href=\"\xe4?\xe4\">\xe4", "<a href=\"" SITE "/d/%C3%A4?%E4\">\xe4"},
		{"<p style=\"content:'\xe4';b:url(a)\">",
			"<p style=\"content:&#39;&#228;&#39;;b:url(&quot;" PICTURE
			"/d/a&quot;)\">"},
	};
	check_in(rewrite_html, cases, 2, "windows-1252");
}

TEST(style_sheets_and_scripts)
{
	static const struct rewrite_case styles[] = {
		{"@import 'a.css';", "@import \"/n/2026cs_/https://w.example/d/a.css\";"},
		{"a{b:url( 'x y.png' )}", "a{b:url( \"" PICTURE "/d/x%20y.png\" )}"},
		{"a{b:url(data:image/png;x)}", "a{b:url(data:image/png;x)}"},
		{"a{b:url(#c)}", "a{b:url(#c)}"},
	};
	CHECK(rewrite_css, styles);
	static const struct rewrite_case scripts[] = {
		{"import a from 'https://o.example/a.js';",
			"import a from '/n/2026js_/https://o.example/a.js';"},
		{"import '/a.js'; export * from \"/b.js\"",
			"import '/n/2026js_/https://w.example/a.js'; export * from "
			"\"/n/2026js_/https://w.example/b.js\""},
		{"import('https://o.example/a.js')", "import('/n/2026js_/https://o.example/a.js')"},
		{"import './a.js'; x.from('/b'); y='/c'", "import './a.js'; x.from('/b'); y='/c'"},
		{"import 'bare'", "import 'bare'"},
	};
	CHECK(rewrite_script, scripts);
	static const struct rewrite_case maps[] = {
		{"{\"imports\":{\"a\":\"https://o.example/a.js\",\"b/\":\"./b/\"}}",
			"{\"imports\":{\"a\":\"/n/2026js_/https://o.example/"
			"a.js\",\"b/\":\"./b/\"}}"},
	};
	CHECK(rewrite_import_map, maps);
}

RUN_TESTS(CASE(what_a_page_points_to_is_turned), CASE(what_is_no_tag_stays),
	CASE(what_leads_out_of_the_archive_is_taken_away),
	CASE(values_keep_their_meaning_in_old_encodings), CASE(style_sheets_and_scripts))
