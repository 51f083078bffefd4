/* SPDX-License-Identifier: MIT */
/* related.c - which of a page's links are other stories */
#include "article/related.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "article/card.h"
#include "base/alloc.h"

/* A group of equal keys: what one page does many times over tells what it means. */
struct vote {
	uint64_t key;
	uint32_t index; /* candidate or anchor */
	double words;
	bool is_nav;
};

/* The sum of points of one candidate and the words for them. */
struct score {
	double total;
	unsigned without; /* enum related_evidence */
	struct buf *reasons;
};

/* What the judging of one page shares. */
struct judge {
	const struct evidence *evidence;
	uint32_t *best;          /* owned: best anchor of each candidate, OUTLINE_NONE when all lie
				    in menus */
	double *url_points;      /* owned: of each candidate: shape and agreement */
	double *template_points; /* owned: of each candidate */
	double *path_points;     /* owned: of each anchor */
	struct buf reasons;
	unsigned without; /* enum related_evidence */
};

/* "%+.1f", by hand where rounding leaves no doubt: a page has thousands of them. */
static void add_number(struct buf *out, double points)
{
	double tenths = fabs(points) * 10;
	double below = floor(tenths);
	double rest = tenths - below;
	if (!(tenths < 1e6) || fabs(rest - 0.5) < 1e-6) {
		buf_addf(out, "%+.1f", points);
		return;
	}
	unsigned number = (unsigned)below + (rest > 0.5 ? 1 : 0);
	buf_add_char(out, points < 0 ? '-' : '+');
	buf_add_u64(out, number / 10);
	buf_add_char(out, '.');
	buf_add_char(out, (char)('0' + number % 10));
}

static void add_points(
	struct score *score, enum related_evidence kind, const char *reason, double points)
{
	if (fabs(points) < 0.05 || (score->without & kind) != 0) {
		return;
	}
	score->total += points;
	if (score->reasons->len > 0) {
		buf_add_text(score->reasons, "; ");
	}
	buf_add_text(score->reasons, reason);
	buf_add_char(score->reasons, ' ');
	add_number(score->reasons, points);
}

static bool is_excluded(const struct judge *judge, const struct evidence_anchor *anchor)
{
	return anchor->is_excluded && (judge->without & RELATED_PLACE) == 0;
}

static bool is_inline(const struct judge *judge, const struct evidence_anchor *anchor)
{
	return anchor->is_inline && (judge->without & RELATED_PROSE) == 0;
}

static int compare_votes(const void *a, const void *b)
{
	const struct vote *left = a;
	const struct vote *right = b;
	if (left->key != right->key) {
		return left->key < right->key ? -1 : 1;
	}
	if (left->words < right->words || left->words > right->words) {
		return left->words < right->words ? -1 : 1;
	}
	return left->index < right->index ? -1 : (left->index > right->index ? 1 : 0);
}

/* How much an anchor says: words that are seen count more than labels; a heading decides. */
static double anchor_weight(const struct judge *judge, const struct evidence_anchor *anchor)
{
	double weight = anchor->words < 14 ? anchor->words : 14;
	weight += anchor->has_heading ? 6 : 0;
	weight -= anchor->is_labelled ? 0.5 : 0;
	weight -= is_inline(judge, anchor) ? 20 : 0;
	return weight;
}

static void choose_best(struct judge *judge)
{
	const struct evidence *evidence = judge->evidence;
	for (size_t i = 0; i < evidence->candidate_count; i++) {
		uint32_t best = OUTLINE_NONE;
		for (uint32_t a = evidence->candidates[i].first; a != OUTLINE_NONE;
			a = evidence->anchors[a].next) {
			const struct evidence_anchor *anchor = &evidence->anchors[a];
			if (!is_excluded(judge, anchor) &&
				(best == OUTLINE_NONE ||
					anchor_weight(judge, anchor) >
						anchor_weight(judge, &evidence->anchors[best]))) {
				best = a;
			}
		}
		judge->best[i] = best;
	}
}

/* URLs of one make share their fate: long anchors speak for stories, short ones for topics. */
static void vote_on_templates(struct judge *judge)
{
	const struct evidence *evidence = judge->evidence;
	size_t count = evidence->candidate_count;
	struct vote *votes = ALLOC_ARRAY(struct vote, count + 1);
	for (size_t i = 0; i < count; i++) {
		uint32_t best = judge->best[i];
		uint32_t any = best != OUTLINE_NONE ? best : evidence->candidates[i].first;
		votes[i] = (struct vote){.key = evidence->candidates[i].template,
			.index = (uint32_t)i,
			.words = evidence->anchors[any].words,
			.is_nav = best == OUTLINE_NONE};
	}
	qsort(votes, count, sizeof(votes[0]), compare_votes);
	for (size_t start = 0; start < count;) {
		size_t end = start;
		size_t in_nav = 0;
		while (end < count && votes[end].key == votes[start].key) {
			in_nav += votes[end].is_nav ? 1 : 0;
			end++;
		}
		double median = votes[start + (end - start) / 2].words;
		double points = 0;
		if (end - start >= 3) {
			points += median >= 5 ? 1 : (median <= 2.5 ? -1.5 : 0);
			points -= in_nav * 2 > end - start ? 0.7 : 0;
		}
		for (; start < end; start++) {
			judge->template_points[votes[start].index] = points;
		}
	}
	free(votes);
}

