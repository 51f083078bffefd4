/* SPDX-License-Identifier: MIT */
/* indexer_request.h - the query text of a request record */
#ifndef INDEX_INDEXER_REQUEST_H
#define INDEX_INDEXER_REQUEST_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Appends the query text of the request at whose block the reader stands (nothing of it was read);
 * `head` is a copy of its HTTP head. The body is read with its codings undone, at most
 * Content-Length bytes of it, of which the first LIMIT_REQUEST_BODY_BYTES count. What is read of
 * the body goes to `payload` as well unless that is NULL; the rest stays to be read. Errors of the
 * reader. */
MUST_CHECK int indexer_request_query(struct reader *reader, struct bytes head,
	struct digester *payload, struct buf *query_out, struct flong_error *err);

#endif
