/* SPDX-License-Identifier: MIT */
/* words.c - how many words a text has, in any script */
#include "article/words.h"

#include <stdbool.h>

double words_count(struct bytes text)
{
	double words = 0;
	size_t hangul = 0;
	bool in_word = false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x80) {
			bool is_letter = char_is_alnum((char)c) || (in_word && c == '\'');
			words += is_letter && !in_word ? 1 : 0;
			/* Hyphens and apostrophes do not end a word. */
			in_word = is_letter || (in_word && c == '-');
			continue;
		}
		if (c < 0xc0) {
			continue;
		}
		unsigned next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;
		unsigned code = c >= 0xe0 && c < 0xf0 ? (c & 0x0fU) << 12 | (next & 0x3fU) << 6 : 0;
		if ((code >= 0x3040 && code < 0x3100) || (code >= 0x3400 && code < 0xa000)) {
			words += 1 / 2.5;
			in_word = false;
		} else if (code >= 0x0e00 && code < 0x0e80) {
			words += 1 / 4.0;
			in_word = false;
		} else if (code >= 0x2000 && code < 0x2070) {
			in_word = false;
		} else if (c == 0xc2) {
			in_word = in_word && next != 0xa0 && next != 0xab && next != 0xbb;
		} else {
			hangul += code >= 0xac00 && code < 0xd7b0 ? 1 : 0;
			words += in_word ? 0 : 1;
			in_word = true;
		}
	}
	return hangul > 0 && (double)hangul / 2.5 > words ? (double)hangul / 2.5 : words;
}

bool words_has_item(struct bytes list, const char *word)
{
	size_t at = 0;
	while (at < list.len) {
		size_t start = at;
		while (at < list.len && !char_is_space(list.ptr[at])) {
			at++;
		}
		if (bytes_equal_nocase(bytes_slice(list, start, at), bytes_of(word))) {
			return true;
		}
		at++;
	}
	return false;
}
