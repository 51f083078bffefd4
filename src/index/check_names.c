/* SPDX-License-Identifier: MIT */
/* check_names.c - what a file of a collection is, by its path in it */
#include "index/check_names.h"

static bool ends_with(struct bytes name, const char *const *endings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_ends(name, bytes_of(endings[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_warc(struct bytes path)
{
	static const char *const endings[] = {
		".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".arc.zst", ".open"};
	return ends_with(path, endings, sizeof(endings) / sizeof(endings[0]));
}

static bool is_index(struct bytes path)
{
	static const char *const endings[] = {".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz"};
	return ends_with(path, endings, sizeof(endings) / sizeof(endings[0]));
}

enum check_name check_names_of(struct bytes path)
{
	if (bytes_starts(path, BYTES("archive/"))) {
		return is_warc(path) ? CHECK_NAME_WARC : CHECK_NAME_STRANGE;
	}
	if (bytes_starts(path, BYTES("indexes/"))) {
		return is_index(path)                    ? CHECK_NAME_INDEX
		       : bytes_ends(path, BYTES(".idx")) ? CHECK_NAME_BLOCKS
							 : CHECK_NAME_OTHER;
	}
	bool is_pages = bytes_starts(path, BYTES("pages/")) && bytes_ends(path, BYTES(".jsonl"));
	return is_pages ? CHECK_NAME_PAGES : CHECK_NAME_OTHER;
}
