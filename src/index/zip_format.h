/* SPDX-License-Identifier: MIT */
/* zip_format.h - numbers of the ZIP format (APPNOTE 6.3.10), and reading its fields */
#ifndef INDEX_ZIP_FORMAT_H
#define INDEX_ZIP_FORMAT_H

#include <stdint.h>

#include "base/bytes.h"

#define ZIP_LOCAL_SIGNATURE 0x04034b50u      /* 4.3.7 */
#define ZIP_DESCRIPTOR_SIGNATURE 0x08074b50u /* 4.3.9 */
#define ZIP_CENTRAL_SIGNATURE 0x02014b50u    /* 4.3.12 */
#define ZIP_END64_SIGNATURE 0x06064b50u      /* 4.3.14 */
#define ZIP_LOCATOR_SIGNATURE 0x07064b50u    /* 4.3.15 */
#define ZIP_END_SIGNATURE 0x06054b50u        /* 4.3.16 */

/* Bytes of the fixed parts. */
enum {
	ZIP_LOCAL_BYTES = 30,
	ZIP_CENTRAL_BYTES = 46,
	ZIP_END64_BYTES = 56,
	ZIP_LOCATOR_BYTES = 20,
	ZIP_END_BYTES = 22,
	ZIP_COMMENT_MAX = 65535
};

/* Bits of the general purpose flags (4.4.4). */
enum {
	ZIP_FLAG_ENCRYPTED = 1 << 0,
	ZIP_FLAG_DESCRIPTOR = 1 << 3,
	ZIP_FLAG_PATCH = 1 << 5,
	ZIP_FLAG_STRONG = 1 << 6,
	ZIP_FLAG_UTF8 = 1 << 11,
	ZIP_FLAG_MASKED = 1 << 13
};

enum { ZIP_METHOD_STORED = 0, ZIP_METHOD_DEFLATED = 8, ZIP_METHOD_AES = 99 };
enum { ZIP_EXTRA_ZIP64 = 0x0001, ZIP_EXTRA_UNICODE_NAME = 0x7075, ZIP_EXTRA_AES = 0x9901 };

/* A 32-bit or 16-bit field of this value is told by a ZIP64 field instead (4.3.14). */
#define ZIP_ELSEWHERE32 0xFFFFFFFFu
#define ZIP_ELSEWHERE16 0xFFFFu

/* The little-endian number of `width` bytes at `at`, which the caller knows to be there. */
static inline uint64_t zip_number(struct bytes b, size_t at, size_t width)
{
	uint64_t number = 0;
	for (size_t i = width; i > 0; i--) {
		number = number << 8 | (unsigned char)b.ptr[at + i - 1];
	}
	return number;
}

#endif
