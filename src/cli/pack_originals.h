/* SPDX-License-Identifier: MIT */
/* pack_originals.h - the originals that a package needs of other archives */
#ifndef CLI_PACK_ORIGINALS_H
#define CLI_PACK_ORIGINALS_H

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"

/* FLONG_E_USAGE names the first of the archives of --dedup that is not there. */
MUST_CHECK int pack_originals_check(const struct crawl_texts *archives, struct flong_error *err);
/* Copies what the collection `work_dir`, made of `dir` for the package, lacks of the archives into
 * it; without any, of those that the last crawl in `dir` was given. FLONG_E_NOT_FOUND: something is
 * in none of them; the message says of how many revisits, and names the first. FLONG_E_USAGE: an
 * archive is none. Errors of originals_from. */
MUST_CHECK int pack_originals_add(const char *dir, const char *work_dir,
	const struct crawl_texts *archives, struct flong_error *err);
/* Tells on standard error how many revisits of the collection `dir` need originals that are
 * elsewhere; nothing when none does. `temp_dir` for files without name. */
void pack_originals_tell(const char *dir, const char *temp_dir);

#endif
