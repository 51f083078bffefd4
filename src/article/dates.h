/* SPDX-License-Identifier: MIT */
/* dates.h - dates as news pages write them: ISO 8601, mail dates, "13.06.2023", "May 3, 2024",
 * "vor 5 Stunden"
 *
 * Month, unit and "ago" words are closed lists of the large languages; a text in another language
 * is simply no date. */
#ifndef ARTICLE_DATES_H
#define ARTICLE_DATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum dates_precision {
	DATES_SECOND,
	DATES_MINUTE,
	DATES_DAY,
	DATES_RELATIVE /* counted back from the time of capture */
};

struct dates_value {
	int year, month, day, hour, minute, second;
	bool has_zone;
	int zone_minutes; /* east of UTC */
	enum dates_precision precision;
};

#define DATES_TEXT_SIZE 32

/* Finds the first date in `text` (at most its first 200 bytes). Relative dates are counted back
 * from `captured_ms`, and are UTC. False when there is none, or it is impossible. */
bool dates_read(struct bytes text, int64_t captured_ms, struct dates_value *value_out);
/* "2023-06-13", "2023-06-13T10:11:12+02:00"; without a zone when the page gave none. */
void dates_format(const struct dates_value *value, char out[DATES_TEXT_SIZE]);
/* "second", "minute", "day", "relative". */
const char *dates_precision_name(enum dates_precision precision);

#endif
