/* SPDX-License-Identifier: MIT */
/* compare_words.c - two texts as numbers */
#include "article/compare_words.h"

#include <stdlib.h>
#include <string.h>

#include "article/story_text.h"
#include "base/alloc.h"
#include "base/limits.h"

/* Share of equal words from which a paragraph is another's new form. */
#define PAIR_SHARE 0.4

static void add_word(struct words *words, const struct word *word)
{
	if (words->count == words->capacity) {
		words->capacity = words->capacity == 0 ? 1024 : 2 * words->capacity;
		words->items = alloc_resize(words->items, words->capacity, sizeof(struct word));
	}
	words->items[words->count++] = *word;
}

static void add_paragraph(struct words *words, struct bytes text)
{
	if (words->paragraph_count == words->paragraph_capacity) {
		words->paragraph_capacity =
			words->paragraph_capacity == 0 ? 64 : 2 * words->paragraph_capacity;
		words->paragraphs = alloc_resize(words->paragraphs, words->paragraph_capacity,
			sizeof(struct words_paragraph));
	}
	struct words_paragraph paragraph = {.text = text, .first = words->count};
	struct bytes rest = text;
	struct word word = {0};
	if (words->count >= LIMIT_COMPARE_WORDS) {
		words->is_cut = true;
		add_word(words, &(struct word){.text = text});
		rest.len = 0;
	}
	while (story_text_next_word(&rest, &word.text, &word.is_apart)) {
		word.is_counted =
			(unsigned char)word.text.ptr[0] >= 0x80 || char_is_alnum(word.text.ptr[0]);
		paragraph.counted += word.is_counted;
		add_word(words, &word);
	}
	paragraph.count = words->count - paragraph.first;
	words->paragraphs[words->paragraph_count++] = paragraph;
}

void words_read(struct bytes text, struct words *words)
{
	*words = (struct words){0};
	struct bytes line;
	while (bytes_next_line(&text, &line)) {
		add_paragraph(words, line);
	}
	words->ids = ALLOC_ARRAY(uint64_t, words->count + 1);
	words->paragraph_ids = ALLOC_ARRAY(uint64_t, words->paragraph_count + 1);
}

void words_clear(struct words *words)
{
	free(words->items);
	free(words->ids);
	free(words->paragraphs);
	free(words->paragraph_ids);
	*words = (struct words){0};
}

/* A text and where its number goes. */
struct numbered {
	struct bytes text;
	uint64_t *id;
};

static int compare_numbered(const void *left, const void *right)
{
	return bytes_compare(
		((const struct numbered *)left)->text, ((const struct numbered *)right)->text);
}

/* Sorted, equal texts stand side by side: no two different ones can get the same number. */
static void number(struct numbered *all, size_t count)
{
	uint64_t id = 0;
	qsort(all, count, sizeof(struct numbered), compare_numbered);
	for (size_t i = 0; i < count; i++) {
		id += i == 0 || !bytes_equal(all[i].text, all[i - 1].text);
		*all[i].id = id;
	}
}

void words_number(struct words *before, struct words *after)
{
	struct words *const sides[] = {before, after};
	struct numbered *all = ALLOC_ARRAY(struct numbered, before->count + after->count + 1);
	size_t count = 0;
	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < sides[side]->count; i++) {
			all[count++] =
				(struct numbered){sides[side]->items[i].text, &sides[side]->ids[i]};
		}
	}
	number(all, count);
	free(all);
	all = ALLOC_ARRAY(struct numbered, before->paragraph_count + after->paragraph_count + 1);
	count = 0;
	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < sides[side]->paragraph_count; i++) {
			all[count++] = (struct numbered){
				sides[side]->paragraphs[i].text, &sides[side]->paragraph_ids[i]};
		}
	}
	number(all, count);
	free(all);
}

static int compare_ids(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;
	return a < b ? -1 : a > b;
}

/* The numbers of a run of paragraphs, each sorted by itself. The caller frees it. */
static uint64_t *sort_paragraphs(const struct words *words, size_t first, size_t count)
{
	const struct words_paragraph *paragraphs = words->paragraphs + first;
	size_t start = paragraphs[0].first;
	size_t end = paragraphs[count - 1].first + paragraphs[count - 1].count;
	uint64_t *sorted = ALLOC_ARRAY(uint64_t, end - start + 1);
	memcpy(sorted, words->ids + start, (end - start) * sizeof(uint64_t));
	for (size_t i = 0; i < count; i++) {
		qsort(sorted + paragraphs[i].first - start, paragraphs[i].count, sizeof(uint64_t),
			compare_ids);
	}
	return sorted;
}

