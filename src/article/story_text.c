/* SPDX-License-Identifier: MIT */
/* story_text.c - texts made comparable */
#include "article/story_text.h"

#include <stdint.h>

#include "base/eight.h"
#include "web/utf8.h"

enum kind { KIND_LETTER, KIND_JOINER, KIND_ALONE, KIND_BLANK, KIND_LINE_END, KIND_NONE };

/* Ranges above ASCII, sorted; what is in none is a letter. */
static const struct {
	uint32_t first, last;
	enum kind kind;
} ranges[] = {
	{0x0080, 0x0084, KIND_NONE},
	{0x0085, 0x0085, KIND_LINE_END},
	{0x0086, 0x009f, KIND_NONE},
	{0x00a0, 0x00a0, KIND_BLANK},
	{0x00a1, 0x00a9, KIND_ALONE},
	{0x00ab, 0x00ac, KIND_ALONE},
	{0x00ad, 0x00ad, KIND_NONE}, /* soft hyphen */
	{0x00ae, 0x00b1, KIND_ALONE},
	{0x00b4, 0x00b4, KIND_ALONE},
	{0x00b6, 0x00b8, KIND_ALONE},
	{0x00bb, 0x00bb, KIND_ALONE},
	{0x00bf, 0x00bf, KIND_ALONE},
	{0x0e00, 0x0eff, KIND_ALONE}, /* Thai, Lao */
	{0x1000, 0x109f, KIND_ALONE}, /* Burmese */
	{0x1680, 0x1680, KIND_BLANK},
	{0x1780, 0x17ff, KIND_ALONE}, /* Khmer */
	{0x180e, 0x180e, KIND_NONE},
	{0x2000, 0x200a, KIND_BLANK},
	{0x200b, 0x200f, KIND_NONE}, /* without width, and directions */
	{0x2010, 0x2011, KIND_JOINER},
	{0x2012, 0x2018, KIND_ALONE},
	{0x2019, 0x2019, KIND_JOINER},
	{0x201a, 0x2027, KIND_ALONE},
	{0x2028, 0x2029, KIND_LINE_END},
	{0x202a, 0x202e, KIND_NONE},
	{0x202f, 0x202f, KIND_BLANK},
	{0x2030, 0x205e, KIND_ALONE},
	{0x205f, 0x205f, KIND_BLANK},
	{0x2060, 0x206f, KIND_NONE},
	{0x20a0, 0x20cf, KIND_ALONE}, /* currencies */
	{0x2100, 0x2bff, KIND_ALONE}, /* signs */
	{0x2e80, 0x2fff, KIND_ALONE},
	{0x3000, 0x3000, KIND_BLANK},
	{0x3001, 0xa4cf, KIND_ALONE}, /* Japanese, Chinese, Yi */
	{0xf900, 0xfaff, KIND_ALONE},
	{0xfe00, 0xfe0f, KIND_NONE}, /* variation selectors */
	{0xfe30, 0xfe4f, KIND_ALONE},
	{0xfeff, 0xfeff, KIND_NONE},
	{0xff00, 0xff9f, KIND_ALONE},
	{0x1f000, 0x1faff, KIND_ALONE},
	{0x20000, 0x3ffff, KIND_ALONE},
	{0xe0100, 0xe01ef, KIND_NONE},
};

static enum kind kind_of(uint32_t code)
{
	if (code < 0x80) {
		char c = (char)code;
		return char_is_alnum(c)                                            ? KIND_LETTER
		       : c == '\n' || c == '\r'                                    ? KIND_LINE_END
		       : char_is_space(c) || c == '\v'                             ? KIND_BLANK
		       : code < 0x20 || code == 0x7f                               ? KIND_NONE
		       : c == '\'' || c == '-' || c == '.' || c == ',' || c == '_' ? KIND_JOINER
										   : KIND_ALONE;
	}
	size_t low = 0;
	size_t high = sizeof(ranges) / sizeof(ranges[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (ranges[middle].last < code) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < sizeof(ranges) / sizeof(ranges[0]) && ranges[low].first <= code
		       ? ranges[low].kind
		       : KIND_LETTER;
}

static bool is_seen(char c)
{
	return c > ' ' && c < 0x7f;
}

/* Marks the bytes that are not from `first`, a space or '!', to '~'. */
static uint64_t outside(uint64_t eight, unsigned char first)
{
	uint64_t low = eight & EIGHT_LOW;
	uint64_t from_first = low + 0x0101010101010101u * (0x80u - first);
	return (~from_first | (low + 0x0101010101010101u) | eight) & EIGHT_HIGH;
}

/* The end of a run of ASCII that stays as it is: most of most texts. By eights, as long as each
 * space among them has something to be seen behind it. */
static size_t plain_end(struct bytes text, size_t at)
{
	while (text.len - at > EIGHT_BYTES) {
		uint64_t eight = eight_at(text.ptr + at);
		uint64_t behind = outside(eight_at(text.ptr + at + 1), '!');
		if ((outside(eight, ' ') | (eight_equal(eight, ' ') & behind)) != 0) {
			break;
		}
		at += EIGHT_BYTES;
	}
	while (at < text.len &&
		(is_seen(text.ptr[at]) ||
			(text.ptr[at] == ' ' && at + 1 < text.len && is_seen(text.ptr[at + 1])))) {
		at++;
	}
	return at;
}

void story_text_add(struct buf *out, struct bytes text)
{
	char gap = '\0'; /* what to write before the next character */
	bool is_first = true;
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		enum kind kind = KIND_LETTER;
		bool is_plain = is_seen(text.ptr[at]);
		if (is_plain) {
			at = plain_end(text, at);
		} else {
			kind = kind_of(utf8_next(text, &at));
		}
		if (kind == KIND_LINE_END) {
			gap = '\n';
		} else if (kind == KIND_BLANK) {
			gap = gap == '\n' ? gap : ' ';
		} else if (kind != KIND_NONE) {
			if (gap != '\0' && !is_first) {
				buf_add_char(out, gap);
			}
			gap = '\0';
			is_first = false;
			if (is_plain) {
				buf_add(out, bytes_slice(text, start, at));
			} else {
				utf8_add_valid(out, bytes_slice(text, start, at));
			}
		}
	}
}

/* The kind of the character at `at`, and where the next one is; KIND_BLANK at the end. */
static enum kind look(struct bytes text, size_t at, size_t *next_out)
{
	*next_out = at;
	return at < text.len ? kind_of(utf8_next(text, next_out)) : KIND_BLANK;
}

bool story_text_next_word(struct bytes *rest, struct bytes *word_out, bool *is_apart_out)
{
	size_t start = 0;
	while (start < rest->len && rest->ptr[start] == ' ') {
		start++;
	}
	if (start >= rest->len) {
		return false;
	}
	*is_apart_out = start > 0;
	size_t end = start;
	size_t next;
	enum kind kind = look(*rest, start, &next);
	if (kind != KIND_LETTER) {
		end = next;
	}
	while (kind == KIND_LETTER) {
		end = next;
		kind = look(*rest, end, &next);
		if (kind == KIND_JOINER) { /* only between letters */
			kind = look(*rest, next, &next);
		}
	}
	*word_out = bytes_slice(*rest, start, end);
	*rest = bytes_slice(*rest, end, rest->len);
	return true;
}
