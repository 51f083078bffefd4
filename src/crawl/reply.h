/* SPDX-License-Identifier: MIT */
/* reply.h - the bytes of one reply as they arrive, put where they belong in an exchange
 *
 * The same for both ways a reply comes in (libcurl's callbacks, raw_fetch): interim replies, the
 * final head, the body to its end by our own reading of the framing, caps, and what is wrong. */
#ifndef CRAWL_REPLY_H
#define CRAWL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/exchange.h"
#include "web/http_body.h"

enum reply_state {
	REPLY_HEAD, /* the final head is not complete */
	REPLY_BODY,
	REPLY_DONE /* the reply is complete or cut: nothing more is taken */
};

/* Why no more bytes come. */
enum reply_end {
	REPLY_END_CLOSE, /* the peer closed in order */
	REPLY_END_RESET, /* the connection broke */
	REPLY_END_TIME,  /* a time limit of ours */
	REPLY_END_STOP   /* stopped by the user */
};

struct reply_options {
	const char *spool_dir;   /* borrowed */
	uint64_t body_max_bytes; /* 0 = none */
	int compress_level;
};

/* Filled by reply_start. */
struct reply {
	const struct reply_options *options; /* borrowed */
	struct exchange *exchange;           /* borrowed */
	const char *host;                    /* borrowed; for reasons */
	enum reply_state state;
	bool ends_by_close; /* the body goes on until the connection closes */
	bool has_broken_framing;
	bool needs_farewell; /* over TLS: only close_notify ends a body without length (RFC
				9112 9.8) */
	bool has_farewell;
	bool has_line; /* a line that is not empty was seen in the head */
	size_t line_start;
	unsigned interim_count;
	uint64_t left; /* body bytes to come, framing by length */
	uint64_t received_bytes;
	int64_t last_us; /* monotonic time of the last byte, 0 before */
	struct chunk_parser chunks;
};

/* Begins a reply. Nothing may have been put into the exchange's response part before. */
void reply_start(struct reply *reply, const struct reply_options *options,
	struct exchange *exchange, const char *host);
/* Takes the next bytes. Bytes after REPLY_DONE are counted as excess and dropped. Fails only when
 * the body's spool does. */
MUST_CHECK int reply_add(struct reply *reply, struct bytes b, struct flong_error *err);
/* No more bytes come: judges what is there (truncation, outcome, reason) unless the outcome is set
 * already. */
void reply_end(struct reply *reply, enum reply_end end);
/* Counts up the body; after it the exchange can be handed on. Fails when the spool does. */
MUST_CHECK int reply_finish(struct reply *reply, struct flong_error *err);
/* Sets outcome and reason unless an earlier fault has; control bytes are shown as '?'. */
void reply_blame(struct exchange *exchange, enum exchange_outcome outcome, const char *format, ...)
	PRINTF_LIKE(3, 4);

#endif
