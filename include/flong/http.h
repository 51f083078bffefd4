/* SPDX-License-Identifier: MIT */
/* http.h - the head of an HTTP/1 request or response, read tolerantly
 *
 * Source: RFC 9112. What servers really send is read: bare line feeds, no reason phrase, odd
 * versions, lines without colon, folded lines. Functions that take a head give NULL, 0 or false
 * for NULL; they cannot fail. */
#ifndef FLONG_HTTP_H
#define FLONG_HTTP_H

#include "flong/flong.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flong_http;

enum flong_http_kind { FLONG_HTTP_RESPONSE = 0, FLONG_HTTP_REQUEST = 1 };

/* Length of the head at the start of `bytes` with the empty line that ends it; 0 when that is not
 * there, or `bytes` is NULL. Any thread. */
FLONG_API size_t flong_http_head_length(const void *bytes, size_t length);
/* Reads a head, with or without its empty line; bytes after that line are not looked at. The bytes
 * are copied. FLONG_E_FORMAT: no status line ("HTTP/...") or request line; FLONG_E_LIMIT: over 1
 * MiB; FLONG_E_USAGE: another kind. The caller closes *http_out. Any thread. */
FLONG_FALLIBLE int flong_http_parse(const void *bytes, size_t length, enum flong_http_kind kind,
	struct flong_http **http_out, struct flong_error *err);
/* Closes what flong_http_parse gave. Never close what flong_reader_http gave: it is borrowed. */
FLONG_API void flong_http_close(struct flong_http *http);

FLONG_API enum flong_http_kind flong_http_kind(const struct flong_http *http);
/* Status code of a response; 0 when it has no readable one, and of a request. */
FLONG_API int flong_http_status(const struct flong_http *http);
/* Reason phrase of a response, "" when it is empty; NULL of a request. */
FLONG_API const char *flong_http_reason(const struct flong_http *http);
/* Version of a response: 10 for HTTP/1.0, 11 for HTTP/1.1, in general major * 10 + minor; 0 when it
 * is unreadable, and of a request. */
FLONG_API int flong_http_version(const struct flong_http *http);
/* Method and target of a request; NULL of a response. */
FLONG_API const char *flong_http_method(const struct flong_http *http);
FLONG_API const char *flong_http_target(const struct flong_http *http);
/* Bytes of the head with its empty line, in the block or in what was parsed. */
FLONG_API size_t flong_http_length(const struct flong_http *http);

/* The n-th value, counted from 0, of the fields of that name, in any case of letters; NULL when
 * there are not so many, or `name` is NULL. White space at both ends is gone, folded lines are
 * joined by one space. */
FLONG_API const char *flong_http_field(const struct flong_http *http, const char *name, size_t n);
/* How many fields the head has. */
FLONG_API size_t flong_http_field_count(const struct flong_http *http);
/* Field number `index` in the order of the head; false, and *field_out untouched, when there are
 * not so many. */
FLONG_API bool flong_http_field_at(
	const struct flong_http *http, size_t index, struct flong_field *field_out);

#ifdef __cplusplus
}
#endif
#endif
