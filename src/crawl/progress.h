/* SPDX-License-Identifier: MIT */
/* progress.h - one line on the terminal that is always true, or JSON lines for programs */
#ifndef CRAWL_PROGRESS_H
#define CRAWL_PROGRESS_H

#include "base/scoped.h"
#include "crawl/crawl.h"

struct crawl;
struct progress;

/* Starts showing progress on stderr as the mode says: PROGRESS_AUTO only on a terminal. Never NULL.
 * Log lines step around it. */
struct progress *progress_create(enum crawl_progress mode);
/* Takes the line away. */
void progress_close(struct progress *progress);
/* Shows the crawl's numbers, at most five times a second (JSON: once a second). */
void progress_update(struct progress *progress, const struct crawl *crawl);

#endif
