/* SPDX-License-Identifier: MIT */
/* html_fuzz.c - any bytes as an HTML document */
#include <stdint.h>

#include "links/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(BYTES("https://a.example/b/c"), NULL, &url, &err) != FLONG_OK) {
		return 1;
	}
	struct link_list list = {0};
	struct links_input input = {.url = url, .role = ROLE_DOCUMENT};
	int rc = html_find(bytes_from(data, size), &input, &list, &err);
	bool sane = rc == FLONG_OK;
	for (size_t i = 0; i < list.count; i++) {
		sane = sane && bytes_starts(list.items[i].url, BYTES("http")) &&
		       list.items[i].rule != NULL && list.items[i].where != NULL;
	}
	link_list_clear(&list);
	if (!sane) {
		__builtin_trap();
	}
	return 0;
}
