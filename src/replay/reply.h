/* SPDX-License-Identifier: MIT */
/* reply.h - the answer to a request: a status, fields, and a body in memory or from a source */
#ifndef REPLAY_REPLY_H
#define REPLAY_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "web/headers.h"

/* Zeroed is valid: no status, no body. */
struct reply {
	int status;
	struct headers fields;
	struct buf body;        /* used when there is no content */
	struct source *content; /* owned; NULL: the body */
	int64_t length;         /* of the content; -1: not known before it was read */
	/* What the content reads from, closed after it. */
	void *owner;
	void (*close_owner)(void *owner);
};

void reply_clear(struct reply *reply);
/* Adds a field. What is not printable in its value (CR and LF above all) is left out. */
void reply_field(struct reply *reply, const char *name, struct bytes value);
void reply_fieldf(struct reply *reply, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);
/* A status and one line of plain text as its body. */
void reply_plain(struct reply *reply, int status, const char *format, ...) PRINTF_LIKE(3, 4);
/* A redirect. */
void reply_redirect(struct reply *reply, int status, struct bytes location);

#endif
