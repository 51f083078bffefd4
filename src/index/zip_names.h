/* SPDX-License-Identifier: MIT */
/* zip_names.h - the names of a ZIP file's entries: each a plain relative path, no two the same */
#ifndef INDEX_ZIP_NAMES_H
#define INDEX_ZIP_NAMES_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/zip_directory.h"

/* Sets the entry's name (borrowed), without the slash that marks a directory. FLONG_E_REFUSED:
 * base/safe_path.h tells what is, and names that are not UTF-8. */
MUST_CHECK int zip_names_take(struct bytes name, struct zip_entry *entry, struct flong_error *err);
/* FLONG_E_REFUSED when two entries have one name (letters compared without case, as some file
 * systems do), or one is a file and another lies in a directory of that name. */
MUST_CHECK int zip_names_judge(
	const struct zip_entry *entries, size_t count, struct flong_error *err);

#endif
