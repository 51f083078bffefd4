/* SPDX-License-Identifier: MIT */
/* run_file.h - state/run: what the current run of a collection was told, beside the database
 *
 * Lines of text, so that a collection whose database is lost knows what it was to become. */
#ifndef CRAWL_RUN_FILE_H
#define CRAWL_RUN_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"

/* Zeroed is valid and empty. */
struct run_file {
	bool is_finished;         /* nothing is left to resume */
	uint64_t log_start;       /* length of logs/crawl.log when the run began */
	struct crawl_texts seeds; /* owned */
	struct buf options;       /* owned: lines as in crawl_options.saved */
};

void run_file_clear(struct run_file *run);
/* Reads DIR/state/run. FLONG_E_NOT_FOUND; FLONG_E_FORMAT names the line; FLONG_E_IO. */
MUST_CHECK int run_file_read(const char *dir, struct run_file *run_out, struct flong_error *err);
/* Replaces it, durably. FLONG_E_LIMIT: too many seeds; FLONG_E_IO. */
MUST_CHECK int run_file_write(const char *dir, const struct run_file *run, struct flong_error *err);
/* Writes the first one of a new collection without a sync: a kill leaves it, a power cut may leave
 * an empty file. The same errors. */
MUST_CHECK int run_file_note(const char *dir, const struct run_file *run, struct flong_error *err);

#endif
