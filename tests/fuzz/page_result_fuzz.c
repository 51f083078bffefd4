/* SPDX-License-Identifier: MIT */
/* page_result_fuzz.c - whatever bytes come from a parser process, reading them is safe, and what
 * is read is written and read the same */
#include <stdlib.h>
#include <string.h>

#include "article/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	struct page_result result;
	if (page_result_read(bytes_from(data, size), &result, &err) < 0) {
		return 0;
	}
	struct buf first = buf_with_max((size_t)64 << 20);
	struct buf second = buf_with_max((size_t)64 << 20);
	struct page_result again;
	if (page_result_write(&result, &first, &err) < 0 ||
		page_result_read(buf_bytes(&first), &again, &err) < 0 ||
		page_result_write(&again, &second, &err) < 0 || first.len != second.len ||
		memcmp(first.ptr, second.ptr, first.len) != 0) {
		abort();
	}
	page_result_clear(&result);
	page_result_clear(&again);
	buf_clear(&first);
	buf_clear(&second);
	return 0;
}
