/* SPDX-License-Identifier: MIT */
/* card.c - what stands around a story's link */
#include "article/card.h"

#include <stdlib.h>

#include "article/byline.h"
#include "article/dates.h"
#include "article/words.h"
#include "base/alloc.h"

/* Longest heading of a block and longest date text, bytes. */
#define HEADING_MAX ((size_t)120)
#define DATE_MAX ((size_t)60)
/* Headings that are looked back over, and levels between a heading and the block it heads. */
#define HEADINGS_BACK 8
#define HEADING_LEVELS 4
/* Nodes of a card that are looked at. */
#define CARD_NODES 160

/* A heading that is a link's, or that stands in a card of one story, heads that story only. */
static bool heads_one_story(const struct evidence *evidence, uint32_t node)
{
	const struct outline *outline = evidence->outline;
	if ((outline->nodes[node].place & IN_ANCHOR) != 0) {
		return true;
	}
	uint32_t at = node;
	for (int level = 0; level < 4 && at != OUTLINE_NONE; level++) {
		const struct evidence_sums *sums = &evidence->sums[at];
		if (sums->only == EVIDENCE_MIXED) {
			return false;
		}
		if (sums->only != OUTLINE_NONE && sums->anchors > sums->brief) {
			return true;
		}
		at = outline->nodes[at].parent;
	}
	return false;
}

void card_pages_init(struct card_pages *pages, const struct evidence *evidence)
{
	*pages = (struct card_pages){.evidence = evidence};
	const struct outline *outline = evidence->outline;
	size_t capacity = 0;
	for (uint32_t i = 0; i < outline->count; i++) {
		pages->has_landmarks = pages->has_landmarks ||
				       (outline->nodes[i].place & (IN_MAIN | IN_ARTICLE)) != 0;
		if (!outline_is_heading(outline->nodes[i].tag) || heads_one_story(evidence, i)) {
			continue;
		}
		if (pages->heading_count == capacity) {
			capacity = capacity == 0 ? 32 : capacity * 2;
			pages->headings =
				alloc_resize(pages->headings, capacity, sizeof(pages->headings[0]));
		}
		pages->headings[pages->heading_count++] = i;
	}
}

void card_pages_clear(struct card_pages *pages)
{
	free(pages->headings);
	buf_clear(&pages->scratch);
	*pages = (struct card_pages){0};
}

static struct bytes gather(struct card_pages *pages, uint32_t node, size_t max)
{
	buf_reset(&pages->scratch);
	outline_gather(pages->evidence->outline, node, max, &pages->scratch);
	return bytes_trim(buf_bytes(&pages->scratch));
}

/* Headings before `node`. */
static size_t headings_before(const struct card_pages *pages, uint32_t node)
{
	size_t low = 0;
	size_t high = pages->heading_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pages->headings[middle] < node) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static struct bytes section_of(struct card_pages *pages, uint32_t node)
{
	const struct outline *outline = pages->evidence->outline;
	size_t at = headings_before(pages, node);
	for (size_t back = 0; back < HEADINGS_BACK && at > 0; back++) {
		uint32_t heading = pages->headings[--at];
		uint32_t around = outline->nodes[heading].parent;
		for (int level = 1; level < HEADING_LEVELS && around != OUTLINE_NONE; level++) {
			if (outline->nodes[around].end > node) {
				break;
			}
			around = outline->nodes[around].parent;
		}
		if (around == OUTLINE_NONE || outline->nodes[around].end <= node) {
			continue;
		}
		struct bytes text = gather(pages, heading, HEADING_MAX);
		if (text.len > 0 && text.len < HEADING_MAX &&
			outline->nodes[heading].tag != TAG_H1) {
			return text;
		}
		if (text.len > 0 && text.len < HEADING_MAX && words_count(text) <= 4) {
			return text;
		}
	}
	return (struct bytes){NULL, 0};
}

/* The card and the short links beside it (category, author): the outermost element that has no
 * other long anchor. */
static uint32_t scope_of(const struct evidence *evidence, const struct evidence_anchor *anchor)
{
	const struct outline *outline = evidence->outline;
	uint32_t at = anchor->card;
	uint32_t own = evidence->sums[at].anchors - evidence->sums[at].brief;
	for (int level = 0; level < 4; level++) {
		uint32_t parent = outline->nodes[at].parent;
		if (parent == OUTLINE_NONE || outline->nodes[parent].end - parent > CARD_NODES) {
			break;
		}
		const struct evidence_sums *sums = &evidence->sums[parent];
		if (sums->anchors - sums->brief > own || sums->anchors > 6) {
			break;
		}
		at = parent;
	}
	return at;
}

/* Digits and a few letters: "13.06.2023", "vor 5 Stunden", "3 May 2024, 14:02". */
static bool is_date_text(struct bytes text)
{
	bool has_digit = false;
	for (size_t i = 0; i < text.len; i++) {
		has_digit = has_digit || char_is_digit(text.ptr[i]);
	}
	return has_digit && text.len >= 5 && text.len <= 40;
}

