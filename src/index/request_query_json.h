/* SPDX-License-Identifier: MIT */
/* request_query_json.h - the scalars of a JSON text as name=value pairs */
#ifndef INDEX_REQUEST_QUERY_JSON_H
#define INDEX_REQUEST_QUERY_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the pairs of a JSON text, or of one JSON text a line: depth first, an element of an array
 * has the name of the array, the second value of a name is called name.2_, what has no name is left
 * out. Ends soon after REQUEST_QUERY_MAX bytes. False, with nothing appended, when it is no JSON,
 * nested over LIMIT_JSON_DEPTH or not UTF-8; text that is cut (not `is_whole`) counts as JSON when
 * the pairs are complete before its end. */
bool request_query_add_json(struct bytes text, bool is_whole, struct buf *query_out);

#endif
