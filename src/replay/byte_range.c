/* SPDX-License-Identifier: MIT */
/* byte_range.c - the Range field of a request */
#include "replay/byte_range.h"

bool byte_range_read(struct bytes field, int64_t length, struct byte_range *range_out)
{
	struct bytes first;
	struct bytes last;
	uint64_t start = 0;
	uint64_t end = 0;
	if (!bytes_starts_nocase(field, BYTES("bytes=")) ||
		!bytes_cut(bytes_slice(field, 6, field.len), '-', &first, &last)) {
		return false;
	}
	bool has_start = bytes_to_u64(bytes_trim(first), INT64_MAX, &start);
	bool has_end = bytes_to_u64(bytes_trim(last), INT64_MAX, &end);
	if ((!has_start && first.len > 0) || (!has_end && last.len > 0) ||
		(!has_start && !has_end)) {
		return false;
	}
	int64_t from = (int64_t)start;
	int64_t to = has_end && (int64_t)end < length - 1 ? (int64_t)end : length - 1;
	if (!has_start) {
		from = (int64_t)end < length ? length - (int64_t)end : 0;
		to = length - 1;
	}
	*range_out = (struct byte_range){from, from <= to ? to - from + 1 : 0};
	return true;
}
