/* SPDX-License-Identifier: MIT */
/* indexer_lines.h - index files as input: told from WARC files, their rows checked and converted */
#ifndef INDEX_INDEXER_LINES_H
#define INDEX_INDEXER_LINES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/cdxj.h"

enum indexer_input {
	INDEXER_INPUT_RECORDS, /* a WARC file, or what the reader has to say of it */
	INDEXER_INPUT_CDXJ,
	INDEXER_INPUT_CDX /* 9, 10 or 11 columns, or with a header */
};

/* What a file is by its first lines; only regular files are looked into. Never fails. */
enum indexer_input indexer_lines_kind(const char *path);
/* Whether the line is a CDXJ row as far as can be seen without reading its JSON: not a header, not
 * an empty line. */
bool indexer_lines_is_row(struct bytes line);

struct indexer_lines {
	/* Takes a row: as a line when `entry` is NULL. Borrowed for the call. */
	int (*take)(void *context, struct bytes line, const struct cdxj_entry *entry,
		struct flong_error *err);
	/* Told of each line that is no row; the message names file and line number. */
	void (*fault)(void *context, const struct flong_error *fault);
	void *context;
	bool with_entries; /* give entries, not lines; always so for INDEXER_INPUT_CDX */
	bool needs_length; /* a row without the length of its record is a fault */
};

/* Whether the rows of a CDXJ file are in order, so that it can be merged as it is. Faults are told
 * of. FLONG_E_IO, FLONG_E_LIMIT. */
MUST_CHECK int indexer_lines_check(const char *path, const struct indexer_lines *lines,
	bool *is_sorted_out, struct flong_error *err);
/* Gives all rows of an index file. What `take` gives is given on; FLONG_E_IO, FLONG_E_LIMIT. */
MUST_CHECK int indexer_lines_read(const char *path, enum indexer_input kind,
	const struct indexer_lines *lines, struct flong_error *err);

#endif
