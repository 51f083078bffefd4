/* SPDX-License-Identifier: MIT */
/* json_text.c - the escapes of RFC 8259 section 7 and of ECMAScript strings */
#include "links/json_text.h"

#include <string.h>

bool json_text_string(struct bytes text, size_t *at, struct bytes *raw_out)
{
	size_t start = *at + 1;
	size_t end = start;
	for (;;) {
		size_t quote = bytes_find_char(text, '"', end);
		if (quote == SIZE_MAX) {
			return false;
		}
		size_t slashes = 0;
		while (quote - slashes > start && text.ptr[quote - slashes - 1] == '\\') {
			slashes++;
		}
		end = quote + 1;
		if (slashes % 2 == 0) {
			*raw_out = bytes_slice(text, start, quote);
			*at = end;
			return true;
		}
	}
}

/* Four hexadecimal digits at `at`. */
static bool read_unit(struct bytes raw, size_t at, uint32_t *unit_out)
{
	uint64_t number = 0;
	if (at + 4 > raw.len || !bytes_hex_to_u64(bytes_slice(raw, at, at + 4), 0xFFFF, &number)) {
		return false;
	}
	*unit_out = (uint32_t)number;
	return true;
}

static void add_code(struct buf *out, uint32_t code)
{
	char text[4];
	size_t len = 0;
	if (code < 0x80) {
		text[len++] = (char)code;
	} else if (code < 0x800) {
		text[len++] = (char)(0xC0 | (code >> 6));
		text[len++] = (char)(0x80 | (code & 0x3F));
	} else if (code < 0x10000) {
		text[len++] = (char)(0xE0 | (code >> 12));
		text[len++] = (char)(0x80 | ((code >> 6) & 0x3F));
		text[len++] = (char)(0x80 | (code & 0x3F));
	} else {
		text[len++] = (char)(0xF0 | (code >> 18));
		text[len++] = (char)(0x80 | ((code >> 12) & 0x3F));
		text[len++] = (char)(0x80 | ((code >> 6) & 0x3F));
		text[len++] = (char)(0x80 | (code & 0x3F));
	}
	buf_add(out, bytes_from(text, len));
}

/* "\u{X}" of scripts with its backslash at `at`; returns the position behind. */
static size_t decode_code_point(struct bytes raw, size_t at, struct buf *out)
{
	size_t close = bytes_find_char(bytes_slice(raw, 0, at + 16), '}', at);
	uint64_t number = 0;
	if (close == SIZE_MAX ||
		!bytes_hex_to_u64(bytes_slice(raw, at + 3, close), 0x10FFFF, &number)) {
		buf_add_char(out, 'u');
		return at + 2;
	}
	bool is_surrogate = number >= 0xD800 && number <= 0xDFFF;
	add_code(out, is_surrogate ? 0xFFFD : (uint32_t)number);
	return close + 1;
}

/* "\uXXXX" with its backslash at `at`, a surrogate pair as one; returns the position behind. */
static size_t decode_unicode(struct bytes raw, size_t at, struct buf *out)
{
	uint32_t code = 0;
	if (at + 2 < raw.len && raw.ptr[at + 2] == '{') {
		return decode_code_point(raw, at, out);
	}
	if (!read_unit(raw, at + 2, &code)) {
		buf_add_char(out, 'u');
		return at + 2;
	}
	at += 6;
	if (code >= 0xD800 && code <= 0xDBFF) {
		uint32_t low = 0;
		bool pair = at + 1 < raw.len && raw.ptr[at] == '\\' && raw.ptr[at + 1] == 'u' &&
			    read_unit(raw, at + 2, &low) && low >= 0xDC00 && low <= 0xDFFF;
		if (pair) {
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
			at += 6;
		}
	}
	add_code(out, code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code);
	return at;
}

/* The escape whose backslash is at `at`; returns the position behind. */
static size_t decode_escape(struct bytes raw, size_t at, struct buf *out)
{
	static const char names[] = "bfnrtv0";
	static const char values[] = "\b\f\n\r\t\v";
	if (at + 1 >= raw.len) {
		return at + 1;
	}
	char c = raw.ptr[at + 1];
	if (c == 'u') {
		return decode_unicode(raw, at, out);
	}
	if (c == '\n' || c == '\r') {
		/* A string of a script goes on in the next line. */
		bool is_crlf = c == '\r' && at + 2 < raw.len && raw.ptr[at + 2] == '\n';
		return at + (is_crlf ? 3 : 2);
	}
	uint64_t byte = 0;
	if (c == 'x' && at + 4 <= raw.len &&
		bytes_hex_to_u64(bytes_slice(raw, at + 2, at + 4), 0xFF, &byte)) {
		add_code(out, (uint32_t)byte);
		return at + 4;
	}
	const char *known = memchr(names, c, sizeof(names) - 1);
	buf_add_char(out, known == NULL ? c : values[known - names]);
	return at + 2;
}

void json_text_decode(struct bytes raw, struct buf *out)
{
	size_t at = 0;
	while (at < raw.len) {
		size_t slash = bytes_find_char(raw, '\\', at);
		buf_add(out, bytes_slice(raw, at, slash));
		if (slash == SIZE_MAX) {
			return;
		}
		at = decode_escape(raw, slash, out);
	}
}
