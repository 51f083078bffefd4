/* SPDX-License-Identifier: MIT */
/* server_clock.h - what the clocks of servers say of ours */
#ifndef CRAWL_SERVER_CLOCK_H
#define CRAWL_SERVER_CLOCK_H

#include "crawl/crawl_private.h"

/* Compares the Date of a reply (RFC 9110 6.6.1) with the time of its fetch. The server that is
 * nearest to us counts: one that is right is enough. */
void server_clock_note(struct crawl *crawl, const struct exchange *exchange);

#endif
