/* SPDX-License-Identifier: MIT */
/* compare.c - what changed in a story between two captures: its fields, and the paragraphs side by
 * side */
#include "article/compare.h"

#include <stdint.h>
#include <stdlib.h>

#include "article/compare_words.h"
#include "article/story_text.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"

#define FIELD_COUNT 9
/* The members that compare_digest takes come first. */
#define FIELD_SEEN 4
/* What these take in most stories. */
#define FIELDS_BYTES ((size_t)500)

/* --- fields ------------------------------------------------------------------------------------
 */

static void add_list(struct buf *out, const struct page_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		buf_add_text(out, i == 0 ? "" : "; ");
		story_text_add(out, texts->items[i]);
	}
}

/* The moment of a date, so that another way to write it is no change. */
static void add_date(struct buf *out, const struct page_date *date)
{
	int64_t wall_ms;
	if (date->value.len == 0) {
		return;
	}
	/* A date of the day only must not look like midnight. */
	if (bytes_find_char(date->value, 'T', 0) != SIZE_MAX &&
		clock_parse_iso(date->value, &wall_ms)) {
		char text[CLOCK_ISO_SIZE];
		clock_format_iso_s(wall_ms, text);
		buf_add_text(out, text);
	} else {
		story_text_add(out, date->value);
	}
}

static const char *const field_names[FIELD_COUNT] = {"headline", "kicker", "description", "authors",
	"agencies", "section", "published", "modified", "canonical"};

static void add_field(struct buf *out, const struct page_result *result, size_t field)
{
	const struct bytes texts[FIELD_COUNT] = {[0] = result->headline,
		[1] = result->kicker,
		[2] = result->description,
		[5] = result->section,
		[8] = result->canonical};
	switch (field) {
	case 3:
		add_list(out, &result->authors);
		break;
	case 4:
		add_list(out, &result->agencies);
		break;
	case 6:
		add_date(out, &result->published);
		break;
	case 7:
		add_date(out, &result->modified);
		break;
	default:
		story_text_add(out, texts[field]);
	}
}

/* Where the texts of a field are in the room. */
struct place {
	size_t before, after, end;
};

static void compare_fields(const struct page_result *before, const struct page_result *after,
	struct comparison *comparison)
{
	struct place places[FIELD_COUNT];
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		places[i].before = comparison->room.len;
		add_field(&comparison->room, before, i);
		places[i].after = comparison->room.len;
		add_field(&comparison->room, after, i);
		places[i].end = comparison->room.len;
	}
	comparison->fields = ALLOC_ARRAY(struct compare_field, FIELD_COUNT);
	struct bytes room = buf_bytes(&comparison->room);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct compare_field field = {.name = field_names[i],
			.before = bytes_slice(room, places[i].before, places[i].after),
			.after = bytes_slice(room, places[i].after, places[i].end)};
		if (!bytes_equal(field.before, field.after)) {
			comparison->fields[comparison->field_count++] = field;
		}
	}
}

/* --- the text ----------------------------------------------------------------------------------
 */

static void add_paragraph(struct comparison *comparison, const struct compare_paragraph *paragraph)
{
	if (comparison->paragraph_count == comparison->paragraph_capacity) {
		comparison->paragraph_capacity = comparison->paragraph_capacity == 0
							 ? 64
							 : 2 * comparison->paragraph_capacity;
		comparison->paragraphs = alloc_resize(comparison->paragraphs,
			comparison->paragraph_capacity, sizeof(struct compare_paragraph));
	}
	comparison->paragraphs[comparison->paragraph_count++] = *paragraph;
}

static void add_piece(struct comparison *comparison, const struct compare_piece *piece)
{
	if (comparison->piece_count == comparison->piece_capacity) {
		comparison->piece_capacity =
			comparison->piece_capacity == 0 ? 64 : 2 * comparison->piece_capacity;
		comparison->pieces = alloc_resize(comparison->pieces, comparison->piece_capacity,
			sizeof(struct compare_piece));
	}
	comparison->pieces[comparison->piece_count++] = *piece;
}

static void add_removed(struct comparison *comparison, const struct words_paragraph *paragraph)
{
	comparison->paragraphs_removed++;
	comparison->words_removed += paragraph->counted;
	add_paragraph(comparison,
		&(struct compare_paragraph){.kind = COMPARE_REMOVED, .before = paragraph->text});
}

static void add_added(struct comparison *comparison, const struct words_paragraph *paragraph)
{
	comparison->paragraphs_added++;
	comparison->words_added += paragraph->counted;
	add_paragraph(comparison,
		&(struct compare_paragraph){.kind = COMPARE_ADDED, .after = paragraph->text});
}

/* The text from one word to another. */
static void add_words(struct comparison *comparison, enum compare_kind kind,
	const struct words *words, size_t first, size_t count)
{
	if (count == 0) {
		return;
	}
	const struct word *begin = &words->items[first];
	const struct word *last = &words->items[first + count - 1];
	size_t length = (size_t)(last->text.ptr - begin->text.ptr) + last->text.len;
	add_piece(comparison, &(struct compare_piece){.kind = kind,
				      .text = bytes_from(begin->text.ptr, length),
				      .is_apart = begin->is_apart});
	size_t counted = 0;
	for (size_t i = 0; i < count; i++) {
		counted += begin[i].is_counted;
	}
	comparison->words_removed += kind == COMPARE_REMOVED ? counted : 0;
	comparison->words_added += kind == COMPARE_ADDED ? counted : 0;
}

