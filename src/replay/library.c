/* SPDX-License-Identifier: MIT */
/* library.c - pages about what is in the archive: the front page, a collection, a search, all URLs,
 * all captures of one */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "index/cdxj.h"
#include "replay/site.h"
#include "replay/stories.h"
#include "replay/view.h"
#include "web/url.h"

/* Stories of a collection on the front page, and rows on a page of URLs. */
#define FRONT_STORIES 13
#define ROWS_PER_PAGE 200

/* --- parts -------------------------------------------------------------------------------------
 */

static void begin(struct reply *reply, const char *title)
{
	reply->status = 200;
	reply->body.max = LIMIT_VIEW_BYTES;
	reply_field(reply, "Content-Type", BYTES("text/html; charset=utf-8"));
	view_begin(&reply->body, title);
}

/* The head of every page: the name, and the search, of all or of one collection. */
static void add_masthead(const struct site_call *call, struct bytes words, struct reply *reply)
{
	struct buf *out = &reply->body;
	const char *name = call->holding != NULL ? holding_name(call->holding) : NULL;
	buf_add_text(out, "<header class=\"masthead\"><a class=\"name\" href=\"/\">flong</a>");
	if (name != NULL) {
		buf_addf(out,
			"<nav aria-label=\"Collection\"><a href=\"/%s/\">%s</a> "
			"<a href=\"/%s/urls\">All URLs</a></nav>",
			name, name, name);
	}
	buf_addf(out, "<form role=\"search\" action=\"%s%s%s\"><label for=\"q\">Search</label>",
		name != NULL ? "/" : "", name != NULL ? name : "", "/search");
	buf_add_text(out, "<input id=\"q\" name=\"q\" type=\"search\" value=\"");
	view_add(out, words);
	buf_add_text(out, "\"><button>Find</button></form></header>\n<main id=\"main\">\n");
}

static void end(struct reply *reply)
{
	buf_add_text(&reply->body, "</main>\n");
	view_end(&reply->body);
}

static void add_error(const struct flong_error *err, struct reply *reply)
{
	buf_add_text(&reply->body, "<p class=\"fault\">");
	view_add(&reply->body, bytes_of(err->message));
	buf_add_text(&reply->body, "</p>\n");
}

/* The address of a capture in its frame. */
static void add_address(
	struct buf *out, const struct holding *holding, int64_t time_ms, struct bytes url)
{
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits14(time_ms, digits);
	buf_addf(out, "/%s/%s/", holding_name(holding), digits);
	view_add(out, url);
}

static void add_host(struct buf *out, struct bytes text)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(text, NULL, &url, &ignored) == FLONG_OK) {
		struct bytes host = url->host;
		bool has_www = bytes_starts(host, BYTES("www."));
		view_add(out, has_www ? bytes_slice(host, 4, host.len) : host);
	}
}

/* --- stories -----------------------------------------------------------------------------------
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

static void add_story(const struct holding *holding, const struct story *story, const char *class,
	struct buf *out)
{
	buf_addf(out, "<article class=\"%s\">", class);
	add_picture(holding, story, out);
	if (story->kicker.len > 0) {
		buf_add_text(out, "<p class=\"kicker\">");
		view_add(out, buf_bytes(&story->kicker));
		buf_add_text(out, "</p>");
	}
	buf_add_text(out, "<h3><a href=\"");
	add_address(out, holding, story->captured_ms, buf_bytes(&story->url));
	buf_add_text(out, "\">");
	view_add(out, buf_bytes(story->headline.len > 0 ? &story->headline : &story->url));
	buf_add_text(out, "</a></h3>");
	if (story->description.len > 0) {
		buf_add_text(out, "<p class=\"teaser\">");
		view_add(out, buf_bytes(&story->description));
		buf_add_text(out, "</p>");
	}
	buf_add_text(out, "<p class=\"facts\">");
	add_host(out, buf_bytes(&story->url));
	if (story->published_ms != 0) {
		buf_add_text(out, " · published ");
		view_add_time(out, story->published_ms);
	}
	buf_add_text(out, " · <a href=\"/");
	buf_addf(out, "%s/*/", holding_name(holding));
	view_add(out, buf_bytes(&story->url));
	buf_add_text(out, "\">captured ");
	view_add_time(out, story->captured_ms);
	if (story->captures > 1) {
		buf_addf(out, ", %u times", story->captures);
	}
	buf_add_text(out, "</a></p></article>\n");
}

