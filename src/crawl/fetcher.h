/* SPDX-License-Identifier: MIT */
/* fetcher.h - many HTTP/1.1 fetches at once, every byte kept (owner of libcurl, with raw_fetch)
 *
 * One thread: the caller's. libcurl's multi interface does DNS, TCP, TLS, keep-alive and framing;
 * we keep the exact bytes of both directions (HEADER_OUT, HEADERFUNCTION, WRITEFUNCTION; nothing
 * decoded), run our own chunk parser beside it, and refetch once through raw_fetch what libcurl
 * refuses to hand over. Redirects are not followed here. */
#ifndef CRAWL_FETCHER_H
#define CRAWL_FETCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "crawl/proxy.h"
#include "flong/error.h"
#include "web/exchange.h"

struct fetcher;

enum fetcher_tls { FETCHER_TLS_VERIFY, FETCHER_TLS_RECORD };
enum fetcher_family { FETCHER_ANY_FAMILY, FETCHER_IPV4, FETCHER_IPV6 };

/* Why something is refused. */
struct guard_reason {
	char text[96];
};

/* Who decides about connections. Each function may be NULL: everything is allowed. */
struct fetcher_guard {
	/* Asked before every connection, after DNS, and for every use of a kept one: whether
	 * `ip`:`port` may be connected to for `url`. Not asked through a proxy. */
	bool (*allows)(void *context, const char *url, const char *ip, uint16_t port);
	/* Told that a connection to `ip` stands. */
	void (*reached)(void *context, const char *url, const char *ip);
	/* Asked before a fetch begins: whether `url` is not to be asked for at all. */
	bool (*refuses)(
		void *context, const char *url, bool is_proxied, struct guard_reason *reason_out);
	void *context; /* borrowed */
};

struct fetcher_options {
	size_t connections_total; /* sockets kept open at most */
	size_t connections_per_host;
	int64_t connect_timeout_ms, stall_timeout_ms; /* 0 = none */
	int64_t total_timeout_ms;  /* of replies slower than 16 KB a second; 0 = none */
	uint64_t body_max_bytes;   /* 0 = none; a longer body is cut: TRUNCATED_LENGTH */
	uint64_t rate_limit_bytes; /* per second and transfer; 0 = none */
	enum fetcher_tls tls;
	enum fetcher_family family;
	const char *user_agent;        /* borrowed for the fetcher's life, as all pointers here */
	const char *cacert;            /* file, or NULL for the system's store */
	const struct proxies *proxies; /* or NULL: then none, whatever the environment says */
	const char *const *resolve;    /* NULL-terminated "HOST:PORT:ADDRESS", or NULL */
	const char *const *connect_to; /* NULL-terminated "HOST1:PORT1:HOST2:PORT2", or NULL */
	const char *spool_dir;         /* where bodies spill */
	int compress_level;            /* for bodies deflated while they arrive; 0 = keep plain */
	struct fetcher_guard guard;    /* allows = NULL: everything */
	/* test mode: wall clock; NULL = clock_wall_ms */
	int64_t (*now_ms)(void *context);
	void *now_context;
};

/* One fetch. Copied by fetcher_start. */
struct fetch_request {
	uint64_t ticket;                  /* comes back in the exchange */
	struct bytes url;                 /* http(s) href without fragment */
	const char *const *extra_headers; /* NULL-terminated "Name: value" lines (Referer, Cookie,
					     user's own), or NULL */
	bool fresh_connection;            /* do not reuse one */
};

MUST_CHECK int fetcher_create(const struct fetcher_options *options, struct fetcher **fetcher_out,
	struct flong_error *err);
/* Aborts what is in flight. */
void fetcher_close(struct fetcher *fetcher);
SCOPED_CLOSE(struct fetcher *, fetcher_close)
/* Starts a GET. Whatever becomes of it comes back as an exchange from fetcher_take; fails only when
 * the fetch cannot be set up. */
MUST_CHECK int fetcher_start(
	struct fetcher *fetcher, const struct fetch_request *request, struct flong_error *err);
/* Moves transfers on: waits until something happens, `timeout_ms` passes, or one of `extra_fds` is
 * readable (their number is small; which one is for the caller to find out). */
MUST_CHECK int fetcher_wait(struct fetcher *fetcher, int64_t timeout_ms, const int *extra_fds,
	size_t extra_count, struct flong_error *err);
/* A finished exchange (the caller owns it), or NULL. */
struct exchange *fetcher_take(struct fetcher *fetcher);
/* Fetches started and not yet taken. */
size_t fetcher_in_flight(const struct fetcher *fetcher);
/* Ends every fetch in flight now: they come back as EXCHANGE_ABORTED, TRUNCATED_UNSPECIFIED when
 * bytes had arrived. */
void fetcher_abort_all(struct fetcher *fetcher);
/* "libcurl/7.88.1 OpenSSL/3.0.17 ..." of the running library. Static text. */
const char *fetcher_library_versions(void);

#endif
