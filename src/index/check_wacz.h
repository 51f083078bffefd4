/* SPDX-License-Identifier: MIT */
/* check_wacz.h - a WACZ file as a set: its ZIP structure, what it says of itself, and all its files
 *
 * Everything is read in place; nothing is unpacked to disk. Memory grows with the number of files
 * in the package, which LIMIT_ZIP_ENTRIES caps, and with nothing else. */
#ifndef INDEX_CHECK_WACZ_H
#define INDEX_CHECK_WACZ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "index/check_package.h"
#include "index/check_set.h"

struct check_wacz_options {
	/* Of which `open` is not used. Files are named "PATH: archive/data.warc.gz". */
	const struct check_set_hooks *hooks; /* borrowed */
	/* May be NULL: each file of the package, after it was read, with its size and SHA-256 as
	 * text. Its context is that of the hooks. */
	void (*file)(void *context, const char *name, uint64_t size, const char *digest);
	const char *temp_dir; /* borrowed */
};

/* What is known of the package. Zeroed is valid. */
struct check_wacz_summary {
	bool is_readable;             /* the ZIP file could be read; else nothing below is set */
	struct check_package package; /* its texts, digest and signature */
	uint64_t files, bytes;        /* of the package, unpacked */
	uint64_t hashes_right, hashes_wrong; /* of files that datapackage.json lists */
	uint64_t unlisted;                   /* files that it does not list */
	struct check_join_summary joined;
};

/* Checks a WACZ file. FLONG_OK whatever is found; FLONG_E_NOT_FOUND, FLONG_E_IO. The caller clears
 * the summary, after failure too. */
MUST_CHECK int check_wacz_run(const char *path, const struct check_wacz_options *options,
	struct check_wacz_summary *summary_out, struct flong_error *err);
void check_wacz_clear(struct check_wacz_summary *summary);

#endif
