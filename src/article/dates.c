/* SPDX-License-Identifier: MIT */
/* dates.c - dates as news pages write them */
#include "article/dates.h"

#include <stdio.h>
#include <string.h>

#include "article/date_words.h"
#include "base/clock.h"

/* A text is cut into numbers, words and other bytes; patterns are looked for in these. */
#define TOKENS_MAX 64
#define TEXT_MAX ((size_t)200)
#define MINUTE_MS INT64_C(60000)

enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK };

struct token {
	enum token_kind kind;
	struct bytes text;
	int number; /* TOKEN_NUMBER: value, -1 when over 8 digits */
	char mark;
};

struct tokens {
	struct token items[TOKENS_MAX + 12]; /* what is not used is TOKEN_END */
	size_t count;
};

static bool is_word_byte(char c)
{
	return char_is_alpha(c) || (unsigned char)c >= 0x80;
}

static void cut_tokens(struct bytes text, struct tokens *tokens)
{
	*tokens = (struct tokens){.count = 0};
	size_t i = 0;
	while (i < text.len && tokens->count < TOKENS_MAX) {
		size_t start = i;
		struct token token = {.kind = TOKEN_MARK, .mark = text.ptr[i]};
		if (char_is_digit(text.ptr[i])) {
			while (i < text.len && char_is_digit(text.ptr[i])) {
				i++;
			}
			token.kind = TOKEN_NUMBER;
			uint64_t number = 0;
			struct bytes digits = bytes_slice(text, start, i);
			token.number = bytes_to_u64(digits, 99999999, &number) ? (int)number : -1;
		} else if (is_word_byte(text.ptr[i])) {
			while (i < text.len && is_word_byte(text.ptr[i])) {
				i++;
			}
			token.kind = TOKEN_WORD;
		} else {
			i++;
			if (char_is_space(token.mark)) {
				continue;
			}
		}
		token.text = bytes_slice(text, start, i);
		tokens->items[tokens->count++] = token;
	}
}

static bool is_date(int year, int month, int day)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1];
}

static bool set_day(struct dates_value *value, int year, int month, int day)
{
	if (!is_date(year, month, day)) {
		return false;
	}
	*value = (struct dates_value){
		.year = year, .month = month, .day = day, .precision = DATES_DAY};
	return true;
}

static bool is_mark(const struct token *token, char mark)
{
	return token->kind == TOKEN_MARK && token->mark == mark;
}

/* A number of one or two digits. */
static bool is_small(const struct token *token)
{
	return token->kind == TOKEN_NUMBER && token->text.len <= 2;
}

static bool is_four(const struct token *token)
{
	return token->kind == TOKEN_NUMBER && token->text.len == 4;
}

/* 2024-05-03, 2024/05/03, 13.06.2023, 13/06/2023: three numbers and two equal marks. */
static size_t read_numbers(const struct token *at, struct dates_value *value)
{
	if (at[0].kind != TOKEN_NUMBER || at[1].kind != TOKEN_MARK || at[2].kind != TOKEN_NUMBER ||
		!is_mark(&at[3], at[1].mark) || at[4].kind != TOKEN_NUMBER) {
		return 0;
	}
	char mark = at[1].mark;
	if (mark != '-' && mark != '/' && mark != '.') {
		return 0;
	}
	int first = at[0].number;
	int second = at[2].number;
	if (is_four(&at[0]) && is_small(&at[4])) {
		return set_day(value, first, second, at[4].number) ? 5 : 0;
	}
	if (!is_small(&at[0]) || !is_four(&at[4])) {
		return 0;
	}
	/* Day first, as most of the world does, unless that is impossible. */
	if (second > 12 && mark == '/') {
		return set_day(value, at[4].number, first, second) ? 5 : 0;
	}
	return set_day(value, at[4].number, second, first) ? 5 : 0;
}

/* Skips one ordinal sign or word between a day and its month: "13.", "3rd", "3 de mayo". */
static size_t skip_ordinal(const struct token *at)
{
	if (is_mark(at, '.') || is_mark(at, ',')) {
		return 1;
	}
	static const char *const words[] = {"st", "nd", "rd", "th", "de", "er", "º", "of"};
	for (size_t i = 0; at->kind == TOKEN_WORD && i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_equal_nocase(at->text, bytes_of(words[i]))) {
			return 1;
		}
	}
	return 0;
}

/* "13. Juni 2023", "3 May 2024", "3 de mayo de 2024". */
static size_t read_day_month(const struct token *at, struct dates_value *value)
{
	if (!is_small(&at[0])) {
		return 0;
	}
	size_t i = 1 + skip_ordinal(&at[1]);
	int month = at[i].kind == TOKEN_WORD ? date_words_month(at[i].text) : -1;
	if (month < 0) {
		return 0;
	}
	i++;
	/* Arabic papers give both names: "24 نيسان / أبريل 2020". */
	if (is_mark(&at[i], '/') && at[i + 1].kind == TOKEN_WORD) {
		i += date_words_month(at[i + 1].text) == month ? 2 : 0;
	}
	i += skip_ordinal(&at[i]);
	return is_four(&at[i]) && set_day(value, at[i].number, month, at[0].number) ? i + 1 : 0;
}

