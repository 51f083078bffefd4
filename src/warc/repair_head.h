/* SPDX-License-Identifier: MIT */
/* repair_head.h - a record's head written anew from what its fields say; for repair only
 *
 * What a field means is kept, its form becomes the standard's. What is changed is noted. */
#ifndef WARC_REPAIR_HEAD_H
#define WARC_REPAIR_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "warc/reader.h"

/* How a digest that does not match its data, or a value that says nothing, is kept: under these
 * prefixes to the name of its field. */
#define REPAIR_UNVERIFIED "Unverified-"
#define REPAIR_INVALID "Invalid-"

enum { REPAIR_INVALID_FIELDS = 8 };

struct repair_head {
	const struct reader_record *record; /* borrowed */
	bool is_arc;
	uint64_t block_length;
	bool drops_block_digest, drops_payload_digest; /* keep them as unverified ones */
	bool is_cut;                                   /* add WARC-Truncated when it is missing */
	bool is_no_http; /* the block of an ARC record that should hold HTTP holds none */
	/* Names of fields whose values are wrong; they are kept as invalid ones. */
	const struct bytes *invalid;
	size_t invalid_count;
	struct record_ids *ids; /* for a record without id */
};

/* Adds the head with its empty line to `out` and what was changed to `notes_out`, "; " between.
 * - the version becomes 1.0 or 1.1, lines end with CRLF, folds are joined
 * - lines without colon or with an impossible name go; control bytes become spaces
 * - of a field that may not be repeated the first stays
 * - brackets go from URIs and come to record ids; dates and digests are written in their usual form
 * - a record without WARC-Record-ID gets one */
void repair_head_write(const struct repair_head *head, struct buf *out, struct buf *notes_out);

#endif