/* Cards that repeat: the same element path around several long anchors with good URLs. */
static void vote_on_paths(struct judge *judge)
{
	const struct evidence *evidence = judge->evidence;
	size_t count = evidence->anchor_count;
	struct vote *votes = ALLOC_ARRAY(struct vote, count + 1);
	for (size_t i = 0; i < count; i++) {
		votes[i] = (struct vote){.key = evidence->anchors[i].path,
			.index = (uint32_t)i,
			.words = evidence->anchors[i].words};
	}
	qsort(votes, count, sizeof(votes[0]), compare_votes);
	for (size_t start = 0; start < count;) {
		size_t end = start;
		size_t good = 0;
		size_t brief = 0;
		uint32_t last = OUTLINE_NONE;
		for (; end < count && votes[end].key == votes[start].key; end++) {
			uint32_t candidate = evidence->anchors[votes[end].index].candidate;
			bool is_new = candidate != last;
			last = candidate;
			brief += votes[end].words < 2.5 ? 1 : 0;
			good += is_new && votes[end].words >= 4.5 &&
						judge->url_points[candidate] >= 1.5
					? 1
					: 0;
		}
		double points = good >= 3 ? 1 : 0;
		if (brief >= 4 && brief * 3 > (end - start) * 2) {
			points = -1;
		}
		for (; start < end; start++) {
			judge->path_points[votes[start].index] = points;
		}
	}
	free(votes);
}

static double words_points(double words)
{
	if (words >= 6) {
		return 2;
	}
	if (words >= 4.5) {
		return 1.5;
	}
	if (words >= 3.5) {
		return 0.5;
	}
	return words < 2.5 ? -2 : 0;
}

/* The best of a property over all anchors that count. */
struct facts {
	bool has_heading, has_image, is_in_content, has_text;
	double path_points;
	unsigned soft; /* bits that all anchors share */
	uint32_t anchors;
	uint32_t free_anchors; /* not inline */
};

static struct facts facts_of(
	const struct evidence *evidence, const struct judge *judge, size_t index)
{
	struct facts facts = {.soft = UINT32_MAX, .path_points = -1};
	for (uint32_t a = evidence->candidates[index].first; a != OUTLINE_NONE;
		a = evidence->anchors[a].next) {
		const struct evidence_anchor *anchor = &evidence->anchors[a];
		if (is_excluded(judge, anchor)) {
			continue;
		}
		facts.anchors++;
		facts.soft &= anchor->soft;
		if (is_inline(judge, anchor)) {
			continue;
		}
		facts.free_anchors++;
		facts.has_heading = facts.has_heading || anchor->has_heading;
		facts.has_text = facts.has_text || !anchor->is_wordless;
		facts.has_image = facts.has_image || anchor->has_image;
		facts.is_in_content =
			facts.is_in_content || (evidence->outline->nodes[anchor->node].place &
						       (IN_MAIN | IN_ARTICLE | IN_ASIDE)) != 0;
		if (judge->path_points[a] > facts.path_points) {
			facts.path_points = judge->path_points[a];
		}
	}
	facts.soft = facts.anchors == 0 ? 0 : facts.soft;
	facts.path_points = facts.free_anchors == 0 ? 0 : facts.path_points;
	return facts;
}

static double soft_points(unsigned soft)
{
	double points = 0;
	points -= (soft & SOFT_MENU) != 0 ? 3 : 0;
	points -= (soft & (SOFT_ADVERT | SOFT_ADVERT_NEAR)) != 0 ? 4 : 0;
	points -= (soft & SOFT_TAGS) != 0 ? 2 : 0;
	return points;
}

static void add_anchor_points(
	struct score *score, const struct evidence_anchor *best, const struct facts *facts)
{
	add_points(score, RELATED_WORDS, "words", words_points(best->words));
	add_points(score, RELATED_HEADING, "heading", facts->has_heading ? 1 : 0);
	add_points(score, RELATED_IMAGE, "image", facts->has_image ? 0.7 : 0);
	add_points(score, RELATED_IMAGE, "picture only",
		facts->has_text || facts->free_anchors == 0 ? 0 : -1.5);
	add_points(score, RELATED_CARD, "several anchors", facts->anchors >= 2 ? 0.3 : 0);
	add_points(score, RELATED_PLACE, "in content", facts->is_in_content ? 0.3 : 0);
	add_points(score, RELATED_CARD, "repeated card", facts->path_points);
	add_points(score, RELATED_CLASS_WORDS, "class words", soft_points(facts->soft));
}

