/* SPDX-License-Identifier: MIT */
/* sitemap_fuzz.c - any bytes as sitemap, in XML and as text, packed, and as robots.txt */
#include "fuzz_links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {
		"application/xml", "text/plain", "application/gzip", "text/plain"};
	bool is_robots = size > 0 && data[0] % 4 == 3;
	fuzz_links(is_robots ? "https://a.example/robots.txt" : "https://a.example/sitemap", types,
		sizeof(types) / sizeof(types[0]), data, size);
	return 0;
}
