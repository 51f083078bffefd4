/* SPDX-License-Identifier: MIT */
/* record_open.h - one record, found by its offset or by the URL it is a capture of
 *
 * In a WARC file, a collection or a WACZ file, which is read in place. */
#ifndef CLI_RECORD_OPEN_H
#define CLI_RECORD_OPEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/wacz_reader.h"
#include "warc/reader.h"

/* An open record. Zeroed is valid and empty. */
struct record_open {
	const char *path;                   /* borrowed: the WARC file, collection or WACZ */
	struct wacz_reader *reader;         /* owned; NULL for a WARC file */
	struct buf file;                    /* path in `reader` */
	struct reader *records;             /* owned; stands in `record` */
	const struct reader_record *record; /* borrowed from `records` */
};
void record_open_clear(struct record_open *open);

/* Opens the record at `offset` of a WARC file, or of the file `file` ("archive/x.warc.gz" or its
 * last part) in a collection or WACZ; `file` may be NULL when there is only one WARC file in it.
 * FLONG_E_USAGE: it must be named; FLONG_E_NOT_FOUND: there is none, or no record. */
MUST_CHECK int record_open_at(const char *path, const char *file, uint64_t offset,
	struct record_open *open, struct flong_error *err);
/* Opens the capture of `url` nearest to `date` (2026-11-23, 2026-11-23T19:00:00Z or digits;
 * NULL: the latest). Errors of wacz_find and wacz_find_open; FLONG_E_USAGE: no date. */
MUST_CHECK int record_open_url(const char *path, const char *url, const char *date,
	struct record_open *open, struct flong_error *err);
/* Opens the record whose payload the revisit record in `revisit` repeats. FLONG_E_NOT_FOUND. */
MUST_CHECK int record_open_original(
	const struct record_open *revisit, struct record_open *open, struct flong_error *err);
/* The record's bytes as they are in the file, but uncompressed: head, block and the line ends after
 * it. The reader goes to its end for that. FLONG_E_UNSUPPORTED when another record is in the same
 * gzip member. */
MUST_CHECK int record_open_raw(
	struct record_open *open, struct source **source_out, struct flong_error *err);
/* "archive/x.warc.gz at offset 123", for messages. */
void record_open_describe(const struct record_open *open, struct buf *out);

#endif
