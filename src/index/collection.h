/* SPDX-License-Identifier: MIT */
/* collection.h - the index of a collection directory, made anew from its WARC files */
#ifndef INDEX_COLLECTION_H
#define INDEX_COLLECTION_H

#include "base/scoped.h"
#include "flong/error.h"

/* Indexes all finished WARC files of `dir`/archive (those that end in ".warc" or ".warc.gz") into
 * `dir`/indexes/index.cdx: sorted CDXJ with 17-digit timestamps and record digests. The old index
 * is replaced when the new one is complete and synced. Errors of indexer_run and FLONG_E_IO; the
 * old index stays then. */
MUST_CHECK int collection_write_index(const char *dir, struct flong_error *err);
/* Adds the rows of `dir`/archive/`name` to `dir`/indexes/index.cdx, without reading the other files
 * again; the index is replaced as above. Errors as above. */
MUST_CHECK int collection_extend_index(const char *dir, const char *name, struct flong_error *err);

#endif
