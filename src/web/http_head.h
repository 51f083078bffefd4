/* SPDX-License-Identifier: MIT */
/* http_head.h - the head of an HTTP/1 message, read tolerantly: bytes are kept elsewhere, this is
 * their meaning
 *
 * RFC 9112, with what servers really send: bare LF, no reason phrase, odd versions, lines without
 * colon, folds. */
#ifndef WEB_HTTP_HEAD_H
#define WEB_HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/headers.h"

/* What was odd about a head; each is a reason to call the outcome an error or to mention it. Bits.
 */
enum http_oddity {
	HTTP_ODD_NO_STATUS_LINE = 1 << 0, /* the first line is no HTTP status line */
	HTTP_ODD_VERSION = 1 << 1,        /* not HTTP/1.0 or HTTP/1.1 */
	HTTP_ODD_STATUS = 1 << 2,         /* the code is not three digits */
	HTTP_ODD_FIELD_LINE = 1 << 3,     /* a field line without colon */
	HTTP_ODD_NUL = 1 << 4,            /* a NUL byte in the head */
	HTTP_ODD_FIELDS = 1 << 5,         /* over LIMIT_HEAD_FIELDS fields */
	HTTP_ODD_LENGTH = 1 << 6,         /* a Content-Length that is no number */
	HTTP_ODD_TWO_LENGTHS = 1 << 7,    /* different Content-Length values */
	HTTP_ODD_TWO_LOCATIONS = 1 << 8,  /* different Location values */
	HTTP_ODD_SPACE_BEFORE_COLON = 1 << 9,
	HTTP_ODD_SIZE = 1 << 10,               /* over LIMIT_HEAD_BYTES */
	HTTP_ODD_LENGTH_AND_CHUNKED = 1 << 11, /* both framings; chunked wins (RFC 9112 6.3) */
	HTTP_ODD_TRANSFER_CODING = 1 << 12     /* a coding we do not know, or one after chunked */
};

/* How the body ends. */
enum http_framing {
	HTTP_BODY_NONE,    /* HEAD, 1xx, 204, 304: no body whatever the fields say */
	HTTP_BODY_LENGTH,  /* `length` bytes */
	HTTP_BODY_CHUNKED, /* chunked transfer coding */
	HTTP_BODY_CLOSE    /* until the connection closes */
};

/* A response head's meaning. Zeroed is valid. */
struct http_head {
	int status;  /* 0 when there is no readable code */
	int version; /* 10 for HTTP/1.0, 11 for HTTP/1.1, else major*10+minor, 0 when unreadable */
	struct bytes reason;       /* borrowed from the parsed bytes */
	struct headers headers;    /* owned */
	unsigned oddities;         /* enum http_oddity bits */
	enum http_framing framing; /* for a reply to GET */
	uint64_t length;           /* Content-Length when framing is HTTP_BODY_LENGTH */
	bool keeps_alive;          /* the connection may be used again after the body */
};

/* Length of the head at the start of `b` including its empty line, or 0 when the empty line is not
 * there yet. Lines end with LF or CRLF. */
size_t http_head_length(struct bytes b);
/* Reads a complete response head (with or without its empty line). FLONG_OK whatever it holds: what
 * is wrong is in `oddities`. The bytes are borrowed by `reason` only. `head_out` is cleared first;
 * the caller clears it afterwards. */
MUST_CHECK int http_head_parse_response(
	struct bytes b, struct http_head *head_out, struct flong_error *err);
void http_head_clear(struct http_head *head);
/* One sentence about the worst oddity that makes the outcome an error, or NULL when there is none.
 * Static text. */
const char *http_head_fault(const struct http_head *head);
/* Reads a request head: method, target, fields (for WARC readers). FLONG_E_FORMAT when there is no
 * request line. */
MUST_CHECK int http_head_parse_request(struct bytes b, struct bytes *method_out,
	struct bytes *target_out, struct headers *headers_out, struct flong_error *err);
/* Whether chunked is the last transfer coding of these fields, of a request or a response (RFC 9112
 * 6.1). */
bool http_head_ends_chunked(const struct headers *headers);

#endif
