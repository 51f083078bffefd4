/* SPDX-License-Identifier: MIT */
/* bytes.h - borrowed bytes: a pointer and a length, never terminated, never freed */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that belong to someone else and may hold anything, NUL included. {NULL, 0} is empty and
 * valid. */
struct bytes {
	const char *ptr; /* borrowed */
	size_t len;      /* bytes */
};

/* For printf: printf("'" BYTES_FMT "'", BYTES_ARG(value)). Cuts at 200 bytes, since it is for
 * messages. */
#define BYTES_FMT "%.*s"
#define BYTES_ARG(b) ((int)((b).len > 200 ? 200 : (b).len)), ((b).len == 0 ? "" : (b).ptr)
/* Bytes of a string literal. */
#define BYTES(literal) ((struct bytes){"" literal, sizeof(literal) - 1})

/* Borrows a zero-terminated string; NULL gives empty bytes. */
static inline struct bytes bytes_of(const char *text)
{
	return (struct bytes){text, text == NULL ? 0 : strlen(text)};
}
/* Borrows `len` bytes at `ptr`. */
static inline struct bytes bytes_from(const void *ptr, size_t len)
{
	return (struct bytes){(const char *)ptr, len};
}
/* The part from `start` to `end` (exclusive); both are clamped to the length, an inverted range is
 * empty. */
static inline struct bytes bytes_slice(struct bytes b, size_t start, size_t end)
{
	if (end > b.len) {
		end = b.len;
	}
	if (start >= end) {
		return (struct bytes){NULL, 0};
	}
	return (struct bytes){b.ptr + start, end - start};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
/* Equal when A-Z and a-z are the same letter; other bytes must be equal. */
bool bytes_equal_nocase(struct bytes a, struct bytes b);
/* Whether b is this text in lower-case letters, but for the case of ASCII letters. For going
 * through a list of names: most are told apart by the first letter, before any length is known. */
bool bytes_is_name(struct bytes b, const char *lower);
static inline bool bytes_starts(struct bytes b, struct bytes prefix)
{
	return b.len >= prefix.len && bytes_equal(bytes_slice(b, 0, prefix.len), prefix);
}
bool bytes_starts_nocase(struct bytes b, struct bytes prefix);
bool bytes_ends(struct bytes b, struct bytes suffix);
/* memcmp order; a prefix sorts before the longer one. Returns <0, 0, >0. */
int bytes_compare(struct bytes a, struct bytes b);
/* Position of the first `c` at or after `from`, or SIZE_MAX. */
static inline size_t bytes_find_char(struct bytes b, char c, size_t from)
{
	if (from >= b.len) {
		return SIZE_MAX;
	}
	const char *found = memchr(b.ptr + from, c, b.len - from);
	return found == NULL ? SIZE_MAX : (size_t)(found - b.ptr);
}
/* Position of the last `c`, or SIZE_MAX. */
size_t bytes_find_last_char(struct bytes b, char c);
/* Position of the first `needle` at or after `from`, or SIZE_MAX; an empty needle is found at
 * `from`. */
size_t bytes_find(struct bytes b, struct bytes needle, size_t from);
/* As bytes_find, ASCII letters compared without case. */
size_t bytes_find_nocase(struct bytes b, struct bytes needle, size_t from);
/* Cuts at the first `separator`: *before_out and *after_out exclude it. False (outputs untouched)
 * when it is absent. */
bool bytes_cut(struct bytes b, char separator, struct bytes *before_out, struct bytes *after_out);
/* Without ASCII white space (space, tab, LF, CR, FF) at both ends. */
struct bytes bytes_trim(struct bytes b);
/* Takes the next line off *rest: without its LF and one CR before it. False when *rest is empty. A
 * last line without LF counts as a line. */
bool bytes_next_line(struct bytes *rest, struct bytes *line_out);
/* Takes the next item off *rest, up to `separator` (which is dropped). False when *rest is empty.
 */
bool bytes_next_item(struct bytes *rest, char separator, struct bytes *item_out);
/* Reads all of `text` as a decimal number of only digits, at most `max`; false for empty, other
 * bytes, overflow. */
bool bytes_to_u64(struct bytes text, uint64_t max, uint64_t *number_out);
/* As bytes_to_u64, hexadecimal digits of either case. */
bool bytes_hex_to_u64(struct bytes text, uint64_t max, uint64_t *number_out);
/* FNV-1a, 64 bits: for hash tables of trusted or capped size. */
uint64_t bytes_hash(struct bytes b);

/* ASCII only, free of the locale. */
static inline bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool char_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool char_is_alnum(char c)
{
	return char_is_digit(c) || char_is_alpha(c);
}
static inline bool char_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
static inline char char_lower(char c)
{
	return (c >= 'A' && c <= 'Z') ? (char)(c - 'A' + 'a') : c;
}
/* Value of a hexadecimal digit, or -1. */
static inline int char_hex(char c)
{
	if (char_is_digit(c)) {
		return c - '0';
	}
	char lower = char_lower(c);
	return (lower >= 'a' && lower <= 'f') ? lower - 'a' + 10 : -1;
}

#endif
