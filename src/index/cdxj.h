/* SPDX-License-Identifier: MIT */
/* cdxj.h - one line of a CDXJ index: written as cdxj-indexer writes it, read as anyone writes it
 *
 * `<urlkey> SP <timestamp> SP <JSON object> LF`. */
#ifndef INDEX_CDXJ_H
#define INDEX_CDXJ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "flong/error.h"

/* A member of the JSON object beyond the usual ones, such as "http:date". */
struct cdxj_extra {
	const char *name;   /* borrowed */
	struct bytes value; /* borrowed; absent when ptr is NULL */
};

/* One capture. Text that is absent has ptr NULL and is not written; empty text is. All bytes are
 * borrowed. */
struct cdxj_entry {
	struct bytes key;                /* surt_ia of the URL */
	struct bytes timestamp;          /* 14 to 17 digits, UTC */
	struct bytes url;                /* UTF-8 */
	struct bytes mime;               /* media type without parameters, "warc/revisit" */
	struct bytes status;             /* three digits; absent for what is no HTTP reply */
	struct bytes digest;             /* payload digest with its label */
	uint64_t length;                 /* stored bytes of the record */
	uint64_t offset;                 /* of the record in the file */
	struct bytes filename;           /* base name */
	struct bytes record_digest;      /* of the stored bytes, "sha256:..." */
	struct bytes request_body;       /* query text made of the body of a POST or PUT */
	struct bytes method;             /* of a POST or PUT */
	const struct cdxj_extra *extras; /* borrowed; written before the request */
	size_t extra_count;
};

struct cdxj_options {
	int digits;         /* of the timestamp: 14 or 17; cut, never rounded */
	bool record_digest; /* write recordDigest */
};

/* Appends the line with its LF. */
void cdxj_format(
	const struct cdxj_entry *entry, const struct cdxj_options *options, struct buf *line_out);

struct json_document;
/* A line that was read. Zeroed is valid. */
struct cdxj_row {
	struct cdxj_entry entry;        /* borrows from the line and the document */
	struct json_document *document; /* owned */
	char status[24];                /* text of a status that is a JSON number */
};

/* Reads a line (with or without LF); the row borrows from it. Fields of other JSON types than
 * expected count as absent; numbers may be strings or numbers. FLONG_E_FORMAT: not of the form
 * above, or no usable offset, length or filename. FLONG_E_UNSUPPORTED: a header line ("!meta",
 * " CDX"). `row_out` is cleared first. */
MUST_CHECK int cdxj_parse(struct bytes line, struct cdxj_row *row_out, struct flong_error *err);
void cdxj_clear(struct cdxj_row *row);
/* Cuts the key and the timestamp off a line; false when it has no two spaces. `json_out` is the
 * rest. */
bool cdxj_split(struct bytes line, struct bytes *key_out, struct bytes *timestamp_out,
	struct bytes *json_out);

#endif
