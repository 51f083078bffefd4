/* SPDX-License-Identifier: MIT */
/* page_test.c - what is found in whole pages: stories, metadata, text, class */
#include "page_read.h"

#include "article/related.h"
#include "base/buf.h"

static const struct page_story *find_story(const struct page_result *result, const char *url)
{
	for (size_t i = 0; i < result->story_count; i++) {
		if (bytes_equal(result->stories[i].url, bytes_of(url))) {
			return &result->stories[i];
		}
	}
	return NULL;
}

static const char story[] =
	"<!doctype html><html lang=en><head><title>Bridge opens - The Courier</title>"
	"<meta property=og:title content='Bridge opens at last in Dunmere - The Courier'>"
	"<meta property=og:site_name content='The Courier'>"
	"<meta property=og:image content=/i/1_6.jpg>"
	"<link rel=canonical href='/en/bridge-opens-at-last-in-dunmere/a-65908274'>"
	"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
	"\"Bridge opens at last in Dunmere &amp; beyond\",\"datePublished\":"
	"\"2023-06-14T07:00:00+02:00\",\"author\":[{\"@type\":\"Person\",\"name\":\"Ada Quill\"},"
	"{\"name\":\"The Courier\"}]}</script></head><body>"
	"<header><nav><a href='/en/world/s-100'>World</a>"
	"<a href='/en/a-story-promoted-in-the-menu/a-65908999'>A story promoted in the "
	"menu</a></nav>"
	"</header><main><article><span class=kicker>Traffic</span>"
	"<h1>Bridge opens at last in Dunmere</h1><time>56 minutes ago</time>"
	"<figure><img src=/i/1.jpg><figcaption>The bridge at dawn <small>Image: Sun Photo</small>"
	"</figcaption></figure>" PROSE
	"<h2>What comes next</h2><p>People remember when the ferry sank, and many recall "
	"<a href='/en/how-the-old-ferry-sank-in-1990/a-65900001'>the old ferry</a>, which had "
	"served "
	"the town, its farms and its mills for more than forty years before that.</p>" PROSE
	"<p>aq/te (AFP, Reuters, AP)</p>"
	"<a href='https://share.example/?u=https%3A%2F%2Fc.example%2Fp%2F4SXkg%3Fx'>Share</a>"
	"<a href='mailto:?body=https%3A%2F%2Fc.example%2Fp%2F4SXkg%3Fy'>Mail</a></article>"
	"<section><h2>More stories</h2><ul>"
	"<li><a href='/en/rail-line-will-close-for-the-summer/a-65908275'><img src=a.jpg alt=''>"
	"<h3>Rail line will close for the summer</h3></a><span class=kicker>Traffic</span>"
	"<time datetime=2023-06-13>13.06.2023</time></li>"
	"<li><a href='/en/mayor-wants-three-more-bridges/a-65908276'><img src=b.jpg alt=''>"
	"<h3>Mayor wants three more bridges</h3></a></li>"
	"<li><a href='/en/video-from-the-opening-of-the-bridge/av-65908277'><img src=c.jpg alt=''>"
	"<h3>Video from the opening of the bridge</h3></a><span>02:38 min.</span></li></ul>"
	"<a href='/en/europe/s-101'>More from Europe</a></section></main>"
	"<footer><a href='/en/imprint/s-102'>Imprint</a></footer></body></html>";
static const char address[] =
	"https://www.courier.example/en/bridge-opens-at-last-in-dunmere/a-65908274";

TEST(stories_have_the_queries_of_their_links)
{
	struct page_result result = read_page("https://www.courier.example/a",
		BYTES("\xff" /* no UTF-8, and said to be */ "<a href='/b?q=\xc3\xa9'>B</a>"));
	assert_non_null(find_story(&result, "https://www.courier.example/b?q=%C3%A9"));
	page_result_clear(&result);
	struct flong_error err;
	struct url *url = NULL;
	assert_int_equal(
		url_parse(BYTES("https://www.courier.example/a"), NULL, &url, &err), FLONG_OK);
	struct page_input input = {.document = BYTES("<a href='/b?q=\xe9'>B</a>"),
		.url = url,
		.content_type = BYTES("text/html; charset=iso-8859-1"),
		.role = ROLE_DOCUMENT};
	assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
	assert_non_null(find_story(&result, "https://www.courier.example/b?q=%E9"));
	assert_bytes(result.links.items[0].url, "https://www.courier.example/b?q=%E9");
	url_close(url);
	page_result_clear(&result);
}

