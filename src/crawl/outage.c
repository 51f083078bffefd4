/* SPDX-License-Identifier: MIT */
/* outage.c - when no host can be reached any more */
#include "crawl/outage.h"

/* Failures in a row of hosts that had answered: two fetches of a page with their tries are fewer.
 */
#define KNOWN_FAILURES 5
/* How long an outage of several hosts is waited on before the crawl stops, to be resumed; and one
 * that may be the only host's own. */
#define PATIENCE_MS 600000
#define SHORT_PATIENCE_MS 60000
/* Between two fetches that try whether it is over: at first, and at most. */
#define PROBE_MS 1000
#define PROBE_MAX_MS 10000

bool outage_lasts(const struct outage *outage)
{
	return outage->since_ms != 0;
}

static void note_failing(struct outage *outage, uint64_t origin, bool is_known)
{
	outage->failures += is_known;
	for (size_t i = 0; i < outage->failing_count; i++) {
		if (outage->failing[i] == origin) {
			return;
		}
	}
	if (outage->failing_count < LIMIT_OUTAGE_ORIGINS) {
		outage->failing[outage->failing_count++] = origin;
		outage->known_count += is_known;
	}
}

static bool is_outage(const struct outage *outage, uint64_t answered)
{
	uint64_t wanted = answered < 2 ? 1 : 2;
	return outage->failing_count == LIMIT_OUTAGE_ORIGINS ||
	       (outage->known_count >= wanted && outage->failures >= KNOWN_FAILURES);
}

enum outage_change outage_failed(
	struct outage *outage, uint64_t origin, bool is_known, uint64_t answered, int64_t now_ms)
{
	note_failing(outage, origin, is_known);
	if (outage->is_dismissed) {
		return OUTAGE_NONE;
	}
	if (!outage_lasts(outage)) {
		if (!is_outage(outage, answered)) {
			return OUTAGE_NONE;
		}
		outage->since_ms = now_ms;
		outage->interval_ms = PROBE_MS;
		outage->probe_ms = now_ms + PROBE_MS;
		return OUTAGE_BEGINS;
	}
	int64_t lasted_ms = now_ms - outage->since_ms;
	if (outage->known_count >= 2) {
		return lasted_ms < PATIENCE_MS ? OUTAGE_LASTS : OUTAGE_ENDLESS;
	}
	if (lasted_ms < SHORT_PATIENCE_MS) {
		return OUTAGE_LASTS;
	}
	outage->since_ms = 0;
	outage->is_dismissed = true;
	return OUTAGE_NONE;
}

int64_t outage_replied(struct outage *outage, int64_t now_ms)
{
	int64_t lasted_ms = outage_lasts(outage) ? now_ms - outage->since_ms : -1;
	*outage = (struct outage){0};
	return lasted_ms;
}

int64_t outage_wait_ms(const struct outage *outage, int64_t now_ms)
{
	return outage->probe_ms > now_ms ? outage->probe_ms - now_ms : 0;
}

void outage_probed(struct outage *outage, int64_t now_ms)
{
	outage->interval_ms =
		outage->interval_ms * 2 < PROBE_MAX_MS ? outage->interval_ms * 2 : PROBE_MAX_MS;
	outage->probe_ms = now_ms + outage->interval_ms;
}
