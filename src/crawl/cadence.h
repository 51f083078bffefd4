/* SPDX-License-Identifier: MIT */
/* cadence.h - how often a story is captured again: often while it is young, then more rarely, and
 * not any more when it is old or does not change
 *
 * A cadence is a list of steps: an interval, and the age of a story up to which it holds. The first
 * interval is also the time between two runs. */
#ifndef CRAWL_CADENCE_H
#define CRAWL_CADENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CADENCE_STEPS_MAX 8
/* Captures with the same text after which a story counts as stable. */
#define CADENCE_STABLE 3

struct cadence_step {
	int64_t interval_ms;
	int64_t until_ms; /* age; INT64_MAX in the last step: for ever */
};

/* Zeroed is valid: no step, everything is due in every run. */
struct cadence {
	struct cadence_step steps[CADENCE_STEPS_MAX];
	size_t count;
};

/* What is known of a story. Times are wall clock. */
struct cadence_story {
	int64_t born_ms;    /* published, or when it was first captured if that was earlier */
	int64_t last_ms;    /* last captured */
	uint64_t unchanged; /* captures in a row, the last included, with the same text */
};

/* The cadence of one interval: every run while a story is younger than a day, then every six
 * intervals (at least 6 hours) up to a week, then every day, or interval, up to 30 days. */
struct cadence cadence_of(int64_t interval_ms);
/* When the story is due: INT64_MAX when never again, because it is older than the last step, or
 * older than the first and stable. */
int64_t cadence_due_ms(
	const struct cadence *cadence, const struct cadence_story *story, int64_t now_ms);
/* Whether it is due at `now_ms`. A run is a little early now and then: a tenth of the interval
 * counts as due. */
bool cadence_is_due(
	const struct cadence *cadence, const struct cadence_story *story, int64_t now_ms);

#endif
