/* SPDX-License-Identifier: MIT */
/* library_parts.c - head and end of the library's pages, errors, addresses */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "replay/library.h"
#include "replay/view.h"
#include "web/url.h"

static const struct {
	const char *path, *name;
} places[] = {
	[LIBRARY_STORIES] = {"", "Stories"},
	[LIBRARY_CALENDAR] = {"calendar", "Calendar"},
	[LIBRARY_GRAPH] = {"graph", "Connections"},
	[LIBRARY_URLS] = {"urls", "All URLs"},
};

static void add_navigation(
	const struct holding *holding, enum library_place current, struct buf *out)
{
	const char *name = holding_name(holding);
	buf_addf(out, "<nav aria-label=\"Collection\"><span class=\"of\">%s</span>", name);
	for (size_t i = LIBRARY_STORIES; i < sizeof(places) / sizeof(places[0]); i++) {
		buf_addf(out, " <a href=\"/%s/%s\"%s>%s</a>", name, places[i].path,
			i == current ? " aria-current=\"page\"" : "", places[i].name);
	}
	buf_add_text(out, "</nav>");
}

/* The head of every page: the name, and the search, of all or of one collection. */
static void add_masthead(
	const struct site_call *call, const struct library_page *page, struct buf *out)
{
	const char *name = call->holding != NULL ? holding_name(call->holding) : NULL;
	buf_add_text(out, "<header class=\"masthead\"><a class=\"name\" href=\"/\">flong</a>");
	if (name != NULL) {
		add_navigation(call->holding, page->place, out);
	}
	buf_addf(out, "<form role=\"search\" action=\"%s%s%s\"><label for=\"q\">Search</label>",
		name != NULL ? "/" : "", name != NULL ? name : "", "/search");
	buf_add_text(out, "<input id=\"q\" name=\"q\" type=\"search\" value=\"");
	view_add(out, page->words);
	buf_add_text(out, "\"><button>Find</button></form></header>\n"
			  "<main id=\"main\" tabindex=\"-1\">\n");
}

void library_begin(
	const struct site_call *call, const struct library_page *page, struct reply *reply)
{
	reply->status = 200;
	reply->body.max = LIMIT_VIEW_BYTES;
	reply_field(reply, "Content-Type", BYTES("text/html; charset=utf-8"));
	view_begin(&reply->body, page->title);
	add_masthead(call, page, &reply->body);
}

void library_end(struct reply *reply)
{
	struct buf *out = &reply->body;
	if (buf_failed(out)) {
		/* Whatever did not fit: a page that is cut says so. */
		out->max = 2 * LIMIT_VIEW_BYTES;
		out->failed = false;
		buf_add_text(out, "<p class=\"fault\">There is more than one page can show.</p>");
	}
	buf_add_text(out, "</main>\n");
	view_end(out);
}

void library_answer_error(const struct site_call *call, int status, const char *title,
	struct bytes subject, const char *text, struct reply *reply)
{
	const struct library_page page = {.title = title};
	library_begin(call, &page, reply);
	reply->status = status;
	struct buf *out = &reply->body;
	buf_addf(out, "<div class=\"notice\"><p class=\"kicker\">%d</p><h1>", status);
	view_add(out, bytes_of(title));
	buf_add_text(out, "</h1>\n");
	if (subject.len > 0) {
		buf_add_text(out, "<p class=\"url\">");
		view_add(out, bytes_slice(subject, 0, LIMIT_URL_BYTES));
		buf_add_text(out, "</p>\n");
	}
	buf_add_text(out, "<p>");
	view_add(out, bytes_of(text));
	buf_add_text(out, "</p>\n<p><a href=\"/\">All stories</a></p></div>\n");
	library_end(reply);
}

void library_add_fault(const struct flong_error *err, struct buf *out)
{
	buf_add_text(out, "<p class=\"fault\">");
	view_add(out, bytes_of(err->message));
	buf_add_text(out, "</p>\n");
}

/* --- addresses ---------------------------------------------------------------------------------
 */

void library_add_address(
	const struct holding *holding, int64_t time_ms, struct bytes url, struct buf *out)
{
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits14(time_ms, digits);
	buf_addf(out, "/%s/%s/", holding_name(holding), digits);
	view_add(out, url);
}

void library_add_query_address(
	const struct holding *holding, const char *page, struct bytes url, struct buf *out)
{
	buf_addf(out, "/%s/%s?url=", holding_name(holding), page);
	view_add_query(out, url);
}

void library_add_host(struct bytes url, struct buf *out)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *parsed = NULL;
	if (url_parse(url, NULL, &parsed, &ignored) == FLONG_OK) {
		struct bytes host = parsed->host;
		bool has_www = bytes_starts(host, BYTES("www."));
		view_add(out, has_www ? bytes_slice(host, 4, host.len) : host);
	}
}

/* --- pages about one URL -----------------------------------------------------------------------
 */

void library_add_subject(const struct holding *holding, const char *heading, struct bytes url,
	const char *current, struct buf *out)
{
	static const char *const pages[][2] = {
		{"captures", "Captures"}, {"versions", "Versions"}, {"links", "Connections"}};
	buf_addf(out, "<h1>%s</h1>\n<p class=\"url\">", heading);
	view_add(out, url);
	buf_addf(out, "</p>\n<nav class=\"tabs\" aria-label=\"This address\"><a href=\"/%s/",
		holding_name(holding));
	view_add(out, url);
	buf_add_text(out, "\">Latest capture</a>");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		buf_add_text(out, " <a href=\"");
		if (i == 0) {
			buf_addf(out, "/%s/*/", holding_name(holding));
			view_add(out, url);
		} else {
			library_add_query_address(holding, pages[i][0], url, out);
		}
		bool is_current = strcmp(pages[i][0], current) == 0;
		buf_addf(out, "\"%s>%s</a>", is_current ? " aria-current=\"page\"" : "",
			pages[i][1]);
	}
	buf_add_text(out, "</nav>\n");
}

bool library_subject(const struct site_call *call, struct buf *url_out, struct reply *reply)
{
	if (route_parameter(call->route->query, "url", 0, url_out) && url_out->len > 0) {
		return true;
	}
	library_answer_error(call, 400, "Which address?", BYTES(""),
		"The parameter url names the story.", reply);
	return false;
}
