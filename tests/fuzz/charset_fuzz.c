/* SPDX-License-Identifier: MIT */
/* charset_fuzz.c - detection and decoding; the first byte chooses the kind and the encoding */
#include <stdlib.h>

#include "web/charset.h"
#include "web/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	static const char *const names[] = {"utf-8", "utf-16le", "utf-16be", "gbk", "gb18030",
		"big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp", "windows-1252", "koi8-u"};
	SCOPED(buf_clear) struct buf text = {0};
	if (size == 0) {
		return 0;
	}
	struct bytes document = bytes_slice(input, 1, size);
	enum charset_kind kind = (enum charset_kind)(data[0] >> 4 & 3);
	const char *found = charset_detect(document, BYTES(""), kind, NULL);
	charset_decode(document, found, &text);
	charset_decode(document, names[(data[0] & 15) % (sizeof(names) / sizeof(names[0]))], &text);
	if (!utf8_is_valid(buf_bytes(&text))) {
		abort();
	}
	return 0;
}
