/* SPDX-License-Identifier: MIT */
/* feed_fuzz.c - any bytes as feed, in XML and JSON, and as oEmbed answer */
#include "fuzz_links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"application/rss+xml", "application/feed+json",
		"application/json+oembed", "text/xml"};
	fuzz_links(
		"https://a.example/b/c?d=e", types, sizeof(types) / sizeof(types[0]), data, size);
	return 0;
}
