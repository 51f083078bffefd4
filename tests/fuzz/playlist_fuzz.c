/* SPDX-License-Identifier: MIT */
/* playlist_fuzz.c - any bytes as HLS playlist, DASH manifest, track or list of media */
#include "fuzz_links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"application/vnd.apple.mpegurl", "application/dash+xml",
		"text/vtt", "audio/x-mpegurl", "application/vnd.ms-sstr+xml",
		"application/ttml+xml", "application/smil+xml"};
	fuzz_links(
		"https://a.example/b/c?d=e", types, sizeof(types) / sizeof(types[0]), data, size);
	return 0;
}
