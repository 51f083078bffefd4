/* SPDX-License-Identifier: MIT */
/* zipnum_dir.h - a folder with an index in compressed blocks, as pywb reads it */
#ifndef INDEX_ZIPNUM_DIR_H
#define INDEX_ZIPNUM_DIR_H

#include <stddef.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Makes `dir` if absent and writes index.cdx.gz, index.idx and index.loc into it, in pywb's
 * dialect, from the sorted lines that `fill` writes to `lines`. Old files of these names are
 * replaced when the new ones are complete and synced. Errors of `fill`; FLONG_E_IO. */
MUST_CHECK int zipnum_dir_write(const char *dir, size_t block_lines,
	int (*fill)(void *context, struct sink *lines, struct flong_error *err), void *context,
	struct flong_error *err);

#endif