static void add_stories(
	const struct holding *holding, const struct stories *stories, size_t most, struct buf *out)
{
	buf_add_text(out, "<div class=\"stories\">\n");
	for (size_t i = 0; i < stories->count && i < most; i++) {
		const struct story *story = &stories->items[i];
		bool is_lead = i == 0 && story->depth == 0;
		add_story(holding, story, is_lead ? "story lead" : "story", out);
	}
	buf_add_text(out, "</div>\n");
}

static void add_holding(
	const struct holding *holding, struct bytes words, size_t most, struct reply *reply)
{
	struct buf *out = &reply->body;
	struct stories stories = {0};
	struct flong_error err = {0};
	int rc = stories_read(holding, words, &stories, &err);
	buf_addf(out, "<section><h2><a href=\"/%s/\">%s</a></h2>", holding_name(holding),
		holding_name(holding));
	buf_addf(out, "<p class=\"facts\">%zu %s%s · ", stories.total,
		stories.total == 1 ? "story" : "stories", words.len > 0 ? " found" : "");
	view_add(out, bytes_of(holding_path(holding)));
	buf_add_text(out, "</p>\n");
	if (rc < 0) {
		add_error(&err, reply);
	}
	add_stories(holding, &stories, most, out);
	if (stories.count > most) {
		buf_addf(out, "<p><a href=\"/%s/\">All %zu stories</a></p>", holding_name(holding),
			stories.total);
	}
	buf_add_text(out, "</section>\n");
	stories_clear(&stories);
}

static void answer_front(const struct site_call *call, struct reply *reply)
{
	const struct archive *archive = call->site->archive;
	SCOPED(buf_clear) struct buf words = {0};
	bool is_search = call->route->rest.len > 0;
	(void)route_parameter(call->route->query, "q", 0, &words);
	begin(reply, is_search ? "Search · flong" : "flong");
	add_masthead(call, buf_bytes(&words), reply);
	buf_addf(&reply->body, "<h1 class=\"%s\">%s</h1>\n", is_search ? "" : "quiet",
		is_search ? "Search" : "Archived stories");
	for (size_t i = 0; i < archive_count(archive); i++) {
		add_holding(archive_at(archive, i), buf_bytes(&words),
			archive_count(archive) > 1 && !is_search ? FRONT_STORIES
								 : LIMIT_LIBRARY_STORIES,
			reply);
	}
	end(reply);
}

static void answer_collection(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf words = {0};
	(void)route_parameter(call->route->query, "q", 0, &words);
	begin(reply, holding_name(call->holding));
	add_masthead(call, buf_bytes(&words), reply);
	buf_addf(&reply->body, "<h1 class=\"quiet\">Stories of %s</h1>\n",
		holding_name(call->holding));
	add_holding(call->holding, buf_bytes(&words), LIMIT_LIBRARY_STORIES, reply);
	end(reply);
}

/* --- URLs and captures -------------------------------------------------------------------------
 */

static void add_row(
	const struct site_call *call, const struct cdxj_entry *entry, bool has_url, struct buf *out)
{
	int64_t time_ms = 0;
	uint64_t payload = entry->length;
	(void)clock_parse_digits(entry->timestamp, &time_ms);
	buf_add_text(out, "<tr><td><a href=\"");
	add_address(out, call->holding, time_ms, entry->url);
	buf_add_text(out, "\">");
	if (has_url) {
		view_add(out, entry->url);
		buf_add_text(out, "</a></td><td>");
		view_add_time(out, time_ms);
	} else {
		view_add_time(out, time_ms);
		buf_add_text(out, "</a>");
	}
	buf_add_text(out, "</td><td>");
	view_add(out, entry->status.len > 0 ? entry->status : BYTES("–"));
	buf_add_text(out, "</td><td>");
	view_add(out, entry->mime);
	buf_add_text(out, "</td><td class=\"number\">");
	view_add_size(out, payload);
	buf_addf(out,
		"</td><td><a href=\"/%s/record?offset=%llu&amp;file=", holding_name(call->holding),
		(unsigned long long)entry->offset);
	view_add_query(out, entry->filename);
	buf_add_text(out, "\">record</a></td></tr>\n");
}

