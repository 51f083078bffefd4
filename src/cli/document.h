/* SPDX-License-Identifier: MIT */
/* document.h - a document out of an archive, and where it came from */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "base/buf.h"
#include "base/scoped.h"
#include "cli/record_open.h"
#include "flong/error.h"
#include "web/headers.h"

/* Zeroed is valid and empty. */
struct document {
	struct buf content;
	struct buf url, type, date; /* of the record; empty for a file */
	int status;                 /* of the reply; 0 for a file */
	struct headers headers;     /* the same */
};

/* Reads the body of an open record, of a revisit that of its original; codings are undone. Errors
 * of record_open_original and body_open; FLONG_E_LIMIT over the limit of `content`. */
MUST_CHECK int document_read(
	struct record_open *open, struct document *document, struct flong_error *err);
void document_clear(struct document *document);

#endif
