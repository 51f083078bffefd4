/* SPDX-License-Identifier: MIT */
/* rebuild.h - a state that is lost is made anew from the archive and the crawl log
 *
 * What the log acknowledges is done once more in its order, with replies from the archive in place
 * of the net and the same code behind them: so the new state knows the same visits, pages,
 * originals and queue. What the open segment has behind the last acknowledged exchange is cut when
 * the crawl goes on. */
#ifndef CRAWL_REBUILD_H
#define CRAWL_REBUILD_H

#include "crawl/crawl_private.h"
#include "crawl/run_file.h"

/* Makes the database PATH (which must not be there) for the collection of the crawl, whose options,
 * scope and parsers are in place. `run` tells what its last run was; when it has no seeds they
 * are taken from the log. They are added to the options. FLONG_E_IO, FLONG_E_DAMAGED. */
MUST_CHECK int rebuild_state(
	struct crawl *crawl, const char *path, struct run_file *run, struct flong_error *err);

#endif
