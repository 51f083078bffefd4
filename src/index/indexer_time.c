/* SPDX-License-Identifier: MIT */
/* indexer_time.c - the time of a record, from any date that cdxj-indexer reads */
#include "index/indexer_time.h"

#include <stdio.h>

#include "base/clock.h"

#define PARTS_MAX 7
/* What the parts before the fraction may be at most; the clock looks closer. */
static const uint64_t part_max[PARTS_MAX - 1] = {9999, 99, 99, 99, 99, 99};

/* The next run of digits; a separator of one byte before it is passed over. */
static bool next_part(struct bytes *rest, struct bytes *part_out)
{
	size_t len = 0;
	while (len < rest->len && char_is_digit(rest->ptr[len])) {
		len++;
	}
	*part_out = bytes_slice(*rest, 0, len);
	*rest = bytes_slice(*rest, len + 1, rest->len);
	return len > 0;
}

bool indexer_time_parse(struct bytes date, int64_t *wall_ms_out)
{
	if (clock_parse_iso(date, wall_ms_out)) {
		return true;
	}
	uint64_t numbers[PARTS_MAX] = {0, 1, 1, 0, 0, 0, 0};
	size_t count = 0;
	struct bytes rest = date;
	while (rest.len > 0) {
		struct bytes part;
		if (count == PARTS_MAX || !next_part(&rest, &part)) {
			return false;
		}
		/* Of a fraction three digits count. */
		bool is_fraction = count == PARTS_MAX - 1;
		part = bytes_slice(part, 0, is_fraction ? 3 : part.len);
		uint64_t max = is_fraction ? 999 : part_max[count];
		if (!bytes_to_u64(part, max, &numbers[count])) {
			return false;
		}
		for (size_t digits = part.len; is_fraction && digits < 3; digits++) {
			numbers[count] *= 10;
		}
		count++;
	}
	char digits[CLOCK_DIGITS_SIZE];
	(void)snprintf(digits, sizeof(digits), "%04u%02u%02u%02u%02u%02u%03u",
		(unsigned)numbers[0] % 10000, (unsigned)numbers[1] % 100,
		(unsigned)numbers[2] % 100, (unsigned)numbers[3] % 100, (unsigned)numbers[4] % 100,
		(unsigned)numbers[5] % 100, (unsigned)numbers[6] % 1000);
	return count >= 3 && clock_parse_digits(bytes_of(digits), wall_ms_out);
}
