/* SPDX-License-Identifier: MIT */
/* clock.c - now, and civil time from and to milliseconds, without the C library's zones and locale
 */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS_PER_DAY ((int64_t)86400000)

/* A point in time by the Gregorian calendar, UTC. */
struct civil {
	int year, month, day, hour, minute, second, ms;
};

static int64_t clock_read(clockid_t id, int64_t per_second)
{
	struct timespec now = {0};
	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * per_second + (int64_t)now.tv_nsec / (1000000000 / per_second);
}

int64_t clock_wall_ms(void)
{
	return clock_read(CLOCK_REALTIME, 1000);
}

int64_t clock_monotonic_ms(void)
{
	return clock_read(CLOCK_MONOTONIC, 1000);
}

int64_t clock_monotonic_us(void)
{
	return clock_read(CLOCK_MONOTONIC, 1000000);
}

static bool year_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

int64_t clock_days(int year, int month, int day)
{
	/* Years run from March, so that the leap day is the last one; the first 400-year era
	 * starts at 0000-03-01. */
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t month_from_march = (month + 9) % 12;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static struct civil civil_from_ms(int64_t wall_ms)
{
	int64_t first = clock_days(0, 1, 1) * MS_PER_DAY;
	int64_t last = clock_days(10000, 1, 1) * MS_PER_DAY - 1;
	wall_ms = wall_ms < first ? first : wall_ms > last ? last : wall_ms;
	int64_t days = wall_ms / MS_PER_DAY - (wall_ms % MS_PER_DAY < 0 ? 1 : 0);
	int64_t rest = wall_ms - days * MS_PER_DAY;
	struct civil c = {.month = 1};
	/* An estimate that is at most one year off, then corrected. */
	c.year = (int)(1970 + days * 400 / 146097);
	while (clock_days(c.year, 1, 1) > days) {
		c.year--;
	}
	while (clock_days(c.year + 1, 1, 1) <= days) {
		c.year++;
	}
	int64_t left = days - clock_days(c.year, 1, 1);
	while (left >= month_days(c.year, c.month)) {
		left -= month_days(c.year, c.month);
		c.month++;
	}
	c.day = (int)left + 1;
	c.hour = (int)(rest / 3600000);
	c.minute = (int)(rest / 60000 % 60);
	c.second = (int)(rest / 1000 % 60);
	c.ms = (int)(rest % 1000);
	return c;
}

/* False for a day or time that does not exist. Second 60 is a leap second: the next minute's first.
 */
static bool civil_to_ms(const struct civil *c, int64_t *wall_ms_out)
{
	if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > month_days(c->year, c->month) ||
		c->hour > 23 || c->minute > 59 || c->second > 60) {
		return false;
	}
	*wall_ms_out = clock_days(c->year, c->month, c->day) * MS_PER_DAY +
		       (((int64_t)c->hour * 60 + c->minute) * 60 + c->second) * 1000 + c->ms;
	return true;
}

/* Writes `number` with `width` digits, gives what follows them. */
static char *write_digits(char *at, int number, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return at + width;
}

/* The parts in order, before each but the first the next of `marks`, unless it is a blank. */
static char *civil_write(const struct civil *c, const char marks[6], char *at)
{
	const int parts[] = {c->year, c->month, c->day, c->hour, c->minute, c->second, c->ms};
	static const int widths[] = {4, 2, 2, 2, 2, 2, 3};
	at = write_digits(at, parts[0], widths[0]);
	for (size_t i = 1; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (marks[i - 1] != ' ') {
			*at++ = marks[i - 1];
		}
		at = write_digits(at, parts[i], widths[i]);
	}
	return at;
}

void clock_format_iso_ms(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	struct civil c = civil_from_ms(wall_ms);
	memcpy(civil_write(&c, "--T::.", out), "Z", 2);
}

void clock_format_iso_s(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	clock_format_iso_ms(wall_ms, out);
	memcpy(out + 19, "Z", 2);
}

