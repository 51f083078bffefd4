/* SPDX-License-Identifier: MIT */
/* library_urls.c - lists of captures: of all URLs, and of one, with its calendar */
#include "base/clock.h"
#include "index/cdxj.h"
#include "replay/calendar.h"
#include "replay/library.h"
#include "replay/view.h"

/* Rows on a page. */
#define ROWS_PER_PAGE 200

static void add_row(
	const struct site_call *call, const struct cdxj_entry *entry, bool has_url, struct buf *out)
{
	int64_t time_ms = 0;
	(void)clock_parse_digits(entry->timestamp, &time_ms);
	buf_add_text(out, "<tr><td><a href=\"");
	library_add_address(call->holding, time_ms, entry->url, out);
	buf_add_text(out, "\">");
	if (has_url) {
		view_add(out, entry->url);
		buf_add_text(out, "</a></td><td>");
		view_add_second(out, time_ms);
	} else {
		view_add_second(out, time_ms);
		buf_add_text(out, "</a>");
	}
	buf_add_text(out, "</td><td>");
	view_add(out, entry->status.len > 0 ? entry->status : BYTES("–"));
	buf_add_text(out, "</td><td>");
	view_add(out, entry->mime);
	buf_add_text(out, "</td><td class=\"number\">");
	view_add_size(out, entry->length);
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

/* Which rows are listed: those of a key from `start` on, maybe of one day only. */
struct listing {
	struct bytes key, start;
	struct bytes day; /* the first digits of their time */
	enum lookup_match match;
};

/* *next_out gets the start of the row behind those of one page, or stays empty. */
static int add_rows(const struct site_call *call, const struct listing *listing,
	struct buf *next_out, struct buf *out, struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(call->holding);
	bool has_url = listing->match != LOOKUP_EXACT;
	size_t count = 0;
	struct bytes line;
	begin_table(out, has_url);
	int rc = lookup_find(lookup, listing->key, listing->match, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		SCOPED(cdxj_clear) struct cdxj_row row = {0};
		struct flong_error ignored = {0};
		if (bytes_compare(line, listing->start) < 0 ||
			cdxj_parse(line, &row, &ignored) < 0 ||
			!bytes_starts(row.entry.timestamp, listing->day)) {
			continue;
		}
		if (++count > ROWS_PER_PAGE) {
			buf_add(next_out, row.entry.key);
			buf_add_char(next_out, ' ');
			buf_add(next_out, row.entry.timestamp);
			break;
		}
		add_row(call, &row.entry, has_url, out);
	}
	buf_add_text(out, "</tbody></table></div>\n");
	return rc == FLONG_END ? FLONG_OK : rc;
}

void library_urls(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf start = {0};
	SCOPED(buf_clear) struct buf next = {0};
	struct flong_error err = {0};
	struct buf *out = &reply->body;
	const struct library_page page = {.title = "All URLs", .place = LIBRARY_URLS};
	(void)route_parameter(call->route->query, "from", 0, &start);
	library_begin(call, &page, reply);
	buf_addf(out, "<h1>All URLs of %s</h1>\n", holding_name(call->holding));
	const struct listing listing = {.start = buf_bytes(&start), .match = LOOKUP_PREFIX};
	if (add_rows(call, &listing, &next, out, &err) < 0) {
		library_add_fault(&err, out);
	}
	if (next.len > 0) {
		buf_addf(out,
			"<p><a rel=\"next\" href=\"/%s/urls?from=", holding_name(call->holding));
		view_add_query(out, buf_bytes(&next));
		buf_add_text(out, "\">Next page</a></p>\n");
	}
	library_end(reply);
}

/* --- captures of one URL -----------------------------------------------------------------------
 */

static int count_days(const struct site_call *call, struct bytes key, struct calendar *calendar,
	struct flong_error *err)
{
	SCOPED(lookup_closep) struct lookup *lookup = holding_lookup(call->holding);
	struct bytes line;
	int rc = lookup_find(lookup, key, LOOKUP_EXACT, err);
	while (rc == FLONG_OK && (rc = lookup_next(lookup, &line, err)) == FLONG_OK) {
		struct bytes row_key;
		struct bytes timestamp;
		struct bytes rest;
		int64_t time_ms;
		if (cdxj_split(line, &row_key, &timestamp, &rest) &&
			clock_parse_digits(timestamp, &time_ms)) {
			calendar_add(calendar, time_ms);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

static void add_calendar(const struct site_call *call, struct bytes url,
	const struct listing *listing, struct buf *out)
{
	SCOPED(calendar_clear) struct calendar calendar = {0};
	SCOPED(buf_clear) struct buf address = {0};
	struct flong_error err = {0};
	if (count_days(call, listing->key, &calendar, &err) < 0) {
		library_add_fault(&err, out);
	}
	buf_addf(out, "<p class=\"facts\">%zu capture%s</p>\n", calendar.captures,
		calendar.captures == 1 ? "" : "s");
	library_add_query_address(call->holding, "captures", url, &address);
	buf_add_text(&address, "&amp;day=");
	calendar_write(&calendar, buf_bytes(&address), "capture", listing->day, out);
}

/* Asked for with a star in the place of a time, or as "/NAME/captures?url=URL&day=20261129". */
void library_captures(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf asked = {0};
	SCOPED(buf_clear) struct buf key = {0};
	SCOPED(buf_clear) struct buf day = {0};
	SCOPED(buf_clear) struct buf next = {0};
	struct flong_error err = {0};
	struct buf *out = &reply->body;
	const struct library_page page = {.title = "Captures"};
	struct bytes url = call->route->url;
	if (call->route->kind != ROUTE_CAPTURES) {
		if (!library_subject(call, &asked, reply)) {
			return;
		}
		url = buf_bytes(&asked);
		(void)route_parameter(call->route->query, "day", 0, &day);
	}
	lookup_key(url, LOOKUP_EXACT, &key);
	library_begin(call, &page, reply);
	library_add_subject(call->holding, "Captures", url, "captures", out);
	const struct listing listing = {
		.key = buf_bytes(&key), .day = buf_bytes(&day), .match = LOOKUP_EXACT};
	add_calendar(call, url, &listing, out);
	if (add_rows(call, &listing, &next, out, &err) < 0) {
		library_add_fault(&err, out);
	}
	if (next.len > 0) {
		buf_addf(out, "<p>The first %d%s are listed; choose a day.</p>\n", ROWS_PER_PAGE,
			day.len > 0 ? " of this day" : "");
	}
	library_end(reply);
}
