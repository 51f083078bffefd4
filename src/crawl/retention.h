/* SPDX-License-Identifier: MIT */
/* retention.h - which old runs of a job go, by age, number and size
 *
 * Only after a good run, never the run itself, and not when the clock may be wrong: a clock that
 * jumped must not make everything old. */
#ifndef CRAWL_RETENTION_H
#define CRAWL_RETENTION_H

#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/job.h"
#include "crawl/job_history.h"
#include "crawl/job_record.h"
#include "crawl/removal.h"
#include "flong/error.h"

/* Longest time between two runs that is believed: what was off for longer is looked at by a person
 * before something is removed for its age. */
#define RETENTION_GAP_MS (INT64_C(400) * 86400000)
/* How far the clocks of the servers may be off ours. */
#define RETENTION_CLOCK_MS INT64_C(86400000)

/* Why nothing may be removed now, or NULL. `last_ms` is when the run before started, 0 for none. */
const char *retention_refusal(const struct job_record *run, int64_t last_ms);
/* Appends to `removal` the runs that go and their files. `run` is the one that has just ended.
 * Files that belong to no run stay, but for originals taken over earlier, which are taken over
 * again when something goes. FLONG_E_IO. */
MUST_CHECK int retention_plan(const char *dir, const struct job_keep *keep,
	const struct job_record *run, struct removal *removal, uint64_t *runs_out,
	struct flong_error *err);

#endif
