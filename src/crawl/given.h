/* SPDX-License-Identifier: MIT */
/* given.h - archives that were given as a source of originals: --dedup WHERE
 *
 * Their indexes say where a payload may be. None is believed: before a revisit refers to a response
 * its record is opened, and its payload read and compared by SHA-256. */
#ifndef CRAWL_GIVEN_H
#define CRAWL_GIVEN_H

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"
#include "warc/capture.h"

struct given;

/* Opens collections, WACZ files, WARC files and CDXJ indexes (whose WARC files are beside them, in
 * ../archive, or where the row says) and gathers the rows with digests of `algorithm`, sorted, in
 * a file in `temp_dir` that has no name: memory does not grow with them. A source that has rows,
 * but none with such digests, is warned of. FLONG_E_USAGE names a source that is none; FLONG_E_IO.
 */
MUST_CHECK int given_open(const struct crawl_texts *where, enum digest_algorithm algorithm,
	const char *temp_dir, struct given **given_out, struct flong_error *err);
void given_close(struct given *given);
SCOPED_CLOSE(struct given *, given_close)

/* Finds the response that has the payload of this reply, in the same framing, and checks that it
 * has. The texts of *original_out are the caller's. Any thread. FLONG_E_NOT_FOUND: none does; what
 * cannot be read is no original. */
MUST_CHECK int given_find(struct given *given, const struct exchange *exchange,
	const struct capture_digests *digests, struct capture_original *original_out,
	struct flong_error *err);

#endif
