/* SPDX-License-Identifier: MIT */
/* indexer.h - the index rows of WARC files: which records have one, and what it says
 *
 * The rows are those of `cdxj-indexer`: one for each response, revisit, resource and metadata
 * record, except resources and metadata of type application/warc-fields. */
#ifndef INDEX_INDEXER_H
#define INDEX_INDEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/cdxj.h"

struct indexer_options {
	bool record_digest;   /* SHA-256 of each record's stored bytes: reads the file a second time
			       */
	const char *filename; /* written into the rows; NULL: the base name of the path */
	/* Takes a row; the entry is borrowed for the call. A failure ends the run and is given on.
	 */
	int (*take)(void *context, const struct cdxj_entry *entry, struct flong_error *err);
	void *context; /* borrowed */
};

/* Gives the rows of one WARC file ("-" is standard input, without record digests) in the order of
 * the file. Errors of the reader; FLONG_E_FORMAT: a record with a row has no readable WARC-Date;
 * FLONG_E_UNSUPPORTED: several records in one gzip member, which no index can point to. */
MUST_CHECK int indexer_run(
	const char *path, const struct indexer_options *options, struct flong_error *err);

/* How sorted lines are written. */
struct indexer_form {
	struct cdxj_options line;
	const char *temp_dir; /* borrowed; for sorting what does not fit in memory */
};

/* Writes the sorted lines of `count` files to `out` (not finished), each line once, as
 * `cdxj-indexer -s` does. */
MUST_CHECK int indexer_write(const char *const *paths, size_t count,
	const struct indexer_form *form, struct sink *out, struct flong_error *err);

#endif
