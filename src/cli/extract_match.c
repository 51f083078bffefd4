/* SPDX-License-Identifier: MIT */
/* extract_match.c - which captures are wanted: by URL, by media type, by status */
#include "cli/extract_match.h"

#include <stdlib.h>

#include "web/surt.h"

void extract_match_clear(struct extract_pattern *pattern)
{
	buf_clear(&pattern->key);
	buf_clear(&pattern->record_key);
}

void extract_match_init(struct extract_pattern *pattern, const char *url, enum extract_match match)
{
	*pattern = (struct extract_pattern){.is_set = url != NULL, .match = match};
	if (url == NULL) {
		return;
	}
	struct bytes text = bytes_of(url);
	surt_ia(text, &pattern->key);
	size_t end = bytes_find_char(buf_bytes(&pattern->key), ')', 0);
	bool is_folder = text.len > 0 && text.ptr[text.len - 1] == '/';
	if ((match == MATCH_HOST || match == MATCH_DOMAIN) && end != SIZE_MAX) {
		buf_truncate(&pattern->key, end);
	} else if (match == MATCH_PREFIX && is_folder &&
		   !bytes_ends(buf_bytes(&pattern->key), BYTES("/"))) {
		buf_add_char(&pattern->key, '/'); /* keys are without it */
	}
}

bool extract_match_url(struct extract_pattern *pattern, struct bytes url)
{
	if (!pattern->is_set) {
		return true;
	}
	buf_reset(&pattern->record_key);
	surt_ia(url, &pattern->record_key);
	struct bytes key = buf_bytes(&pattern->record_key);
	struct bytes wanted = buf_bytes(&pattern->key);
	if (pattern->match == MATCH_EXACT) {
		return bytes_equal(key, wanted);
	}
	if (pattern->match == MATCH_PREFIX) {
		/* The folder itself has lost its slash. */
		return bytes_starts(key, wanted) ||
		       (bytes_ends(wanted, BYTES("/")) &&
			       bytes_equal(key, bytes_slice(wanted, 0, wanted.len - 1)));
	}
	if (!bytes_starts(key, wanted) || key.len == wanted.len) {
		return false;
	}
	char next = key.ptr[wanted.len];
	return next == ')' || next == ':' || (next == ',' && pattern->match == MATCH_DOMAIN);
}

bool extract_match_type(const char *list, struct bytes media_type)
{
	if (list == NULL) {
		return true;
	}
	struct bytes rest = bytes_of(list);
	struct bytes item;
	while (bytes_next_item(&rest, ',', &item)) {
		item = bytes_trim(item);
		if (bytes_ends(item, BYTES("/*"))) {
			item.len -= 2;
		}
		bool is_kind = bytes_find_char(item, '/', 0) == SIZE_MAX;
		if (item.len > 0 && (bytes_equal_nocase(item, media_type) ||
					    (is_kind && bytes_starts_nocase(media_type, item) &&
						    media_type.len > item.len &&
						    media_type.ptr[item.len] == '/'))) {
			return true;
		}
	}
	return false;
}
