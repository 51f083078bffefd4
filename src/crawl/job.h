/* SPDX-License-Identifier: MIT */
/* job.h - scheduled runs: a crawl that is made again and again into one collection
 *
 * A run puts in order what the last one left, crawls with everything known of earlier runs, and
 * compares what it found with them: a run that finds the site gone or much smaller than usual is
 * suspicious. Then it removes old runs, packs, and says how it went in reports/run-ID.json and in
 * status.json, which a monitor can read at any moment. Nothing is touched before all options were
 * checked and the collection is locked. */
#ifndef CRAWL_JOB_H
#define CRAWL_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/cadence.h"
#include "crawl/crawl.h"
#include "flong/error.h"

enum job_overlap { JOB_OVERLAP_SKIP, JOB_OVERLAP_WAIT };

/* What is kept of earlier runs; 0 = no limit. The newest good run is always kept. */
struct job_keep {
	int64_t age_ms;
	uint64_t runs, bytes;
};

/* What a job is told beside the options of its crawl. Texts are owned. */
struct job_options {
	char *name;       /* for messages and reports: base name of the file without ".conf" */
	char *collection; /* directory */
	struct job_keep keep;
	struct cadence every;
	enum job_overlap on_overlap;
	char *alert;       /* shell command, or NULL */
	char *status_path; /* a second status file, or NULL */
};
void job_options_clear(struct job_options *options);

/* How a run ended. */
struct job_result {
	enum crawl_exit exit;
	char *report; /* owned: for people */
};

/* Everything that can be wrong with the options, without touching anything. FLONG_E_USAGE. */
MUST_CHECK int job_check(
	const struct job_options *job, struct crawl_options *crawl, struct flong_error *err);
/* One run. The crawl's output, its lock and its packing are the job's. FLONG_OK with *result_out
 * whatever the crawl found. FLONG_E_BUSY: skipped, another process is at work; FLONG_E_STOPPED: a
 * signal came while waiting for it; FLONG_E_EXISTS: the directory is no collection of ours;
 * FLONG_E_IO and others: the run failed, which status.json says where it could be written. */
MUST_CHECK int job_run(const struct job_options *job, struct crawl_options *crawl,
	struct job_result *result_out, struct flong_error *err);

#endif