TEST(stories_are_told_from_prose_menus_and_sections)
{
	static const struct {
		const char *url;
		enum story_kind kind;
		bool accepted;
	} rows[] = {
		{"https://www.courier.example/en/rail-line-will-close-for-the-summer/a-65908275",
			STORY_MORE, true},
		{"https://www.courier.example/en/mayor-wants-three-more-bridges/a-65908276",
			STORY_MORE, true},
		{"https://www.courier.example/en/video-from-the-opening-of-the-bridge/av-65908277",
			STORY_MORE, true},
		{"https://www.courier.example/en/how-the-old-ferry-sank-in-1990/a-65900001",
			STORY_INLINE, false},
		{"https://www.courier.example/en/a-story-promoted-in-the-menu/a-65908999",
			STORY_NAV, false},
		{"https://www.courier.example/en/europe/s-101", STORY_SECTION, false},
		{"https://www.courier.example/en/imprint/s-102", STORY_NAV, false},
	};
	struct page_result result = read_page(address, bytes_of(story));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct page_story *found = find_story(&result, rows[i].url);
		assert_non_null(found);
		assert_string_equal(story_kind_name(found->kind), story_kind_name(rows[i].kind));
		assert_int_equal(found->accepted, rows[i].accepted);
		assert_true(found->reasons.len > 0);
	}
	const struct page_story *first = find_story(&result, rows[0].url);
	assert_bytes(first->title, "Rail line will close for the summer");
	assert_bytes(first->section, "More stories");
	assert_bytes(first->date, "2023-06-13");
	assert_bytes(first->kicker, "Traffic");
	assert_int_equal(first->duration.len, 0);
	assert_bytes(find_story(&result, rows[2].url)->duration, "02:38");
	page_result_clear(&result);
}

TEST(evidence_that_is_left_out_gives_no_reason)
{
	static const char url[] =
		"https://www.courier.example/en/a-story-promoted-in-the-menu/a-65908999";
	unsigned place = related_evidence_of(BYTES("place"));
	assert_int_equal(place, RELATED_PLACE);
	assert_int_equal(related_evidence_of(BYTES("class-words")), RELATED_CLASS_WORDS);
	assert_int_equal(related_evidence_of(BYTES("luck")), 0);
	struct page_result result = read_without(address, bytes_of(story), place | RELATED_WORDS);
	const struct page_story *found = find_story(&result, url);
	assert_true(found->accepted);
	assert_true(bytes_find(found->reasons, BYTES("words"), 0) == SIZE_MAX);
	assert_true(bytes_find(found->reasons, BYTES("shape"), 0) != SIZE_MAX);
	page_result_clear(&result);
}

TEST(metadata_comes_from_the_most_trusted_source)
{
	struct page_result result = read_page(address, bytes_of(story));
	assert_int_equal(result.class, PAGE_ARTICLE);
	assert_bytes(result.headline, "Bridge opens at last in Dunmere");
	assert_bytes(result.kicker, "Traffic");
	assert_bytes(result.language, "en");
	assert_bytes(result.published.value, "2023-06-14T07:00:00+02:00");
	assert_string_equal(result.published.source, "json-ld");
	assert_int_equal(result.authors.count, 1);
	assert_bytes(result.authors.items[0], "Ada Quill");
	assert_int_equal(result.agencies.count, 3);
	assert_bytes(result.agencies.items[1], "Reuters");
	assert_bytes(result.short_url, "https://c.example/p/4SXkg");
	assert_bytes(result.image_url, "https://www.courier.example/i/1_6.jpg");
	assert_bytes(result.image_caption, "The bridge at dawn");
	assert_bytes(result.image_credit, "Sun Photo");
	page_result_clear(&result);
}

