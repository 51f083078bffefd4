/* SPDX-License-Identifier: MIT */
/* history_gather.h - every capture that a history is made of, into a sorter */
#ifndef CRAWL_HISTORY_GATHER_H
#define CRAWL_HISTORY_GATHER_H

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/history.h"
#include "index/sorter.h"
#include "web/url.h"

/* The address that is asked for, and what the pages say of it. Zeroed is valid: all stories. */
struct history_asked {
	struct url *url; /* owned; NULL: all */
	struct buf key;
	struct buf keys; /* "\n" KEY "\n" ... "\n": of stories that name the address their own */
};
void history_asked_clear(struct history_asked *asked);
/* Whether the story of that key is asked for. */
bool history_asked_has(const struct history_asked *asked, struct bytes key);

/* Adds the rows of one archive, ordered by address; `number` is its place in options->paths. Errors
 * of history_read. */
MUST_CHECK int history_gather(const struct history_options *options, size_t number,
	struct history_asked *asked, struct sorter *sorter, struct flong_error *err);

#endif
