/* SPDX-License-Identifier: MIT */
/* calendar_test.c - days with captures, month by month; lines that name a page's parts */
#include "unit.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "replay/calendar.h"
#include "replay/completeness.h"

static int64_t at(const char *digits)
{
	int64_t time_ms = 0;
	assert_true(clock_parse_digits(bytes_of(digits), &time_ms));
	return time_ms;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;
	for (; (text = strstr(text, part)) != NULL; text += strlen(part)) {
		count++;
	}
	return count;
}

TEST(months_are_in_order_and_only_those_with_captures)
{
	static const char *const times[] = {"20261129093000", "20250101000000", "20261129235959",
		"20261201000000", "20240229120000", "20261101"};
	SCOPED(calendar_clear) struct calendar calendar = {0};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		calendar_add(&calendar, at(times[i]));
	}
	assert_int_equal(calendar.count, 4);
	assert_int_equal(calendar.captures, 6);
	assert_int_equal(calendar.months[0].year, 2024);
	assert_int_equal(calendar.months[0].days[28], 1);
	assert_int_equal(calendar.months[2].month, 11);
	assert_int_equal(calendar.months[2].days[28], 2);
	assert_int_equal(calendar.months[2].days[0], 1);
	assert_int_equal(calendar.months[3].month, 12);
}

TEST(a_month_is_a_table_of_whole_weeks)
{
	static const struct {
		const char *time;
		size_t empty; /* cells before the first day */
		const char *last, *none;
	} cases[] = {
		{"20260615", 0, "<td>30</td>", "<td>31</td>"}, /* begins on a Monday */
		{"20261115", 6, "<td>30</td>", "<td>31</td>"}, /* on a Sunday */
		{"20240215", 3, "<td>29</td>", "<td>30</td>"}, /* a leap year */
		{"19000215", 3, "<td>28</td>", "<td>29</td>"}, /* none */
		{"19691215", 0, "<td>31</td>", "<td>32</td>"}, /* before 1970 */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(calendar_clear) struct calendar calendar = {0};
		SCOPED(buf_clear) struct buf out = {0};
		calendar_add(&calendar, at(cases[i].time));
		calendar_write(&calendar, BYTES("/n/calendar?day="), "capture", BYTES(""), &out);
		assert_int_equal(count_of(buf_text(&out), "<td></td>"), cases[i].empty);
		assert_non_null(strstr(buf_text(&out), cases[i].last));
		assert_null(strstr(buf_text(&out), cases[i].none));
	}
}

TEST(a_day_with_captures_is_a_link_that_says_how_many)
{
	SCOPED(calendar_clear) struct calendar calendar = {0};
	SCOPED(buf_clear) struct buf out = {0};
	calendar_add(&calendar, at("20260707"));
	calendar_add(&calendar, at("20260708"));
	calendar_add(&calendar, at("20260708"));
	calendar_write(&calendar, BYTES("/n?day="), "capture", BYTES("20260708"), &out);
	assert_int_equal(count_of(buf_text(&out), "<a href"), 2);
	assert_non_null(strstr(buf_text(&out), "href=\"/n?day=20260707\">7<"));
	assert_non_null(
		strstr(buf_text(&out), "href=\"/n?day=20260708\" aria-current=\"date\">8<"));
	assert_int_equal(count_of(buf_text(&out), "2<span class=\"hidden\"> captures</span>"), 1);
}

TEST(months_are_bounded_and_their_captures_counted)
{
	SCOPED(calendar_clear) struct calendar calendar = {0};
	for (int year = 1000; year < 1101; year++) {
		for (int month = 1; month <= 12; month++) {
			calendar_add(&calendar, clock_days(year, month, 1) * 86400000);
		}
	}
	assert_int_equal(calendar.count, LIMIT_CALENDAR_MONTHS);
	assert_int_equal(calendar.captures, 1212);
	assert_int_equal(calendar.left_out, 12);
}

TEST(outlinks_are_read)
{
	static const struct {
		const char *line, *url, *where;
		char letter;
	} cases[] = {
		{"https://x.example/a.png E img/src", "https://x.example/a.png", "img/src", 'E'},
		{"https://x.example/ L", "https://x.example/", "", 'L'},
		{"https://x.example/", NULL, NULL, 0},
		{"https://x.example/ EE img", NULL, NULL, 0},
		{"", NULL, NULL, 0},
		{" E img", NULL, NULL, 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outlink outlink;
		bool is_read = outlink_read(bytes_of(cases[i].line), &outlink);
		assert_int_equal(is_read, cases[i].url != NULL);
		if (is_read) {
			assert_true(bytes_equal(outlink.url, bytes_of(cases[i].url)));
			assert_true(bytes_equal(outlink.where, bytes_of(cases[i].where)));
			assert_int_equal(outlink.letter, cases[i].letter);
		}
	}
}

RUN_TESTS(CASE(months_are_in_order_and_only_those_with_captures),
	CASE(a_month_is_a_table_of_whole_weeks),
	CASE(a_day_with_captures_is_a_link_that_says_how_many),
	CASE(months_are_bounded_and_their_captures_counted), CASE(outlinks_are_read))