/* Share of equal words, 0 to 1, however they stand. */
static float share_of(
	const uint64_t *left, size_t left_count, const uint64_t *right, size_t right_count)
{
	size_t common = 0;
	size_t i = 0;
	size_t j = 0;
	while (i < left_count && j < right_count) {
		if (left[i] == right[j]) {
			common++;
			i++;
			j++;
		} else if (left[i] < right[j]) {
			i++;
		} else {
			j++;
		}
	}
	return left_count + right_count == 0
		       ? 0
		       : 2 * (float)common / (float)(left_count + right_count);
}

/* Best sums of shares of pairs that do not cross, from each place to the end; table of
 * (removed + 1) x (added + 1). */
struct pairing {
	size_t removed, added;
	float *shares, *sums; /* owned */
};

static float *sum_at(const struct pairing *pairing, size_t i, size_t j)
{
	return &pairing->sums[i * (pairing->added + 1) + j];
}

static void fill(struct pairing *pairing)
{
	for (size_t i = pairing->removed; i-- > 0;) {
		for (size_t j = pairing->added; j-- > 0;) {
			float share = pairing->shares[i * pairing->added + j];
			float best = *sum_at(pairing, i + 1, j);
			float skip = *sum_at(pairing, i, j + 1);
			best = skip > best ? skip : best;
			float pair = *sum_at(pairing, i + 1, j + 1) + share;
			*sum_at(pairing, i, j) =
				share >= (float)PAIR_SHARE && pair > best ? pair : best;
		}
	}
}

static void follow(const struct pairing *pairing, size_t first_added, size_t *partner_out)
{
	size_t i = 0;
	size_t j = 0;
	while (i < pairing->removed && j < pairing->added) {
		float here = *sum_at(pairing, i, j);
		if (here <= *sum_at(pairing, i + 1, j)) {
			i++;
		} else if (here <= *sum_at(pairing, i, j + 1)) {
			j++;
		} else {
			partner_out[i++] = first_added + j++;
		}
	}
}

/* The words of a run of paragraphs. */
static size_t count_words(const struct words_paragraph *paragraphs, size_t count)
{
	return paragraphs[count - 1].first + paragraphs[count - 1].count - paragraphs[0].first;
}

/* Each word is looked at once for every paragraph of the other side. */
static bool is_too_long(const struct words_paragraph *left, const struct words_paragraph *right,
	const struct diff_change *change)
{
	return change->removed > LIMIT_COMPARE_STEPS / change->added ||
	       count_words(left, change->removed) > LIMIT_COMPARE_STEPS / change->added ||
	       count_words(right, change->added) > LIMIT_COMPARE_STEPS / change->removed;
}

bool words_pair(const struct words *before, const struct words *after,
	const struct diff_change *change, size_t *partner_out)
{
	for (size_t i = 0; i < change->removed; i++) {
		partner_out[i] = WORDS_ALONE;
	}
	if (change->removed == 0 || change->added == 0) {
		return true;
	}
	const struct words_paragraph *left = before->paragraphs + change->before;
	const struct words_paragraph *right = after->paragraphs + change->after;
	if (is_too_long(left, right, change)) {
		return false;
	}
	struct pairing pairing = {.removed = change->removed, .added = change->added};
	pairing.shares = ALLOC_ARRAY(float, pairing.removed *pairing.added);
	pairing.sums = ALLOC_ARRAY(float, (pairing.removed + 1) * (pairing.added + 1));
	uint64_t *left_ids = sort_paragraphs(before, change->before, change->removed);
	uint64_t *right_ids = sort_paragraphs(after, change->after, change->added);
	for (size_t i = 0; i < change->removed; i++) {
		for (size_t j = 0; j < change->added; j++) {
			pairing.shares[i * change->added + j] = share_of(
				left_ids + (left[i].first - left[0].first), left[i].count,
				right_ids + (right[j].first - right[0].first), right[j].count);
		}
	}
	fill(&pairing);
	follow(&pairing, change->after, partner_out);
	free(left_ids);
	free(right_ids);
	free(pairing.shares);
	free(pairing.sums);
	return true;
}