/* "2024. május 3.", "2024 m. gegužės 3 d." */
static size_t read_year_month_day(const struct token *at, struct dates_value *value)
{
	if (!is_four(&at[0])) {
		return 0;
	}
	size_t i = 1;
	i += is_mark(&at[i], '.') ? 1 : 0;
	if (at[i].kind == TOKEN_WORD && bytes_equal(at[i].text, BYTES("m"))) {
		i += is_mark(&at[i + 1], '.') ? 2 : 1;
	}
	int month = at[i].kind == TOKEN_WORD ? date_words_month(at[i].text) : -1;
	i++;
	return month > 0 && is_small(&at[i]) && set_day(value, at[0].number, month, at[i].number)
		       ? i + 1
		       : 0;
}

/* "25.04.24": no later than the year of capture, so that no version number is a date. */
static size_t read_short_year(
	const struct token *at, int64_t captured_ms, struct dates_value *value)
{
	if (!is_small(&at[0]) || !is_mark(&at[1], '.') || !is_small(&at[2]) ||
		!is_mark(&at[3], '.') || !is_small(&at[4]) || at[4].text.len != 2 ||
		is_mark(&at[5], '.')) {
		return 0;
	}
	char now[CLOCK_ISO_SIZE];
	clock_format_iso_s(captured_ms, now);
	int year = 2000 + at[4].number;
	uint64_t this_year = 0;
	(void)bytes_to_u64(bytes_slice(bytes_of(now), 0, 4), 9999, &this_year);
	return year <= (int)this_year && set_day(value, year, at[2].number, at[0].number) ? 5 : 0;
}

/* "May 3, 2024". */
static size_t read_month_day(const struct token *at, struct dates_value *value)
{
	int month = at[0].kind == TOKEN_WORD ? date_words_month(at[0].text) : -1;
	if (month < 0) {
		return 0;
	}
	size_t i = 1;
	i += is_mark(&at[i], '.') ? 1 : 0;
	if (!is_small(&at[i])) {
		return 0;
	}
	int day = at[i].number;
	i++;
	i += skip_ordinal(&at[i]);
	i += is_mark(&at[i], ',') ? 1 : 0;
	return is_four(&at[i]) && set_day(value, at[i].number, month, day) ? i + 1 : 0;
}

/* "2024年5月3日" and "20240503". */
static size_t read_compact(const struct token *at, struct dates_value *value)
{
	if (at[0].kind != TOKEN_NUMBER) {
		return 0;
	}
	if (at[0].text.len == 8) {
		int number = at[0].number;
		return set_day(value, number / 10000, number / 100 % 100, number % 100) ? 1 : 0;
	}
	if (is_four(&at[0]) && at[1].kind == TOKEN_WORD && is_small(&at[2]) &&
		at[3].kind == TOKEN_WORD && is_small(&at[4]) &&
		(bytes_equal(at[1].text, bytes_of("年")) ||
			bytes_equal(at[1].text, bytes_of("년")))) {
		return set_day(value, at[0].number, at[2].number, at[4].number) ? 5 : 0;
	}
	return 0;
}

static void read_zone(const struct token *at, struct dates_value *value)
{
	if (at[0].kind == TOKEN_WORD) {
		struct bytes word = at[0].text;
		if (bytes_equal_nocase(word, BYTES("z")) ||
			bytes_equal_nocase(word, BYTES("utc")) ||
			bytes_equal_nocase(word, BYTES("gmt"))) {
			value->has_zone = true;
			return;
		}
	}
	if ((!is_mark(&at[0], '+') && !is_mark(&at[0], '-')) || at[1].kind != TOKEN_NUMBER) {
		return;
	}
	int minutes = -1;
	if (at[1].text.len == 4) {
		minutes = at[1].number / 100 * 60 + at[1].number % 100;
	} else if (is_small(&at[1])) {
		bool has_minutes = is_mark(&at[2], ':') && is_small(&at[3]);
		minutes = at[1].number * 60 + (has_minutes ? at[3].number : 0);
	}
	if (minutes >= 0 && minutes <= 15 * 60) {
		value->has_zone = true;
		value->zone_minutes = at[0].mark == '-' ? -minutes : minutes;
	}
}

