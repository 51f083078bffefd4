/* SPDX-License-Identifier: MIT */
/* chunked_fuzz.c - a chunked body, whole and byte by byte: both must agree */
#include <stdlib.h>

#include "base/buf.h"
#include "web/http_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct flong_error err = {0};
	struct chunk_parser whole = {0};
	struct chunk_parser single = {0};
	SCOPED(buf_clear) struct buf out = {0};
	size_t used = 0;
	size_t total = 0;
	size_t one = 1;
	if (chunk_parser_add(&whole, input, NULL, &used, &err) != FLONG_OK) {
		abort();
	}
	while (total < size && one == 1) {
		if (chunk_parser_add(&single, bytes_slice(input, total, total + 1), NULL, &one,
			    &err) != FLONG_OK) {
			abort();
		}
		total += one;
	}
	if (total != used || single.state != whole.state ||
		single.payload_bytes != whole.payload_bytes) {
		abort();
	}
	SCOPED(source_closep)
	struct source *source = http_body_open_payload(source_from_bytes(input), true);
	if (source_read_all(source, &out, &err) != FLONG_OK || out.len > size) {
		abort();
	}
	return 0;
}
