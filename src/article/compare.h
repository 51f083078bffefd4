/* SPDX-License-Identifier: MIT */
/* compare.h - what changed in a story between two captures of it
 *
 * Both are read by the same rules before, so that a difference is the outlet's and not ours. */
#ifndef ARTICLE_COMPARE_H
#define ARTICLE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "article/page.h"
#include "base/buf.h"
#include "base/digest.h"

/* A member of the story that changed: "headline" and the like. Texts are in their comparable form
 * (story_text.h); of a list the items are divided by "; ". */
struct compare_field {
	const char *name; /* static */
	struct bytes before, after;
};

enum compare_kind { COMPARE_SAME, COMPARE_REMOVED, COMPARE_ADDED, COMPARE_CHANGED };

/* Words of a changed paragraph, side by side; of what is the same, as they are after. */
struct compare_piece {
	enum compare_kind kind; /* never COMPARE_CHANGED */
	struct bytes text;
	bool is_apart; /* a space stands before it in its paragraph */
};

struct compare_paragraph {
	enum compare_kind kind;
	struct bytes before, after;      /* of the same, both */
	size_t first_piece, piece_count; /* of COMPARE_CHANGED */
};

/* All texts are borrowed from it. Zeroed is valid and empty. */
struct comparison {
	struct compare_field *fields; /* owned; only those that changed */
	size_t field_count;
	struct compare_paragraph *paragraphs; /* owned; all, in the order of reading */
	size_t paragraph_count, paragraph_capacity;
	struct compare_piece *pieces; /* owned */
	size_t piece_count, piece_capacity;
	size_t paragraphs_removed, paragraphs_added, paragraphs_changed;
	size_t words_removed, words_added;
	bool is_rough;            /* a limit was reached: more is shown as changed than was */
	struct buf room;          /* owned: texts of the fields */
	struct buf before, after; /* owned: the texts */
};

/* Compares headline, kicker, description, authors, agencies, section, canonical address, dates (as
 * moments), and the text by paragraphs and words. The caller clears the comparison. */
void compare_stories(const struct page_result *before, const struct page_result *after,
	struct comparison *comparison);
void compare_clear(struct comparison *comparison);
/* Whether nothing changed at all. */
bool compare_is_same(const struct comparison *comparison);

/* SHA-256 of what readers see of a story: headline, kicker, description, authors and text in their
 * comparable form. Captures of one version have the same, whatever else of the page changes. */
struct digest compare_digest(const struct page_result *result);

#endif
