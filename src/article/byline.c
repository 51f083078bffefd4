/* SPDX-License-Identifier: MIT */
/* byline.c - who made a story */
#include "article/byline.h"

#include "article/caption.h"
#include "article/plain.h"
#include "article/words.h"

/* Letters of one to three places: an editor's short sign. */
static bool is_sign(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_alpha(text.ptr[i])) {
			return false;
		}
	}
	return text.len >= 2 && text.len <= 3;
}

bool byline_read_agencies(
	struct bytes text, struct page_result *result, struct page_texts *agencies)
{
	text = bytes_trim(text);
	if (text.len == 0 || text.len > 120 || text.ptr[text.len - 1] != ')') {
		return false;
	}
	size_t open = bytes_find(text, BYTES(" ("), 0);
	if (open == SIZE_MAX || open > 24 || bytes_find_char(text, ')', 0) != text.len - 1) {
		return false;
	}
	struct bytes signs = bytes_slice(text, 0, open);
	struct bytes sign;
	size_t count = 0;
	while (bytes_next_item(&signs, '/', &sign)) {
		if (!is_sign(bytes_trim(sign))) {
			return false;
		}
		count++;
	}
	struct bytes names = bytes_slice(text, open + 2, text.len - 1);
	struct bytes name;
	while (count > 0 && bytes_next_item(&names, ',', &name)) {
		plain_append(result, agencies, name);
	}
	return count > 0;
}

/* Whether a text inside has the character that ends such a line. */
static bool has_bracket(const struct outline *outline, uint32_t node)
{
	for (uint32_t i = node; i < outline->nodes[node].end; i++) {
		if (bytes_find_char(outline_text(outline, i), ')', 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

static void find_agencies(
	const struct byline_input *input, struct page_result *result, struct buf *scratch)
{
	const struct outline *outline = input->outline;
	uint32_t from = input->headline == OUTLINE_NONE ? 0 : input->headline;
	for (uint32_t i = from; i < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_P || outline->nodes[i].end - i > 12 ||
			!has_bracket(outline, i)) {
			continue;
		}
		buf_reset(scratch);
		outline_gather(outline, i, 130, scratch);
		if (scratch->len <= 120 &&
			byline_read_agencies(buf_bytes(scratch), result, &result->agencies)) {
			return;
		}
	}
}

bool byline_is_kicker_class(struct bytes class)
{
	static const char *const words[] = {"kicker", "overline", "eyebrow", "dachzeile", "topline",
		"roofline", "supertitle", "spitzmarke"};
	for (size_t i = 0; class.len > 0 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_find_nocase(class, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

/* Whether an element inside is named so too: that one is the kicker. */
static bool holds_kicker(const struct outline *outline, uint32_t node)
{
	uint32_t end = outline->nodes[node].end;
	for (uint32_t i = node + 1; i < end && i < node + 20; i++) {
		if (outline->nodes[i].tag != TAG_TEXT &&
			byline_is_kicker_class(outline_value(outline, i, ATTR_CLASS))) {
			return true;
		}
	}
	return false;
}

/* The element around the first text in a node: a kicker line may name a topic and a place. */
static uint32_t first_part(const struct outline *outline, uint32_t node)
{
	for (uint32_t i = node + 1; i < outline->nodes[node].end; i++) {
		if (outline->nodes[i].tag == TAG_TEXT) {
			return outline->nodes[i].parent;
		}
	}
	return node;
}

static void find_kicker(
	const struct byline_input *input, struct page_result *result, struct buf *scratch)
{
	const struct outline *outline = input->outline;
	if (input->headline == OUTLINE_NONE) {
		return;
	}
	uint32_t from = input->headline > 25 ? input->headline - 25 : 0;
	uint32_t end = outline->nodes[input->headline].end + 10;
	for (uint32_t i = from; i < outline->count && i < end; i++) {
		struct bytes class = outline_value(outline, i, ATTR_CLASS);
		if (outline->nodes[i].tag == TAG_TEXT || !byline_is_kicker_class(class) ||
			holds_kicker(outline, i)) {
			continue;
		}
		buf_reset(scratch);
		outline_gather(outline, first_part(outline, i), 130, scratch);
		struct bytes text = bytes_trim(buf_bytes(scratch));
		if (text.len > 0 && text.len <= 100 && !bytes_equal(text, result->headline)) {
			result->kicker = page_result_keep(result, text);
			return;
		}
	}
}

void byline_find(const struct byline_input *input, struct page_result *result)
{
	struct buf scratch = {0};
	find_agencies(input, result, &scratch);
	find_kicker(input, result, &scratch);
	caption_find(input->outline, input->headline, result);
	buf_clear(&scratch);
}
