/* SPDX-License-Identifier: MIT */
/* diff_print.h - what changed in a story, for people and for programs */
#ifndef CLI_DIFF_PRINT_H
#define CLI_DIFF_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "article/compare.h"
#include "base/buf.h"
#include "crawl/history.h"

struct diff_print {
	const struct history_version *before, *after; /* borrowed */
	size_t before_number, after_number;           /* of the versions, from 1 */
	const struct comparison *comparison;          /* borrowed */
	bool has_color; /* else changes are marked [-old-] and {+new+} */
	bool is_whole;  /* also the paragraphs that are the same */
	size_t width;   /* columns; 0: lines are not broken */
};

/* Appends the lines for people: both versions, fields that changed, paragraphs that changed. */
void diff_print_text(const struct diff_print *print, struct buf *out);
/* Appends one object and a line end: url, before and after (version, url, timestamp, headline),
 * fields (name, before, after), paragraphs (kind; before, after; words of a changed one as
 * [kind, text]), wordsRemoved, wordsAdded, rough. */
void diff_print_json(const struct diff_print *print, struct buf *out);

#endif
