/* SPDX-License-Identifier: MIT */
/* body.h - what a record holds for its reader: the HTTP head, and the body as a browser would see
 * it
 */
#ifndef WARC_BODY_H
#define WARC_BODY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/reader.h"
#include "web/http_head.h"

/* Zeroed is valid and empty. */
struct body {
	bool is_http;          /* the block begins with the head of an HTTP message */
	struct buf head;       /* that head, with its empty line */
	struct http_head http; /* of a reply: what it means. Of a request: its fields only */
	/* The body: transfer and content codings undone; for what is no HTTP message the block.
	 * Borrows the reader. NULL after body_open_head. */
	struct source *content;
	/* The content coding that is not known: then `content` still has all of them. */
	struct buf unknown_coding;
	/* The first failure of the reader itself while `content` was read: then the file is
	 * damaged, not only the coding. code 0: none. */
	struct flong_error fault;
};

/* Reads the head of the current record and opens its body. Interim replies (1xx) that stand before
 * the final one are passed over. A body that says gzip and is not is given as it is, as browsers
 * and players do. Errors of the reader only; reading `content` can fail with FLONG_E_DAMAGED too
 * when a coding is broken. The record's reader and the body stay where they are meanwhile. */
MUST_CHECK int body_open(struct reader *reader, const struct reader_record *record,
	struct body *body, struct flong_error *err);
/* As body_open, without the body: the reader stands behind the head. */
MUST_CHECK int body_open_head(struct reader *reader, const struct reader_record *record,
	struct body *body, struct flong_error *err);
void body_clear(struct body *body);

/* The media type of the content: of the reply, or of the record where that is none. Borrowed from
 * body or record. */
struct bytes body_media_type(const struct body *body, const struct reader_record *record);

#endif
