/* SPDX-License-Identifier: MIT */
/* output.h - where the archive goes: a collection directory, and the file it may become */
#ifndef CRAWL_OUTPUT_H
#define CRAWL_OUTPUT_H

#include <stdbool.h>

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"

enum output_kind { OUTPUT_DIRECTORY, OUTPUT_WACZ, OUTPUT_WARC };

struct output {
	enum output_kind kind;
	char *dir;   /* owned: the collection that is worked in */
	char *final; /* owned: the file it becomes, or NULL */
	int lock_fd; /* -1 = not held */
	bool is_new; /* made by this run: removed again when nothing came of it */
};

/* Decides from --output (or the first seed's host and path and the time), makes the directories
 * (not durable before output_sync), takes the lock. FLONG_E_EXISTS: the file exists, or the
 * directory is something else; FLONG_E_BUSY: another process holds it (the message names its pid);
 * FLONG_E_NOT_FOUND: nothing to resume; FLONG_E_IO. *output_out is cleared with output_close in
 * every case. */
MUST_CHECK int output_open(const struct crawl_options *options, int64_t now_ms,
	struct output *output_out, struct flong_error *err);
/* Whether nothing is kept in a directory: it is empty, or has the folders of a collection or some
 * of them, and in them at most what a state is made of, without state/run, which comes before the
 * first reply is kept. */
bool output_is_blank(const char *dir);
/* Makes the names of its directories durable: what is written below lasts only as long as they.
 * FLONG_E_IO. */
MUST_CHECK int output_sync(const struct output *output, struct flong_error *err);
/* Releases the lock. `keeps_nothing`: a directory made by this run is removed. */
enum output_fate { OUTPUT_KEPT, OUTPUT_REMOVED };
void output_close(struct output *output, enum output_fate fate);
/* "dir/sub/name", owned by the caller. */
char *output_path(const struct output *output, const char *sub, const char *name);

#endif
