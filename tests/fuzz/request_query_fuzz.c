/* SPDX-License-Identifier: MIT */
/* request_query_fuzz.c - any body of a request as query text: never too long, and UTF-8
 *
 * The first line is the Content-Type, the rest the body. */
#include <stdint.h>
#include <stdlib.h>

#include "index/request_query.h"
#include "web/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes type = {NULL, 0};
	struct bytes body = bytes_from(data, size);
	(void)bytes_next_line(&body, &type);
	for (int is_whole = 0; is_whole < 2; is_whole++) {
		struct buf query = {0};
		request_query_add(type, body, is_whole != 0, &query);
		size_t count = 0;
		for (size_t at = 0; at < query.len; count++) {
			(void)utf8_next(buf_bytes(&query), &at);
		}
		if (count > REQUEST_QUERY_MAX || !utf8_is_valid(buf_bytes(&query))) {
			abort();
		}
		buf_clear(&query);
	}
	return 0;
}
