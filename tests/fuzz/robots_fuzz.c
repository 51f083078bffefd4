/* SPDX-License-Identifier: MIT */
/* robots_fuzz.c - a robots.txt, and a target after its first NUL */
#include "web/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct bytes text = input;
	struct bytes target = BYTES("/a/b.html?c=d");
	struct bytes rule;
	struct bytes url;
	(void)bytes_cut(input, (char)0, &text, &target);
	SCOPED(robots_closep) struct robots *robots = robots_parse(text, BYTES("flong"));
	(void)robots_allows(robots, target, &rule);
	(void)robots_crawl_delay_ms(robots);
	(void)robots_sitemap(robots, 0, &url);
	return 0;
}
