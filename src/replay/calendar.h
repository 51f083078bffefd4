/* SPDX-License-Identifier: MIT */
/* calendar.h - how many captures there are of each day, as one small table a month
 *
 * Days are those of UTC, as everywhere in an archive. */
#ifndef REPLAY_CALENDAR_H
#define REPLAY_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"

struct calendar_month {
	int year, month;   /* 1-12 */
	unsigned days[31]; /* captures of each */
};

/* Zeroed is valid and empty. Only months with captures, in order; LIMIT_CALENDAR_MONTHS of them,
 * the captures of others are counted alone. */
struct calendar {
	struct calendar_month *months; /* owned */
	size_t count, capacity;
	size_t captures, left_out;
};

void calendar_add(struct calendar *calendar, int64_t time_ms);
/* Appends the tables, the latest month first. A day with captures is a link to `address` with the
 * day's eight digits behind it; `address` is fit for an attribute already. `thing` is what is
 * counted: "capture". `current`: the eight digits of the day that is shown, or empty. */
void calendar_write(const struct calendar *calendar, struct bytes address, const char *thing,
	struct bytes current, struct buf *out);
void calendar_clear(struct calendar *calendar);

#endif
