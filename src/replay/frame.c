/* SPDX-License-Identifier: MIT */
/* frame.c - a capture in its frame, under a bar that says what it is */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "replay/completeness.h"
#include "replay/library.h"
#include "replay/memento.h"
#include "replay/site.h"
#include "replay/view.h"

static void add_completeness(
	const struct site_call *call, const struct memento *memento, struct buf *out)
{
	struct completeness completeness;
	completeness_find(call->holding, buf_bytes(&memento->url), memento->date_ms, &completeness);
	if (completeness.is_known) {
		buf_addf(out, " <span class=\"%s\">", completeness.missing == 0 ? "good" : "bad");
		completeness_describe(&completeness, out);
		buf_add_text(out, "</span>");
	}
}

static void add_bar(const struct site_call *call, const struct memento *memento, struct buf *out)
{
	const char *name = holding_name(call->holding);
	buf_addf(out,
		"<header class=\"bar\"><a class=\"name\" href=\"/\">flong</a> "
		"<a href=\"/%s/\">%s</a> <span class=\"what\">archived ",
		name, name);
	view_add_time(out, memento->date_ms);
	buf_add_text(out, "</span>");
	add_completeness(call, memento, out);
	buf_add_text(out, " <span class=\"url\" id=\"url\" title=\"");
	view_add(out, buf_bytes(&memento->url));
	buf_add_text(out, "\">");
	view_add(out, buf_bytes(&memento->url));
	buf_addf(out,
		"</span> <span id=\"missing\" hidden></span> "
		"<nav aria-label=\"This capture\"><a href=\"/%s/*/",
		name);
	view_add(out, buf_bytes(&memento->url));
	buf_addf(out, "\">Captures</a> <a href=\"/%s/record?offset=%llu&amp;file=", name,
		(unsigned long long)memento->offset);
	view_add_query(out, buf_bytes(&memento->filename));
	buf_add_text(out, "\">Record</a></nav></header>\n<main id=\"main\" tabindex=\"-1\">\n");
}

static void add_frame(const struct site_call *call, const struct memento *memento, struct buf *out)
{
	char digits[CLOCK_DIGITS_SIZE];
	SCOPED(buf_clear) struct buf origin = {0};
	site_origin(call, SITE_CAPTURES, &origin);
	clock_format_digits17(memento->date_ms, digits);
	/* No windows of its own, and no place but this frame. */
	buf_addf(out,
		"<iframe id=\"frame\" title=\"The archived page\" "
		"sandbox=\"allow-scripts allow-same-origin allow-forms\" "
		"src=\"%s/-/start.html#/%s/%smp_/",
		buf_text(&origin), holding_name(call->holding), digits);
	view_add(out, buf_bytes(&memento->url));
	buf_add_text(out, "\"></iframe></main>\n<script src=\"/-/frame.js\"></script>");
}

/* In a frame of an archived page this is what is seen of a link that leads nowhere. */
static void answer_missing(
	const struct site_call *call, const struct flong_error *why, struct reply *reply)
{
	bool is_absent = strcmp(why->message, MEMENTO_ABSENT) == 0;
	library_answer_error(call, 404, "Not in this archive", call->route->url,
		is_absent ? "This address was not captured. Nothing is asked of the live web."
			  : why->message,
		reply);
}

/* The TimeGate too: the capture nearest to Accept-Datetime (RFC 7089 4.1). */
static bool answer_gate(const struct site_call *call, struct memento_query *query)
{
	return !call->route->has_date && call->request->accept_datetime.ptr != NULL &&
	       clock_parse_http(call->request->accept_datetime, &query->date_ms);
}

void site_frame(const struct site_call *call, struct reply *reply)
{
	struct flong_error err = {0};
	struct memento_query query = {
		call->route->url, call->route->has_date, call->route->date_ms, false};
	struct memento memento = {0};
	bool is_gate = answer_gate(call, &query);
	query.has_date = query.has_date || is_gate;
	query.is_raw = is_gate;
	int rc = memento_find(call->holding, &query, &memento, &err);
	if (rc < 0) {
		answer_missing(call, &err, reply);
	} else if (is_gate || call->request->side == SITE_CAPTURES) {
		char digits[CLOCK_DIGITS_SIZE];
		SCOPED(buf_clear) struct buf to = {0};
		clock_format_digits14(memento.date_ms, digits);
		site_origin(call, SITE_CAPTURES, &to);
		buf_addf(&to, "/%s/%smp_/%s", holding_name(call->holding), digits,
			buf_text(&memento.url));
		reply_redirect(reply, 302, buf_bytes(&to));
		reply_field(reply, "Vary", BYTES("accept-datetime"));
		reply_fieldf(reply, "Link", "<%s>; rel=\"original\"", buf_text(&memento.url));
	} else {
		reply->status = 200;
		reply_field(reply, "Content-Type", BYTES("text/html; charset=utf-8"));
		view_begin(&reply->body, buf_text(&memento.url));
		add_bar(call, &memento, &reply->body);
		add_frame(call, &memento, &reply->body);
		view_end(&reply->body);
	}
	memento_clear(&memento);
}
