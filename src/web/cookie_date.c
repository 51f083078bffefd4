/* SPDX-License-Identifier: MIT */
/* cookie_date.c - RFC 6265 5.1.1: tokens between delimiters, each taken for what it can be first */
#include "web/cookie_date.h"

#include "base/clock.h"

struct found {
	bool has_time, has_day, has_month, has_year;
	int hour, minute, second, day, month, year;
};

static bool is_delimiter(char c)
{
	unsigned char b = (unsigned char)c;
	return b == 0x09 || (b >= 0x20 && b <= 0x2F) || (b >= 0x3B && b <= 0x40) ||
	       (b >= 0x5B && b <= 0x60) || (b >= 0x7B && b <= 0x7E);
}

/* Takes `low` to `high` digits; a further digit makes it fail. */
static bool take_number(struct bytes *rest, size_t low, size_t high, int *number_out)
{
	size_t length = 0;
	int number = 0;
	while (length < rest->len && char_is_digit(rest->ptr[length]) && length <= high) {
		number = number * 10 + (rest->ptr[length] - '0');
		length++;
	}
	if (length < low || length > high) {
		return false;
	}
	*number_out = number;
	*rest = bytes_slice(*rest, length, rest->len);
	return true;
}

static bool take_colon(struct bytes *rest)
{
	if (rest->len == 0 || rest->ptr[0] != ':') {
		return false;
	}
	*rest = bytes_slice(*rest, 1, rest->len);
	return true;
}

static bool read_time(struct bytes token, struct found *found)
{
	return take_number(&token, 1, 2, &found->hour) && take_colon(&token) &&
	       take_number(&token, 1, 2, &found->minute) && take_colon(&token) &&
	       take_number(&token, 1, 2, &found->second);
}

static bool read_month(struct bytes token, int *month_out)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12; i++) {
		if (bytes_starts_nocase(token, bytes_from(names + (size_t)i * 3, 3))) {
			*month_out = i + 1;
			return true;
		}
	}
	return false;
}

static void take_token(struct bytes token, struct found *found)
{
	struct found saved = *found;
	struct bytes rest = token;
	if (!found->has_time && read_time(token, found)) {
		found->has_time = true;
		return;
	}
	*found = saved;
	if (!found->has_day && take_number(&rest, 1, 2, &found->day)) {
		found->has_day = true;
	} else if (!found->has_month && read_month(token, &found->month)) {
		found->has_month = true;
	} else if (!found->has_year && take_number(&rest, 2, 4, &found->year)) {
		found->has_year = true;
	}
}

bool cookie_date_parse(struct bytes text, int64_t *wall_ms_out)
{
	struct found found = {0};
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i == text.len || is_delimiter(text.ptr[i])) {
			if (i > start) {
				take_token(bytes_slice(text, start, i), &found);
			}
			start = i + 1;
		}
	}
	if (!found.has_time || !found.has_day || !found.has_month || !found.has_year) {
		return false;
	}
	if (found.year >= 70 && found.year <= 99) {
		found.year += 1900;
	} else if (found.year <= 69) {
		found.year += 2000;
	}
	if (found.day < 1 || found.day > 31 || found.year < 1601 || found.hour > 23 ||
		found.minute > 59 || found.second > 59) {
		return false;
	}
	int64_t days = clock_days(found.year, found.month, found.day);
	int next_month = found.month == 12 ? 1 : found.month + 1;
	int next_year = found.month == 12 ? found.year + 1 : found.year;
	if (days >= clock_days(next_year, next_month, 1)) {
		return false; /* 31 February */
	}
	*wall_ms_out = (days * 86400 + found.hour * 3600 + found.minute * 60 + found.second) * 1000;
	return true;
}
