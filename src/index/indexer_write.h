/* SPDX-License-Identifier: MIT */
/* indexer_write.h - the sorted index of any number of files: WARC files on threads, index files
 * merged */
#ifndef INDEX_INDEXER_WRITE_H
#define INDEX_INDEXER_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/cdxj.h"
#include "index/indexer_fields.h"

enum indexer_format { INDEXER_CDXJ, INDEXER_CDX11, INDEXER_CDX9 };

/* What is written. All borrowed. */
struct indexer_form {
	enum indexer_format format;
	struct cdxj_options line; /* of CDXJ */
	bool post;                /* as in struct indexer_options, and the next two */
	const struct indexer_fields *fields;
	const char *records;
	const char *dir_root; /* file names are relative to this directory; NULL: base names */
	const char *temp_dir; /* for sorting what does not fit in memory */
	size_t threads;       /* 0 or 1: none but the caller's. The lines are the same */
	/* NULL: what is damaged ends all with that error. Else it is told of each such place, file
	 * by file in their order, in the caller's thread, and all else is indexed. */
	void (*fault)(void *context, const struct flong_error *fault);
	void *context;
};

/* Writes the sorted lines of `count` files to `out` (not finished), each line once, as
 * `cdxj-indexer -s` does. Files that are indexes already are merged; a directory stands for the
 * WARC and ARC files below it. Memory does not grow with the files. Errors of indexer_run, of
 * `out`, FLONG_E_IO. */
MUST_CHECK int indexer_write(const char *const *paths, size_t count,
	const struct indexer_form *form, struct sink *out, struct flong_error *err);

#endif
