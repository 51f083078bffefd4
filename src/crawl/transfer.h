/* SPDX-License-Identifier: MIT */
/* transfer.h - one fetch on libcurl: its options, its callbacks, and what its end means
 *
 * Private to the fetcher. A transfer is tried up to three times: again on a fresh connection when a
 * kept one had died, and once more through raw_fetch when libcurl does not hand over all bytes. */
#ifndef CRAWL_TRANSFER_H
#define CRAWL_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crawl/fetcher.h"
#include "crawl/raw_fetch.h"
#include "crawl/reply.h"
#include "crawl/tls.h"

struct curl_slist;

/* Sockets by their local port, to find the one of a kept connection. Ports share slots: an entry is
 * believed only when the socket agrees. */
#define TRANSFER_SOCKETS 4096

/* What all transfers of a fetcher share. */
struct transfer_setup {
	const struct fetcher_options *options; /* borrowed, as everything here */
	struct reply_options reply;
	struct tls_reader *tls;
	size_t *settling; /* counts transfers with is_settling */
	int *sockets;     /* TRANSFER_SOCKETS of them */
	struct curl_slist *headers, *resolve, *connect_to;
};

/* Why a callback ended the transfer. */
enum transfer_stop {
	TRANSFER_GOES_ON,
	TRANSFER_HAS_ALL,   /* the reply is complete or cut by a cap */
	TRANSFER_NEEDS_RAW, /* libcurl would lose bytes of this reply */
	TRANSFER_IS_STUCK   /* the body cannot be kept */
};

/* What to do when libcurl is through with a transfer. */
enum transfer_next {
	TRANSFER_FINISHED, /* the exchange is ready */
	TRANSFER_AGAIN,    /* start again (prepared already) */
	TRANSFER_SEND_RAW  /* connected: go on with raw_fetch */
};

struct transfer {
	struct transfer *next;              /* of the list it is in */
	struct transfer **link;             /* what points at it */
	const struct transfer_setup *setup; /* borrowed */
	void *easy;                         /* a CURL handle, lent by the fetcher while it runs */
	struct curl_slist *headers;         /* owned; NULL when there are no extra ones */
	struct exchange *exchange;          /* owned; of the attempt that runs */
	struct exchange *refused;           /* owned; of the attempt before the raw one, or NULL */
	char *host;                         /* owned; name without port, for reasons and TLS */
	const char *proxy;                  /* borrowed; NULL when there is none for its URL */
	uint64_t host_key;                  /* hash of scheme, host and port */
	struct reply reply;
	struct raw_fetch raw;
	bool is_fresh; /* no connection may be reused */
	bool is_raw;   /* CONNECT_ONLY: the second way */
	bool has_opened;
	int socket; /* the last one opened for it; libcurl's */
	bool is_connected;
	bool is_reused;
	bool is_stale;      /* the kept connection had bytes or an end waiting */
	bool is_refused;    /* by the guard */
	bool is_unreadable; /* libcurl will not have the reply's head */
	bool is_settling;   /* the reply is complete, and libcurl should end soon */
	enum transfer_stop stop;
	int64_t started_us;
	int64_t sent_us; /* when the request went out, 0 before */
	int64_t window_us;
	uint64_t window_bytes; /* received_bytes at window_us */
	char refused_ip[46];
	char fault[256]; /* libcurl's words */
};

/* A transfer for `request`, not started. Never NULL. */
struct transfer *transfer_create(
	const struct transfer_setup *setup, const struct fetch_request *request);
void transfer_close(struct transfer *transfer);
/* Whether its URL is not to be asked for at all; then its exchange is ready and says why. */
bool transfer_is_refused(struct transfer *transfer);
SCOPED_CLOSE(struct transfer *, transfer_close)
/* Options that never change, on a new handle. */
void transfer_set_up_handle(const struct transfer_setup *setup, void *easy);
/* Lends it a handle and sets the options of its first attempt. */
void transfer_begin(struct transfer *transfer, void *easy);
/* libcurl ended with `result` (a CURLcode). */
enum transfer_next transfer_conclude(struct transfer *transfer, int result);
/* Ends a transfer that is not started, or that libcurl or raw_fetch has not ended. */
void transfer_interrupt(struct transfer *transfer, enum reply_end end);
/* The raw attempt has ended, or could not be made. */
void transfer_conclude_raw(struct transfer *transfer);
/* Takes the finished exchange off; the transfer is to be closed. */
struct exchange *transfer_take(struct transfer *transfer);
/* Time of the monotonic clock before which no time limit passes; INT64_MAX for none. */
int64_t transfer_deadline_us(const struct transfer *transfer, int64_t now_us);
/* Whether a time limit has passed; moves the stall window on. */
bool transfer_is_late(struct transfer *transfer, int64_t now_us);

#endif
