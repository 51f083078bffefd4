/* SPDX-License-Identifier: MIT */
/* percent.c - the percent-encode sets as lists of ASCII characters */
#include "web/percent.h"

#include <string.h>

static bool set_holds(enum percent_set set, char c)
{
	static const char *const members[] = {
		[PERCENT_C0] = "",
		[PERCENT_FRAGMENT] = " \"<>`",
		[PERCENT_QUERY] = " \"#<>",
		[PERCENT_SPECIAL_QUERY] = " \"#<>'",
		[PERCENT_PATH] = " \"#<>?^`{}",
		[PERCENT_USERINFO] = " \"#<>?^`{}/:;=@[\\]|",
	};
	unsigned char byte = (unsigned char)c;
	return byte < 0x20 || byte > 0x7E || strchr(members[set], c) != NULL;
}

void percent_encode(struct bytes b, enum percent_set set, struct buf *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t start = 0;
	for (size_t i = 0; i < b.len; i++) {
		if (!set_holds(set, b.ptr[i])) {
			continue;
		}
		unsigned char byte = (unsigned char)b.ptr[i];
		char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
		buf_add(out, bytes_slice(b, start, i));
		buf_add(out, bytes_from(escape, sizeof(escape)));
		start = i + 1;
	}
	buf_add(out, bytes_slice(b, start, b.len));
}

void percent_decode(struct bytes b, struct buf *out)
{
	for (size_t i = 0; i < b.len; i++) {
		if (b.ptr[i] == '%' && i + 2 < b.len && char_hex(b.ptr[i + 1]) >= 0 &&
			char_hex(b.ptr[i + 2]) >= 0) {
			buf_add_char(
				out, (char)(char_hex(b.ptr[i + 1]) * 16 + char_hex(b.ptr[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, b.ptr[i]);
		}
	}
}
