/* SPDX-License-Identifier: MIT */
/* record_parse.h - the meaning of a record head as found in a file, read tolerantly */
#ifndef WARC_RECORD_PARSE_H
#define WARC_RECORD_PARSE_H

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Length of the head at the start of `b` with its empty line, 0 when that is not there yet.
 * *scanned_io (0 at first) remembers how far was looked, for the next call with more bytes. */
size_t record_parse_length(struct bytes b, size_t *scanned_io);
/* Reads a whole head: sets version, type, headers, block_length, head_bytes and adds oddities.
 * FLONG_E_FORMAT: no version line, or no usable Content-Length; FLONG_E_LIMIT: limits.h. */
MUST_CHECK int record_parse_head(
	struct bytes b, struct reader_record *record, struct flong_error *err);

#endif
