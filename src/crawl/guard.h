/* SPDX-License-Identifier: MIT */
/* guard.h - addresses that a page must not make us talk to: loopback, private, link-local,
 * metadata, multicast
 *
 * Asked with the address that is really connected to, after DNS, so that neither rebinding nor odd
 * spellings get around it. The host:port of a seed given by hand and the targets of --resolve and
 * --connect-to are let through, and what --allow-private names. */
#ifndef CRAWL_GUARD_H
#define CRAWL_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
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
/* Allows whatever address this host and port lead to (a seed given by hand, --resolve). */
void guard_allow_host(struct guard *guard, struct bytes host, uint16_t port);
/* Allows this very address and port (a --connect-to target); port 0 = every port. */
void guard_allow_address(struct guard *guard, struct bytes ip, uint16_t port);
/* Whether `ip`:`port` may be connected to for `url`. The shape of fetcher_guard.allows; `guard` is
 * the context. */
bool guard_allows(void *guard, const char *url, const char *ip, uint16_t port);
/* Whether an address is one that needs permission; unreadable ones do. */
bool guard_is_private(const char *ip);

#endif
