/* SPDX-License-Identifier: MIT */
/* repair.h - every whole record of a WARC or ARC file, stored anew, one compressed member each
 *
 * Blocks are never changed. A head is written anew when its form is not the standard's
 * (repair_head.h); a digest that does not match its data is kept under another name, so that no
 * reader takes it for verified, and nothing that was known is lost. A record that is still wrong
 * then (no date, no type, no URI) cannot be found by any reader, and is left out. All of this is
 * reported. ARC records become WARC/1.0 records. */
#ifndef WARC_REPAIR_H
#define WARC_REPAIR_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/reader.h"
#include "warc/record.h"

enum repair_kind {
	REPAIR_CHANGED,  /* the record was kept, its head was changed */
	REPAIR_LEFT_OUT, /* the record cannot be kept */
	REPAIR_LOST      /* bytes that could not be read as records */
};

/* One thing that was done. Texts are valid during the call. */
struct repair_event {
	enum repair_kind kind;
	uint64_t from, to;   /* place in the file that was read */
	struct bytes record; /* its WARC-Record-ID, empty when not known */
	const char *text;    /* what was changed, or why it was left out */
};

struct repair_options {
	enum reader_form form;  /* of the new file */
	int level;              /* gzip 1-9, zstd 1-19 */
	const char *temp_dir;   /* for records that are too large for memory; borrowed */
	struct record_ids *ids; /* for records without id; NULL gives random ones */
	void (*event)(void *context, const struct repair_event *event); /* or NULL */
	void *context;
};

struct repair_summary {
	uint64_t kept, changed, left_out; /* records */
	uint64_t lost_bytes;              /* of the file that was read */
	uint64_t gaps;                    /* places where they were */
};

/* Reads `path` ("-" is standard input) and writes its records to `out` (not finished). Errors of
 * reader_open and of the sink; FLONG_E_IO: the file could not be read on. */
MUST_CHECK int repair_run(const char *path, const struct repair_options *options, struct sink *out,
	struct repair_summary *summary_out, struct flong_error *err);

#endif
