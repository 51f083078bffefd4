/* SPDX-License-Identifier: MIT */
/* rebuild_visit.h - the visit that a line of the crawl log speaks of */
#ifndef CRAWL_REBUILD_VISIT_H
#define CRAWL_REBUILD_VISIT_H

#include "crawl/crawl_private.h"
#include "crawl/log_lines.h"
#include "crawl/run_file.h"

/* The visit as the state has it, or one made of what the line says; the caller's. */
MUST_CHECK int rebuild_visit(struct crawl *crawl, const struct log_line *line,
	struct visit **visit_out, struct flong_error *err);
/* Adds the seeds of the run to the options. When it does not say what they were, they are those of
 * the log: its lines without hops. */
MUST_CHECK int rebuild_find_seeds(
	struct crawl *crawl, const char *log_path, struct run_file *run, struct flong_error *err);

#endif