TEST(the_text_is_the_story_without_its_surroundings)
{
	struct page_result result = read_page(address, bytes_of(story));
	assert_true(bytes_starts(result.text, BYTES("The new bridge over the river")));
	assert_true(bytes_find(result.text, BYTES("\n\nWhat comes next\n\nPeople"), 0) != SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("recall the old ferry, which"), 0) != SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("Rail line"), 0) == SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("Imprint"), 0) == SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("The bridge at dawn"), 0) == SIZE_MAX);
	page_result_clear(&result);
}

/* A story in two boxes of the same kind is one; the paragraph over them that the page's description
 * begins with belongs to it; the longer story below, with a headline of its own, does not. */
TEST(the_text_of_a_divided_story_is_whole)
{
	struct page_result result = read_page(address,
		BYTES("<meta name=description content='For years the town has waited for its new "
		      "bridge. Now it is open.'>"
		      "<body><article><h1>Bridge opens at last</h1><p class=lead>For years the "
		      "town has "
		      "waited for its new bridge. Now it is open.</p>"
		      "<div><div><div class=chunk>" PROSE PROSE PROSE "</div></div></div>"
		      "<div><div><aside>Advertisement, not the story at all</aside>"
		      "<div class=chunk><p>A second part of the story, which is set apart from the "
		      "first, tells of the people who built it, of their tools, and of the rain "
		      "that "
		      "fell on each of them.</p></div></div></div></article>"
		      "<article><h1>Another story</h1>" PROSE PROSE PROSE PROSE PROSE PROSE
		      "<p>Of all the ferries, only the smallest, as is well known, is still on the "
		      "river, and it is not for sale.</p></article>"));
	assert_true(bytes_starts(result.text, BYTES("For years the town has waited")));
	assert_true(bytes_find(result.text, BYTES("A second part of the story"), 0) != SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("Advertisement"), 0) == SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("only the smallest"), 0) == SIZE_MAX);
	page_result_clear(&result);
}

/* React sends what comes late hidden, behind the rest, with a line of script that moves it. */
TEST(parts_that_are_streamed_are_seen)
{
	struct page_result result = read_page(address,
		BYTES("<body><main><template id='B:0'></template></main>"
		      "<div hidden id='S:0'><article><h1>Bridge opens at last</h1>" PROSE PROSE
				PROSE "</article></div><script>$RC('B:0','S:0')</script>"
		      "<div hidden id='S:menu'><p>Only for small screens, and not a part of the "
		      "story that anybody sees.</p></div></body>"));
	assert_true(bytes_find(result.text, BYTES("The new bridge over the river"), 0) != SIZE_MAX);
	assert_true(bytes_find(result.text, BYTES("small screens"), 0) == SIZE_MAX);
	assert_int_equal(result.class, PAGE_ARTICLE);
	page_result_clear(&result);
}

TEST(pages_without_text_are_told_apart)
{
	struct page_result result = read_page(
		"https://a.example/x", BYTES("<body><div id=root></div><script "
					     "src=app.js></script><noscript>Please enable "
					     "JavaScript</noscript></body>"));
	assert_int_equal(result.class, PAGE_NEEDS_SCRIPTS);
	page_result_clear(&result);
	result = read_page("https://a.example/x", BYTES("<body></body>"));
	assert_int_equal(result.class, PAGE_EMPTY);
	page_result_clear(&result);
	result = read_page("https://a.example/x", BYTES("<body><p>A short but honest page, made of "
							"words alone.</p></body>"));
	assert_int_equal(result.class, PAGE_OTHER);
	page_result_clear(&result);
}

TEST(further_pages_of_the_story_are_pagination)
{
	struct page_result result = read_page("https://a.example/2024/05/03/long-story-of-a-bridge",
		BYTES("<p><a href='?page=2'>2</a> <a "
		      "href='/2024/05/03/long-story-of-a-bridge/3'>3</a> "
		      "<a href='?share=1'>Share</a></p>"));
	assert_int_equal(result.story_count, 2);
	assert_int_equal(result.stories[0].kind, STORY_PAGINATION);
	assert_int_equal(result.stories[1].kind, STORY_PAGINATION);
	page_result_clear(&result);
}

