/* SPDX-License-Identifier: MIT */
/* recorder_private.h - what the two files of the recorder share */
#ifndef CRAWL_RECORDER_PRIVATE_H
#define CRAWL_RECORDER_PRIVATE_H

#include "crawl/crawl_log.h"
#include "crawl/record_job.h"
#include "crawl/recorder.h"
#include "crawl/rows.h"

struct recorder {
	struct recorder_options options;
	char *archive_dir, *state_dir; /* owned */
	struct workers *workers;
	struct record_job_context jobs;
	struct deflater **deflaters; /* owned: one a thread, NULL entries with plain records */
	size_t deflater_count;
	struct record_ids ids;                     /* counted with --deterministic */
	struct segment *segment;                   /* the open one */
	struct rows *rows;                         /* of the open segment */
	uint64_t checkable;                        /* bytes of it that the check may read */
	unsigned serial;                           /* of the next segment */
	uint64_t finished_bytes;                   /* of closed segments */
	struct record_job *held_first, *held_last; /* jobs that wait for the next segment */
	size_t held;
	size_t composed; /* exchanges taken and not appended: their records name this segment */
	struct crawl_log *log;
	struct syncs *syncs; /* owned */
	bool is_syncing;     /* a sync was begun: nothing is appended until its end */
	struct recorder_unsynced unsynced;
	struct recorder_resumed resumed;
};

/* recorder_open.c: the segment that is written to. */

/* Opens the archive: the segment that the state names, cut back to what was acknowledged, or a new
 * one. FLONG_E_IO, FLONG_E_DAMAGED. */
MUST_CHECK int recorder_open_archive(struct recorder *recorder, struct flong_error *err);
/* Makes the next segment with its rows. */
MUST_CHECK int recorder_open_segment(struct recorder *recorder, struct flong_error *err);
/* The state learns what it must know of the open segment to cut it back after a crash. */
MUST_CHECK int recorder_note_position(struct recorder *recorder, struct flong_error *err);
/* What compares the records of the open segment with their rows. */
struct check_hooks recorder_check_hooks(struct recorder *recorder);

#endif
