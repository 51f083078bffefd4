/* SPDX-License-Identifier: MIT */
/* library_calendar.c - the days on which stories of a collection were captured, and those of one
 * day */
#include "base/clock.h"
#include "base/limits.h"
#include "replay/calendar.h"
#include "replay/library.h"
#include "replay/stories.h"
#include "replay/view.h"

struct counting {
	const struct holding *holding;
	struct calendar calendar;
	struct bytes day; /* eight digits, or empty: none is shown */
	struct buf list;  /* its captures, as items of a list */
	size_t listed;
};

static void list_story(struct counting *counting, const struct json *line, int64_t time_ms)
{
	struct bytes url = json_text(json_get(line, "url"));
	struct bytes headline = json_text(json_get(line, "headline"));
	struct bytes title = json_text(json_get(line, "title"));
	struct buf *out = &counting->list;
	if (++counting->listed > LIMIT_LIBRARY_STORIES) {
		return;
	}
	buf_add_text(out, "<li><a href=\"");
	library_add_address(counting->holding, time_ms, url, out);
	buf_add_text(out, "\">");
	view_add(out, headline.len > 0 ? headline : title.len > 0 ? title : url);
	buf_add_text(out, "</a> <span class=\"facts\">");
	library_add_host(url, out);
	buf_add_text(out, " · ");
	view_add_time(out, time_ms);
	buf_add_text(out, "</span></li>\n");
}

static void take_line(void *context, const struct json *line)
{
	struct counting *counting = (struct counting *)context;
	char digits[CLOCK_DIGITS_SIZE];
	int64_t time_ms;
	if (!stories_line_time(line, &time_ms)) {
		return;
	}
	calendar_add(&counting->calendar, time_ms);
	clock_format_digits14(time_ms, digits);
	if (counting->day.len > 0 && bytes_starts(bytes_of(digits), counting->day)) {
		list_story(counting, line, time_ms);
	}
}

static void add_day(const struct counting *counting, struct buf *out)
{
	int64_t time_ms;
	if (counting->day.len != 8 || !clock_parse_digits(counting->day, &time_ms)) {
		return;
	}
	buf_add_text(out, "<h2>");
	view_add_date(out, time_ms);
	buf_addf(out, "</h2><p class=\"facts\">%zu %s captured</p>\n<ol class=\"list\">\n",
		counting->listed, counting->listed == 1 ? "story" : "stories");
	buf_add(out, buf_bytes(&counting->list));
	buf_add_text(out, "</ol>\n");
	if (counting->listed > LIMIT_LIBRARY_STORIES) {
		buf_addf(out, "<p class=\"facts\">The first %d are listed.</p>\n",
			LIMIT_LIBRARY_STORIES);
	}
}

void library_calendar(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf day = {0};
	SCOPED(buf_clear) struct buf address = {0};
	struct flong_error err = {0};
	struct counting counting = {
		.holding = call->holding, .list = buf_with_max(LIMIT_VIEW_BYTES / 2)};
	struct buf *out = &reply->body;
	const struct library_page page = {.title = "Calendar", .place = LIBRARY_CALENDAR};
	(void)route_parameter(call->route->query, "day", 0, &day);
	counting.day = buf_bytes(&day);
	library_begin(call, &page, reply);
	int rc = stories_each(call->holding, false, take_line, &counting, &err);
	buf_addf(out, "<h1>Calendar of %s</h1>\n<p class=\"facts\">%zu captures of stories</p>\n",
		holding_name(call->holding), counting.calendar.captures);
	if (rc < 0) {
		library_add_fault(&err, out);
	}
	buf_addf(&address, "/%s/calendar?day=", holding_name(call->holding));
	calendar_write(&counting.calendar, buf_bytes(&address), "story capture", counting.day, out);
	add_day(&counting, out);
	library_end(reply);
	calendar_clear(&counting.calendar);
	buf_clear(&counting.list);
}
