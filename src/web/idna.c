/* SPDX-License-Identifier: MIT */
/* idna.c - ICU's UTS #46 with the options that the URL standard asks for
 *
 * libidn2 was tried: it refuses by the stricter IDNA 2008, so that names with symbols that browsers
 * open would fail. libxml2 brings ICU along anyway. */
#include "web/idna.h"

#include <unicode/ucasemap.h>
#include <unicode/uidna.h>
#include <unicode/ustring.h>

#include "base/limits.h"
#include "web/utf8.h"

/* CheckHyphens and VerifyDnsLength are off in the standard: ICU always checks, we look away. */
#define ERRORS_ALLOWED                                                                             \
	(UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | \
		UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

/* Mappings that tables younger than ICU 72's have: `from`..`to` is moved by `shift`, or dropped
 * when that is 0. */
static const struct {
	uint32_t from, to;
	int32_t shift;
} newer[] = {
	{0x04C0, 0x04C0, 0x0F},
	{0x10A0, 0x10C5, 0x1C60},
	{0x10C7, 0x10C7, 0x1C60},
	{0x10CD, 0x10CD, 0x1C60},
	{0x115F, 0x1160, 0},
	{0x17B4, 0x17B5, 0},
	{0x180E, 0x180E, 0},
	{0x1E9E, 0x1E9E, 0xDF - 0x1E9E},
	{0x206A, 0x206F, 0},
	{0x2132, 0x2132, 0x1C},
	{0x2183, 0x2183, 1},
	{0x3164, 0x3164, 0},
	{0xFFA0, 0xFFA0, 0},
	{0x1D173, 0x1D17A, 0},
	{0x2F868, 0x2F868, 0x36FC - 0x2F868},
	{0x2F874, 0x2F874, 0x5F33 - 0x2F874},
	{0x2F91F, 0x2F91F, 0x243AB - 0x2F91F},
	{0x2F95F, 0x2F95F, 0x7AEE - 0x2F95F},
	{0x2F9BF, 0x2F9BF, 0x45D7 - 0x2F9BF},
};

/* The code point that newer tables make of this one; 0 drops it. */
static uint32_t map_newer(uint32_t code)
{
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
		if (code >= newer[i].from && code <= newer[i].to) {
			return newer[i].shift == 0 ? 0 : (uint32_t)((int32_t)code + newer[i].shift);
		}
	}
	return code;
}

bool idna_to_ascii(struct bytes domain, struct buf *ascii_out)
{
	if (utf8_is_ascii(domain)) {
		for (size_t i = 0; i < domain.len; i++) {
			buf_add_char(ascii_out, char_lower(domain.ptr[i]));
		}
		return domain.len > 0;
	}
	SCOPED(buf_clear) struct buf mapped = buf_with_max(LIMIT_URL_BYTES);
	for (size_t at = 0; at < domain.len;) {
		uint32_t code = map_newer(utf8_next(domain, &at));
		if (code != 0) {
			utf8_add(&mapped, code);
		}
	}
	UErrorCode status = U_ZERO_ERROR;
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UIDNA *idna = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
					      UIDNA_NONTRANSITIONAL_TO_ASCII |
					      UIDNA_NONTRANSITIONAL_TO_UNICODE,
		&status);
	/* Punycode needs at most a handful of bytes for a character. */
	size_t room = mapped.len * 6 + 64;
	char *ascii = buf_failed(&mapped) ? NULL : buf_reserve(ascii_out, room);
	int32_t length = 0;
	if (U_SUCCESS(status) && ascii != NULL) {
		length = uidna_nameToASCII_UTF8(idna, buf_text(&mapped), (int32_t)mapped.len, ascii,
			(int32_t)room, &info, &status);
	}
	uidna_close(idna);
	if (U_FAILURE(status) || length <= 0 || (info.errors & ~(uint32_t)ERRORS_ALLOWED) != 0) {
		return false;
	}
	buf_commit(ascii_out, (size_t)length);
	return true;
}

/* One label; ICU's limit is 63 bytes, as the RFC's. */
static bool label_to_ascii_2003(struct bytes label, struct buf *ascii_out)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[256];
	UChar ascii[64];
	int32_t wide_length = 0;
	(void)u_strFromUTF8(wide, 256, &wide_length, label.ptr, (int32_t)label.len, &status);
	if (U_FAILURE(status)) {
		return false;
	}
	/* The function is deprecated because IDNA 2003 is; that is what we want here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	int32_t length = uidna_toASCII(wide, wide_length, ascii, 64, UIDNA_DEFAULT, NULL, &status);
#pragma GCC diagnostic pop
	if (U_FAILURE(status) || length <= 0 || length > 63) {
		return false;
	}
	for (int32_t i = 0; i < length; i++) {
		buf_add_char(ascii_out, (char)ascii[i]);
	}
	return true;
}

bool idna_to_ascii_2003(struct bytes domain, struct buf *ascii_out)
{
	/* RFC 3490 3.1: the ideographic full stops separate labels too. */
	SCOPED(buf_clear) struct buf dotted = buf_with_max(LIMIT_URL_BYTES);
	for (size_t at = 0; at < domain.len;) {
		uint32_t code = utf8_next(domain, &at);
		bool is_dot = code == 0x3002 || code == 0xFF0E || code == 0xFF61;
		utf8_add(&dotted, is_dot ? '.' : code);
	}
	struct bytes rest = buf_bytes(&dotted);
	struct bytes label;
	bool is_first = true;
	if (rest.len > 0 && rest.ptr[rest.len - 1] == '.') {
		rest.len--;
	}
	if (rest.len > 0 && rest.ptr[rest.len - 1] == '.') {
		return false;
	}
	while (bytes_next_item(&rest, '.', &label)) {
		if (!is_first) {
			buf_add_char(ascii_out, '.');
		}
		is_first = false;
		if (!label_to_ascii_2003(label, ascii_out)) {
			return false;
		}
	}
	if (dotted.len > 0 && dotted.ptr[dotted.len - 1] == '.') {
		buf_add_char(ascii_out, '.');
	}
	return !buf_failed(&dotted);
}

void idna_to_lower(struct bytes text, struct buf *lower_out)
{
	UErrorCode status = U_ZERO_ERROR;
	UCaseMap *map = ucasemap_open("", 0, &status);
	/* A code point's lower case is at most three times as long in UTF-8. */
	size_t room = text.len * 3 + 16;
	char *lower = text.len > INT32_MAX / 4 ? NULL : buf_reserve(lower_out, room);
	int32_t length = 0;
	if (U_SUCCESS(status) && lower != NULL && text.len > 0) {
		length = ucasemap_utf8ToLower(
			map, lower, (int32_t)room, text.ptr, (int32_t)text.len, &status);
	}
	if (U_SUCCESS(status) && length > 0) {
		buf_commit(lower_out, (size_t)length);
	}
	ucasemap_close(map);
}
