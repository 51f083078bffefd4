/* SPDX-License-Identifier: MIT */
/* links_formats_fuzz.c - any bytes as manifest, settings, XML of any root, CSS, SVG, what no type
 * tells, and response heads */
#include "fuzz_links.h"

static void find_in_heads(const uint8_t *data, size_t size)
{
	struct flong_error err = {0};
	SCOPED(url_closep) struct url *url = NULL;
	struct link_list list = {0};
	if (url_parse(BYTES("https://a.example/b/c?d=e"), NULL, &url, &err) == FLONG_OK) {
		links_find_in_headers(url, bytes_from(data, size), &list);
	}
	link_list_clear(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"application/manifest+json",
		"application/opensearchdescription+xml", "text/xml", "text/css", "image/svg+xml",
		""};
	if (size > 0 && data[0] == 'H') {
		find_in_heads(data + 1, size - 1);
	} else {
		fuzz_links("https://a.example/b/c?d=e", types, sizeof(types) / sizeof(types[0]),
			data, size);
	}
	return 0;
}
