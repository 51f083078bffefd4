/* SPDX-License-Identifier: MIT */
/* http_head_fuzz.c - a response head and a request head */
#include <stdlib.h>

#include "web/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct flong_error err = {0};
	struct http_head head;
	struct headers headers;
	struct bytes method;
	struct bytes target;
	size_t length = http_head_length(input);
	if (length > size || http_head_parse_response(input, &head, &err) != FLONG_OK) {
		abort();
	}
	(void)http_head_fault(&head);
	http_head_clear(&head);
	if (http_head_parse_request(input, &method, &target, &headers, &err) == FLONG_OK &&
		(method.len == 0 || target.len == 0)) {
		abort();
	}
	headers_clear(&headers);
	return 0;
}
