/* SPDX-License-Identifier: MIT */
/* small_crawl.h - the crawl of a small site that tests disturb, and what must be true of it after
 */
#ifndef TESTS_SUPPORT_SMALL_CRAWL_H
#define TESTS_SUPPORT_SMALL_CRAWL_H

#include <stdbool.h>

#include "base/buf.h"
#include "crawl/crawl.h"
#include "flong/error.h"

struct small_crawl {
	const char *seed;   /* borrowed */
	const char *output; /* borrowed: a directory that gets a package beside it, or x.wacz */
	bool resumes;
};

/* Makes a directory for a test, in $TMPDIR or /tmp; owned by the caller. */
char *small_crawl_place(void);
/* Runs it in this thread, one fetch at a time, acknowledged after every third exchange. What
 * crawl_run returns. */
int small_crawl_run(
	const struct small_crawl *crawl, enum crawl_exit *exit_out, struct flong_error *err);
/* Goes on until the crawl is finished, with what a user would do: resume, or begin when there is
 * nothing yet. What the last crawl_run returned; FLONG_OK also when it was finished before. */
int small_crawl_complete(const struct small_crawl *crawl, struct flong_error *err);
/* What the archive holds, sorted: "URL STATUS DIGEST" of each row, "page URL" of each page. False
 * when it cannot be read, with a reason. */
bool small_crawl_facts(const char *output, struct buf *facts_out, struct flong_error *err);
/* Whether a check of all files finds no error; else the first one is told. */
bool small_crawl_is_clean(const char *output, struct flong_error *err);
/* Whether each line of `lines` is in logs/crawl.log once; else one that is not is told. A piece of
 * a line at the end of `lines` does not count. */
bool small_crawl_acknowledges(const char *output, struct bytes lines, struct flong_error *err);

#endif
