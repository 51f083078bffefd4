/* SPDX-License-Identifier: MIT */
/* text_test.c - the text of a story as Markdown */
#include "page_read.h"

static struct page_result read_markdown(const char *body)
{
	struct flong_error err;
	struct url *url = NULL;
	struct buf document = {0};
	buf_addf(
		&document, "<body><article><h1>Bridge opens at last</h1>%s</article></body>", body);
	assert_int_equal(
		url_parse(BYTES("https://a.example/news/bridge"), NULL, &url, &err), FLONG_OK);
	struct page_input input = {.document = buf_bytes(&document),
		.url = url,
		.content_type = BYTES("text/html; charset=utf-8"),
		.role = ROLE_DOCUMENT,
		.wants_markdown = true};
	struct page_result result;
	assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
	url_close(url);
	buf_clear(&document);
	return result;
}

#define SAID                                                                                       \
	"The new bridge over the river, long awaited by the town, opened on Monday morning, and "  \
	"the first cars crossed it within minutes of the ribbon being cut by the mayor."

/* Each row is a paragraph, or more, behind SAID. */
TEST(markup_becomes_markdown)
{
	static const struct {
		const char *markup;
		const char *markdown;
	} rows[] = {
		{"<h2>What comes next</h2><p>More of it.</p>", "## What comes next\n\nMore of it."},
		{"<h4>Deeper</h4><p>More of it.</p>", "#### Deeper\n\nMore of it."},
		{"<ul><li>One<li>Two, <b>bold</b></ul>", "- One\n- Two, **bold**"},
		{"<ol><li>One<li>Two</ol><p>After.</p>", "1. One\n2. Two\n\nAfter."},
		{"<ul><li>One<ul><li>Inside</ul><li>Two</ul>", "- One\n    - Inside\n- Two"},
		{"<ul><li><p>One.</p><p>Still one.</p><li><p>Two.</p></ul>",
			"- One.\n\n    Still one.\n- Two."},
		{"<ul><li><ul><li>Only<li>inside</ul></ul>", "- Only\n- inside"},
		{"<blockquote><p>Said so.</p><p>Twice.</p></blockquote><p>After.</p>",
			"> Said so.\n>\n> Twice.\n\nAfter."},
		{"<p>See <a href='/b(1)?x=1'>the <i>plan</i></a>, read it.</p>",
			"See [the *plan*](https://a.example/b\\(1\\)?x=1), read it."},
		{"<p>See <a href='mailto:a@b.example'>us</a> or <a>nobody</a>.</p>",
			"See us or nobody."},
		{"<p>It is <strong>very </strong>bold, <em> leaning</em>!</p>",
			"It is **very** bold, *leaning*!"},
		{"<p><b><i>Both</i></b> and <b>one</b><b> run</b>.</p>",
			"***Both*** and **one run**."},
		/* What a page says stays text. */
		{"<p>*a* _b_ `c` [d](e) &lt;f> &amp;amp; \\</p>",
			"\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\&amp; \\\\"},
		{"<p># no head</p><p>1. no item</p><p>- none</p><p>2024 it was.</p>",
			"\\# no head\n\n1\\. no item\n\n\\- none\n\n2024 it was."},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf body = {0};
		struct buf expected = {0};
		buf_addf(&body, "<p>" SAID "</p><p>" SAID "</p><p>" SAID "</p>%s", rows[i].markup);
		buf_addf(&expected, SAID "\n\n" SAID "\n\n" SAID "\n\n%s", rows[i].markdown);
		struct page_result result = read_markdown(buf_text(&body));
		if (!bytes_equal(result.markdown, buf_bytes(&expected))) {
			fail_msg("row %zu: '%.*s'", i, (int)result.markdown.len,
				result.markdown.ptr);
		}
		page_result_clear(&result);
		buf_clear(&body);
		buf_clear(&expected);
	}
}

/* A class such as "tag" tells of boxes and lists of links, not of a word in running text. */
TEST(a_linked_word_stays_in_its_sentence)
{
	struct page_result result = read_markdown(
		"<p>" SAID "</p><p>" SAID " It is the <a class=tag-link href=/tag/x>Dunmere</a> "
		"cross&shy;ing, <span class=ad>the</span> long\u00adest.</p><p>" SAID "</p>");
	assert_true(bytes_find(result.text, BYTES("It is the Dunmere crossing, the longest."), 0) !=
		    SIZE_MAX);
	page_result_clear(&result);
}

TEST(captions_are_kept_apart)
{
	struct page_result result = read_markdown(
		"<p>" SAID "</p><figure><img src=a.jpg><figcaption>The bridge\n at <b>dawn</b>"
		"</figcaption></figure><p>" SAID "</p><p>" SAID "</p>");
	assert_int_equal(result.captions.count, 1);
	assert_bytes(result.captions.items[0], "The bridge at dawn");
	assert_true(bytes_find(result.text, BYTES("dawn"), 0) == SIZE_MAX);
	assert_true(bytes_find(result.markdown, BYTES("dawn"), 0) == SIZE_MAX);
	page_result_clear(&result);
}

TEST(nobody_pays_for_markdown_unasked)
{
	struct page_result result = read_page("https://a.example/x", BYTES("<p>" SAID "</p>"));
	assert_true(result.text.len > 0);
	assert_int_equal(result.markdown.len, 0);
	assert_int_equal(result.captions.count, 0);
	page_result_clear(&result);
}

RUN_TESTS(CASE(markup_becomes_markdown), CASE(a_linked_word_stays_in_its_sentence),
	CASE(captions_are_kept_apart), CASE(nobody_pays_for_markdown_unasked))
