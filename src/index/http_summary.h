/* SPDX-License-Identifier: MIT */
/* http_summary.h - the facts of an HTTP head that go into an index, read as cdxj-indexer reads them
 *
 * web/http_head knows what a head means; this knows what the peer prints for it, also when the head
 * is broken: the lines of both indexers must be the same bytes. */
#ifndef INDEX_HTTP_SUMMARY_H
#define INDEX_HTTP_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"

struct http_summary {
	size_t length;       /* of the head with its empty line; all bytes when there is none */
	struct bytes status; /* the word after the version; ptr NULL: there is no head */
	struct bytes
		media_type; /* of the first Content-Type, up to ';' or a blank; ptr NULL: none */
};

/* Never fails. The result borrows from `block`. */
struct http_summary http_summary_of(struct bytes block);
/* The first word of a head: the method of a request. Borrows. */
struct bytes http_summary_method(struct bytes block);
/* Appends the first value of a field, folded lines joined as they are; false, with nothing
 * appended, when there is none. */
bool http_summary_field(struct bytes block, struct bytes name, struct buf *value_out);
/* The media type of a Content-Type value: up to ';' or a blank. Absent stays absent. */
struct bytes http_summary_media_type(struct bytes value);

#endif