void clock_format_http(int64_t wall_ms, char out[CLOCK_HTTP_SIZE])
{
	static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c = civil_from_ms(wall_ms);
	int64_t day = clock_days(c.year, c.month, c.day) % 7;
	(void)snprintf(out, CLOCK_HTTP_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT",
		days[day < 0 ? day + 7 : day], c.day, months[c.month - 1], c.year, c.hour, c.minute,
		c.second);
}

void clock_format_digits17(int64_t wall_ms, char out[CLOCK_DIGITS_SIZE])
{
	struct civil c = civil_from_ms(wall_ms);
	*civil_write(&c, "      ", out) = '\0';
}

void clock_format_digits14(int64_t wall_ms, char out[CLOCK_DIGITS_SIZE])
{
	clock_format_digits17(wall_ms, out);
	out[14] = '\0';
}

/* Takes exactly `count` digits off the front. */
static bool take_digits(struct bytes *rest, size_t count, int *number_out)
{
	uint64_t number = 0;
	if (rest->len < count || !bytes_to_u64(bytes_slice(*rest, 0, count), 99999, &number)) {
		return false;
	}
	*number_out = (int)number;
	*rest = bytes_slice(*rest, count, rest->len);
	return true;
}

static bool take_char(struct bytes *rest, char c)
{
	if (rest->len == 0 || rest->ptr[0] != c) {
		return false;
	}
	*rest = bytes_slice(*rest, 1, rest->len);
	return true;
}

/* ".123456789": at least one digit when there is a point; what is under a millisecond is cut. */
static bool take_fraction(struct bytes *rest, int *ms_out)
{
	*ms_out = 0;
	if (!take_char(rest, '.')) {
		return true;
	}
	size_t digits = 0;
	int scale = 100;
	while (rest->len > 0 && char_is_digit(rest->ptr[0]) && digits < 9) {
		*ms_out += (rest->ptr[0] - '0') * scale;
		scale /= 10;
		digits++;
		*rest = bytes_slice(*rest, 1, rest->len);
	}
	return digits > 0;
}

/* "Z" or "+hh:mm", and nothing after it. */
static bool take_zone(struct bytes *rest, int64_t *offset_ms_out)
{
	*offset_ms_out = 0;
	if (take_char(rest, 'Z')) {
		return rest->len == 0;
	}
	int sign = take_char(rest, '+') ? 1 : take_char(rest, '-') ? -1 : 0;
	int hours = 0;
	int minutes = 0;
	if (sign == 0 || !take_digits(rest, 2, &hours) || !take_char(rest, ':') ||
		!take_digits(rest, 2, &minutes) || rest->len > 0 || hours > 23 || minutes > 59) {
		return false;
	}
	*offset_ms_out = (int64_t)sign * (hours * 60 + minutes) * 60000;
	return true;
}

bool clock_parse_iso(struct bytes text, int64_t *wall_ms_out)
{
	struct bytes rest = text;
	struct civil c = {.month = 1, .day = 1};
	int64_t offset_ms = 0;
	if (!take_digits(&rest, 4, &c.year)) {
		return false;
	}
	if (rest.len > 0 && (!take_char(&rest, '-') || !take_digits(&rest, 2, &c.month))) {
		return false;
	}
	if (rest.len > 0 && (!take_char(&rest, '-') || !take_digits(&rest, 2, &c.day))) {
		return false;
	}
	if (rest.len > 0) {
		if (!take_char(&rest, 'T') || !take_digits(&rest, 2, &c.hour) ||
			!take_char(&rest, ':') || !take_digits(&rest, 2, &c.minute)) {
			return false;
		}
		if (take_char(&rest, ':') &&
			(!take_digits(&rest, 2, &c.second) || !take_fraction(&rest, &c.ms))) {
			return false;
		}
		if (!take_zone(&rest, &offset_ms)) {
			return false;
		}
	}
	int64_t local_ms = 0;
	if (!civil_to_ms(&c, &local_ms)) {
		return false;
	}
	*wall_ms_out = local_ms - offset_ms;
	return true;
}

