/* SPDX-License-Identifier: MIT */
/* calendar.c - how many captures there are of each day */
#include "replay/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "replay/view.h"

void calendar_clear(struct calendar *calendar)
{
	free(calendar->months);
	*calendar = (struct calendar){0};
}

/* The month of that date, made when it is new; NULL when there are too many. */
static struct calendar_month *month_of(struct calendar *calendar, int year, int month)
{
	size_t at = calendar->count;
	while (at > 0 && (calendar->months[at - 1].year > year ||
				 (calendar->months[at - 1].year == year &&
					 calendar->months[at - 1].month >= month))) {
		at--;
	}
	struct calendar_month *months = calendar->months;
	if (at < calendar->count && months[at].year == year && months[at].month == month) {
		return &months[at];
	}
	if (calendar->count == LIMIT_CALENDAR_MONTHS) {
		return NULL;
	}
	if (calendar->count == calendar->capacity) {
		calendar->capacity = calendar->capacity == 0 ? 16 : calendar->capacity * 2;
		calendar->months = months = (struct calendar_month *)alloc_resize(
			months, calendar->capacity, sizeof(months[0]));
	}
	memmove(&months[at + 1], &months[at], (calendar->count - at) * sizeof(months[0]));
	calendar->count++;
	months[at] = (struct calendar_month){.year = year, .month = month};
	return &months[at];
}

static int two_digits(const char *digits)
{
	return (digits[0] - '0') * 10 + (digits[1] - '0');
}

void calendar_add(struct calendar *calendar, int64_t time_ms)
{
	char digits[CLOCK_DIGITS_SIZE];
	clock_format_digits14(time_ms, digits);
	int year = two_digits(digits) * 100 + two_digits(digits + 2);
	struct calendar_month *month = month_of(calendar, year, two_digits(digits + 4));
	calendar->captures++;
	if (month == NULL) {
		calendar->left_out++;
	} else {
		month->days[two_digits(digits + 6) - 1]++;
	}
}

/* --- as markup ---------------------------------------------------------------------------------
 */

struct writing {
	struct bytes address, current;
	const char *thing;
	struct buf *out;
};

static int days_of(int year, int month)
{
	int next_year = month == 12 ? year + 1 : year;
	return (int)(clock_days(next_year, month % 12 + 1, 1) - clock_days(year, month, 1));
}

static void add_day(const struct writing *writing, const struct calendar_month *month, int day)
{
	struct buf *out = writing->out;
	unsigned count = month->days[day - 1];
	SCOPED(buf_clear) struct buf digits = {0};
	if (count == 0) {
		buf_addf(out, "<td>%d</td>", day);
		return;
	}
	buf_addf(&digits, "%04d%02d%02d", month->year, month->month, day);
	bool is_current = bytes_equal(writing->current, buf_bytes(&digits));
	buf_addf(out, "<td class=\"%s\"><a href=\"", count >= 10 ? "many" : "some");
	buf_add(out, writing->address);
	buf_addf(out, "%s\"%s>%d<span class=\"hidden\"> ", buf_text(&digits),
		is_current ? " aria-current=\"date\"" : "", day);
	buf_add_text(out, view_month_name(month->month));
	buf_addf(out, ",</span> <small>%u<span class=\"hidden\"> %s%s</span></small></a></td>",
		count, writing->thing, count == 1 ? "" : "s");
}

static void add_month(const struct writing *writing, const struct calendar_month *month)
{
	static const char *const names[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	struct buf *out = writing->out;
	int days = days_of(month->year, month->month);
	/* 1970-01-01 was a Thursday. */
	int64_t first = clock_days(month->year, month->month, 1) + 3;
	int column = (int)(((first % 7) + 7) % 7);
	buf_addf(out, "<table class=\"month\"><caption>%s %d</caption><thead><tr>",
		view_month_name(month->month), month->year);
	for (size_t i = 0; i < 7; i++) {
		buf_addf(out, "<th scope=\"col\" abbr=\"%s\">%.2s</th>", names[i], names[i]);
	}
	buf_add_text(out, "</tr></thead><tbody>\n<tr>");
	for (int i = 0; i < column; i++) {
		buf_add_text(out, "<td></td>");
	}
	for (int day = 1; day <= days; day++, column++) {
		if (column == 7) {
			buf_add_text(out, "</tr>\n<tr>");
			column = 0;
		}
		add_day(writing, month, day);
	}
	buf_add_text(out, "</tr>\n</tbody></table>\n");
}

void calendar_write(const struct calendar *calendar, struct bytes address, const char *thing,
	struct bytes current, struct buf *out)
{
	const struct writing writing = {address, current, thing, out};
	buf_add_text(out, "<div class=\"calendar\">\n");
	for (size_t i = calendar->count; i-- > 0;) {
		add_month(&writing, &calendar->months[i]);
	}
	buf_add_text(out, "</div>\n");
	if (calendar->left_out > 0) {
		buf_addf(out,
			"<p class=\"facts\">%zu captures of other months are not shown.</p>\n",
			calendar->left_out);
	}
}
