/* SPDX-License-Identifier: MIT */
/* srcset_fuzz.c - any bytes as srcset, sizes and media */
#include <stdint.h>

#include "links/srcset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_from(data, size);
	struct bytes sizes = text;
	struct bytes before;
	struct bytes after;
	if (bytes_cut(text, '\n', &before, &after)) {
		text = before;
		sizes = after;
	}
	struct srcset set;
	srcset_parse(text, &set);
	srcset_choose(&set, sizes, SRCSET_ALL_SCREENS);
	unsigned shown = 0;
	for (size_t i = 0; i < set.count; i++) {
		if (set.items[i].url.len == 0 || (shown & set.items[i].shown) != 0) {
			__builtin_trap();
		}
		shown |= set.items[i].shown;
	}
	if (set.count > 0 && shown != SRCSET_ALL_SCREENS) {
		__builtin_trap();
	}
	return srcset_media_screens(sizes) > SRCSET_ALL_SCREENS;
}