/* One paragraph that became another: its words side by side. */
static void add_changed(struct comparison *comparison, const struct words *before, size_t i,
	const struct words *after, size_t j)
{
	const struct words_paragraph *left = &before->paragraphs[i];
	const struct words_paragraph *right = &after->paragraphs[j];
	struct diff diff = {0};
	diff_find(before->ids + left->first, left->count, after->ids + right->first, right->count,
		&diff);
	struct compare_paragraph paragraph = {.kind = COMPARE_CHANGED,
		.before = left->text,
		.after = right->text,
		.first_piece = comparison->piece_count};
	size_t at = 0;
	for (size_t k = 0; k < diff.count; k++) {
		const struct diff_change *change = &diff.changes[k];
		add_words(comparison, COMPARE_SAME, after, right->first + at, change->after - at);
		add_words(comparison, COMPARE_REMOVED, before, left->first + change->before,
			change->removed);
		add_words(comparison, COMPARE_ADDED, after, right->first + change->after,
			change->added);
		at = change->after + change->added;
	}
	add_words(comparison, COMPARE_SAME, after, right->first + at, right->count - at);
	paragraph.piece_count = comparison->piece_count - paragraph.first_piece;
	add_paragraph(comparison, &paragraph);
	comparison->paragraphs_changed++;
	comparison->is_rough = comparison->is_rough || diff.is_rough;
	diff_clear(&diff);
}

/* Paragraphs that agree with none on the other side: those that became one another, and the rest.
 */
static void add_change(struct comparison *comparison, const struct words *before,
	const struct words *after, const struct diff_change *change)
{
	size_t *partner = ALLOC_ARRAY(size_t, change->removed + 1);
	if (!words_pair(before, after, change, partner)) {
		comparison->is_rough = true;
	}
	size_t j = change->after;
	for (size_t i = 0; i < change->removed; i++) {
		if (partner[i] == WORDS_ALONE) {
			add_removed(comparison, &before->paragraphs[change->before + i]);
			continue;
		}
		for (; j < partner[i]; j++) {
			add_added(comparison, &after->paragraphs[j]);
		}
		add_changed(comparison, before, change->before + i, after, j++);
	}
	for (; j < change->after + change->added; j++) {
		add_added(comparison, &after->paragraphs[j]);
	}
	free(partner);
}

static void compare_texts(struct comparison *comparison)
{
	struct words before = {0};
	struct words after = {0};
	struct diff diff = {0};
	words_read(buf_bytes(&comparison->before), &before);
	words_read(buf_bytes(&comparison->after), &after);
	words_number(&before, &after);
	diff_find(before.paragraph_ids, before.paragraph_count, after.paragraph_ids,
		after.paragraph_count, &diff);
	comparison->is_rough =
		comparison->is_rough || diff.is_rough || before.is_cut || after.is_cut;
	size_t at = 0;
	for (size_t k = 0; k <= diff.count; k++) {
		size_t end = k < diff.count ? diff.changes[k].after : after.paragraph_count;
		for (; at < end; at++) {
			struct bytes text = after.paragraphs[at].text;
			add_paragraph(comparison,
				&(struct compare_paragraph){
					.kind = COMPARE_SAME, .before = text, .after = text});
		}
		if (k < diff.count) {
			add_change(comparison, &before, &after, &diff.changes[k]);
			at += diff.changes[k].added;
		}
	}
	diff_clear(&diff);
	words_clear(&before);
	words_clear(&after);
}

void compare_stories(const struct page_result *before, const struct page_result *after,
	struct comparison *comparison)
{
	*comparison = (struct comparison){.room = buf_with_max(2 * LIMIT_PAGE_TEXT_BYTES),
		.before = buf_with_max(2 * LIMIT_PAGE_TEXT_BYTES),
		.after = buf_with_max(2 * LIMIT_PAGE_TEXT_BYTES)};
	compare_fields(before, after, comparison);
	story_text_add(&comparison->before, before->text);
	story_text_add(&comparison->after, after->text);
	compare_texts(comparison);
}

void compare_clear(struct comparison *comparison)
{
	free(comparison->fields);
	free(comparison->paragraphs);
	free(comparison->pieces);
	buf_clear(&comparison->room);
	buf_clear(&comparison->before);
	buf_clear(&comparison->after);
	*comparison = (struct comparison){0};
}

bool compare_is_same(const struct comparison *comparison)
{
	return comparison->field_count + comparison->paragraphs_removed +
		       comparison->paragraphs_added + comparison->paragraphs_changed ==
	       0;
}

struct digest compare_digest(const struct page_result *result)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(2 * LIMIT_PAGE_TEXT_BYTES);
	(void)buf_reserve(&text, result->text.len + FIELDS_BYTES);
	for (size_t i = 0; i < FIELD_SEEN; i++) {
		add_field(&text, result, i);
		buf_add_char(&text, '\0');
	}
	story_text_add(&text, result->text);
	return digest_of(DIGEST_SHA256, buf_bytes(&text));
}