TEST(links_of_the_page_are_found_in_the_same_reading)
{
	struct page_result result = read_page(address, bytes_of(story));
	bool has_image = false;
	for (size_t i = 0; i < result.links.count; i++) {
		has_image = has_image || bytes_equal(result.links.items[i].url,
						 BYTES("https://www.courier.example/i/1.jpg"));
	}
	assert_true(has_image);
	assert_int_equal(result.format, LINKS_HTML);
	page_result_clear(&result);
}

/* Twenty thousand links and a tower of open elements: the work must not grow with their product.
 * Counted, not timed: the test's own time limit is the guard. */
TEST(a_page_of_very_many_links_is_read)
{
	struct buf page = buf_with_max((size_t)16 << 20);
	for (int i = 0; i < 1900; i++) {
		buf_add_text(&page, "<div><aside>");
	}
	for (int i = 0; i < 21000; i++) {
		buf_addf(&page,
			"<a href=/en/one-more-story-about-it/a-%d><h3>One more story about it"
			"</h3></a>",
			65000000 + i);
	}
	struct page_result result = read_page(address, buf_bytes(&page));
	assert_true(result.story_count > 19000);
	assert_true(result.links_dropped > 0);
	page_result_clear(&result);
	buf_clear(&page);
}

/* What a style sheet without a charset of its own is read in, and what it tells those it imports.
 */
TEST(charsets_are_told_to_style_sheets)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	assert_int_equal(url_parse(BYTES("https://a.example/s"), NULL, &url, &err), FLONG_OK);
	static const struct {
		const char *type, *document, *charset, *link;
	} cases[] = {
		{"text/css", "a{b:url(/\xE4)}", "windows-1251", "https://a.example/%D0%B4"},
		{"text/css", "@charset \"latin1\";a{b:url(/\xE4)}", "windows-1252",
			"https://a.example/%C3%A4"},
		{"text/html; charset=iso-8859-2", "<img src=/\xE4>", "iso-8859-2",
			"https://a.example/%C3%A4"},
		{"image/svg+xml", "<svg><image href='/a'/></svg>", NULL, "https://a.example/a"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(buf_clear) struct buf bytes = {0};
		struct page_result result = {0};
		struct page_result again = {0};
		const struct page_input input = {.document = bytes_of(cases[i].document),
			.url = url,
			.content_type = bytes_of(cases[i].type),
			.role = ROLE_FRAME,
			.environment = "windows-1251"};
		assert_int_equal(page_read(&input, &result, &err), FLONG_OK);
		assert_int_equal(result.links.count, 1);
		assert_true(bytes_equal(result.links.items[0].url, bytes_of(cases[i].link)));
		assert_int_equal(page_result_write(&result, &bytes, &err), FLONG_OK);
		assert_int_equal(page_result_read(buf_bytes(&bytes), &again, &err), FLONG_OK);
		assert_ptr_equal(again.charset, result.charset);
		assert_int_equal(again.charset == NULL, cases[i].charset == NULL);
		if (cases[i].charset != NULL) {
			assert_string_equal(again.charset, cases[i].charset);
		}
		page_result_clear(&result);
		page_result_clear(&again);
	}
}

RUN_TESTS(CASE(charsets_are_told_to_style_sheets), CASE(stories_have_the_queries_of_their_links),
	CASE(stories_are_told_from_prose_menus_and_sections),
	CASE(evidence_that_is_left_out_gives_no_reason),
	CASE(metadata_comes_from_the_most_trusted_source),
	CASE(the_text_is_the_story_without_its_surroundings),
	CASE(the_text_of_a_divided_story_is_whole), CASE(parts_that_are_streamed_are_seen),
	CASE(pages_without_text_are_told_apart), CASE(further_pages_of_the_story_are_pagination),
	CASE(links_of_the_page_are_found_in_the_same_reading),
	CASE(a_page_of_very_many_links_is_read))
