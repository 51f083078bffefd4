/* SPDX-License-Identifier: MIT */
/* dash_text.c - templates filled in, durations read */
#include "links/dash_text.h"

#define MAX_DURATION_MS 1e12
/* Digits of a number with width: more than any counter needs. */
#define MAX_WIDTH 20

/* Cuts "%05d" off an identifier. False when it has another form. */
static bool take_width(struct bytes *name, int *width_out)
{
	size_t percent = bytes_find_char(*name, '%', 0);
	*width_out = 1;
	if (percent == SIZE_MAX) {
		return true;
	}
	struct bytes form = bytes_slice(*name, percent + 1, name->len);
	uint64_t width = 0;
	if (form.len < 2 || form.ptr[form.len - 1] != 'd' ||
		!bytes_to_u64(bytes_slice(form, 0, form.len - 1), MAX_WIDTH, &width)) {
		return false;
	}
	*width_out = (int)width;
	*name = bytes_slice(*name, 0, percent);
	return true;
}

static bool fill_one(struct bytes name, const struct dash_values *values, struct buf *out)
{
	int width = 1;
	if (name.len == 0) {
		buf_add_char(out, '$');
		return true;
	}
	if (bytes_equal(name, BYTES("RepresentationID"))) {
		buf_add(out, values->id);
		return true;
	}
	if (!take_width(&name, &width)) {
		return false;
	}
	const struct {
		struct bytes name;
		uint64_t value;
	} numbers[] = {
		{BYTES("Number"), values->number},
		{BYTES("Time"), values->time},
		{BYTES("Bandwidth"), values->bandwidth},
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (bytes_equal(name, numbers[i].name)) {
			buf_addf(out, "%0*llu", width, (unsigned long long)numbers[i].value);
			return true;
		}
	}
	return false;
}

bool dash_text_fill(struct bytes pattern, const struct dash_values *values, struct buf *out)
{
	for (;;) {
		size_t open = bytes_find_char(pattern, '$', 0);
		buf_add(out, bytes_slice(pattern, 0, open));
		if (open == SIZE_MAX) {
			return true;
		}
		size_t close = bytes_find_char(pattern, '$', open + 1);
		if (close == SIZE_MAX ||
			!fill_one(bytes_slice(pattern, open + 1, close), values, out)) {
			return false;
		}
		pattern = bytes_slice(pattern, close + 1, pattern.len);
	}
}

bool dash_text_counts(struct bytes pattern)
{
	return bytes_find(pattern, BYTES("$Number"), 0) != SIZE_MAX ||
	       bytes_find(pattern, BYTES("$Time"), 0) != SIZE_MAX;
}

/* Reads "12.5" off the front; false when there is no digit. */
static bool take_number(struct bytes *text, double *number_out)
{
	double number = 0;
	double unit = 1;
	bool has_digit = false;
	bool in_fraction = false;
	size_t at = 0;
	for (; at < text->len; at++) {
		char c = text->ptr[at];
		if (c == '.' && !in_fraction) {
			in_fraction = true;
		} else if (char_is_digit(c)) {
			has_digit = true;
			number = number * 10 + (c - '0');
			unit *= in_fraction ? 10 : 1;
		} else {
			break;
		}
	}
	*text = bytes_slice(*text, at, text->len);
	*number_out = number / unit;
	return has_digit && at < 30;
}

static double unit_seconds(char letter, bool in_time)
{
	switch (letter) {
	case 'Y':
		return in_time ? 0 : 365 * 86400.0;
	case 'M':
		return in_time ? 60 : 30 * 86400.0;
	case 'D':
		return in_time ? 0 : 86400;
	case 'H':
		return in_time ? 3600 : 0;
	case 'S':
		return in_time ? 1 : 0;
	default:
		return 0;
	}
}

int64_t dash_text_duration_ms(struct bytes text)
{
	text = bytes_trim(text);
	if (!bytes_starts(text, BYTES("P")) || text.len < 3) {
		return -1;
	}
	text = bytes_slice(text, 1, text.len);
	double ms = 0;
	bool in_time = false;
	while (text.len > 0) {
		if (text.ptr[0] == 'T' && !in_time) {
			in_time = true;
			text = bytes_slice(text, 1, text.len);
			continue;
		}
		double number = 0;
		if (!take_number(&text, &number) || text.len == 0) {
			return -1;
		}
		double unit = unit_seconds(text.ptr[0], in_time);
		if (unit == 0) {
			return -1;
		}
		ms += number * unit * 1000;
		text = bytes_slice(text, 1, text.len);
	}
	return (int64_t)((ms < MAX_DURATION_MS ? ms : MAX_DURATION_MS) + 0.5);
}