/* The first hh:mm[:ss] after the date, within a few words. */
static void read_time(const struct tokens *tokens, size_t from, struct dates_value *value)
{
	for (size_t i = from; i < tokens->count && i < from + 6; i++) {
		const struct token *at = &tokens->items[i];
		if (!is_small(&at[0]) ||
			!(is_mark(&at[1], ':') || (is_mark(&at[1], '.') && i <= from + 2)) ||
			at[2].kind != TOKEN_NUMBER || at[2].text.len != 2 || at[0].number > 24 ||
			at[2].number > 59) {
			continue;
		}
		value->hour = at[0].number % 24;
		value->minute = at[2].number;
		value->precision = DATES_MINUTE;
		size_t next = 3;
		if (is_mark(&at[3], ':') && at[4].kind == TOKEN_NUMBER && at[4].text.len == 2 &&
			at[4].number <= 60) {
			value->second = at[4].number < 60 ? at[4].number : 59;
			value->precision = DATES_SECOND;
			next = 5;
			if (is_mark(&at[5], '.') && at[6].kind == TOKEN_NUMBER) {
				next = 7;
			}
		}
		if (at[next].kind == TOKEN_WORD && value->hour <= 12) {
			bool is_pm = bytes_equal_nocase(at[next].text, BYTES("pm")) ||
				     (bytes_equal_nocase(at[next].text, BYTES("p")) &&
					     is_mark(&at[next + 1], '.'));
			bool is_am = bytes_equal_nocase(at[next].text, BYTES("am")) ||
				     (bytes_equal_nocase(at[next].text, BYTES("a")) &&
					     is_mark(&at[next + 1], '.'));
			if (is_pm || is_am) {
				value->hour = value->hour % 12 + (is_pm ? 12 : 0);
				next++;
			}
		}
		read_zone(&at[next], value);
		return;
	}
}

/* Civil date of a day number: the inverse of clock_days, by the days of 400 years. */
static void set_from_ms(struct dates_value *value, int64_t wall_ms, enum dates_precision precision)
{
	char iso[CLOCK_ISO_SIZE];
	clock_format_iso_s(wall_ms, iso);
	struct tokens tokens;
	cut_tokens(bytes_of(iso), &tokens);
	if (read_numbers(tokens.items, value) > 0) {
		read_time(&tokens, 5, value);
	}
	value->precision = precision;
}

static bool read_relative(
	const struct tokens *tokens, int64_t captured_ms, struct dates_value *value)
{
	bool has_ago = false;
	int minutes = -1;
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *at = &tokens->items[i];
		if (at->kind == TOKEN_WORD) {
			int days = date_words_days_back(at->text);
			if (days >= 0 && tokens->count <= 12) {
				set_from_ms(value, captured_ms - days * 1440 * MINUTE_MS,
					DATES_RELATIVE);
				return true;
			}
			has_ago = has_ago || date_words_is_ago(at->text);
		}
		if (at->kind == TOKEN_NUMBER && at->text.len <= 3 && at[1].kind == TOKEN_WORD &&
			minutes < 0) {
			int unit = date_words_unit_minutes(at[1].text);
			minutes = unit >= 0 ? unit * at->number : -1;
		}
	}
	if (!has_ago || minutes < 0) {
		return false;
	}
	set_from_ms(value, captured_ms - minutes * MINUTE_MS, DATES_RELATIVE);
	return true;
}

bool dates_read(struct bytes text, int64_t captured_ms, struct dates_value *value_out)
{
	struct tokens tokens;
	cut_tokens(bytes_slice(bytes_trim(text), 0, TEXT_MAX), &tokens);
	for (size_t i = 0; i < tokens.count; i++) {
		const struct token *at = &tokens.items[i];
		size_t used = read_numbers(at, value_out);
		used = used > 0 ? used : read_day_month(at, value_out);
		used = used > 0 ? used : read_month_day(at, value_out);
		used = used > 0 ? used : read_year_month_day(at, value_out);
		used = used > 0 ? used : read_compact(at, value_out);
		used = used > 0 ? used : read_short_year(at, captured_ms, value_out);
		if (used > 0) {
			read_time(&tokens, i + used, value_out);
			return true;
		}
	}
	return tokens.count <= 24 && read_relative(&tokens, captured_ms, value_out);
}

void dates_format(const struct dates_value *value, char out[DATES_TEXT_SIZE])
{
	int len = snprintf(out, DATES_TEXT_SIZE, "%04d-%02d-%02d", value->year % 10000,
		value->month % 100, value->day % 100);
	if (value->precision == DATES_DAY || len < 0) {
		return;
	}
	char *rest = out + len;
	size_t room = DATES_TEXT_SIZE - (size_t)len;
	len = snprintf(rest, room, "T%02d:%02d:%02d", value->hour % 100, value->minute % 100,
		value->second % 100);
	if (!value->has_zone || len < 0) {
		return;
	}
	rest += len;
	room -= (size_t)len;
	if (value->zone_minutes == 0) {
		(void)snprintf(rest, room, "Z");
		return;
	}
	int minutes = value->zone_minutes < 0 ? -value->zone_minutes : value->zone_minutes;
	(void)snprintf(rest, room, "%c%02d:%02d", value->zone_minutes < 0 ? '-' : '+',
		minutes / 60 % 100, minutes % 60);
}

const char *dates_precision_name(enum dates_precision precision)
{
	static const char *const names[] = {"second", "minute", "day", "relative"};
	return (size_t)precision < sizeof(names) / sizeof(names[0]) ? names[precision] : "day";
}
