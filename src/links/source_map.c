/* SPDX-License-Identifier: MIT */
/* source_map.c - "sourceMappingURL=x" in style sheets */
#include "links/source_map.h"

void source_map_add(struct bytes url, const char *where, struct references *references)
{
	const struct link link = {
		.kind = LINK_DISCOVERY, .rule = "L-59", .where = where, .anchor = UINT32_MAX};
	references_add(references, url, &link);
}

void source_map_find_in_css(struct bytes utf8, struct references *references)
{
	static const struct bytes name = {"sourceMappingURL=", 17};
	struct bytes last = {NULL, 0};
	for (size_t at = bytes_find(utf8, name, 0); at != SIZE_MAX;
		at = bytes_find(utf8, name, at + name.len)) {
		struct bytes before = bytes_slice(utf8, at < 4 ? 0 : at - 4, at);
		if (bytes_equal(before, BYTES("/*# ")) || bytes_equal(before, BYTES("/*@ "))) {
			last = bytes_slice(utf8, at + name.len, utf8.len);
		}
	}
	size_t end = 0;
	while (end < last.len && !char_is_space(last.ptr[end]) && last.ptr[end] != '*') {
		end++;
	}
	source_map_add(bytes_slice(last, 0, end), "css sourceMappingURL", references);
}
