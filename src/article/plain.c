/* SPDX-License-Identifier: MIT */
/* plain.c - texts of metadata made plain */
#include "article/plain.h"

#include "base/alloc.h"

#define TEXTS_MAX 64

struct reference {
	const char *name;
	const char *text;
};

static const struct reference references[] = {{"amp", "&"}, {"quot", "\""}, {"lt", "<"},
	{"gt", ">"}, {"apos", "'"}, {"nbsp", " "}, {"rsquo", "\u2019"}, {"lsquo", "\u2018"},
	{"rdquo", "\u201d"}, {"ldquo", "\u201c"}, {"bdquo", "\u201e"}, {"ndash", "\u2013"},
	{"mdash", "\u2014"}, {"hellip", "\u2026"}, {"laquo", "\u00ab"}, {"raquo", "\u00bb"},
	{"auml", "\u00e4"}, {"ouml", "\u00f6"}, {"uuml", "\u00fc"}, {"Auml", "\u00c4"},
	{"Ouml", "\u00d6"}, {"Uuml", "\u00dc"}, {"szlig", "\u00df"}, {"eacute", "\u00e9"},
	{"egrave", "\u00e8"}, {"agrave", "\u00e0"}, {"ccedil", "\u00e7"}, {"shy", ""}};

static void add_code(struct buf *out, uint64_t code)
{
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
		code = 0xfffd;
	}
	if (code < 0x80) {
		buf_add_char(out, (char)code);
		return;
	}
	if (code < 0x800) {
		buf_add_char(out, (char)(unsigned char)(0xc0 | code >> 6));
	} else {
		if (code < 0x10000) {
			buf_add_char(out, (char)(unsigned char)(0xe0 | code >> 12));
		} else {
			buf_add_char(out, (char)(unsigned char)(0xf0 | code >> 18));
			buf_add_char(out, (char)(unsigned char)(0x80 | (code >> 12 & 0x3f)));
		}
		buf_add_char(out, (char)(unsigned char)(0x80 | (code >> 6 & 0x3f)));
	}
	buf_add_char(out, (char)(unsigned char)(0x80 | (code & 0x3f)));
}

/* Decodes the reference at the start of `text`; returns its length, or 0 when it is none. */
static size_t decode_reference(struct bytes text, struct buf *out)
{
	size_t end = bytes_find_char(bytes_slice(text, 0, 12), ';', 1);
	if (end == SIZE_MAX || end < 2) {
		return 0;
	}
	struct bytes name = bytes_slice(text, 1, end);
	uint64_t code = 0;
	if (name.ptr[0] == '#') {
		bool is_hex = name.len > 1 && char_lower(name.ptr[1]) == 'x';
		struct bytes digits = bytes_slice(name, is_hex ? 2 : 1, name.len);
		if (is_hex ? !bytes_hex_to_u64(digits, 0x10ffff, &code)
			   : !bytes_to_u64(digits, 0x10ffff, &code)) {
			return 0;
		}
		add_code(out, code == 0xa0 ? ' ' : code);
		return end + 1;
	}
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		if (bytes_equal(name, bytes_of(references[i].name))) {
			buf_add_text(out, references[i].text);
			return end + 1;
		}
	}
	return 0;
}

/* Length of the tag at the start of `text`, or 0 when '<' is only a sign. */
static size_t tag_length(struct bytes text)
{
	if (text.len < 3 || !(char_is_alpha(text.ptr[1]) || text.ptr[1] == '/')) {
		return 0;
	}
	size_t end = bytes_find_char(bytes_slice(text, 0, 2000), '>', 1);
	return end == SIZE_MAX ? 0 : end + 1;
}

static void add_spaced(struct buf *out, size_t start, bool *space)
{
	if (*space && out->len > start) {
		buf_add_char(out, ' ');
	}
	*space = false;
}

void plain_add(struct buf *out, struct bytes text)
{
	size_t start = out->len;
	bool space = false;
	for (size_t i = 0; i < text.len;) {
		char c = text.ptr[i];
		size_t used = 0;
		struct bytes rest = bytes_slice(text, i, text.len);
		if (c == '&') {
			add_spaced(out, start, &space);
			used = decode_reference(rest, out);
		} else if (c == '<') {
			used = tag_length(rest);
			space = space || used > 0;
		} else if (char_is_space(c) || bytes_starts(rest, BYTES("\xc2\xa0"))) {
			used = char_is_space(c) ? 1 : 2;
			space = true;
		} else if (bytes_starts(rest, BYTES("\xc2\xad"))) {
			used = 2; /* a soft hyphen */
		}
		if (used > 0) {
			i += used;
			continue;
		}
		add_spaced(out, start, &space);
		buf_add_char(out, c);
		i++;
	}
}

struct bytes plain_keep(struct page_result *result, struct bytes text)
{
	struct buf plain = {0};
	plain_add(&plain, text);
	struct bytes kept = page_result_keep(result, bytes_trim(buf_bytes(&plain)));
	buf_clear(&plain);
	return kept;
}

void plain_append(struct page_result *result, struct page_texts *texts, struct bytes text)
{
	if (texts->count >= TEXTS_MAX) {
		return;
	}
	struct bytes kept = plain_keep(result, text);
	for (size_t i = 0; i < texts->count; i++) {
		if (bytes_equal(texts->items[i], kept)) {
			return;
		}
	}
	if (kept.len == 0) {
		return;
	}
	if (texts->items == NULL) {
		texts->items = ALLOC_ARRAY(struct bytes, TEXTS_MAX);
	}
	texts->items[texts->count++] = kept;
}

static bool is_letter(char c)
{
	return char_is_alnum(c) || (unsigned char)c >= 0x80;
}

bool plain_same(struct bytes a, struct bytes b)
{
	size_t i = 0;
	size_t k = 0;
	for (;;) {
		while (i < a.len && !is_letter(a.ptr[i])) {
			i++;
		}
		while (k < b.len && !is_letter(b.ptr[k])) {
			k++;
		}
		if (i == a.len || k == b.len) {
			return i == a.len && k == b.len;
		}
		if (char_lower(a.ptr[i++]) != char_lower(b.ptr[k++])) {
			return false;
		}
	}
}
