/* SPDX-License-Identifier: MIT */
/* markup_decode.c - references by number and by name, as browsers read them */
#include "links/markup_decode.h"

#include <string.h>

#include "links/markup_entities.h"
#include "web/utf8.h"

/* What numbers 0x80 to 0x9F mean: pages that were made as windows-1252. 0 stands for itself. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D,
	0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

bool markup_decode_changes(struct bytes value)
{
	return value.len > 0 && (memchr(value.ptr, '&', value.len) != NULL ||
					memchr(value.ptr, '\r', value.len) != NULL);
}

static char at(struct bytes text, size_t i)
{
	return i < text.len ? text.ptr[i] : '\0';
}

static int digit_value(char c, bool hex)
{
	if (char_is_digit(c)) {
		return c - '0';
	}
	char lower = char_lower(c);
	return hex && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "&#60;" or "&#x3c" at the start of `text`; the bytes used, 0 when it is none. */
static size_t take_number(struct bytes text, struct buf *out)
{
	bool hex = char_lower(at(text, 2)) == 'x';
	size_t start = hex ? 3 : 2;
	size_t end = start;
	uint32_t code = 0;
	for (int digit; (digit = digit_value(at(text, end), hex)) >= 0; end++) {
		if (code <= 0x10FFFF) {
			code = code * (hex ? 16 : 10) + (uint32_t)digit;
		}
	}
	if (end == start) {
		return 0;
	}
	if (code >= 0x80 && code <= 0x9F && windows_1252[code - 0x80] != 0) {
		code = windows_1252[code - 0x80];
	}
	utf8_add(out, code == 0 ? UTF8_REPLACEMENT : code);
	return at(text, end) == ';' ? end + 1 : end;
}

/* "&amp;" or "&amp" at the start of `text`; the bytes used, 0 when it is none. */
static size_t take_name(struct bytes text, bool in_text, struct buf *out)
{
	size_t end = 1;
	while (end <= MARKUP_ENTITY_NAME_BYTES && char_is_alnum(at(text, end))) {
		end++;
	}
	struct bytes found;
	if (at(text, end) == ';' && markup_entity_find(bytes_slice(text, 1, end), true, &found)) {
		buf_add(out, found);
		return end + 1;
	}
	if (end > 1 + MARKUP_ENTITY_SHORT_BYTES) {
		end = 1 + MARKUP_ENTITY_SHORT_BYTES;
	}
	for (; end > 2; end--) {
		if (markup_entity_find(bytes_slice(text, 1, end), false, &found)) {
			char next = at(text, end);
			if (!in_text && (next == '=' || char_is_alnum(next))) {
				return 0;
			}
			buf_add(out, found);
			return end;
		}
	}
	return 0;
}

static size_t take_reference(struct bytes text, bool in_text, struct buf *out)
{
	return at(text, 1) == '#' ? take_number(text, out) : take_name(text, in_text, out);
}

static void decode(struct bytes value, bool in_text, struct buf *out)
{
	size_t copied = 0;
	for (size_t i = 0; i < value.len;) {
		size_t used = 0;
		if (value.ptr[i] == '&') {
			buf_add(out, bytes_slice(value, copied, i));
			copied = i;
			used = take_reference(bytes_slice(value, i, value.len), in_text, out);
		} else if (value.ptr[i] == '\r') {
			buf_add(out, bytes_slice(value, copied, i));
			buf_add_char(out, '\n');
			copied = i;
			used = at(value, i + 1) == '\n' ? 2 : 1;
		}
		copied += used;
		i += used > 0 ? used : 1;
	}
	buf_add(out, bytes_slice(value, copied, value.len));
}

void markup_decode(struct bytes value, struct buf *out)
{
	decode(value, false, out);
}

void markup_decode_text(struct bytes text, struct buf *out)
{
	decode(text, true, out);
}
