/* SPDX-License-Identifier: MIT */
/* indexer_paths.h - the files that are indexed, and the names they have in the rows */
#ifndef INDEX_INDEXER_PATHS_H
#define INDEX_INDEXER_PATHS_H

#include <stddef.h>

#include "base/scoped.h"
#include "flong/error.h"

/* Paths of files, each owned. Zeroed is valid. */
struct indexer_paths {
	char **list;
	size_t count;
	size_t capacity;
};

void indexer_paths_clear(struct indexer_paths *paths);
/* Copies the paths; in the place of a directory the files below it whose names end in .warc, .arc,
 * .warc.gz, .arc.gz or .warc.zst, sorted by bytes; links to directories are not followed.
 * FLONG_E_IO: a directory cannot be read; FLONG_E_LIMIT: too deep. */
MUST_CHECK int indexer_paths_expand(const char *const *paths, size_t count,
	struct indexer_paths *all_out, struct flong_error *err);
/* `path` as seen from the directory `root`, both made absolute and without "." and ".." (as
 * Python's os.path.relpath, without looking at links). The caller frees it. FLONG_E_IO: there is no
 * working directory. */
MUST_CHECK int indexer_paths_relative(
	const char *path, const char *root, char **relative_out, struct flong_error *err);

#endif
