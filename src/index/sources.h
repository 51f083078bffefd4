/* SPDX-License-Identifier: MIT */
/* sources.h - archives that originals may be in: collections, WACZ files, WARC files and CDXJ
 * indexes
 *
 * The rows of their indexes are gathered, and found again by the digest of a payload. A row is a
 * hint only: whoever uses it opens the record, and compares. */
#ifndef INDEX_SOURCES_H
#define INDEX_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/reader.h"

struct sources;

struct sources_options {
	const char *const *paths; /* all borrowed until close */
	size_t count;
	const enum digest_algorithm *algorithm; /* the only digests that count; NULL: all do */
	const char *temp_dir;
};

/* Opens collections, WACZ files, WARC files and CDXJ indexes (whose WARC files are beside them, in
 * ../archive, or where the row says) and gathers the rows with digests, but those of revisits, in
 * a file in `temp_dir` that has no name: memory does not grow with them. Messages begin with
 * "--dedup". A source that has rows, but none with digests that count, is warned of.
 * FLONG_E_USAGE names a source that is none; FLONG_E_IO. */
MUST_CHECK int sources_open(const struct sources_options *options, struct sources **sources_out,
	struct flong_error *err);
void sources_close(struct sources *sources);
SCOPED_CLOSE(struct sources *, sources_close)

/* A response, or so says a row. Texts are borrowed until the next sources_find or sources_next. */
struct sources_row {
	struct bytes timestamp; /* as the index has it, 14 to 17 digits */
	struct bytes url;       /* url_plain of it */
	size_t source;          /* which of the paths */
	struct bytes file;      /* as the index has it */
	uint64_t offset;
};
/* Begins to look for rows of this digest whose timestamp begins so ("": any). FLONG_E_IO. */
MUST_CHECK int sources_find(struct sources *sources, const struct digest *digest,
	struct bytes timestamp, struct flong_error *err);
/* The next of them, the earliest first; FLONG_END after the last. FLONG_E_IO. */
MUST_CHECK int sources_next(
	struct sources *sources, struct sources_row *row_out, struct flong_error *err);

/* A WARC file of a source, as a row names it. */
struct sources_file {
	size_t source;
	struct bytes name; /* borrowed */
};
/* Opens it for the record at `offset`, as reader_open_at. FLONG_E_NOT_FOUND: it is not there;
 * errors of the reader. Any thread. */
MUST_CHECK int sources_open_records(const struct sources *sources, struct sources_file file,
	uint64_t offset, struct reader **reader_out, struct flong_error *err);
/* Opens its stored bytes from `offset` on, in a WACZ where they are. Any thread. */
MUST_CHECK int sources_open_stored(const struct sources *sources, struct sources_file file,
	uint64_t offset, struct source **source_out, struct flong_error *err);

#endif
