/* SPDX-License-Identifier: MIT */
/* pages.h - writing the page lists of a collection: pages.jsonl and extraPages.jsonl (W-41)
 *
 * ReplayWeb.page lists all of pages.jsonl, newest first, and opens with the first. When there is an
 * extraPages.jsonl it searches only that file's titles and text, and offers its pages as "non-seed
 * pages"; else it searches pages.jsonl, if the header says that it has text. In both cases it reads
 * the first MiB. So seeds belong in pages.jsonl, and all pages, the seeds again and first, with
 * their text in extraPages.jsonl. */
#ifndef INDEX_PAGES_H
#define INDEX_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

enum pages_which {
	PAGES_MAIN,   /* what a player lists: "pages", "All Pages" */
	PAGES_EXTRA,  /* what it searches: "extra-pages", "Extra Pages" */
	PAGES_STORIES /* stories.jsonl: no list of players, and without their header */
};

/* One page. Empty text and negative numbers are not written. All bytes are borrowed. */
struct page_entry {
	struct bytes url;         /* as in the index; needed */
	int64_t time_ms;          /* of the capture: the WARC-Date of its record */
	struct bytes title;       /* UTF-8 (what is invalid becomes U+FFFD), as are all */
	struct bytes id;          /* unique */
	struct bytes text;        /* what search finds */
	int64_t size;             /* bytes */
	struct bytes favicon_url; /* an archived URL */
	bool seed;
	int depth;
	int status;
	struct bytes mime;
	struct bytes class; /* what came in the page's place: "challenge"; else empty */
};

struct pages;

/* Starts `path`.partial with the header line, if it has one. */
MUST_CHECK int pages_open(const char *path, enum pages_which which, bool has_text,
	struct pages **pages_out, struct flong_error *err);
/* Appends one page. FLONG_E_USAGE: no URL. */
MUST_CHECK int pages_add(
	struct pages *pages, const struct page_entry *page, struct flong_error *err);
/* Appends a line that is ready, with its line end. */
MUST_CHECK int pages_add_line(struct pages *pages, struct bytes line, struct flong_error *err);
/* Appends the pages of a finished list, without its header. A list of extra pages should begin with
 * those of the main list: else a player finds none of their text. */
MUST_CHECK int pages_copy(struct pages *pages, const char *from_path, struct flong_error *err);
/* Syncs the file and gives it its name; an older file is replaced. No page can be added after it.
 */
MUST_CHECK int pages_finish(struct pages *pages, struct flong_error *err);
/* Without pages_finish before, the unfinished file is removed. */
void pages_close(struct pages *pages);
SCOPED_CLOSE(struct pages *, pages_close)

#endif