static struct bytes date_of(
	struct card_pages *pages, const struct evidence_anchor *anchor, struct dates_value *ignored)
{
	const struct outline *outline = pages->evidence->outline;
	uint32_t scope = scope_of(pages->evidence, anchor);
	uint32_t end = outline->nodes[scope].end;
	end = end - scope > CARD_NODES ? scope + CARD_NODES : end;
	struct bytes found = {NULL, 0};
	for (uint32_t i = scope; i < end; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag == TAG_TIME) {
			struct bytes value = bytes_trim(outline_value(outline, i, ATTR_DATETIME));
			value = value.len > 0 ? value : gather(pages, i, DATE_MAX);
			if (value.len > 0) {
				return bytes_slice(value, 0, DATE_MAX);
			}
		}
		struct bytes text = bytes_trim(outline_text(outline, i));
		if (found.len == 0 && is_date_text(text) && dates_read(text, 0, ignored)) {
			found = text;
		}
	}
	return found;
}

/* "02:38", "26:06 Min.": minutes and seconds, with their unit or in an element that says so. */
static struct bytes duration_in(const struct outline *outline, uint32_t node)
{
	struct bytes text = bytes_trim(outline_text(outline, node));
	size_t end = 0;
	size_t colons = 0;
	while (end < text.len && (char_is_digit(text.ptr[end]) || text.ptr[end] == ':')) {
		colons += text.ptr[end] == ':' ? 1 : 0;
		end++;
	}
	bool is_clock = end >= 4 && end <= 8 && colons > 0 && colons <= 2 &&
			char_is_digit(text.ptr[0]) && text.ptr[end - 3] == ':' &&
			char_is_digit(text.ptr[end - 1]) && char_is_digit(text.ptr[end - 2]);
	struct bytes unit = bytes_trim(bytes_slice(text, end, text.len));
	struct bytes class = outline_value(outline, outline->nodes[node].parent, ATTR_CLASS);
	bool is_told = bytes_starts_nocase(unit, BYTES("min")) ||
		       (unit.len == 0 &&
			       (bytes_find_nocase(class, BYTES("duration"), 0) != SIZE_MAX ||
				       bytes_find_nocase(class, BYTES("length"), 0) != SIZE_MAX ||
				       bytes_find_nocase(class, BYTES("runtime"), 0) != SIZE_MAX));
	return is_clock && is_told ? bytes_slice(text, 0, end) : (struct bytes){NULL, 0};
}

/* Kicker and duration: short texts beside the title. */
static void describe_rest(struct card_pages *pages, const struct evidence_anchor *anchor,
	struct page_story *story, struct page_result *result)
{
	const struct outline *outline = pages->evidence->outline;
	uint32_t scope = scope_of(pages->evidence, anchor);
	uint32_t end = outline->nodes[scope].end;
	end = end - scope > CARD_NODES ? scope + CARD_NODES : end;
	for (uint32_t i = scope; i < end; i++) {
		if (outline->nodes[i].tag == TAG_TEXT && i > scope) {
			struct bytes duration = duration_in(outline, i);
			if (story->duration.len == 0 && duration.len > 0) {
				story->duration = page_result_keep(result, duration);
			}
		} else if (story->kicker.len == 0 &&
			   byline_is_kicker_class(outline_value(outline, i, ATTR_CLASS))) {
			struct bytes text = gather(pages, i, DATE_MAX);
			story->kicker = text.len < DATE_MAX ? page_result_keep(result, text)
							    : story->kicker;
		}
	}
}

/* The heading inside an anchor, or the anchor when it is in one; empty otherwise. */
static struct bytes heading_text(struct card_pages *pages, const struct evidence_anchor *anchor)
{
	const struct outline *outline = pages->evidence->outline;
	uint32_t end = outline->nodes[anchor->node].end;
	for (uint32_t i = anchor->node; i < end; i++) {
		if (outline_is_heading(outline->nodes[i].tag)) {
			return gather(pages, i, 400);
		}
	}
	return (struct bytes){NULL, 0};
}

/* The first heading among the candidate's anchors, else what its best anchor says. */
static struct bytes title_of(struct card_pages *pages, const struct evidence_anchor *best)
{
	const struct evidence *evidence = pages->evidence;
	uint32_t at = evidence->candidates[best->candidate].first;
	for (int looked = 0; looked < 8 && at != OUTLINE_NONE; looked++) {
		const struct evidence_anchor *anchor = &evidence->anchors[at];
		if (anchor->has_heading && !anchor->is_excluded && !anchor->is_labelled) {
			struct bytes text = heading_text(pages, anchor);
			text = text.len > 0 ? text : evidence_text(evidence, anchor->text);
			if (words_count(text) >= 2) {
				return text;
			}
		}
		at = anchor->next;
	}
	return evidence_text(evidence, best->text);
}

void card_describe(struct card_pages *pages, uint32_t index, struct page_story *story,
	struct page_result *result)
{
	const struct evidence_anchor *anchor = &pages->evidence->anchors[index];
	struct dates_value ignored;
	story->title = page_result_keep(result, title_of(pages, anchor));
	story->section = page_result_keep(result, section_of(pages, anchor->node));
	story->date = page_result_keep(result, date_of(pages, anchor, &ignored));
	describe_rest(pages, anchor, story, result);
}

bool card_is_more(const struct card_pages *pages, uint32_t anchor, struct bytes section)
{
	static const char *const words[] = {"most read", "latest", "trending", "popular",
		"more from", "more news", "more stories", "top stor", "meistgelesen",
		"meist gelesen", "neueste", "aktuell", "mehr aus", "weitere themen", "top-thema",
		"dernières", "plus lus", "lo más", "últimas", "più letti", "ultime"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_find_nocase(section, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	const struct outline *outline = pages->evidence->outline;
	uint32_t node = pages->evidence->anchors[anchor].node;
	return pages->has_landmarks && (outline->nodes[node].place & (IN_MAIN | IN_ARTICLE)) == 0;
}
