/* SPDX-License-Identifier: MIT */
/* log_lines.h - the lines of a crawl log read back, with a look ahead
 *
 * They are in the order of the exchanges in the archive, with lines of fetches between that brought
 * nothing. */
#ifndef CRAWL_LOG_LINES_H
#define CRAWL_LOG_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* One line. The texts are borrowed from it. */
struct log_line {
	struct buf text; /* owned */
	uint64_t at;     /* its place in the file */
	struct bytes url;
	struct bytes hops;    /* letters, empty for a seed */
	struct bytes via;     /* URL, or empty */
	struct bytes stamp;   /* 17 digits: when the fetch began */
	struct bytes digest;  /* of the payload, or empty: there is no record */
	struct bytes outcome; /* word of exchange_outcome_name, or empty when ok */
	int tries;
};

struct log_lines;

/* Opens a log; one that is not there has no lines. FLONG_E_IO. */
MUST_CHECK int log_lines_open(
	const char *path, struct log_lines **lines_out, struct flong_error *err);
void log_lines_close(struct log_lines *lines);
SCOPED_CLOSE(struct log_lines *, log_lines_close)
/* The line `ahead` of the next one (0 = that one), borrowed until log_lines_pass; NULL behind the
 * last whole line or LOG_LINES_AHEAD. Lines that are none of ours are passed over and counted. */
#define LOG_LINES_AHEAD 256
const struct log_line *log_lines_peek(struct log_lines *lines, size_t ahead);
/* Goes to the next line. */
void log_lines_pass(struct log_lines *lines);
/* Lines that could not be read. */
uint64_t log_lines_odd(const struct log_lines *lines);

#endif
