/* SPDX-License-Identifier: MIT */
/* clock_test.c - the time formats we write and read */
#include "unit.h"

#include "base/clock.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

TEST(formats_are_truncated_and_clamped)
{
	static const struct {
		int64_t ms;
		const char *iso_ms, *iso_s, *digits17, *digits14;
	} cases[] = {
		{0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z", "19700101000000000",
			"19700101000000"},
		{1795460400123, "2026-11-23T19:00:00.123Z", "2026-11-23T19:00:00Z",
			"20261123190000123", "20261123190000"},
		{951782399999, "2000-02-28T23:59:59.999Z", "2000-02-28T23:59:59Z",
			"20000228235959999", "20000228235959"},
		{951782400000, "2000-02-29T00:00:00.000Z", "2000-02-29T00:00:00Z",
			"20000229000000000", "20000229000000"},
		{-1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59Z", "19691231235959999",
			"19691231235959"},
		{INT64_MAX, "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z", "99991231235959999",
			"99991231235959"},
		{INT64_MIN, "0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00Z", "00000101000000000",
			"00000101000000"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char iso[CLOCK_ISO_SIZE];
		char digits[CLOCK_DIGITS_SIZE];
		clock_format_iso_ms(cases[i].ms, iso);
		assert_string_equal(iso, cases[i].iso_ms);
		clock_format_iso_s(cases[i].ms, iso);
		assert_string_equal(iso, cases[i].iso_s);
		clock_format_digits17(cases[i].ms, digits);
		assert_string_equal(digits, cases[i].digits17);
		clock_format_digits14(cases[i].ms, digits);
		assert_string_equal(digits, cases[i].digits14);
	}
}

TEST(iso_dates_have_fractions_zones_and_missing_parts)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t ms;
	} cases[] = {
		{"2026-11-23T19:00:00Z", true, 1795460400000},
		{"2026-11-23T19:00:00.1Z", true, 1795460400100},
		{"2026-11-23T19:00:00.123456789Z", true, 1795460400123},
		{"2026-11-23T19:00:00.1239Z", true, 1795460400123},
		{"2026-11-23T21:00:00+02:00", true, 1795460400000},
		{"2026-11-23T18:30:00-00:30", true, 1795460400000},
		{"2026-11-23T19:00Z", true, 1795460400000},
		{"2026-11-23", true, 1795392000000},
		{"2026-11", true, 1793491200000},
		{"2026", true, 1767225600000},
		{"2016-12-31T23:59:60Z", true, 1483228800000},
		{"2026-02-29T00:00:00Z", false, 0},
		{"2026-13-01", false, 0},
		{"2026-11-23T24:00:00Z", false, 0},
		{"2026-11-23T19:00:00", false, 0},
		{"2026-11-23T19:00:00.Z", false, 0},
		{"2026-11-23T19:00:00.1234567890Z", false, 0},
		{"2026-11-23T19:00:00Z ", false, 0},
		{"2026-11-23 19:00:00Z", false, 0},
		{"20261123", false, 0},
		{"", false, 0},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 7;
		assert_int_equal(clock_parse_iso(bytes_of(cases[i].text), &ms), cases[i].ok);
		assert_true(ms == (cases[i].ok ? cases[i].ms : 7));
	}
}

TEST(digits_may_end_early)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t ms;
	} cases[] = {
		{"20261123190000123", true, 1795460400123},
		{"20261123190000", true, 1795460400000},
		{"20261123", true, 1795392000000},
		{"202611", true, 1793491200000},
		{"2026", true, 1767225600000},
		{"20261", true, 1790812800000},
		{"20260230", false, 0},
		{"202", false, 0},
		{"202611231900001234", false, 0},
		{"2026112x", false, 0},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 7;
		assert_int_equal(clock_parse_digits(bytes_of(cases[i].text), &ms), cases[i].ok);
		assert_true(ms == (cases[i].ok ? cases[i].ms : 7));
	}
}

TEST(http_dates_have_three_forms)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", true},
		{"Sunday, 06-Nov-94 08:49:37 GMT", true},
		{"Sun Nov  6 08:49:37 1994", true},
		{" Sun, 06 Nov 1994 08:49:37 GMT ", true},
		{"Sun, 31 Nov 1994 08:49:37 GMT", false},
		{"Sun, 06 Nov 1994 08:49:37", false},
		{"Sun, 06 Nov 1994 08:49:37 CET", false},
		{"06 Nov 1994 08:49:37 GMT", false},
		{"", false},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 7;
		assert_int_equal(clock_parse_http(bytes_of(cases[i].text), &ms), cases[i].ok);
		assert_true(ms == (cases[i].ok ? 784111777000 : 7));
	}
}

TEST(every_day_of_four_centuries_comes_back)
{
	for (int64_t day = clock_days(1800, 1, 1); day <= clock_days(2200, 1, 1); day++) {
		char digits[CLOCK_DIGITS_SIZE];
		int64_t ms = 0;
		clock_format_digits14(day * 86400000, digits);
		assert_true(clock_parse_digits(bytes_of(digits), &ms));
		assert_true(ms == day * 86400000);
	}
}

TEST(the_monotonic_clock_does_not_go_back)
{
	int64_t us = clock_monotonic_us();
	int64_t ms = clock_monotonic_ms();
	assert_true(ms >= us / 1000);
	assert_true(clock_monotonic_us() >= us);
	assert_true(clock_wall_ms() > 1700000000000);
}

TEST(http_dates_are_written_as_they_are_read)
{
	static const int64_t moments[] = {0, 1795978800000, -86400000, 951782400000};
	char text[CLOCK_HTTP_SIZE];
	clock_format_http(moments[1], text);
	assert_string_equal(text, "Sun, 29 Nov 2026 19:00:00 GMT");
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		int64_t back = 1;
		clock_format_http(moments[i], text);
		assert_true(clock_parse_http(bytes_of(text), &back));
		assert_int_equal(back, moments[i]);
	}
}

RUN_TESTS(CASE(http_dates_are_written_as_they_are_read), CASE(formats_are_truncated_and_clamped),
	CASE(iso_dates_have_fractions_zones_and_missing_parts), CASE(digits_may_end_early),
	CASE(http_dates_have_three_forms), CASE(every_day_of_four_centuries_comes_back),
	CASE(the_monotonic_clock_does_not_go_back))
