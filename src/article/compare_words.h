/* SPDX-License-Identifier: MIT */
/* compare_words.h - two texts as numbers: equal words and paragraphs have equal ones, and
 * paragraphs that became one another find their partner */
#ifndef ARTICLE_COMPARE_WORDS_H
#define ARTICLE_COMPARE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/diff.h"

struct word {
	struct bytes text; /* borrowed */
	bool is_apart;     /* a space stands before it */
	bool is_counted;   /* a word, no punctuation */
};

struct words_paragraph {
	struct bytes text;   /* borrowed */
	size_t first, count; /* its words, with punctuation */
	size_t counted;      /* without it */
};

/* A text in its comparable form. Zeroed is valid and empty. */
struct words {
	struct word *items; /* owned */
	uint64_t *ids;      /* owned: of words */
	size_t count, capacity;
	struct words_paragraph *paragraphs; /* owned */
	uint64_t *paragraph_ids;            /* owned */
	size_t paragraph_count, paragraph_capacity;
	bool is_cut; /* over LIMIT_COMPARE_WORDS: the last paragraphs have one word, all of them */
};

/* Takes a text apart; it is borrowed. */
void words_read(struct bytes text, struct words *words);
void words_clear(struct words *words);
/* Gives equal words of both texts equal numbers, others others; paragraphs too. */
void words_number(struct words *before, struct words *after);

#define WORDS_ALONE SIZE_MAX
/* Finds for each removed paragraph of a change the added one that it became: at least two fifths of
 * their words are the same, and no two pairs cross. partner_out has room for them all; WORDS_ALONE
 * for those without. False: there are too many to compare, and none is paired. */
bool words_pair(const struct words *before, const struct words *after,
	const struct diff_change *change, size_t *partner_out);

#endif
