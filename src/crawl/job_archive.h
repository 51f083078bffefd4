/* SPDX-License-Identifier: MIT */
/* job_archive.h - which WARC files of a collection belong to which run */
#ifndef CRAWL_JOB_ARCHIVE_H
#define CRAWL_JOB_ARCHIVE_H

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/job_record.h"
#include "flong/error.h"

/* Appends the base names of the finished WARC files of DIR, a line each. None when there is no
 * archive yet. */
MUST_CHECK int job_archive_names(const char *dir, struct buf *names_out, struct flong_error *err);
/* Sets the segments of a run, and their bytes: the files that are not in `known`. */
MUST_CHECK int job_archive_new(const char *dir, const struct buf *known, struct job_record *record,
	struct flong_error *err);
/* Whether a list of lines has this one. */
bool job_archive_lists(const struct buf *lines, struct bytes name);

#endif
