/* SPDX-License-Identifier: MIT */
/* compare_test.c - changes of a story by field, paragraph and word */
#include "article/compare.h"
#include "article/story_text.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "unit.h"

/* "=same -removed +added ~[-old-]{+new+}" a line, fields first: "headline: old > new". */
static char *compared(const struct page_result *before, const struct page_result *after)
{
	static const char marks[] = {'=', '-', '+', '~'};
	struct comparison comparison = {0};
	struct buf out = {0};
	compare_stories(before, after, &comparison);
	for (size_t i = 0; i < comparison.field_count; i++) {
		const struct compare_field *field = &comparison.fields[i];
		buf_addf(&out, "%s: " BYTES_FMT " > " BYTES_FMT "\n", field->name,
			BYTES_ARG(field->before), BYTES_ARG(field->after));
	}
	for (size_t i = 0; i < comparison.paragraph_count; i++) {
		const struct compare_paragraph *paragraph = &comparison.paragraphs[i];
		buf_add_char(&out, marks[paragraph->kind]);
		if (paragraph->kind != COMPARE_CHANGED) {
			buf_add(&out, paragraph->kind == COMPARE_REMOVED ? paragraph->before
									 : paragraph->after);
		}
		for (size_t k = 0; k < paragraph->piece_count; k++) {
			const struct compare_piece *piece =
				&comparison.pieces[paragraph->first_piece + k];
			buf_add_text(&out, piece->is_apart ? " " : "");
			buf_add_text(&out, piece->kind == COMPARE_REMOVED ? "[-"
					   : piece->kind == COMPARE_ADDED ? "{+"
									  : "");
			buf_add(&out, piece->text);
			buf_add_text(&out, piece->kind == COMPARE_REMOVED ? "-]"
					   : piece->kind == COMPARE_ADDED ? "+}"
									  : "");
		}
		buf_add_char(&out, '\n');
	}
	buf_add_text(&out, comparison.is_rough ? "rough\n" : "");
	compare_clear(&comparison);
	return buf_take(&out);
}

static void check_texts(const char *before, const char *after, const char *expected)
{
	const struct page_result left = {.text = bytes_of(before)};
	const struct page_result right = {.text = bytes_of(after)};
	char *found = compared(&left, &right);
	assert_string_equal(found, expected);
	free(found);
}

TEST(tells_words_of_a_paragraph)
{
	check_texts("The mayor said 12 people were hurt.\n\nThe end.",
		"The mayor said 14 people were badly hurt.\n\nThe end.",
		"~The mayor said [-12-] {+14+} people were {+badly+} hurt.\n=The end.\n");
	check_texts("It costs 3.5 million, he didn't say.", "It costs 3.6 million, he did say.",
		"~It costs [-3.5-] {+3.6+} million, he [-didn't-] {+did+} say.\n");
	check_texts("東京で会議が開かれた。", "大阪で会議が開かれた。",
		"~[-東京-]{+大阪+}で会議が開かれた。\n");
}

TEST(tells_paragraphs)
{
	check_texts("One is here.\n\nTwo is gone now.\n\nThree stays.",
		"One is here.\n\nThree stays.\n\nFour came with many others.",
		"=One is here.\n-Two is gone now.\n=Three stays.\n+Four came with many others.\n");
	check_texts("Alpha beta gamma delta epsilon.\n\nOne two three four five.",
		"New words stand before them.\n\nAlpha beta gamma delta zeta.",
		"+New words stand before them.\n~Alpha beta gamma delta [-epsilon-] {+zeta+}.\n"
		"-One two three four five.\n");
	check_texts("", "All new.", "+All new.\n");
	check_texts("All old.", "", "-All old.\n");
	check_texts("", "", "");
}

TEST(blanks_are_no_change)
{
	check_texts("One  two\xc2\xa0three.\r\n\r\n\r\nFour\xc2\xadteen\xe2\x80\x8b.",
		"One two three.\n\nFourteen.  ", "=One two three.\n=Fourteen.\n");
}

