/* SPDX-License-Identifier: MIT */
/* wacz_index.h - the long index of a collection as a WACZ file has it: in compressed blocks
 *
 * Players of WACZ files look for a URL among the first keys of the blocks, by a key of their own
 * dialect (surt_js). So a line is written once more under that key where it differs from the one
 * that pywb uses: each finds one of them. */
#ifndef INDEX_WACZ_INDEX_H
#define INDEX_WACZ_INDEX_H

#include "base/scoped.h"
#include "flong/error.h"

#define WACZ_INDEX_BLOCKS "indexes/index.cdx.gz"
#define WACZ_INDEX_PLACES "indexes/index.idx"

/* Two temporary files without a name; -1 for none. */
struct wacz_index {
	int blocks_fd; /* content of WACZ_INDEX_BLOCKS */
	int places_fd; /* content of WACZ_INDEX_PLACES */
};

/* Makes both from the CDXJ file `path`, with temporary files in `temp_dir`; in bounded memory.
 * FLONG_E_FORMAT: a line is no row (the first is named). FLONG_E_IO, FLONG_E_LIMIT. */
MUST_CHECK int wacz_index_make(const char *path, const char *temp_dir, struct wacz_index *index_out,
	struct flong_error *err);
void wacz_index_clear(struct wacz_index *index);

#endif
