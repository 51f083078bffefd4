/* SPDX-License-Identifier: MIT */
/* base64.c - three bytes are four letters */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct bytes b, struct buf *out)
{
	while (b.len > 0) {
		unsigned char three[3] = {0};
		size_t count = b.len < sizeof(three) ? b.len : sizeof(three);
		memcpy(three, b.ptr, count);
		b = bytes_slice(b, count, b.len);
		uint32_t group = (uint32_t)three[0] << 16 | (uint32_t)three[1] << 8 | three[2];
		char text[4];
		for (size_t k = 0; k < 4; k++) {
			text[k] = k <= count ? letters[(group >> (18 - 6 * k)) & 63] : '=';
		}
		buf_add(out, bytes_from(text, sizeof(text)));
	}
}

bool base64_decode(struct bytes text, struct buf *out)
{
	size_t start = out->len;
	while (text.len > 0 && text.ptr[text.len - 1] == '=') {
		text.len--;
	}
	uint32_t bits = 0;
	unsigned held = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *letter = text.ptr[i] == '\0' ? NULL : strchr(letters, text.ptr[i]);
		if (letter == NULL) {
			buf_truncate(out, start);
			return false;
		}
		bits = (bits << 6) | (uint32_t)(letter - letters);
		held += 6;
		if (held >= 8) {
			held -= 8;
			buf_add_char(out, (char)((bits >> held) & 255));
		}
	}
	if (text.len % 4 == 1) {
		buf_truncate(out, start);
		return false;
	}
	return true;
}
