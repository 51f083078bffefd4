/* SPDX-License-Identifier: MIT */
/* raw_fetch.h - a reply read as it comes, for what libcurl refuses to hand over
 *
 * libcurl connects (CONNECT_ONLY: name lookup, TCP, TLS, proxy), we send the request again and read
 * the reply with our own framing. Never blocks. */
#ifndef CRAWL_RAW_FETCH_H
#define CRAWL_RAW_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/reply.h"
#include "flong/error.h"

/* Filled by raw_fetch_start. */
struct raw_fetch {
	void *easy;          /* borrowed CURL handle, connected */
	struct reply *reply; /* borrowed */
	struct bytes request;
	size_t sent_bytes;
	int socket;     /* borrowed from libcurl; -1 before */
	bool has_more;  /* a step ended before the bytes did */
	bool has_ended; /* the reply is judged */
};

/* Adds the request head of the refused attempt to `out`, with Connection: close, since the raw way
 * uses a connection once. */
void raw_fetch_add_request(struct bytes refused_request, struct buf *out);
/* `easy` is connected; `request` is borrowed until the end. */
void raw_fetch_start(struct raw_fetch *raw, void *easy, struct bytes request, struct reply *reply);
/* Sends and receives what can be without waiting; true when the reply has ended and was judged.
 * Fails only when the body's spool does. */
MUST_CHECK int raw_fetch_step(struct raw_fetch *raw, bool *has_ended_out, struct flong_error *err);
/* Whether it waits for room to send (else for bytes to read). */
bool raw_fetch_is_sending(const struct raw_fetch *raw);

#endif
