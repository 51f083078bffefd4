/* SPDX-License-Identifier: MIT */
/* markup_raw.c - a script ends at its end tag, but not at one of a script inside of "<!--" */
#include "links/markup_raw.h"

#include <stdbool.h>

enum markup_raw markup_raw_of(struct bytes name)
{
	static const struct {
		const char *name;
		enum markup_raw raw;
	} elements[] = {
		{"script", MARKUP_RAW_DATA},
		{"style", MARKUP_RAW_DATA},
		{"title", MARKUP_RAW_TEXT},
		{"textarea", MARKUP_RAW_TEXT},
		{"xmp", MARKUP_RAW_PLAIN},
		{"plaintext", MARKUP_RAW_PLAIN},
		{"iframe", MARKUP_RAW_HIDDEN},
		{"noembed", MARKUP_RAW_HIDDEN},
	};
	char first = name.len < 3 ? '\0' : char_lower(name.ptr[0]);
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (first == elements[i].name[0] && bytes_is_name(name, elements[i].name)) {
			return elements[i].raw;
		}
	}
	return MARKUP_RAW_NONE;
}

/* Whether `name` and the end of a name stand at `at`. */
static bool is_name_at(struct bytes html, size_t at, struct bytes name)
{
	size_t end = at + name.len;
	if (end >= html.len || !bytes_equal_nocase(bytes_slice(html, at, end), name)) {
		return false;
	}
	char next = html.ptr[end];
	return char_is_space(next) || next == '/' || next == '>';
}

/* The end of the comment that opens at `at` in a script: behind "-->", which may share its dashes
 * with "<!--". SIZE_MAX when there is none. */
static size_t comment_end(struct bytes html, size_t at)
{
	size_t end = bytes_find(html, BYTES("-->"), at + 2);
	return end == SIZE_MAX ? SIZE_MAX : end + 3;
}

/* In "<!-- ... -->" from `at` to `end` a script may open, and then its end tag is not ours. */
static size_t end_in_comment(struct bytes html, size_t at, size_t end, struct bytes name)
{
	bool is_inner = false;
	struct bytes comment = bytes_slice(html, 0, end);
	for (size_t i = bytes_find_char(comment, '<', at); i != SIZE_MAX;
		i = bytes_find_char(comment, '<', i + 1)) {
		bool is_end = i + 1 < comment.len && html.ptr[i + 1] == '/';
		if (!is_name_at(html, i + (is_end ? 2 : 1), name)) {
			continue;
		}
		if (is_end && !is_inner) {
			return i;
		}
		is_inner = !is_end;
	}
	return SIZE_MAX;
}

static size_t script_end(struct bytes html, size_t at, struct bytes name)
{
	for (size_t i = bytes_find_char(html, '<', at); i != SIZE_MAX;
		i = bytes_find_char(html, '<', i + 1)) {
		struct bytes rest = bytes_slice(html, i + 1, i + 4);
		if (rest.len > 0 && rest.ptr[0] == '/' && is_name_at(html, i + 2, name)) {
			return i;
		}
		if (!bytes_equal(rest, BYTES("!--"))) {
			continue;
		}
		size_t end = comment_end(html, i);
		size_t found = end_in_comment(html, i + 4, end, name);
		if (found != SIZE_MAX || end == SIZE_MAX) {
			return found;
		}
		i = end - 1;
	}
	return SIZE_MAX;
}

size_t markup_raw_end(struct bytes html, size_t at, struct bytes name)
{
	if (bytes_is_name(name, "plaintext")) {
		return SIZE_MAX;
	}
	if (bytes_is_name(name, "script")) {
		return script_end(html, at, name);
	}
	for (size_t i = bytes_find(html, BYTES("</"), at); i != SIZE_MAX;
		i = bytes_find(html, BYTES("</"), i + 2)) {
		if (is_name_at(html, i + 2, name)) {
			return i;
		}
	}
	return SIZE_MAX;
}
