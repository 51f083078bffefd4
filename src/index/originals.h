/* SPDX-License-Identifier: MIT */
/* originals.h - the responses that revisits need, taken over from files that will not be there
 *
 * A revisit has no payload of its own. When the file with its original goes, or stays behind, the
 * original's records are copied into a WARC file of their own (originals_file.h). */
#ifndef INDEX_ORIGINALS_H
#define INDEX_ORIGINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

struct originals_options {
	const char *dir; /* the collection; its index is read. All borrowed */
	/* Which files have the revisits that count, and which have originals to be copied. */
	bool (*is_kept)(void *context, const char *file);
	bool (*is_left)(void *context, const char *file);
	void *context;
	const char *out_dir;  /* where the new file goes */
	const char *name;     /* its base name, "x.warc.gz" */
	const char *temp_dir; /* for sorting */
	int64_t now_ms;
};

/* Copies every response of the files left whose payload is that of a revisit in the files kept,
 * with the request and metadata records that belong to it. *count_out: how many; with 0 no file is
 * made. The file is checked, synced and renamed as every segment is. FLONG_E_NOT_FOUND: no index;
 * FLONG_E_DAMAGED: a row names no record; FLONG_E_EXISTS, FLONG_E_IO, errors of the reader. */
MUST_CHECK int originals_copy(
	const struct originals_options *options, uint64_t *count_out, struct flong_error *err);

#endif
