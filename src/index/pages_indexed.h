/* SPDX-License-Identifier: MIT */
/* pages_indexed.h - the lines of a page list whose captures an index has */
#ifndef INDEX_PAGES_INDEXED_H
#define INDEX_PAGES_INDEXED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/lookup.h"

/* Whether the index has a capture of exactly this URL at this millisecond. Errors of lookup_next;
 * FLONG_E_FORMAT: a line is none. */
MUST_CHECK int pages_indexed_has(struct lookup *index, struct bytes url, int64_t date_ms,
	bool *found_out, struct flong_error *err);
/* Writes those lines of `from` (pages.jsonl, stories.jsonl) to `to`, which may be the same file: it
 * is replaced at once. Lines without URL and time, such as the header, stay. FLONG_E_NOT_FOUND,
 * FLONG_E_FORMAT, FLONG_E_IO. */
MUST_CHECK int pages_indexed_copy(
	struct lookup *index, const char *from, const char *to, struct flong_error *err);

#endif
