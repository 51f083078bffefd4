/* SPDX-License-Identifier: MIT */
/* check_page.h - the words and the look of the report of flong check, as HTML
 *
 * No script, nothing from outside; everything that is not ours goes through check_page_add_text. */
#ifndef CLI_CHECK_PAGE_H
#define CLI_CHECK_PAGE_H

#include "base/buf.h"
#include "cli/check_print.h"
#include "warc/check.h"

/* What a page is made of; the texts are rows of HTML made by the functions below. */
struct check_page {
	const char *subjects, *packages, *files, *captures, *findings;
	uint64_t capture_count, hidden_captures, finding_count, hidden_findings, hidden_files;
	const char *first, *last; /* dates of the captures, or empty */
	const char *now, *version;
	const struct check_print *totals; /* borrowed */
};
void check_page_add(struct buf *out, const struct check_page *page);

/* Escaped, valid UTF-8, and cut at 500 bytes with an ellipsis. */
void check_page_add_text(struct buf *out, struct bytes text);
void check_page_add_finding(struct buf *out, const char *name, const struct check_finding *finding);
void check_page_add_capture(struct buf *out, const struct check_seen *seen);
/* A file that was read. */
struct check_page_file {
	const char *name;
	uint64_t count;
	const char *unit, *units; /* "record", "records"; NULL: nothing was counted */
	uint64_t size;
	const char *digest; /* empty for what could not be read twice; NULL: not known yet */
};
void check_page_add_file(struct buf *out, const struct check_page_file *file);

#endif
