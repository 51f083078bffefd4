/* SPDX-License-Identifier: MIT */
/* library.c - pages about what is in the archive: the front page, a collection, a search; and which
 * page is asked for */
#include "replay/library.h"
#include "base/clock.h"
#include "base/limits.h"
#include "replay/completeness.h"
#include "replay/stories.h"
#include "replay/view.h"

/* Stories of a collection on the front page when there are several. */
#define FRONT_STORIES 13

/* --- a story -----------------------------------------------------------------------------------
 */

static void add_picture(const struct holding *holding, const struct story *story, struct buf *out)
{
	char digits[CLOCK_DIGITS_SIZE];
	if (story->image.len == 0) {
		return;
	}
	clock_format_digits17(story->captured_ms, digits);
	buf_addf(out, "<img loading=\"lazy\" alt=\"\" src=\"/%s/%sim_/", holding_name(holding),
		digits);
	view_add(out, buf_bytes(&story->image));
	buf_add_text(out, "\">");
}

static void add_versions(const struct holding *holding, const struct story *story, struct buf *out)
{
	if (story->changes > 0) {
		buf_add_text(out, " · <a href=\"");
		library_add_query_address(holding, "versions", buf_bytes(&story->url), out);
		if (story->changes == 1) {
			buf_add_text(out, "\">changed once</a>");
		} else {
			buf_addf(out, "\">changed %u times</a>", story->changes);
		}
	}
}

static void add_completeness(
	const struct holding *holding, const struct story *story, struct buf *out)
{
	struct completeness completeness;
	completeness_find(holding, buf_bytes(&story->url), story->captured_ms, &completeness);
	if (completeness.is_known) {
		bool is_good = completeness.missing == 0;
		buf_addf(out, " · <span class=\"%s\">", is_good ? "good" : "bad");
		completeness_describe(&completeness, out);
		buf_add_text(out, "</span>");
	}
}

/* Who, when, and what is kept of it. */
static void add_facts(const struct holding *holding, const struct story *story, struct buf *out)
{
	buf_add_text(out, "<p class=\"facts\"><span class=\"source\">");
	library_add_host(buf_bytes(&story->url), out);
	buf_add_text(out, "</span>");
	if (story->published_ms != 0) {
		buf_add_text(out, " · published ");
		view_add_date(out, story->published_ms);
	}
	buf_addf(out, " · <a href=\"/%s/*/", holding_name(holding));
	view_add(out, buf_bytes(&story->url));
	buf_add_text(out, "\">captured ");
	view_add_time(out, story->captured_ms);
	if (story->captures > 1) {
		buf_addf(out, ", %u times", story->captures);
	}
	buf_add_text(out, "</a>");
	add_versions(holding, story, out);
	add_completeness(holding, story, out);
	buf_add_text(out, "</p>");
}

static void add_instead(const struct story *story, struct buf *out)
{
	if (story->instead.len > 0) {
		buf_add_text(out, "<p class=\"instead\">Not the story: ");
		view_add(out, buf_bytes(&story->instead));
		buf_add_text(out, "</p>");
	}
}

static void add_story(const struct holding *holding, const struct story *story, const char *class,
	struct buf *out)
{
	buf_addf(out, "<article class=\"%s\">", class);
	add_picture(holding, story, out);
	buf_add_text(out, "<div>");
	if (story->kicker.len > 0) {
		buf_add_text(out, "<p class=\"kicker\">");
		view_add(out, buf_bytes(&story->kicker));
		buf_add_text(out, "</p>");
	}
	buf_add_text(out, "<h3><a href=\"");
	library_add_address(holding, story->captured_ms, buf_bytes(&story->url), out);
	buf_add_text(out, "\">");
	view_add(out, buf_bytes(story->headline.len > 0 ? &story->headline : &story->url));
	buf_add_text(out, "</a></h3>");
	add_instead(story, out);
	if (story->description.len > 0) {
		buf_add_text(out, "<p class=\"teaser\">");
		view_add(out, buf_bytes(&story->description));
		buf_add_text(out, "</p>");
	}
	add_facts(holding, story, out);
	buf_add_text(out, "</div></article>\n");
}

/* --- stories of a collection -------------------------------------------------------------------
 */

/* Which of them are shown: those of one page, `most` of them. */
struct part {
	struct bytes words;
	size_t page, most;
	bool is_front; /* one of several: more is a link to its own page */
	bool is_alone; /* the page is about this collection */
};

static void add_stories(const struct holding *holding, const struct stories *stories,
	const struct part *part, struct buf *out)
{
	size_t from = part->page * part->most;
	buf_add_text(out, "<div class=\"stories\">\n");
	for (size_t i = from; i < stories->count && i - from < part->most; i++) {
		const struct story *story = &stories->items[i];
		bool is_lead = i == 0 && story->depth == 0 && part->words.len == 0;
		const char *class = !is_lead               ? "story"
				    : story->image.len > 0 ? "story lead pictured"
							   : "story lead";
		add_story(holding, story, class, out);
	}
	buf_add_text(out, "</div>\n");
}

static void add_page_link(const struct holding *holding, const struct part *part, size_t page,
	const char *text, struct buf *out)
{
	buf_addf(out, "<a href=\"/%s/%s?page=%zu", holding_name(holding),
		part->words.len > 0 ? "search" : "", page + 1);
	if (part->words.len > 0) {
		buf_add_text(out, "&amp;q=");
		view_add_query(out, part->words);
	}
	buf_addf(out, "\">%s</a> ", text);
}

