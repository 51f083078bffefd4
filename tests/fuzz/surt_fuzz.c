/* SPDX-License-Identifier: MIT */
/* surt_fuzz.c - keys of both dialects for whatever comes */
#include "web/surt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	SCOPED(buf_clear) struct buf key = {0};
	surt_ia(input, &key);
	buf_reset(&key);
	surt_js(input, &key);
	return 0;
}
