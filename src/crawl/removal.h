/* SPDX-License-Identifier: MIT */
/* removal.h - WARC files, or the captures of a URL, leave a collection, and nothing that stays
 * loses what it needs
 *
 * First the originals of revisits that stay are copied into a new file, or the files that have the
 * URL are written anew without it, beside the old ones. Then one file,
 * state/removal.json, says what goes: from that moment on the removal is finished, whatever
 * happens. The index, the page lists and the state forget what goes, and last the files are
 * deleted. A kill before that moment changes nothing, a kill after it is made good by
 * removal_recover. */
#ifndef CRAWL_REMOVAL_H
#define CRAWL_REMOVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/excise.h"

/* Files with originals that were taken over begin with this: they belong to no run. */
#define REMOVAL_PREFIX "originals-"

/* Zeroed is valid. Lists have a line an entry. */
struct removal {
	struct buf files;            /* owned: base names of WARC files that go */
	struct buf runs;             /* owned: ids of the runs whose reports go with them */
	struct buf segment;          /* owned: the new file with originals; empty for none */
	struct buf url;              /* owned: href whose captures go; empty for none */
	struct buf reason;           /* owned: why; goes into the log */
	struct buf renewed;          /* owned: base names of the files that lost captures of it */
	struct excise_counts counts; /* of the captures that went */
	uint64_t originals;          /* that were copied */
	uint64_t removed_bytes;      /* of files that went */
};
void removal_clear(struct removal *removal);

/* Removes `files` and `runs`, or the captures of `url`, from the collection, whose lock the caller
 * holds, and adds a line for each file to logs/removed.log. FLONG_E_IO and others: nothing is lost;
 * the next run goes on. */
MUST_CHECK int removal_run(const char *dir, struct removal *removal, struct flong_error *err);
/* Finishes or undoes a removal that was interrupted. */
MUST_CHECK int removal_recover(const char *dir, struct flong_error *err);

#endif
