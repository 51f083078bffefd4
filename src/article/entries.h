/* SPDX-License-Identifier: MIT */
/* entries.h - the stories that a feed or a sitemap lists: address, title, newest date
 *
 * links/feed.h finds everything that such a document names. Here an entry is one story: the links
 * of its picture, its author or its source are none. */
#ifndef ARTICLE_ENTRIES_H
#define ARTICLE_ENTRIES_H

#include "article/page.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Adds the entries of RSS, RDF, Atom, JSON Feed, sitemaps (XML, news, text) as stories of kind
 * STORY_ENTRY, and the sitemaps of an index as STORY_LIST; `date` is the newest that stands in the
 * entry, ISO 8601 in UTC, or empty. At most LIMIT_FEED_ENTRIES; more are counted as dropped.
 * Anything else has no entries: then result->format is LINKS_NONE. A broken document gives what
 * stands before the fault. */
MUST_CHECK int entries_find(
	const struct links_input *input, struct page_result *result, struct flong_error *err);

#endif
