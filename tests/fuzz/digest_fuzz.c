/* SPDX-License-Identifier: MIT */
/* digest_fuzz.c - any text as a labelled digest; what is read is written and read alike */
#include <stdint.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err;
	struct digest digest;
	struct digest again;
	char text[DIGEST_TEXT_SIZE];
	if (digest_parse(bytes_from(data, size), &digest, &err) == FLONG_OK) {
		digest_format(&digest, text);
		if (digest_parse(bytes_of(text), &again, &err) != FLONG_OK ||
			!digest_equal(&digest, &again)) {
			abort();
		}
	}
	struct buf encoded = {0};
	struct buf decoded = {0};
	base64_encode(bytes_from(data, size), &encoded);
	if (!base64_decode(buf_bytes(&encoded), &decoded) ||
		!bytes_equal(buf_bytes(&decoded), bytes_from(data, size))) {
		abort();
	}
	buf_reset(&decoded);
	(void)base64_decode(bytes_from(data, size), &decoded);
	buf_clear(&encoded);
	buf_clear(&decoded);
	return 0;
}
