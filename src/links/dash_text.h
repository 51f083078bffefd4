/* SPDX-License-Identifier: MIT */
/* dash_text.h - the small languages inside an MPD: URL templates and durations */
#ifndef LINKS_DASH_TEXT_H
#define LINKS_DASH_TEXT_H

#include "base/buf.h"
#include "base/bytes.h"

/* What the identifiers of a template stand for. */
struct dash_values {
	struct bytes id; /* of the representation */
	uint64_t bandwidth, number, time;
};

/* Appends `pattern` with $RepresentationID$, $Bandwidth$, $Number$, $Time$ and $$ replaced; numbers
 * may have a width ("$Number%05d$"). False for anything else between two $: such a URL is never
 * asked for (ISO/IEC 23009-1 5.3.9.4.4). */
bool dash_text_fill(struct bytes pattern, const struct dash_values *values, struct buf *out);
/* Whether the template is another one for each segment. */
bool dash_text_counts(struct bytes pattern);
/* "PT1H2M3.5S" in milliseconds, -1 for what is no duration or absent (XML Schema 3.2.6; a year is
 * 365 days, a month 30). At most 10^12. */
int64_t dash_text_duration_ms(struct bytes text);

#endif