static void add_more(const struct holding *holding, const struct stories *stories,
	const struct part *part, struct buf *out)
{
	bool has_more = (part->page + 1) * part->most < stories->count;
	if (part->is_front) {
		if (has_more) {
			buf_addf(out,
				"<p class=\"pages\"><a href=\"/%s/\">All %zu stories</a></p>\n",
				holding_name(holding), stories->total);
		}
		return;
	}
	if (!has_more && part->page == 0) {
		return;
	}
	buf_add_text(out, "<nav class=\"pages\" aria-label=\"Pages\">");
	if (part->page > 0) {
		add_page_link(holding, part, part->page - 1, "Newer stories", out);
	}
	buf_addf(out, "<span>Page %zu of %zu</span> ", part->page + 1,
		(stories->count + part->most - 1) / part->most);
	if (has_more) {
		add_page_link(holding, part, part->page + 1, "Older stories", out);
	}
	buf_add_text(out, "</nav>\n");
	if (stories->total > stories->count) {
		buf_addf(out,
			"<p class=\"facts\">%zu more are not listed; search finds them.</p>\n",
			stories->total - stories->count);
	}
}

static void add_holding(const struct holding *holding, const struct part *part, struct reply *reply)
{
	struct buf *out = &reply->body;
	struct stories stories = {0};
	struct flong_error err = {0};
	int rc = stories_read(holding, part->words, &stories, &err);
	buf_add_text(out, "<section>");
	if (part->is_alone) {
		buf_addf(out, "<h1>%s</h1>", holding_name(holding));
	} else {
		buf_addf(out, "<h2><a href=\"/%s/\">%s</a></h2>", holding_name(holding),
			holding_name(holding));
	}
	buf_addf(out, "<p class=\"facts\">%zu %s%s · ", stories.total,
		stories.total == 1 ? "story" : "stories", part->words.len > 0 ? " found" : "");
	view_add(out, bytes_of(holding_path(holding)));
	buf_add_text(out, "</p>\n");
	if (rc < 0) {
		library_add_fault(&err, out);
	}
	add_stories(holding, &stories, part, out);
	add_more(holding, &stories, part, out);
	buf_add_text(out, "</section>\n");
	stories_clear(&stories);
}

/* The page that is asked for, from 0 on. */
static size_t page_number(const struct site_call *call)
{
	SCOPED(buf_clear) struct buf text = {0};
	uint64_t number = 1;
	if (route_parameter(call->route->query, "page", 0, &text) &&
		bytes_to_u64(buf_bytes(&text), LIMIT_LIBRARY_STORIES, &number) && number > 0) {
		return (size_t)number - 1;
	}
	return 0;
}

static void answer_front(const struct site_call *call, struct reply *reply)
{
	const struct archive *archive = call->site->archive;
	SCOPED(buf_clear) struct buf words = {0};
	bool is_search = call->route->rest.len > 0;
	bool are_several = archive_count(archive) > 1;
	(void)route_parameter(call->route->query, "q", 0, &words);
	const struct library_page page = {
		.title = is_search ? "Search · flong" : "flong", .words = buf_bytes(&words)};
	const struct part part = {.words = buf_bytes(&words),
		.page = are_several ? 0 : page_number(call),
		.most = are_several && !is_search ? FRONT_STORIES : LIMIT_LIBRARY_PAGE_STORIES,
		.is_front = are_several};
	library_begin(call, &page, reply);
	buf_addf(&reply->body, "<h1 class=\"%s\">%s</h1>\n", is_search ? "" : "quiet",
		is_search ? "Search" : "Archived stories");
	for (size_t i = 0; i < archive_count(archive); i++) {
		add_holding(archive_at(archive, i), &part, reply);
	}
	library_end(reply);
}

static void answer_collection(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf words = {0};
	(void)route_parameter(call->route->query, "q", 0, &words);
	const struct library_page page = {.title = holding_name(call->holding),
		.place = call->route->rest.len == 0 ? LIBRARY_STORIES : LIBRARY_ELSEWHERE,
		.words = buf_bytes(&words)};
	const struct part part = {.words = buf_bytes(&words),
		.page = page_number(call),
		.most = LIMIT_LIBRARY_PAGE_STORIES,
		.is_alone = true};
	library_begin(call, &page, reply);
	add_holding(call->holding, &part, reply);
	library_end(reply);
}

/* --- which page --------------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	void (*answer)(const struct site_call *call, struct reply *reply);
} pages[] = {
	{"", answer_collection},
	{"search", answer_collection},
	{"calendar", library_calendar},
	{"captures", library_captures},
	{"diff", library_diff},
	{"graph", library_graph},
	{"links", library_links},
	{"record", library_record},
	{"urls", library_urls},
	{"versions", library_versions},
};

void site_library(const struct site_call *call, struct reply *reply)
{
	if (call->route->kind == ROUTE_LIBRARY) {
		answer_front(call, reply);
		return;
	}
	if (call->route->kind == ROUTE_CAPTURES) {
		library_captures(call, reply);
		return;
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (bytes_equal(call->route->rest, bytes_of(pages[i].name))) {
			pages[i].answer(call, reply);
			return;
		}
	}
	library_answer_error(call, 404, "Nothing is here", call->request->target,
		"This is no page of the library.", reply);
}
