/* SPDX-License-Identifier: MIT */
/* markup_token.c - what a '<' begins, and where a comment ends */
#include "links/markup_token.h"

enum markup_token markup_token_at(struct bytes html, size_t at)
{
	struct bytes rest = bytes_slice(html, at + 1, at + 4);
	if (rest.len == 0) {
		return MARKUP_TEXT;
	}
	char first = rest.ptr[0];
	if (char_is_alpha(first)) {
		return MARKUP_START;
	}
	if (first == '/' && rest.len > 1) {
		return char_is_alpha(rest.ptr[1]) ? MARKUP_END : MARKUP_BOGUS;
	}
	if (bytes_equal(rest, BYTES("!--"))) {
		return MARKUP_COMMENT;
	}
	return first == '!' || first == '?' ? MARKUP_BOGUS : MARKUP_TEXT;
}

size_t markup_comment_end(struct bytes html, size_t text, size_t *end_out)
{
	struct bytes rest = bytes_slice(html, text, text + 2);
	if (bytes_starts(rest, BYTES(">")) || bytes_equal(rest, BYTES("->"))) {
		*end_out = text + (rest.ptr[0] == '>' ? 1 : 2);
		return text;
	}
	for (size_t i = bytes_find(html, BYTES("--"), text); i != SIZE_MAX;
		i = bytes_find(html, BYTES("--"), i + 1)) {
		struct bytes behind = bytes_slice(html, i + 2, i + 4);
		if (bytes_starts(behind, BYTES(">")) || bytes_equal(behind, BYTES("!>"))) {
			*end_out = i + (behind.ptr[0] == '>' ? 3 : 4);
			return i;
		}
	}
	*end_out = html.len;
	return html.len;
}
