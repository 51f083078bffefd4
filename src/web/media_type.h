/* SPDX-License-Identifier: MIT */
/* media_type.h - Content-Type values: "text/html; charset=utf-8" (RFC 9110 8.3, WHATWG MIME
 * sniffing's parser) */
#ifndef WEB_MEDIA_TYPE_H
#define WEB_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/bytes.h"

/* The essence "type/subtype" as given (not lower-cased), without parameters; empty when there is
 * none. Borrowed. */
struct bytes media_type_essence(struct bytes content_type);
/* The charset parameter without quotes, or empty. Borrowed. */
struct bytes media_type_charset(struct bytes content_type);
bool media_type_is(struct bytes content_type, const char *essence); /* without case */
bool media_type_is_html(struct bytes content_type); /* text/html, application/xhtml+xml */
bool media_type_is_xml(struct bytes content_type);  /* text/xml, application/xml, anything +xml */
bool media_type_is_json(struct bytes content_type); /* application/json, anything +json */
/* The JavaScript types of MIME sniffing 4.6. */
bool media_type_is_javascript(struct bytes content_type);
bool media_type_is_text(
	struct bytes content_type); /* text/..., and the textual application types */

#endif
