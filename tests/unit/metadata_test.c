/* SPDX-License-Identifier: MIT */
/* metadata_test.c - who wrote a story, when, and under which headline */
#include "page_read.h"

#include "base/buf.h"

static void check_text(struct bytes text, const char *expected, size_t row)
{
	if (!bytes_equal(text, bytes_of(expected))) {
		fail_msg("row %zu: '%.*s' for '%s'", row, (int)text.len, text.ptr, expected);
	}
}

static const char address[] =
	"https://www.courier.example/en/bridge-opens-at-last-in-dunmere/a-65908274";

/* What a page tells or shows of its authors. */
#define LD(author)                                                                                 \
	"<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\","              \
	"\"headline\":\"Bridge opens at last\",\"publisher\":{\"name\":\"The "                     \
	"Courier\"},\"author\":" author                                                            \
	"},{\"@id\":\"#p1\",\"@type\":\"Person\",\"name\":\"Ada Quill\"}]}</script>"
struct author_row {
	const char *markup;
	const char *authors; /* each with a bar behind it */
};

static void check_authors(const struct author_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		struct buf names = {0};
		for (size_t k = 0; k < result.authors.count; k++) {
			buf_add(&names, result.authors.items[k]);
			buf_add_char(&names, '|');
		}
		assert_string_equal(buf_text(&names), rows[i].authors);
		buf_clear(&names);
		page_result_clear(&result);
	}
}

