/* SPDX-License-Identifier: MIT */
/* guard.h - addresses that a page must not make us talk to: loopback, private, link-local,
 * metadata, multicast
 *
 * Asked with the address that is really connected to, after DNS and again for each use of a kept
 * connection, so that neither rebinding nor odd spellings get around it. The host:port of a seed
 * given by hand and the targets of --resolve and --connect-to are let through, and what
 * --allow-private names. Through a proxy the address is not seen: then the URL is judged. */
#ifndef CRAWL_GUARD_H
#define CRAWL_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "crawl/fetcher.h"
#include "flong/error.h"
#include "web/url.h"

struct guard;

/* Allows nothing private. */
struct guard *guard_create(void);
void guard_close(struct guard *guard);
SCOPED_CLOSE(struct guard *, guard_close)
/* Allows addresses of a CIDR block ("10.0.0.0/8", "fd00::/8", one address), or all for "".
 * FLONG_E_USAGE when it is none. */
MUST_CHECK int guard_allow_block(struct guard *guard, const char *cidr, struct flong_error *err);
/* Allows whatever address this host and port lead to (--resolve). An empty host is every one. */
void guard_allow_host(struct guard *guard, struct bytes host, uint16_t port);
/* As guard_allow_host, for a seed given by hand, until guard_reached tells of a public address: a
 * public site must not turn into one of our network (DNS rebinding). */
void guard_allow_seed(struct guard *guard, struct bytes host, uint16_t port);
/* As guard_allow_host, where the port connected to is `peer_port` (a --connect-to target that is a
 * name). 0 stands for every port. */
void guard_allow_mapped(struct guard *guard, struct bytes host, uint16_t port, uint16_t peer_port);
/* Allows this very address and port (a --connect-to target); port 0 = every port. */
void guard_allow_address(struct guard *guard, struct bytes ip, uint16_t port);
/* Whether `ip`:`port` may be connected to for `href`. The shape of fetcher_guard.allows; `context`
 * is the guard. */
bool guard_allows(void *context, const char *href, const char *ip, uint16_t port);
/* A connection to `ip` stands. The shape of fetcher_guard.reached. */
void guard_reached(void *context, const char *href, const char *ip);
/* Whether `href` is not even asked for, before DNS: other schemes, ports of other services (Fetch
 * standard 2.9), metadata services by name, and with `is_proxied` private addresses and local
 * names. *reason_out says why. The shape of fetcher_guard.refuses. */
bool guard_refuses(
	void *context, const char *href, bool is_proxied, struct guard_reason *reason_out);
/* Whether an address is one that needs permission; unreadable ones do. */
bool guard_is_private(const char *ip);

#endif
