/* SPDX-License-Identifier: MIT */
/* job_status.h - status.json of a collection: how its job goes, for a monitor */
#ifndef CRAWL_JOB_STATUS_H
#define CRAWL_JOB_STATUS_H

#include <stdint.h>

#include "crawl/job_record.h"
#include "flong/error.h"

/* What status.json says beside the last run. Zeroed is valid: nothing was good yet. */
struct job_status {
	struct {
		char id[CLOCK_DIGITS_SIZE];
		int64_t started_ms, finished_ms; /* 0 = none */
		uint64_t stories;
	} good; /* the last good run */
	uint64_t runs_since_good;
	char running[CLOCK_DIGITS_SIZE]; /* read: the run that was under way then; else empty */
	int64_t next_due_ms;             /* 0 = not known */
	uint64_t removed_runs;           /* by this run */
	uint64_t removed_bytes;          /* of them */
};

/* Reads what earlier runs left in DIR/status.json: the last good run, and how many others came
 * after it. A missing or unreadable file counts as none. */
void job_status_read(const char *dir, struct job_status *status_out);
/* Counts a run that has ended. */
void job_status_count(struct job_status *status, const struct job_record *record);
/* Replaces DIR/status.json, and `second` unless NULL, at once: a reader sees the old one or the new
 * one. FLONG_E_IO. */
MUST_CHECK int job_status_write(const struct job_status *status, const struct job_record *record,
	const struct job_options *job, struct flong_error *err);

#endif
