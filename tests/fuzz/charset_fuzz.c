/* SPDX-License-Identifier: MIT */
/* charset_fuzz.c - detection, decoding and encoding; the first byte chooses the kind and the
 * encoding, and whether the text is encoded too, which costs a table */
#include <stdlib.h>

#include "web/charset.h"
#include "web/charset_encode.h"
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
	const char *name = names[(data[0] & 15) % (sizeof(names) / sizeof(names[0]))];
	charset_decode(document, name, &text);
	if (!utf8_is_valid(buf_bytes(&text))) {
		abort();
	}
	SCOPED(charset_encoder_closep) struct charset_encoder *encoder = NULL;
	encoder = (data[0] & 64) != 0 ? charset_encoder_create(name) : NULL;
	if (encoder != NULL) {
		SCOPED(buf_clear) struct buf query = {0};
		charset_encode_query(encoder, buf_bytes(&text), PERCENT_SPECIAL_QUERY, &query);
		if (!utf8_is_ascii(buf_bytes(&query))) {
			abort();
		}
	}
	return 0;
}
