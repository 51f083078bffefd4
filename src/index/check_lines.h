/* SPDX-License-Identifier: MIT */
/* check_lines.h - index files and page lists, line by line: form, order, and what they name */
#ifndef INDEX_CHECK_LINES_H
#define INDEX_CHECK_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/check_join.h"
#include "index/check_say.h"

/* A file of lines while it is checked. The caller sets the first members. */
struct check_lines {
	struct check_join *join; /* borrowed; NULL: nothing to compare with */
	unsigned file;           /* of the join */
	struct check_listener listener;
	uint64_t lines; /* out: those that are no header */
	/* Out: a CDXJ line has a timestamp without milliseconds; the first of them. */
	bool has_seconds;
	uint64_t first_seconds;
	/* Private. */
	uint64_t number; /* of the current line */
	bool has_crlf, has_numbers;
};

/* Checks CDXJ (or CDX with a " CDX" line first, of the letters N b a m s k r M S V g) from a source
 * (borrowed) of its plain text. FLONG_E_IO, FLONG_E_DAMAGED (compressed data). */
MUST_CHECK int check_lines_index(
	struct check_lines *lines, struct source *source, struct flong_error *err);
/* Checks pages.jsonl or extraPages.jsonl. Errors as above. */
MUST_CHECK int check_lines_pages(
	struct check_lines *lines, struct source *source, struct flong_error *err);

#endif
