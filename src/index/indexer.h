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
#include "flong/error.h"
#include "index/cdxj.h"
#include "index/indexer_fields.h"

struct indexer_options {
	bool record_digest; /* SHA-256 of each record's stored bytes: reads the file a second time
			     */
	bool post; /* the reply to a POST or PUT has a key of its own, with method and body of the
		    * request, when that stands directly before or after it and names it */
	const struct indexer_fields *fields; /* further members; NULL for none */
	const char *records;  /* types that have a row, separated by commas, or "all"; NULL: those
			       * above */
	const char *filename; /* written into the rows; NULL: the base name of the path */
	/* Takes a row; the entry is borrowed for the call. A failure ends the run and is given on.
	 */
	int (*take)(void *context, const struct cdxj_entry *entry, struct flong_error *err);
	/* NULL: what is damaged or cannot be indexed ends the run with that error. Else it is told
	 * of each such place, in the order of the file, and the run goes on behind it. */
	void (*fault)(void *context, const struct flong_error *fault);
	void *context; /* borrowed */
};

/* Gives the rows of one WARC file ("-" is standard input, without record digests) in the order of
 * the file. Errors of the reader; FLONG_E_FORMAT: a record with a row has no readable WARC-Date;
 * FLONG_E_UNSUPPORTED: several records in one gzip member, which no index can point to. */
MUST_CHECK int indexer_run(
	const char *path, const struct indexer_options *options, struct flong_error *err);

#endif