TEST(tells_fields)
{
	struct bytes authors[] = {BYTES("Jane Doe"), BYTES("Max Muster")};
	const struct page_result before = {.headline = BYTES("Storm kills two"),
		.kicker = BYTES("Weather"),
		.authors = {.items = authors, .count = 1},
		.published = {.value = BYTES("2026-11-29T10:00:00+01:00")},
		.modified = {.value = BYTES("2026-11-29T11:00:00Z")}};
	const struct page_result after = {.headline = BYTES("Storm kills  three"),
		.kicker = BYTES("Weather"),
		.authors = {.items = authors, .count = 2},
		.published = {.value = BYTES("2026-11-29T09:00:00Z")},
		.modified = {.value = BYTES("2026-11-29T11:30:00Z")}};
	char *found = compared(&before, &after);
	assert_string_equal(found, "headline: Storm kills two > Storm kills three\n"
				   "authors: Jane Doe > Jane Doe; Max Muster\n"
				   "modified: 2026-11-29T11:00:00Z > 2026-11-29T11:30:00Z\n");
	free(found);
}

TEST(digest_is_of_what_readers_see)
{
	struct page_result story = {.headline = BYTES("One"),
		.text = BYTES("Two three.\n\nFour."),
		.modified = {.value = BYTES("2026-11-29T11:00:00Z")}};
	struct digest first = compare_digest(&story);
	story.modified.value = BYTES("2026-11-29T12:00:00Z");
	story.text = BYTES("Two  three.\nFour.");
	struct digest second = compare_digest(&story);
	assert_true(digest_equal(&first, &second));
	story.headline = BYTES("Once");
	second = compare_digest(&story);
	assert_false(digest_equal(&first, &second));
	/* What moves from one member to the next is a change. */
	story.headline = BYTES("");
	story.kicker = BYTES("One");
	second = compare_digest(&story);
	assert_false(digest_equal(&first, &second));
	story.kicker = BYTES("");
	story.headline = BYTES("One");
	story.text = BYTES("Two three. Four.");
	second = compare_digest(&story);
	assert_false(digest_equal(&first, &second));
}

/* A text of `count` paragraphs of `words` words that no other call has. */
static void add_strange_text(struct buf *out, size_t count, size_t words, const char *stem)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < words; k++) {
			buf_addf(out, "%s%zu ", stem, i * words + k);
		}
		buf_add_text(out, "\n\n");
	}
}

TEST(stands_hostile_sizes)
{
	static const struct {
		size_t paragraphs, words;
	} sizes[] = {{6000, 1}, {1, 100000}, {3000, 30}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf left = {0};
		struct buf right = {0};
		add_strange_text(&left, sizes[i].paragraphs, sizes[i].words, "a");
		add_strange_text(&right, sizes[i].paragraphs, sizes[i].words, "b");
		const struct page_result before = {.text = buf_bytes(&left)};
		const struct page_result after = {.text = buf_bytes(&right)};
		struct comparison comparison = {0};
		compare_stories(&before, &after, &comparison);
		assert_int_equal(comparison.words_removed, sizes[i].paragraphs * sizes[i].words);
		assert_int_equal(comparison.words_added, sizes[i].paragraphs * sizes[i].words);
		assert_int_equal(comparison.paragraphs_removed, sizes[i].paragraphs);
		compare_clear(&comparison);
		buf_clear(&left);
		buf_clear(&right);
	}
}

TEST(says_when_it_is_rough)
{
	struct buf left = {0};
	struct buf right = {0};
	/* More paragraphs than can be compared with each other. */
	add_strange_text(&left, 5000, 1, "a");
	add_strange_text(&right, 5000, 1, "b");
	const struct page_result before = {.text = buf_bytes(&left)};
	const struct page_result after = {.text = buf_bytes(&right)};
	struct comparison comparison = {0};
	compare_stories(&before, &after, &comparison);
	assert_true(comparison.is_rough);
	compare_clear(&comparison);
	buf_clear(&left);
	buf_clear(&right);
}

TEST(stands_any_bytes)
{
	uint64_t seed = 7;
	for (int round = 0; round < 300; round++) {
		char texts[2][200];
		for (size_t i = 0; i < sizeof(texts); i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			((char *)texts)[i] = (char)(seed >> 40) & (round % 2 == 0 ? 0x7f : -1);
		}
		const struct page_result before = {.text = bytes_from(texts[0], 200)};
		const struct page_result after = {.text = bytes_from(texts[1], 200)};
		free(compared(&before, &after));
		free(compared(&before, &before));
	}
}

RUN_TESTS(CASE(tells_words_of_a_paragraph), CASE(tells_paragraphs), CASE(blanks_are_no_change),
	CASE(tells_fields), CASE(digest_is_of_what_readers_see), CASE(stands_hostile_sizes),
	CASE(says_when_it_is_rough), CASE(stands_any_bytes))
