/* SPDX-License-Identifier: MIT */
/* record_job.h - the recorder's work on one exchange, done on a worker thread: digests in one
 * pass, a look whether the payload is known already, then the finished members */
#ifndef CRAWL_RECORD_JOB_H
#define CRAWL_RECORD_JOB_H

#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "base/workers.h"
#include "crawl/recorder.h"
#include "flong/error.h"
#include "warc/capture.h"

/* What all jobs of a recorder share. */
struct record_job_context {
	const struct recorder_options *options; /* borrowed, as all here */
	struct record_ids *ids;                 /* counted ones, or NULL */
	const char *spool_dir;
	struct deflater **deflaters; /* one a thread; NULL entries with plain records */
};

struct record_job {
	struct worker_job base;
	const struct record_job_context *context; /* borrowed */
	struct recorded *recorded; /* owned, with its exchange, until it is given back */
	bool has_story, keeps_body;
	struct buf metadata, story;       /* owned; see recorder_notes, until it has run */
	struct bytes text;                /* borrowed, as long */
	struct record_ids ids;            /* random ones, unless they are counted */
	char warcinfo_id[RECORD_ID_SIZE]; /* to be set before the job runs */
	struct capture_digests digests;
	struct capture_group group; /* owned */
	struct flong_error err;     /* code 0: composed */
	struct record_job *next;    /* for a list of the owner */
};

/* A job that composes the records of an exchange (recorder_submit). Takes the exchange; `context`
 * is borrowed for the job's life. */
struct record_job *record_job_create(const struct record_job_context *context,
	struct exchange *exchange_take, const struct recorder_notes *notes);
void record_job_close(struct record_job *job);
SCOPED_CLOSE(struct record_job *, record_job_close)
/* Once the records of an exchange are in the file: remembers a full response as the original of its
 * payload. */
MUST_CHECK int record_job_note_original(
	const struct record_job *job, const struct exchange *exchange, struct flong_error *err);

#endif