TEST(authors_are_told_apart)
{
	static const struct author_row rows[] = {
		{LD("\"By Ada Quill and Jo Lark\""), "Ada Quill|Jo Lark|"},
		{LD("\"Ada Quill, Berlin\""), "Ada Quill|"},
		{LD("\"Ada Quill (Berlin, at the scene)\""), "Ada Quill|"},
		{LD("\"Ada Quill (with Kim Moss and others), Jo Lark\""), "Ada Quill|Jo Lark|"},
		{LD("\"Ada Quill, Jo Lark (jl)\""), "Ada Quill|Jo Lark|"},
		{LD("{\"@id\":\"#p1\"}"), "Ada Quill|"},
		{LD("[{\"givenName\":\"Ada\",\"familyName\":\"Quill\"}]"), "Ada Quill|"},
		{LD("[{\"name\":\"AFP\"},{\"name\":\"Ada Quill\"}]"), "AFP|Ada Quill|"},
		{LD("{\"name\":\"The Courier\"}"), "The Courier|"},
		{LD("{\"name\":\"Wire (www.courier.example)\"}"), "Wire|"},
		{LD("{\"name\":\"The Courier\"}") "<h1>Bridge opens at last</h1><p class=byline>By "
						  "Jo Lark</p>",
			"Jo Lark|"},
		{"<h1>Bridge opens at last</h1><a href=/autoren/x>Jo Lark</a>", "Jo Lark|"},
		{"<h1>Bridge opens at last</h1><ul><li><b>Author</b> Jo Lark</li></ul>",
			"Jo Lark|"},
		{"<h1>Bridge opens at last</h1><p class=author>28 April 2023</p>", ""},
	};
	check_authors(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(authors_are_seen_where_nobody_is_told)
{
	static const struct author_row rows[] = {
		/* Who took the picture or wrote a comment is not who wrote the story. */
		{"<h1>Bridge opens at last</h1><div class=bildautor>Foto: Jo Lark</div>"
		 "<cite class=comment-author>Kim Moss</cite>",
			""},
		{"<h1>Bridge opens at last</h1><p class=author>松村太郎</p>", "松村太郎|"},
		{"<h1>Bridge opens at last</h1><p class=author>一つの長い文は名前ではない</p>", ""},
		{"<h1>Bridge opens at last</h1><div id=authors><span>Jo Lark</span></div>",
			"Jo Lark|"},
		{"<h1>Bridge opens at last</h1><div><span>By </span><a href=/p/7>Jo Lark</a></div>",
			"Jo Lark|"},
		{"<h1>Bridge opens at last</h1><p>By the river</p>", ""},
		{LD("{\"name\":\"The Courier\"}") "<h1>Bridge opens at last</h1><p>By The "
						  "Courier with Agencies</p>",
			"The Courier|"},
		/* A paragraph of a bold name, by papers whose system knows only the house. */
		{LD("{\"name\":\"The Courier\"}") "<h1>Bridge opens at last</h1><p>&nbsp;</p>"
						  "<p><strong>Ada Quill/Jo Lark</strong></p>"
						  "<p>The bridge is open.</p>",
			"Ada Quill|Jo Lark|"},
		{LD("{\"name\":\"The Courier\"}") "<h1>Bridge opens at last</h1>" PROSE
						  "<p><strong>Five Open Questions</strong></p>",
			"The Courier|"},
		{LD("{\"name\":\"The Courier et AFP\"}"), "The Courier et AFP|"},
		/* Of several elements of one name all count, of another name none. */
		{"<meta property=og:site_name content='The Courier'><meta name=author content='The "
		 "Courier'><meta name=author content='신현주 기자'><meta name=author content='Ada "
		 "Quill'><meta name=dc.creator content=jl>",
			"신현주|Ada Quill|"},
		{"<meta name=author content='desk@courier.example'><meta name=twitter:label1 "
		 "content='Verfasst von'><meta name=twitter:data1 content='Jo Lark'>",
			"Jo Lark|"},
		{"<meta name=twitter:label1 content='Reading time'><meta name=twitter:data1 "
		 "content='Two Minutes'>",
			""},
		{"<meta name=author content='desk@courier.example'><h1>Bridge opens</h1>", ""},
	};
	check_authors(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(a_relative_time_counts_from_the_capture)
{
	struct page_result result = read_page(
		address, BYTES("<h1>Bridge opens at last</h1><time>56 minutes ago</time>" PROSE));
	assert_bytes(result.published.value, "2023-06-14T07:34:00Z");
	assert_string_equal(result.published.precision, "relative");
	assert_string_equal(result.published.source, "time");
	page_result_clear(&result);
}

#define TOLD(date)                                                                                 \
	"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"" date  \
	"\"}</script>"
#define HEADLINE "<h1>Bridge opens at last</h1>"

/* Where the date of a page may stand, and what is no date of the story. */
TEST(dates_are_found_with_their_source)
{
	static const struct {
		const char *address;
		const char *markup;
		const char *value; /* NULL: none */
		const char *source;
	} rows[] = {
		{"/a", TOLD("2023-05-03T10:00:00+02:00") "<meta name=date content=2020-01-01>",
			"2023-05-03T10:00:00+02:00", "json-ld"},
		{"/a", "<meta name=date content=2023-05-03>" HEADLINE "<time datetime=2020-01-01>",
			"2023-05-03", "meta"},
		{"/2023/05/03/bridge", HEADLINE "<p>4 May 2023</p>", "2023-05-03", "url"},
		{"/article/A2023050314320005196", HEADLINE, "2023-05-03", "url"},
		{"/article/20230503990000", HEADLINE, NULL, NULL},
		{"/article/99999999999999", HEADLINE, NULL, NULL},
		{"/a", HEADLINE "<p>3 May 2023</p>", "2023-05-03", "text"},
		{"/a", HEADLINE "<ul><li><a href=/day/2023-05-03>3 May 2023</a></ul>", "2023-05-03",
			"text"},
		/* The headline's own date is what the story is about. */
		{"/a", "<h1>What came after 2 May 2020</h1><p>3 May 2023</p>", "2023-05-03",
			"text"},
		{"/a", "<a href=/today>Today</a>" HEADLINE "<a href=/today>Today</a>", NULL, NULL},
		/* A lower heading is the headline where no h1 is. */
		{"/a",
			"<title>Bridge opens at last | The Courier</title><h3>Bridge opens at "
			"last</h3><p>31.10.22</p>",
			"2022-10-31", "text"},
		{"/a",
			"<meta property=og:image "
			"content=https://i.example/up/2023/05/03/b.jpg>" HEADLINE,
			"2023-05-03", "image"},
		{"/a", "<meta property=og:image content=https://2023.05.example/03/b.jpg>" HEADLINE,
			NULL, NULL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf url = {0};
		buf_addf(&url, "https://www.courier.example%s", rows[i].address);
		struct page_result result = read_page(buf_text(&url), bytes_of(rows[i].markup));
		if (rows[i].value == NULL) {
			assert_int_equal(result.published.value.len, 0);
		} else {
			check_text(result.published.value, rows[i].value, i);
			assert_string_equal(result.published.source, rows[i].source);
		}
		page_result_clear(&result);
		buf_clear(&url);
	}
}

/* The evening of the 8th is the 9th in UTC: the publisher's clock is in the page somewhere. */
TEST(a_time_in_utc_is_told_by_the_publishers_clock)
{
#define UTC TOLD("2023-06-09T01:49:09Z")
	static const struct {
		const char *markup;
		const char *value;
	} rows[] = {
		{UTC, "2023-06-09T01:49:09Z"},
		{UTC "<time datetime=2023-06-08T17:49:09-08:00>", "2023-06-08T17:49:09-08:00"},
		{UTC "<script>x={\"publicationDate\":\"2023-06-08T17:49:09-08:00\"}</script>",
			"2023-06-08T17:49:09-08:00"},
		{UTC "<script>page = {date: '2023-06-08 20:49:09'};</script>",
			"2023-06-08T20:49:09-05:00"},
		/* Another instant, another day, no seconds, or the same clock. */
		{UTC "<time datetime=2023-06-08T18:49:09-08:00>", "2023-06-09T01:49:09Z"},
		{UTC "<script>page = {date: '2023-06-05 20:49:09'};</script>",
			"2023-06-09T01:49:09Z"},
		{UTC "<script>page = {date: '2023-06-09 01:49:09'};</script>",
			"2023-06-09T01:49:09Z"},
		{TOLD("2023-06-09T01:00:00Z") "<script>page = {d: '2023-06-08 20:00:00'};</script>",
			"2023-06-09T01:00:00Z"},
		{TOLD("2023-06-09T01:49:09+02:00") "<time datetime=2023-06-08T23:49:09Z>",
			"2023-06-09T01:49:09+02:00"},
		{UTC "<script>x={:49:09 1:49:09 -06-08 20:49:09}</script>", "2023-06-09T01:49:09Z"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		check_text(result.published.value, rows[i].value, i);
		assert_string_equal(result.published.source, "json-ld");
		page_result_clear(&result);
	}
#undef UTC
}

TEST(a_heading_is_the_headline_when_the_title_repeats_it)
{
	static const struct {
		const char *markup;
		const char *headline;
	} rows[] = {
		{"<title>Bridge opens at last | The Courier</title><h1>The Courier</h1>"
		 "<h2>Weather and traffic now</h2><h2>Bridge opens at last</h2>",
			"Bridge opens at last"},
		{"<title>Courier News Blog: Bridge opens at last this week</title>"
		 "<h2>Courier News Blog</h2><h3>Bridge opens at last this week</h3>",
			"Bridge opens at last this week"},
		{"<title>Bridge opens at last</title><h1>A bridge of one's own</h1>"
		 "<h3>Bridge opens at last</h3>",
			"A bridge of one's own"},
		/* Soft hyphens are for the printer. */
		{"<h1>Brid&shy;ge opens at last</h1>", "Bridge opens at last"},
		{TOLD("2023-05-03") "<script type='application/ld+json'>{\"@type\":\"NewsArticle\","
				    "\"headline\":\"Brid\u00adge opens at last\"}</script>",
			"Bridge opens at last"},
		{"<title>Bridge opens at last in Dunmere</title><meta property=og:title "
		 "content='Bridge opens at last in Dunmere'><h1><span>Traffic</span> Bridge opens "
		 "at last in Dunmere</h1>",
			"Bridge opens at last in Dunmere"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		check_text(result.headline, rows[i].headline, i);
		page_result_clear(&result);
	}
}

/* Caption and credit of the picture, however they are told apart. */
TEST(captions_and_credits_are_told_apart)
{
#define FIGURE(inside) "<h1>Bridge opens at last</h1><figure><img src=b.jpg>" inside "</figure>"
#define CAPTION(inside) FIGURE("<figcaption>" inside "</figcaption>")
	static const struct {
		const char *markup, *caption, *credit;
	} rows[] = {
		{CAPTION("At dawn"), "At dawn", ""},
		{CAPTION("At dawn <small>Image: A B/Agency</small>"), "At dawn", "A B/Agency"},
		{CAPTION("<span class=credit>Foto: A B</span><p>At dawn</p>"), "At dawn", "A B"},
		{CAPTION("<p class=copyright>Agency</p>"), "", "Agency"},
		{CAPTION("At dawn <i class=credit>Photo by A B</i> /<i class=by>Agency</i>"),
			"At dawn", "A B /Agency"},
		{FIGURE("<figcaption>At dawn</figcaption><footer>A B</footer>"), "At dawn", "A B"},
		{FIGURE("<span>Foto: A B</span><figcaption>At dawn</figcaption>"), "At dawn",
			"A B"},
		{CAPTION("At dawn, Foto: A B"), "At dawn", "A B"},
		{CAPTION("At dawn. (Symbolfoto: dpa | A B)"), "At dawn.", "dpa | A B"},
		{CAPTION("At dawn. (A B/Agency)"), "At dawn.", "A B/Agency"},
		{CAPTION("The minister (CDU)"), "The minister (CDU)", ""},
		{CAPTION("At dawn. | A B via Agency"), "At dawn.", "A B via Agency"},
		{CAPTION("At dawn \u00a9 A B (Agency)"), "At dawn", "A B (Agency)"},
		{CAPTION("The image of a town"), "The image of a town", ""},
		{CAPTION("At dawn <span role=button>Show more</span>"), "At dawn", ""},
		{"<h1>Bridge opens at last</h1><div><img src=b.jpg><p class=img-caption>At dawn</p>"
		 "<p class=img-source>A B</p></div>",
			"At dawn", "A B"},
		{"<h1>Bridge opens at last</h1><a href=/x><figure><img "
		 "src=b.jpg><figcaption>Another "
		 "story</figcaption></figure></a>",
			"", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		check_text(result.image_caption, rows[i].caption, i);
		check_text(result.image_credit, rows[i].credit, i);
		page_result_clear(&result);
	}
#undef CAPTION
#undef FIGURE
}

/* Kicker and headline in one, and titles for other sites: what agrees is the headline. */
TEST(headlines_are_voted_for)
{
#define OG(title) "<meta property=og:title content='" title "'>"
	static const struct {
		const char *markup;
		const char *headline;
		const char *kicker;
	} rows[] = {
		/* References end no title. */
		{"<title>Wie hei&szlig;t die Br&#252;cke &amp; warum?</title>",
			"Wie heißt die Brücke & warum?", ""},
		/* A headline with its kicker before it. */
		{"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
		 "\"Traffic: Bridge opens at last in Dunmere\"}</script>" OG(
			 "Bridge opens at last in Dunmere") "<h1>Traffic: Bridge opens at last in "
							    "Dunmere</h1>",
			"Bridge opens at last in Dunmere", "Traffic"},
		/* It only ends alike. */
		{"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":"
		 "\"The new bridge opens at last in Dunmere\"}</script>" OG(
			 "bridge opens at last in Dunmere"),
			"The new bridge opens at last in Dunmere", ""},
		/* Without JSON-LD two titles that agree stand against one heading. */
		{"<title>Bridge opens at last in Dunmere | The Courier</title>" OG(
			 "Bridge opens at last in Dunmere") "<h1>Dunmere has its new bridge at "
							    "last</h1>",
			"Bridge opens at last in Dunmere", ""},
		{"<title>Dunmere news | The Courier</title>" OG(
			 "Bridge opens at last in Dunmere") "<h1>Dunmere has its new bridge at "
							    "last</h1>",
			"Dunmere has its new bridge at last", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct page_result result = read_page(address, bytes_of(rows[i].markup));
		check_text(result.headline, rows[i].headline, i);
		check_text(result.kicker, rows[i].kicker, i);
		page_result_clear(&result);
	}
#undef OG
}

RUN_TESTS(CASE(headlines_are_voted_for), CASE(captions_and_credits_are_told_apart),
	CASE(authors_are_told_apart), CASE(authors_are_seen_where_nobody_is_told),
	CASE(a_relative_time_counts_from_the_capture), CASE(dates_are_found_with_their_source),
	CASE(a_time_in_utc_is_told_by_the_publishers_clock),
	CASE(a_heading_is_the_headline_when_the_title_repeats_it))
