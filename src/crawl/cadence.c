/* SPDX-License-Identifier: MIT */
/* cadence.c - how often a story is captured again */
#include "crawl/cadence.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct cadence cadence_of(int64_t interval_ms)
{
	const struct cadence_step steps[] = {
		{interval_ms, DAY_MS},
		{larger(6 * HOUR_MS, 6 * interval_ms), 7 * DAY_MS},
		{larger(DAY_MS, interval_ms), 30 * DAY_MS},
	};
	struct cadence cadence = {.count = sizeof(steps) / sizeof(steps[0])};
	for (size_t i = 0; i < cadence.count; i++) {
		cadence.steps[i] = steps[i];
	}
	return cadence;
}

/* The step that holds at this age, or NULL. */
static const struct cadence_step *step_at(const struct cadence *cadence, int64_t age_ms)
{
	for (size_t i = 0; i < cadence->count; i++) {
		if (age_ms < cadence->steps[i].until_ms) {
			return &cadence->steps[i];
		}
	}
	return NULL;
}

static const struct cadence_step *step_of(
	const struct cadence *cadence, const struct cadence_story *story, int64_t now_ms)
{
	const struct cadence_step *step = step_at(cadence, now_ms - story->born_ms);
	bool is_stable = story->unchanged >= CADENCE_STABLE && step != &cadence->steps[0];
	return is_stable ? NULL : step;
}

int64_t cadence_due_ms(
	const struct cadence *cadence, const struct cadence_story *story, int64_t now_ms)
{
	if (cadence->count == 0) {
		return story->last_ms;
	}
	const struct cadence_step *step = step_of(cadence, story, now_ms);
	return step == NULL ? INT64_MAX : story->last_ms + step->interval_ms;
}

bool cadence_is_due(
	const struct cadence *cadence, const struct cadence_story *story, int64_t now_ms)
{
	int64_t due_ms = cadence_due_ms(cadence, story, now_ms);
	if (due_ms == INT64_MAX) {
		return false;
	}
	int64_t early_ms = (due_ms - story->last_ms) / 10;
	/* A last capture in the future comes of a clock that was wrong. */
	return due_ms - early_ms <= now_ms || story->last_ms > now_ms;
}
