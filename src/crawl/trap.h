/* SPDX-License-Identifier: MIT */
/* trap.h - pages that lead on and on: calendars, sessions, filters, paths that repeat
 *
 * Only what is followed is measured: seeds and what pages need are not. Each rule has a name, which
 * is the reason in reports/skipped.jsonl and the line of the report; what they count is kept in the
 * state, so that a resumed crawl cuts where an undisturbed one does. */
#ifndef CRAWL_TRAP_H
#define CRAWL_TRAP_H

#include <stdint.h>

#include "crawl/state.h"
#include "flong/error.h"
#include "web/url.h"

/* What every reason begins with. */
#define TRAP_PREFIX "trap: "
#define TRAP_ARTICLE_PAGES TRAP_PREFIX "many pages of one article"

/* Whether the URL alone looks like one of an endless row: the rule as static text, or NULL.
 * `now_ms` is the wall clock. */
const char *trap_by_shape(const struct url *url, int64_t now_ms);
/* Sets *rule_out to the rule whose count is full for this URL, or to NULL. */
MUST_CHECK int trap_by_count(
	struct state *state, const struct url *url, const char **rule_out, struct flong_error *err);
/* Counts a page that is followed. */
MUST_CHECK int trap_count(struct state *state, const struct url *url, struct flong_error *err);

#endif
