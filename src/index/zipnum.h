/* SPDX-License-Identifier: MIT */
/* zipnum.h - a sorted index in compressed blocks, with a second index of the blocks
 *
 * Blocks of lines, a gzip member each, in one file; in another a line for each block with the key
 * and time of its first line and its place. Two dialects: pywb and Common Crawl separate by tabs,
 * WACZ files have JSON and a "!meta" line first. A block is never empty, and no two begin with the
 * same key and time (W-35): wabac.js keeps only one of such blocks. */
#ifndef INDEX_ZIPNUM_H
#define INDEX_ZIPNUM_H

#include <stddef.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

enum zipnum_dialect { ZIPNUM_PYWB, ZIPNUM_WACZ };

/* What tools write: Internet Archive and Common Crawl; the Webrecorder tools. */
#define ZIPNUM_LINES_PYWB 3000
#define ZIPNUM_LINES_WACZ 1024

struct zipnum_options {
	enum zipnum_dialect dialect;
	size_t lines;         /* of a block, at least 1 */
	const char *part;     /* borrowed; name of the file of blocks, written into the index */
	const char *temp_dir; /* borrowed; for blocks that do not fit in memory */
};

/* A sink of sorted lines. Blocks go to `blocks`, lines of the second index to `index`; both are
 * borrowed and not finished. Its finish writes the last block. Memory does not grow with the lines.
 * Write and finish give the errors of both sinks; FLONG_E_FORMAT: a line without key and time, or
 * one that is not in order; FLONG_E_LIMIT: longer than LIMIT_INDEX_LINE_BYTES. */
struct sink *zipnum_create(
	struct sink *blocks, struct sink *index, const struct zipnum_options *options);

#endif
