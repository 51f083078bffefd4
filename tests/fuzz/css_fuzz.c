/* SPDX-License-Identifier: MIT */
/* css_fuzz.c - any bytes as a style sheet */
#include <stdint.h>

#include "links/css.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(struct bytes url, const struct css_span *span, void *context)
{
	size_t *bytes = context;
	(void)span;
	*bytes += url.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t bytes = 0;
	css_each_url(bytes_from(data, size), count, &bytes);
	/* A NUL or an escape grows to three bytes, nothing is said twice. */
	if (bytes > 3 * size + 3) {
		__builtin_trap();
	}
	struct references references = {0};
	css_find(bytes_from(data, size), &references);
	references_clear(&references);
	return 0;
}
