/* SPDX-License-Identifier: MIT */
/* bytes.c - looking at borrowed bytes */
#include "base/bytes.h"

#include <string.h>

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
	if (a.len != b.len) {
		return false;
	}
	if (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0) {
		return true; /* names are mostly written alike */
	}
	for (size_t i = 0; i < a.len; i++) {
		if (char_lower(a.ptr[i]) != char_lower(b.ptr[i])) {
			return false;
		}
	}
	return true;
}

bool bytes_is_name(struct bytes b, const char *lower)
{
	for (size_t i = 0; i < b.len; i++) {
		if (lower[i] == '\0' || char_lower(b.ptr[i]) != lower[i]) {
			return false;
		}
	}
	return lower[b.len] == '\0';
}

bool bytes_starts_nocase(struct bytes b, struct bytes prefix)
{
	return b.len >= prefix.len && bytes_equal_nocase(bytes_slice(b, 0, prefix.len), prefix);
}

bool bytes_ends(struct bytes b, struct bytes suffix)
{
	return b.len >= suffix.len &&
	       bytes_equal(bytes_slice(b, b.len - suffix.len, b.len), suffix);
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
	if (order != 0) {
		return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

size_t bytes_find_last_char(struct bytes b, char c)
{
	for (size_t i = b.len; i > 0; i--) {
		if (b.ptr[i - 1] == c) {
			return i - 1;
		}
	}
	return SIZE_MAX;
}

/* memmem prepares a table first, which costs more than a short text is worth. */
#define SHORT_BYTES ((size_t)512)

static size_t find_short(struct bytes b, struct bytes needle, size_t from)
{
	size_t last = b.len - needle.len;
	for (size_t at = from; at <= last; at++) {
		const char *first = memchr(b.ptr + at, (unsigned char)needle.ptr[0], last - at + 1);
		if (first == NULL) {
			break;
		}
		at = (size_t)(first - b.ptr);
		if (memcmp(first, needle.ptr, needle.len) == 0) {
			return at;
		}
	}
	return SIZE_MAX;
}

size_t bytes_find(struct bytes b, struct bytes needle, size_t from)
{
	if (needle.len == 0) {
		return from <= b.len ? from : SIZE_MAX;
	}
	if (from >= b.len || b.len - from < needle.len) {
		return SIZE_MAX;
	}
	if (b.len - from <= SHORT_BYTES) {
		return find_short(b, needle, from);
	}
	const char *found = memmem(b.ptr + from, b.len - from, needle.ptr, needle.len);
	return found == NULL ? SIZE_MAX : (size_t)(found - b.ptr);
}

size_t bytes_find_nocase(struct bytes b, struct bytes needle, size_t from)
{
	if (needle.len == 0) {
		return from <= b.len ? from : SIZE_MAX;
	}
	char first = char_lower(needle.ptr[0]);
	for (size_t i = from; i < b.len && b.len - i >= needle.len; i++) {
		if (char_lower(b.ptr[i]) == first &&
			bytes_equal_nocase((struct bytes){b.ptr + i, needle.len}, needle)) {
			return i;
		}
	}
	return SIZE_MAX;
}

bool bytes_cut(struct bytes b, char separator, struct bytes *before_out, struct bytes *after_out)
{
	size_t at = bytes_find_char(b, separator, 0);
	if (at == SIZE_MAX) {
		return false;
	}
	*before_out = bytes_slice(b, 0, at);
	*after_out = bytes_slice(b, at + 1, b.len);
	return true;
}

struct bytes bytes_trim(struct bytes b)
{
	while (b.len > 0 && char_is_space(b.ptr[0])) {
		b.ptr++;
		b.len--;
	}
	while (b.len > 0 && char_is_space(b.ptr[b.len - 1])) {
		b.len--;
	}
	return b;
}

bool bytes_next_line(struct bytes *rest, struct bytes *line_out)
{
	if (!bytes_next_item(rest, '\n', line_out)) {
		return false;
	}
	if (line_out->len > 0 && line_out->ptr[line_out->len - 1] == '\r') {
		line_out->len--;
	}
	return true;
}

bool bytes_next_item(struct bytes *rest, char separator, struct bytes *item_out)
{
	if (rest->len == 0) {
		return false;
	}
	size_t at = bytes_find_char(*rest, separator, 0);
	if (at == SIZE_MAX) {
		*item_out = *rest;
		*rest = (struct bytes){NULL, 0};
		return true;
	}
	*item_out = (struct bytes){rest->ptr, at};
	*rest = bytes_slice(*rest, at + 1, rest->len);
	return true;
}

static bool digits_to_u64(struct bytes text, unsigned base, uint64_t max, uint64_t *number_out)
{
	if (text.len == 0) {
		return false;
	}
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		int digit = char_hex(text.ptr[i]);
		if (digit < 0 || (unsigned)digit >= base) {
			return false;
		}
		if (number > (UINT64_MAX - (uint64_t)digit) / base) {
			return false;
		}
		number = number * base + (uint64_t)digit;
	}
	if (number > max) {
		return false;
	}
	*number_out = number;
	return true;
}

bool bytes_to_u64(struct bytes text, uint64_t max, uint64_t *number_out)
{
	return digits_to_u64(text, 10, max, number_out);
}

bool bytes_hex_to_u64(struct bytes text, uint64_t max, uint64_t *number_out)
{
	return digits_to_u64(text, 16, max, number_out);
}

uint64_t bytes_hash(struct bytes b)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < b.len; i++) {
		hash = (hash ^ (unsigned char)b.ptr[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}
