/* SPDX-License-Identifier: MIT */
/* robots.h - robots.txt by RFC 9309, with crawl-delay and Sitemap lines */
#ifndef WEB_ROBOTS_H
#define WEB_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "web/url.h"

struct robots;

/* Reads a robots.txt (at most LIMIT_ROBOTS_BYTES of it) and keeps the rules that apply to the
 * product token `agent` (a version behind a slash is left out). Never fails: lines that mean
 * nothing are skipped. */
struct robots *robots_parse(struct bytes text, struct bytes agent);
void robots_close(struct robots *robots);
SCOPED_CLOSE(struct robots *, robots_close)
/* Whether path and query (origin form, "/a?b") may be fetched. *rule_out (may be NULL) gets the
 * deciding rule's text as "allow: /x" or "disallow: /x", borrowed, or empty when no rule matched.
 * NULL `robots` allows everything. */
bool robots_allows(const struct robots *robots, struct bytes target, struct bytes *rule_out);
/* Crawl-delay of the group in milliseconds, or -1 when there is none. */
int64_t robots_crawl_delay_ms(const struct robots *robots);
/* The n-th Sitemap URL as written, or false. */
bool robots_sitemap(const struct robots *robots, size_t n, struct bytes *url_out);

#endif