static void begin_table(struct buf *out, bool has_url)
{
	buf_addf(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-label=\"Captures\"><table>"
		"<thead><tr>%s<th scope=\"col\">Captured</th><th scope=\"col\">Status</th>"
		"<th scope=\"col\">Type</th><th scope=\"col\" class=\"number\">Stored</th>"
		"<th scope=\"col\">Record</th></tr></thead><tbody>\n",
		has_url ? "<th scope=\"col\">URL</th>" : "");
}

/* Which rows are listed: those of a key from `start` on. */
struct listing {
	struct bytes key, start;
	enum lookup_match match;
};

/* *next_out gets the start of the row behind those of one page, or stays empty. */
static int add_rows(const struct site_call *call, const struct listing *listing,
	struct buf *next_out, struct reply *reply, struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(call->holding);
	bool has_url = listing->match != LOOKUP_EXACT;
	size_t count = 0;
	struct bytes line;
	begin_table(&reply->body, has_url);
	int rc = lookup_find(lookup, listing->key, listing->match, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		if (bytes_compare(line, listing->start) < 0 ||
			cdxj_parse(line, &row, &ignored) < 0) {
			continue;
		}
		if (++count > ROWS_PER_PAGE) {
			buf_add(next_out, row.entry.key);
			buf_add_char(next_out, ' ');
			buf_add(next_out, row.entry.timestamp);
			break;
		}
		add_row(call, &row.entry, has_url, &reply->body);
	}
	buf_add_text(&reply->body, "</tbody></table></div>\n");
	return rc == FLONG_END ? FLONG_OK : rc;
}

static void answer_urls(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf start = {0};
	SCOPED(buf_clear) struct buf next = {0};
	struct flong_error err = {0};
	(void)route_parameter(call->route->query, "from", 0, &start);
	begin(reply, "All URLs");
	add_masthead(call, BYTES(""), reply);
	buf_addf(&reply->body, "<h1>All URLs of %s</h1>\n", holding_name(call->holding));
	const struct listing listing = {.start = buf_bytes(&start), .match = LOOKUP_PREFIX};
	if (add_rows(call, &listing, &next, reply, &err) < 0) {
		add_error(&err, reply);
	}
	if (next.len > 0) {
		buf_addf(&reply->body,
			"<p><a rel=\"next\" href=\"/%s/urls?from=", holding_name(call->holding));
		view_add_query(&reply->body, buf_bytes(&next));
		buf_add_text(&reply->body, "\">Next page</a></p>\n");
	}
	end(reply);
}

static void answer_captures(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(buf_clear) struct buf next = {0};
	struct flong_error err = {0};
	lookup_key(call->route->url, LOOKUP_EXACT, &key);
	begin(reply, "Captures");
	add_masthead(call, BYTES(""), reply);
	buf_add_text(&reply->body, "<h1>Captures</h1><p class=\"url\">");
	view_add(&reply->body, call->route->url);
	buf_add_text(&reply->body, "</p>\n");
	const struct listing listing = {.key = buf_bytes(&key), .match = LOOKUP_EXACT};
	if (add_rows(call, &listing, &next, reply, &err) < 0) {
		add_error(&err, reply);
	}
	if (next.len > 0) {
		buf_addf(&reply->body, "<p>The first %d are listed.</p>\n", ROWS_PER_PAGE);
	}
	end(reply);
}

void site_library(const struct site_call *call, struct reply *reply)
{
	struct bytes rest = call->route->rest;
	if (call->route->kind == ROUTE_LIBRARY) {
		answer_front(call, reply);
	} else if (call->route->kind == ROUTE_CAPTURES) {
		answer_captures(call, reply);
	} else if (rest.len == 0 || bytes_equal(rest, BYTES("search"))) {
		answer_collection(call, reply);
	} else if (bytes_equal(rest, BYTES("urls"))) {
		answer_urls(call, reply);
	} else if (bytes_equal(rest, BYTES("record"))) {
		site_record(call, reply);
	} else {
		reply_plain(reply, 404, "flong: nothing is at " BYTES_FMT,
			BYTES_ARG(call->request->target));
	}
}
