/* SPDX-License-Identifier: MIT */
/* utf8.c - a UTF-8 decoder after the table of well-formed sequences (Unicode 3.9, table 3-7) */
#include "web/utf8.h"

#include <string.h>

/* What a lead byte promises: continuation bytes, and the range of the first of them. */
struct lead {
	unsigned count;
	unsigned char low, high;
	uint32_t bits;
};

static struct lead lead_of(unsigned char c)
{
	if (c >= 0xC2 && c <= 0xDF) {
		return (struct lead){1, 0x80, 0xBF, c & 0x1Fu};
	}
	if (c >= 0xE0 && c <= 0xEF) {
		return (struct lead){
			2, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF, c & 0x0Fu};
	}
	if (c >= 0xF0 && c <= 0xF4) {
		return (struct lead){
			3, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF, c & 0x07u};
	}
	return (struct lead){0, 0, 0, UTF8_REPLACEMENT};
}

/* As utf8_next; *ok_out tells malformed bytes from a U+FFFD that is really there. */
static uint32_t decode(struct bytes b, size_t *at, bool *ok_out)
{
	unsigned char c = (unsigned char)b.ptr[(*at)++];
	*ok_out = true;
	if (c < 0x80) {
		return c;
	}
	struct lead lead = lead_of(c);
	uint32_t code = lead.bits;
	*ok_out = lead.count > 0;
	for (unsigned i = 0; i < lead.count; i++) {
		unsigned char next = *at < b.len ? (unsigned char)b.ptr[*at] : 0;
		if (next < lead.low || next > lead.high) {
			*ok_out = false;
			return UTF8_REPLACEMENT;
		}
		code = code << 6 | (next & 0x3Fu);
		lead.low = 0x80;
		lead.high = 0xBF;
		(*at)++;
	}
	return code;
}

/* Past the ASCII at `at`, by four words, then by words: most text is ASCII. */
static size_t skip_ascii(struct bytes b, size_t at)
{
	uint64_t word;
	uint64_t words[4];
	while (b.len - at >= sizeof(words)) {
		memcpy(words, b.ptr + at, sizeof(words));
		if (((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080)) !=
			0) {
			break;
		}
		at += sizeof(words);
	}
	while (b.len - at >= sizeof(word)) {
		memcpy(&word, b.ptr + at, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0) {
			break;
		}
		at += sizeof(word);
	}
	while (at < b.len && (unsigned char)b.ptr[at] < 0x80) {
		at++;
	}
	return at;
}

uint32_t utf8_next(struct bytes b, size_t *at)
{
	bool ok;
	return decode(b, at, &ok);
}

void utf8_add(struct buf *out, uint32_t code)
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
		code = UTF8_REPLACEMENT;
	}
	if (code < 0x80) {
		buf_add_char(out, (char)code);
		return;
	}
	char bytes[4];
	size_t count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = count - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
	bytes[0] = (char)(marks[count] | code);
	buf_add(out, bytes_from(bytes, count));
}

static void add_repaired(struct buf *out, struct bytes b, bool with_replacement)
{
	size_t at = skip_ascii(b, 0);
	size_t start = 0;
	while (at < b.len) {
		bool ok;
		size_t before = at;
		(void)decode(b, &at, &ok);
		if (!ok) {
			buf_add(out, bytes_slice(b, start, before));
			if (with_replacement) {
				utf8_add(out, UTF8_REPLACEMENT);
			}
			start = at;
		}
		at = skip_ascii(b, at);
	}
	buf_add(out, bytes_slice(b, start, b.len));
}

void utf8_add_valid(struct buf *out, struct bytes b)
{
	add_repaired(out, b, true);
}

void utf8_add_well_formed(struct buf *out, struct bytes b)
{
	add_repaired(out, b, false);
}

bool utf8_is_valid(struct bytes b)
{
	size_t at = skip_ascii(b, 0);
	bool ok = true;
	while (at < b.len && ok) {
		(void)decode(b, &at, &ok);
		at = skip_ascii(b, at);
	}
	return ok;
}

bool utf8_is_ascii(struct bytes b)
{
	return skip_ascii(b, 0) == b.len;
}
