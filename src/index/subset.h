/* SPDX-License-Identifier: MIT */
/* subset.h - a collection of some WARC files of another one */
#ifndef INDEX_SUBSET_H
#define INDEX_SUBSET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"

struct subset_options {
	const char *dir;           /* the collection. All borrowed */
	const char *out_dir;       /* an empty directory, on the same file system or not */
	const struct buf *files;   /* base names of WARC files, a line each */
	const struct buf *reports; /* of files in reports/, a line each */
	bool is_self_contained;    /* with the originals of its revisits that other files have */
	int64_t now_ms;
};

/* Makes the collection: the files as they are (linked, or copied where that is not possible), their
 * index, and the lines of the page lists that belong to them. *originals_out: how many were copied
 * from other files. FLONG_E_NOT_FOUND: a file is not there. Errors of originals_copy and
 * collection_write_index. */
MUST_CHECK int subset_make(
	const struct subset_options *options, uint64_t *originals_out, struct flong_error *err);
/* Makes a copy of the whole collection `dir` in the empty directory `out_dir`, in the same way:
 * what is packed of a collection (wacz.h), files linked where that is possible. A file of it is
 * replaced, never written: that would change the collection. FLONG_E_USAGE: a segment is still
 * open; errors of wacz_reader_open; FLONG_E_IO. */
MUST_CHECK int subset_make_whole(const char *dir, const char *out_dir, struct flong_error *err);

#endif
