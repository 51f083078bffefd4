/* SPDX-License-Identifier: MIT */
/* wacz.h - packing a collection directory into one WACZ 1.1.1 file (W-36) */
#ifndef INDEX_WACZ_H
#define INDEX_WACZ_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

/* What datapackage.json says. Text is UTF-8 and may be NULL; all is borrowed. */
struct wacz_options {
	const char *title;
	const char *description;
	const char *software; /* "flong 0.1.0" */
	int64_t created_ms;   /* also the time of all ZIP entries */
	int64_t modified_ms;  /* 0: as created_ms */
	const char *main_url; /* the seed */
	int64_t main_date_ms; /* of its capture; 0: not written */
	const char *sign_key; /* file of a private key (sign.h); NULL: not signed */
};

/* Packs the files of `dir`: archive/, indexes/, pages/, stories/, logs/ and reports/, one level
 * deep, regular files only, in a fixed order; never state/. All are stored, read
 * once, and never held in memory. An index over LIMIT_PLAIN_INDEX_BYTES is packed in blocks
 * (wacz_index.h). The file is written beside `out_path` under a name that ends in
 * ".partial", synced and renamed.
 *
 * FLONG_E_EXISTS: `out_path` exists (it is never replaced). FLONG_E_NOT_FOUND: the collection has
 * no WARC, no indexes/index.cdx or no pages/pages.jsonl. FLONG_E_USAGE: a segment is still open.
 * FLONG_E_DAMAGED: a file changed meanwhile. FLONG_E_FORMAT: the index has a line that is none.
 * FLONG_E_IO. */
MUST_CHECK int wacz_pack(const char *dir, const char *out_path, const struct wacz_options *options,
	struct flong_error *err);

#endif
