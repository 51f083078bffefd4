/* SPDX-License-Identifier: MIT */
/* message.h - struct flong_http: the head of an HTTP message and its texts */
#ifndef LIB_MESSAGE_H
#define LIB_MESSAGE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/http.h"
#include "lib/fields.h"
#include "web/headers.h"

/* Zeroed is valid and empty. */
struct flong_http {
	enum flong_http_kind kind;
	int status;
	int version;
	char *reason;           /* owned; of a response */
	char *method;           /* owned; of a request, as the target */
	char *target;           /* owned */
	struct headers headers; /* owned */
	struct fields *fields;  /* owned; the texts of the headers */
	size_t length;          /* of the head with its empty line */
	bool is_chunked;        /* the body has chunk framing */
};

/* Reads a head; the bytes are copied. FLONG_E_FORMAT: no status line or request line. The caller
 * clears it, also after a failure. */
MUST_CHECK int message_read(struct flong_http *http, struct bytes head, enum flong_http_kind kind,
	struct flong_error *err);
void message_clear(struct flong_http *http);
SCOPED_CLOSE(struct flong_http *, flong_http_close)

#endif
