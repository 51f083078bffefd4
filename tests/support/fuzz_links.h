/* SPDX-License-Identifier: MIT */
/* fuzz_links.h - any bytes as a document, through the finder of its type; the first byte chooses
 * the type */
#ifndef TESTS_SUPPORT_FUZZ_LINKS_H
#define TESTS_SUPPORT_FUZZ_LINKS_H

#include <stdint.h>

#include "base/limits.h"
#include "links/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads the bytes behind the first as one of `count` types, found at the URL. Whatever they are,
 * finding does not fail, each link is a URL of its own, and the limits hold. */
static inline void fuzz_links(const char *url_text, const char *const *types, size_t count,
	const uint8_t *data, size_t size)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	if (size == 0 || url_parse(bytes_of(url_text), NULL, &url, &err) < 0) {
		return;
	}
	struct links_input input = {.document = bytes_from(data + 1, size - 1),
		.url = url,
		.content_type = bytes_of(types[data[0] % count]),
		.role = ROLE_FEED};
	if (links_find(&input, &list, &err) != FLONG_OK ||
		list.requisites > LIMIT_PAGE_REQUISITES) {
		__builtin_trap();
	}
	for (size_t i = 0; i < list.count; i++) {
		if (!bytes_starts(list.items[i].url, BYTES("http"))) {
			__builtin_trap();
		}
	}
	link_list_clear(&list);
}

#endif