bool clock_parse_digits(struct bytes text, int64_t *wall_ms_out)
{
	if (text.len < 4 || text.len > 17) {
		return false;
	}
	char full[] = "00000101000000000";
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_digit(text.ptr[i])) {
			return false;
		}
		full[i] = text.ptr[i];
	}
	/* An odd length ends inside a part: "2026112" means day 20 at the earliest; but month or
	 * day 00 does not exist, so a lone 0 means 01. */
	if (text.len == 5 && full[4] == '1') {
		full[5] = '0';
	}
	if (text.len == 7 && full[6] != '0') {
		full[7] = '0';
	}
	struct bytes rest = bytes_from(full, 17);
	struct civil c = {0};
	return take_digits(&rest, 4, &c.year) && take_digits(&rest, 2, &c.month) &&
	       take_digits(&rest, 2, &c.day) && take_digits(&rest, 2, &c.hour) &&
	       take_digits(&rest, 2, &c.minute) && take_digits(&rest, 2, &c.second) &&
	       take_digits(&rest, 3, &c.ms) && civil_to_ms(&c, wall_ms_out);
}

static bool take_month(struct bytes *rest, int *month_out)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct bytes word = bytes_slice(*rest, 0, 3);
	for (int i = 0; i < 12 && word.len == 3; i++) {
		if (bytes_equal_nocase(word, bytes_from(names + (size_t)i * 3, 3))) {
			*month_out = i + 1;
			*rest = bytes_slice(*rest, 3, rest->len);
			return true;
		}
	}
	return false;
}

static bool take_time(struct bytes *rest, struct civil *c)
{
	return take_digits(rest, 2, &c->hour) && take_char(rest, ':') &&
	       take_digits(rest, 2, &c->minute) && take_char(rest, ':') &&
	       take_digits(rest, 2, &c->second);
}

/* "06 Nov 1994 08:49:37 GMT" and "06-Nov-94 08:49:37 GMT". */
static bool parse_http_comma(struct bytes rest, struct civil *c)
{
	if (!take_char(&rest, ' ') || !take_digits(&rest, 2, &c->day)) {
		return false;
	}
	bool is_old = take_char(&rest, '-');
	if ((!is_old && !take_char(&rest, ' ')) || !take_month(&rest, &c->month)) {
		return false;
	}
	if (is_old) {
		if (!take_char(&rest, '-') || !take_digits(&rest, 2, &c->year)) {
			return false;
		}
		/* RFC 9110 5.6.7: more than 50 years ahead means the past; a fixed pivot keeps the
		 * answer independent of today. */
		c->year += c->year < 70 ? 2000 : 1900;
	} else if (!take_char(&rest, ' ') || !take_digits(&rest, 4, &c->year)) {
		return false;
	}
	return take_char(&rest, ' ') && take_time(&rest, c) && bytes_equal(rest, BYTES(" GMT"));
}

/* "Nov  6 08:49:37 1994", as asctime writes it. */
static bool parse_http_asctime(struct bytes rest, struct civil *c)
{
	if (!take_char(&rest, ' ') || !take_month(&rest, &c->month) || !take_char(&rest, ' ')) {
		return false;
	}
	bool is_padded = take_char(&rest, ' ');
	return take_digits(&rest, is_padded ? 1 : 2, &c->day) && take_char(&rest, ' ') &&
	       take_time(&rest, c) && take_char(&rest, ' ') && take_digits(&rest, 4, &c->year) &&
	       rest.len == 0;
}

bool clock_parse_http(struct bytes text, int64_t *wall_ms_out)
{
	struct civil c = {0};
	struct bytes before;
	struct bytes after;
	text = bytes_trim(text);
	if (bytes_cut(text, ',', &before, &after)) {
		return parse_http_comma(after, &c) && civil_to_ms(&c, wall_ms_out);
	}
	return text.len > 3 && parse_http_asctime(bytes_slice(text, 3, text.len), &c) &&
	       civil_to_ms(&c, wall_ms_out);
}
