/* SPDX-License-Identifier: MIT */
/* originals_from.h - the originals that a collection lacks, taken from other archives */
#ifndef INDEX_ORIGINALS_FROM_H
#define INDEX_ORIGINALS_FROM_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "index/sources.h"

struct originals_from_options {
	const char *dir;         /* the collection. All borrowed */
	struct sources *sources; /* NULL: none, so that all originals are lacking */
	const char *temp_dir;
	int64_t now_ms; /* of the new file's name and warcinfo record */
};

/* What came of it. Zeroed is valid; the caller clears it. */
struct originals_from_result {
	uint64_t dangling; /* revisits whose original was not in the collection */
	uint64_t lacking;  /* those of them for which no archive has it */
	uint64_t copied;   /* responses that are in the collection now */
	/* The first that is lacking; owned, NULL for none. */
	char *revisit;   /* URL of the revisit */
	char *original;  /* what it refers to, */
	int64_t date_ms; /* and when that was captured */
};
void originals_from_clear(struct originals_from_result *result);

/* For each revisit of the collection whose original is not in it (dangling.h) the response is
 * looked for that the revisit names: of that URI and date, best with that id. It is opened, and
 * its payload compared with the revisit's digest: another payload, or the same of another URI, is
 * no original, since players look originals up by URI and date. What is found is copied to
 * archive/originals-TIME.warc.gz (originals_file.h), and its rows go into the index.
 * Errors of dangling_find and originals_file_take; FLONG_E_IO. */
MUST_CHECK int originals_from(const struct originals_from_options *options,
	struct originals_from_result *result_out, struct flong_error *err);

#endif
