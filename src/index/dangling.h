/* SPDX-License-Identifier: MIT */
/* dangling.h - revisits of a collection whose original is not in it
 *
 * A revisit names URI and date of the response whose payload it repeats (WARC/1.1 5.12, 5.13), and
 * players find it by these. So it dangles when the collection has no response of this URI and
 * second with the same payload digest; check says the same of it (W-25). A revisit that names no
 * URI or no date is not judged: nothing could be found for it (W-24). */
#ifndef INDEX_DANGLING_H
#define INDEX_DANGLING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/wacz_reader.h"

/* Reads the rows of indexes/index.cdx and the head of each revisit's record, and writes a line for
 * each that dangles into a file in `temp_dir` that has no name; the caller closes *fd_out. Memory
 * does not grow with either. FLONG_E_NOT_FOUND: there is no such index, or a file that it names;
 * FLONG_E_DAMAGED: no revisit is where a row says; FLONG_E_IO; errors of the reader. */
MUST_CHECK int dangling_find(const struct wacz_reader *collection, const char *temp_dir,
	int *fd_out, uint64_t *count_out, struct flong_error *err);

/* What a line says. Texts borrow from it. */
struct dangling {
	struct bytes url;    /* of the original, made plain (url_plain.h) */
	struct bytes second; /* of its date, 14 digits */
	int64_t date_ms;     /* as the revisit says it */
	bool has_digest;
	struct digest digest; /* of the payload */
	struct bytes id;      /* of the original, "-" when the revisit does not say */
	struct bytes revisit; /* its own URL, made plain */
};
/* False: it is none of these lines. */
bool dangling_parse(struct bytes line, struct dangling *dangling_out);

#endif
