/* SPDX-License-Identifier: MIT */
/* feeds.h - seeds from feeds and sitemaps: --feed and --since
 *
 * A feed is fetched, kept and read like a page; each story that it lists is a seed, but one that
 * was not given by hand: robots.txt and the cadence of a job count for it. */
#ifndef CRAWL_FEEDS_H
#define CRAWL_FEEDS_H

#include "crawl/crawl_private.h"

/* How much older than the last reading of a feed an entry may be with `--since last`: entries
 * appear some time after the date that they bear. */
#define FEEDS_MARGIN_MS INT64_C(86400000)

/* What --feed is: FLONG_E_USAGE when it is neither a file nor a URL. *url_out is NULL for a file.
 */
MUST_CHECK int feeds_parse(const char *text, struct url **url_out, struct flong_error *err);
/* Adds the feeds of the options: URLs as visits, files as the stories that they list.
 * FLONG_E_USAGE: a file is no feed. */
MUST_CHECK int feeds_add(struct crawl *crawl, struct flong_error *err);
/* A visit to a feed, or to a sitemap that one names. */
bool feeds_is_feed(const struct visit *visit);
/* Why a document that was read is not what was asked for, or NULL: of a feed that it is none, of a
 * page its verdict. Static text. */
const char *feeds_find_fault(const struct flight *flight);
/* The stories of a feed that was read become visits. */
MUST_CHECK int feeds_absorb(
	struct crawl *crawl, const struct flight *flight, struct flong_error *err);

#endif
