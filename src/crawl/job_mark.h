/* SPDX-License-Identifier: MIT */
/* job_mark.h - state/run.json: a run is under way, and which WARC files were there before it */
#ifndef CRAWL_JOB_MARK_H
#define CRAWL_JOB_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Zeroed is valid. */
struct job_mark {
	char id[CLOCK_DIGITS_SIZE];
	int64_t started_ms;
	struct buf known; /* owned: base names of WARC files, a line each */
};
void job_mark_clear(struct job_mark *mark);

/* *found_out: whether there is one. FLONG_E_IO, FLONG_E_FORMAT. */
MUST_CHECK int job_mark_read(
	const char *dir, struct job_mark *mark_out, bool *found_out, struct flong_error *err);
MUST_CHECK int job_mark_write(
	const char *dir, const struct job_mark *mark, struct flong_error *err);
MUST_CHECK int job_mark_remove(const char *dir, struct flong_error *err);

#endif
