/* SPDX-License-Identifier: MIT */
/* job_history.h - what earlier runs of a job found, and whether a new one is in line with it */
#ifndef CRAWL_JOB_HISTORY_H
#define CRAWL_JOB_HISTORY_H

#include <stdint.h>

#include "crawl/job_record.h"
#include "flong/error.h"

/* Good runs whose median says what is usual. */
#define JOB_HISTORY_GOOD 20
/* Below this many stories the numbers vary too much to say anything. */
#define JOB_HISTORY_STORIES_MIN 4

struct job_history {
	uint64_t good_runs;     /* that were looked at, at most JOB_HISTORY_GOOD */
	uint64_t usual_stories; /* median of theirs */
	int64_t last_ms;        /* when the newest run of all started; 0 = there is none */
};

/* Reads the newest run reports of the collection. One that cannot be read is left out. FLONG_E_IO.
 */
MUST_CHECK int job_history_read(
	const char *dir, struct job_history *history_out, struct flong_error *err);
/* Sets state, reasons and the final exit code of a run from its exit code and figures. `seeds` is
 * how many URLs it was given. */
void job_history_judge(
	const struct job_history *history, uint64_t seeds, struct job_record *record);

#endif
