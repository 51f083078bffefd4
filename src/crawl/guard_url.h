/* SPDX-License-Identifier: MIT */
/* guard_url.h - what a URL alone tells of where it leads: ports of other services, names that are
 * never public */
#ifndef CRAWL_GUARD_URL_H
#define CRAWL_GUARD_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* The service whose port this is, when browsers send no HTTP request to it; else NULL. Static text.
 * Fetch standard 2.9, "bad port". */
const char *guard_url_service(uint16_t port);
/* Whether a host (as in struct url, a trailing dot is fine) is a name under which clouds answer
 * with the secrets of the machine that asks. */
bool guard_url_is_metadata_name(struct bytes host);
/* Whether a host is a name that only means something on this machine or in its network: without a
 * dot, or under a top-level domain that is reserved for that (RFC 6761, 6762, 8375, 9476; ICANN's
 * .internal) or commonly used so. Addresses are no names. */
bool guard_url_is_local_name(struct bytes host);

#endif
