/* SPDX-License-Identifier: MIT */
/* wacz_unpack.h - a WACZ file becomes a collection directory again, every byte of it checked */
#ifndef INDEX_WACZ_UNPACK_H
#define INDEX_WACZ_UNPACK_H

#include <stdbool.h>

#include "base/scoped.h"
#include "flong/error.h"

struct wacz_unpack_options {
	/* Is told what a careful user wants to know and is no failure, one sentence each. */
	void (*notice)(void *context, const char *text);
	void *context;
	/* A hash that does not match is a notice instead of a failure: some writers get them wrong.
	 */
	bool ignores_hashes;
};

/* Unpacks the WACZ at `path` into the new directory `dir`. The structure of the ZIP file is judged
 * before anything is written (zip_reader.h); only files in archive/, indexes/, pages/, stories/,
 * logs/, reports/ and the two datapackage files are written, the rest is named in a notice. They
 * are written below `dir`.partial, compared with the hashes and sizes of datapackage.json, synced,
 * and renamed to `dir` at the end. Without indexes/index.cdx one is made: of index.cdxj, which is
 * the same under another name, or else of the records.
 *
 * FLONG_E_EXISTS: `dir` or `dir`.partial exists. FLONG_E_DAMAGED: a hash, size or checksum does not
 * match, or a file that datapackage.json names is missing; FLONG_E_IO: also when there is too
 * little room. Errors of wacz_reader_open and wacz_manifest_read. Nothing is left behind then. */
MUST_CHECK int wacz_unpack(const char *path, const char *dir,
	const struct wacz_unpack_options *options, struct flong_error *err);

#endif