/* What a link that is no story is. */
static enum story_kind kind_of_rest(const struct evidence_candidate *candidate, double words)
{
	const struct url_shape *shape = &candidate->shape;
	bool is_list =
		shape->has_listing || (words < 4.5 && shape->slug_words <= 2 && !shape->has_date);
	return is_list && !shape->is_root ? STORY_SECTION : STORY_OTHER;
}

static enum story_kind judge_candidate(struct judge *judge, size_t index, struct score *score)
{
	const struct evidence *evidence = judge->evidence;
	const struct evidence_candidate *candidate = &evidence->candidates[index];
	add_points(score, RELATED_SHAPE, "shape", url_shape_points(&candidate->shape));
	add_points(score, RELATED_AGREEMENT, "like the page",
		url_shape_agreement(&candidate->shape, &evidence->seed));
	add_points(score, RELATED_AGREEMENT, "other domain", candidate->is_elsewhere ? -1.5 : 0);
	add_points(score, RELATED_TEMPLATE, "template", judge->template_points[index]);
	if (candidate->is_page) {
		return STORY_PAGINATION;
	}
	uint32_t best = judge->best[index];
	if (best == OUTLINE_NONE) {
		add_points(score, RELATED_PLACE, "only in menu, header or footer", -5);
		return STORY_NAV;
	}
	struct facts facts = facts_of(evidence, judge, index);
	const struct evidence_anchor *anchor = &evidence->anchors[best];
	add_anchor_points(score, anchor, &facts);
	if (facts.free_anchors == 0 && score->total >= 2) {
		return STORY_INLINE;
	}
	if (score->total >= RELATED_THRESHOLD) {
		return STORY_RELATED;
	}
	return kind_of_rest(candidate, anchor->words);
}

static void add_story(
	struct judge *judge, size_t index, struct card_pages *pages, struct page_result *result_out)
{
	const struct evidence *evidence = judge->evidence;
	buf_reset(&judge->reasons);
	struct score score = {.reasons = &judge->reasons, .without = judge->without};
	struct page_story *story = &result_out->stories[result_out->story_count++];
	story->kind = judge_candidate(judge, index, &score);
	story->score = score.total;
	story->accepted = story->kind == STORY_RELATED;
	story->reasons = page_result_keep(result_out, buf_bytes(&judge->reasons));
	const struct evidence_candidate *candidate = &evidence->candidates[index];
	story->url = page_result_keep(result_out, evidence_text(evidence, candidate->url));
	uint32_t best = judge->best[index];
	card_describe(pages, best != OUTLINE_NONE ? best : candidate->first, story, result_out);
	if (story->accepted && card_is_more(pages, best, story->section)) {
		story->kind = STORY_MORE;
	}
}

unsigned related_evidence_of(struct bytes name)
{
	static const char *const names[] = {"shape", "agreement", "template", "words", "heading",
		"image", "card", "place", "prose", "class-words"};
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(name, bytes_of(names[i]))) {
			return 1U << i;
		}
	}
	return 0;
}

void related_find(const struct evidence *evidence, const struct page_input *input,
	struct page_result *result_out)
{
	size_t count = evidence->candidate_count;
	if (count == 0) {
		return;
	}
	struct judge judge = {.evidence = evidence,
		.without = input->without,
		.best = ALLOC_ARRAY(uint32_t, count),
		.url_points = ALLOC_ARRAY(double, count),
		.template_points = ALLOC_ARRAY(double, count),
		.path_points = ALLOC_ARRAY(double, evidence->anchor_count)};
	choose_best(&judge);
	for (size_t i = 0; i < count; i++) {
		const struct url_shape *shape = &evidence->candidates[i].shape;
		if ((input->without & RELATED_SHAPE) == 0) {
			judge.url_points[i] += url_shape_points(shape);
		}
		if ((input->without & RELATED_AGREEMENT) == 0) {
			judge.url_points[i] += url_shape_agreement(shape, &evidence->seed);
		}
	}
	vote_on_templates(&judge);
	vote_on_paths(&judge);
	result_out->stories = ALLOC_ARRAY(struct page_story, count);
	struct card_pages pages;
	card_pages_init(&pages, evidence);
	for (size_t i = 0; i < count; i++) {
		add_story(&judge, i, &pages, result_out);
	}
	card_pages_clear(&pages);
	free(judge.best);
	free(judge.url_points);
	free(judge.template_points);
	free(judge.path_points);
	buf_clear(&judge.reasons);
}
