/* SPDX-License-Identifier: MIT */
/* check_collection.h - a collection directory as a set: archive/, indexes/, pages/ */
#ifndef INDEX_CHECK_COLLECTION_H
#define INDEX_CHECK_COLLECTION_H

#include <stdbool.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "index/check_set.h"

/* Whether a directory looks like a collection: it has a directory `archive`. */
bool check_collection_is(const char *dir);
/* Checks all files of a collection. Of `hooks`, `open` is not used: the files are opened in `dir`.
 * FLONG_OK whatever is found; FLONG_E_IO. */
MUST_CHECK int check_collection_run(const char *dir, const struct check_set_hooks *hooks,
	const char *temp_dir, struct check_join_summary *summary_out, struct flong_error *err);

#endif
