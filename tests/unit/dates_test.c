/* SPDX-License-Identifier: MIT */
/* dates_test.c - dates as news pages write them */
#include "unit.h"

#include "article/dates.h"

struct row {
	const char *text;
	const char *iso; /* NULL: no date */
	const char *precision;
};

/* 2023-06-14T08:30:00Z */
#define CAPTURED_MS INT64_C(1686731400000)

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct dates_value value;
		bool found = dates_read(bytes_of(rows[i].text), CAPTURED_MS, &value);
		if (found != (rows[i].iso != NULL)) {
			fail_msg("'%s' %s", rows[i].text, found ? "is no date" : "is a date");
		}
		if (found) {
			char out[DATES_TEXT_SIZE];
			dates_format(&value, out);
			assert_string_equal(out, rows[i].iso);
			assert_string_equal(
				dates_precision_name(value.precision), rows[i].precision);
		}
	}
}

TEST(machine_dates_keep_their_zone)
{
	static const struct row rows[] = {
		{"2023-06-13T10:11:12Z", "2023-06-13T10:11:12Z", "second"},
		{"2023-06-13T10:11:12.5+02:00", "2023-06-13T10:11:12+02:00", "second"},
		{"2023-06-13 10:11:12-0330", "2023-06-13T10:11:12-03:30", "second"},
		{"2023-06-13T10:11", "2023-06-13T10:11:00", "minute"},
		{"2023-06-13", "2023-06-13", "day"},
		{"Tue, 13 Jun 2023 10:11:12 GMT", "2023-06-13T10:11:12Z", "second"},
		{"20230613", "2023-06-13", "day"},
	};
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(written_dates_are_read_in_many_orders)
{
	static const struct row rows[] = {
		{"13.06.2023", "2023-06-13", "day"},
		{"13/06/2023", "2023-06-13", "day"},
		{"06/13/2023", "2023-06-13", "day"},
		{"June 13, 2023", "2023-06-13", "day"},
		{"Updated Jun. 13th, 2023, 5:04 p.m.", "2023-06-13T17:04:00", "minute"},
		{"13. Juni 2023, 12:04 Uhr", "2023-06-13T12:04:00", "minute"},
		{"3 de mayo de 2024", "2024-05-03", "day"},
		{"le 14 août 2023", "2023-08-14", "day"},
		{"2024年5月3日", "2024-05-03", "day"},
		{"Samstag, 2. März 2024", "2024-03-02", "day"},
		{"March 11, 2020", "2020-03-11", "day"},
		{"31.10.22", "2022-10-31", "day"},
		{"Do 25.04.22 | 14:07 Uhr", "2022-04-25T14:07:00", "minute"},
		{"20 septembrie 2020 16:20", "2020-09-20T16:20:00", "minute"},
		{"الجمعة 24 نيسان / أبريل 2020", "2020-04-24", "day"},
		{"17 באוגוסט 2020", "2020-08-17", "day"},
		{"3 Ιουλίου 2020", "2020-07-03", "day"},
		{"5 червня 2021", "2021-06-05", "day"},
		{"7 Ağustos 2021", "2021-08-07", "day"},
		{"4. kesäkuuta 2021", "2021-06-04", "day"},
		{"9. července 2021", "2021-07-09", "day"},
		{"9 lipca 2021", "2021-07-09", "day"},
		{"9 мая 2021", "2021-05-09", "day"},
		{"3 मई 2021", "2021-05-03", "day"},
		{"2022. május 3.", "2022-05-03", "day"},
		{"2022 m. gegužės 3 d.", "2022-05-03", "day"},
	};
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(relative_dates_count_back_from_the_capture)
{
	static const struct row rows[] = {
		{"56 minutes ago", "2023-06-14T07:34:00Z", "relative"},
		{"vor 5 Stunden", "2023-06-14T03:30:00Z", "relative"},
		{"il y a 3 heures", "2023-06-14T05:30:00Z", "relative"},
		{"hace 2 días", "2023-06-12T08:30:00Z", "relative"},
		{"yesterday", "2023-06-13T08:30:00Z", "relative"},
	};
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

TEST(what_is_no_date_is_none)
{
	static const struct row rows[] = {
		{"", NULL, NULL},
		{"31.02.", NULL, NULL},
		{"2023-13-45", NULL, NULL},
		{"45 minutes", NULL, NULL},
		{"version 1.2.3", NULL, NULL},
		{"version 1.2.24", NULL, NULL}, /* later than the capture */
		{"1.2.20.4", NULL, NULL},
		{"99999999999999999999", NULL, NULL},
		{"May the fourth", NULL, NULL},
	};
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

RUN_TESTS(CASE(machine_dates_keep_their_zone), CASE(written_dates_are_read_in_many_orders),
	CASE(relative_dates_count_back_from_the_capture), CASE(what_is_no_date_is_none))
