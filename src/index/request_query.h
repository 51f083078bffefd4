/* SPDX-License-Identifier: MIT */
/* request_query.h - the body of a POST or PUT as query text, so that its reply has a key of its own
 *
 * Replay tools make the same text of what a page sends and look it up ("request body
 * canonicalization" of the Webrecorder project; pywb, wabac.js, cdxj-indexer). Where they differ,
 * ours is what the two players compute: true, false, null and numbers as JavaScript prints them. */
#ifndef INDEX_REQUEST_QUERY_H
#define INDEX_REQUEST_QUERY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Characters (code points) of the query text; more is cut. */
#define REQUEST_QUERY_MAX 4096

/* Appends the query text of a body by its Content-Type: forms decoded, multipart parts and JSON
 * members as name=value, else "__wb_post_data=" and base64. `is_whole` is false when `body` is only
 * the beginning of it. Never fails: JSON that is none gives no text. */
void request_query_add(
	struct bytes content_type, struct bytes body, bool is_whole, struct buf *query_out);
/* Appends `url` with the method and the query text in its query: what the key is made of. */
void request_query_add_url(
	struct bytes url, struct bytes method, struct bytes query, struct buf *url_out);
/* Appends bytes as HTML forms write them (Python's quote_plus): a space becomes "+", all but
 * letters, digits and "_.-~" becomes %XX. */
void request_query_quote(struct bytes text, struct buf *out);

#endif
