/* SPDX-License-Identifier: MIT */
/* request_query_form.h - the bodies of HTML forms as query text */
#ifndef INDEX_REQUEST_QUERY_FORM_H
#define INDEX_REQUEST_QUERY_FORM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends a body of type application/x-www-form-urlencoded with its escapes undone. False, with
 * nothing appended, when it is not UTF-8. */
bool request_query_add_form(struct bytes body, bool is_whole, struct buf *query_out);
/* Appends the parts of a multipart body as name=value pairs; an unfinished last part counts. False,
 * with nothing appended, when the type names no boundary or there is no part. */
bool request_query_add_multipart(
	struct bytes content_type, struct bytes body, struct buf *query_out);

#endif
