/* SPDX-License-Identifier: MIT */
/* cdxj_fuzz.c - any index line: what is read and written once is written the same again */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "index/cdxj.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cdxj_options options = {.digits = 17, .record_digest = true};
	struct cdxj_row row = {0};
	struct flong_error err = {0};
	if (cdxj_parse(bytes_from(data, size), &row, &err) < 0) {
		return 0;
	}
	struct buf first = {0};
	struct buf second = {0};
	cdxj_format(&row.entry, &options, &first);
	struct cdxj_row again = {0};
	if (!buf_failed(&first)) {
		if (cdxj_parse(buf_bytes(&first), &again, &err) < 0) {
			abort();
		}
		cdxj_format(&again.entry, &options, &second);
		if (!bytes_equal(buf_bytes(&first), buf_bytes(&second))) {
			abort();
		}
	}
	cdxj_clear(&again);
	cdxj_clear(&row);
	buf_clear(&second);
	buf_clear(&first);
	return 0;
}
