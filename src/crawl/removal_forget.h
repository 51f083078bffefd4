/* SPDX-License-Identifier: MIT */
/* removal_forget.h - index, page lists and state of a collection forget the captures of WARC files
 * that go */
#ifndef CRAWL_REMOVAL_FORGET_H
#define CRAWL_REMOVAL_FORGET_H

#include "base/scoped.h"
#include "crawl/removal.h"
#include "flong/error.h"

/* The index loses the rows of these files and gains those of the new one; what it does not have any
 * more goes out of the page lists, and out of the state, so that no later revisit refers to it.
 * Each file is replaced at once. May be done again. */
MUST_CHECK int removal_forget(
	const char *dir, const struct removal *removal, struct flong_error *err);

#endif
