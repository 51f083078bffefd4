/* SPDX-License-Identifier: MIT */
/* revisits.h - which stories of earlier runs a run captures again, by the cadence it was given
 *
 * New stories are captured always. Known ones are left out until they are due; those that are due
 * are captured also when no page names them any more. Without a cadence everything is as in a first
 * run. */
#ifndef CRAWL_REVISITS_H
#define CRAWL_REVISITS_H

#include <stdbool.h>

#include "base/buf.h"
#include "crawl/crawl_private.h"
#include "flong/error.h"

/* Whether a page link is left out because its story is not due; then `reason` says until when. */
MUST_CHECK int revisits_refuse(struct crawl *crawl, struct bytes url, struct buf *reason,
	bool *refused_out, struct flong_error *err);
/* Whether everything that was found is done, and known stories were not added yet. */
bool revisits_are_next(const struct crawl *crawl);
/* Adds the known stories that are due and were not found in this run. */
MUST_CHECK int revisits_add_due(struct crawl *crawl, struct flong_error *err);
/* Notes that a story was captured, with its text. */
MUST_CHECK int revisits_note_page(
	struct crawl *crawl, const struct flight *flight, struct flong_error *err);
/* Notes that a page was no page this time, if it is a known story. */
MUST_CHECK int revisits_note_failure(
	struct crawl *crawl, const struct flight *flight, int status, struct flong_error *err);

#endif
