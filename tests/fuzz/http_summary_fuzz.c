/* SPDX-License-Identifier: MIT */
/* http_summary_fuzz.c - any record block as an HTTP head: what is borrowed lies inside the head */
#include <stdint.h>
#include <stdlib.h>

#include "index/http_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct bytes part, struct bytes head)
{
	if (part.ptr != NULL &&
		(part.ptr < head.ptr || part.ptr + part.len > head.ptr + head.len)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes block = bytes_from(data, size);
	struct http_summary summary = http_summary_of(block);
	if (summary.length > size) {
		abort();
	}
	check_inside(summary.status, bytes_slice(block, 0, summary.length));
	check_inside(summary.media_type, bytes_slice(block, 0, summary.length));
	return 0;
}
