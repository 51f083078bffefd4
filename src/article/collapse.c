/* SPDX-License-Identifier: MIT */
/* collapse.c - plain runs are copied whole: most white space in a text is single spaces */
#include "article/collapse.h"

#include "base/eight.h"

/* As plain_length, but as far as whole eights are plain; never up to the text's end, where a space
 * would not be plain. */
static size_t plain_eights(struct bytes text)
{
	size_t i = 0;
	while (text.len - i > EIGHT_BYTES) {
		uint64_t eight = eight_at(text.ptr + i);
		uint64_t spaces = eight_equal(eight, ' ');
		bool is_double = text.ptr[i] == ' ' && (i == 0 || text.ptr[i - 1] == ' ');
		if (is_double || (spaces & (spaces << 8)) != 0 ||
			(eight_control(eight) | eight_equal(eight, 0xc2)) != 0) {
			break;
		}
		i += EIGHT_BYTES;
	}
	/* What follows says whether a space at the end is a single one. */
	return i > 0 && text.ptr[i - 1] == ' ' ? i - 1 : i;
}

/* Length of the text at the start that is plain already: no white space but single spaces between
 * words, and no U+00A0. */
static size_t plain_length(struct bytes text)
{
	/* White space, and the lead byte of U+00A0. */
	static const bool stops[256] = {[' '] = true,
		['\t'] = true,
		['\n'] = true,
		['\r'] = true,
		['\f'] = true,
		[0xc2] = true};
	size_t i = plain_eights(text);
	while (i < text.len) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (stops[c] && (c != ' ' || i == 0 || i + 1 == text.len ||
					stops[(unsigned char)text.ptr[i + 1]])) {
			break;
		}
		i++;
	}
	return i;
}

/* Length of the white space (also U+00A0) at the start. */
static size_t space_length(struct bytes text)
{
	size_t i = 0;
	while (i < text.len) {
		if (char_is_space(text.ptr[i])) {
			i++;
		} else if (bytes_starts(bytes_slice(text, i, text.len), BYTES("\xc2\xa0"))) {
			i += 2;
		} else {
			break;
		}
	}
	return i;
}

bool collapse_add(struct buf *out, struct bytes text, bool space_before)
{
	bool space = space_before;
	while (text.len > 0) {
		size_t blank = space_length(text);
		space = space || blank > 0;
		text = bytes_slice(text, blank, text.len);
		if (text.len == 0) {
			break;
		}
		if (bytes_starts(
			    text, BYTES("\xc2\xad"))) { /* a soft hyphen is nothing to a reader */
			text = bytes_slice(text, 2, text.len);
			continue;
		}
		/* Another character with the lead byte of U+00A0 goes over one by one. */
		size_t plain = plain_length(text);
		plain = plain == 0 ? 1 : plain;
		if (space) {
			buf_add_char(out, ' ');
			space = false;
		}
		buf_add(out, bytes_slice(text, 0, plain));
		text = bytes_slice(text, plain, text.len);
	}
	return space;
}
