/* SPDX-License-Identifier: MIT */
/* job_record.h - what is known of one run of a job: reports/run-ID.json, and the lines of
 * status.json */
#ifndef CRAWL_JOB_RECORD_H
#define CRAWL_JOB_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/scoped.h"
#include "crawl/job.h"
#include "flong/error.h"

enum job_state {
	JOB_GOOD,        /* whole, or stopped by a limit the user set */
	JOB_SUSPICIOUS,  /* made, but not what earlier runs found */
	JOB_FAILED,      /* a seed failed, or the archive could not be written */
	JOB_INTERRUPTED, /* by a signal or a kill */
	JOB_RUNNING
};
const char *job_state_name(enum job_state state);

/* Zeroed is valid. Lists have a line an entry. */
struct job_record {
	char id[CLOCK_DIGITS_SIZE]; /* when it started: 17 digits */
	int64_t started_ms, finished_ms;
	enum crawl_exit exit;
	enum job_state state;
	uint64_t stories;  /* that its seeds lead to */
	uint64_t vanished; /* stories of earlier runs that are gone from the site */
	uint64_t pages, pages_failed, exchanges, revisits, bytes_received, bytes_stored;
	bool knows_clock;     /* some server told the time */
	int64_t clock_off_ms; /* how much the nearest of their clocks is before ours */
	uint64_t walls;       /* pages instead of which a bot check, a consent or a login came */
	struct buf reasons;   /* owned: why it is suspicious or failed */
	struct buf segments;  /* owned: base names of its WARC files */
};
void job_record_clear(struct job_record *record);

/* Takes the figures of a crawl's report.json. FLONG_E_FORMAT, FLONG_E_IO. */
MUST_CHECK int job_record_take_report(
	struct job_record *record, const char *report_path, struct flong_error *err);
/* Appends the members of a JSON object that tell the run. */
void job_record_add_members(const struct job_record *record, struct buf *json);
/* Writes DIR/reports/run-ID.json: the members, then the crawl's own report (`report_path`, NULL for
 * none). */
MUST_CHECK int job_record_write(const struct job_record *record, const char *dir, const char *job,
	const char *report_path, struct flong_error *err);
/* Reads DIR/reports/NAME. */
MUST_CHECK int job_record_read(
	const char *dir, const char *name, struct job_record *record_out, struct flong_error *err);
/* The names of all such reports, oldest first, each zero-terminated. */
MUST_CHECK int job_record_names(const char *dir, struct buf *names_out, struct flong_error *err);

#endif
