/* SPDX-License-Identifier: MIT */
/* evidence.c - what a page shows about each of its own site's URLs */
#include "article/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "article/soft_words.h"
#include "article/url_key.h"
#include "article/url_table.h"
#include "article/words.h"
#include "base/alloc.h"
#include "base/limits.h"

/* Longest anchor text that is looked at, bytes. */
#define ANCHOR_TEXT_MAX ((size_t)400)
/* Nodes inside an anchor that are looked at. */
#define INSIDE_NODES 300
/* Levels that are climbed from an anchor to its card: real cards have under 10. */
#define CARD_LEVELS 12

/* What the collecting needs besides its result. */
struct work {
	struct evidence *evidence;
	const struct evidence_input *input;
	struct url_table hrefs; /* raw href -> candidate, or OUTLINE_NONE when it is none */
	struct bytes site;
	struct buf key;
	uint32_t *blocks;   /* owned: innermost block of each node */
	uint32_t *own_text; /* owned: unlinked bytes directly in each block */
};

struct bytes evidence_text(const struct evidence *evidence, struct evidence_span span)
{
	if (span.len == 0) {
		return (struct bytes){NULL, 0};
	}
	return bytes_from(evidence->texts.ptr + span.start, span.len);
}

static struct evidence_span keep(struct evidence *evidence, struct bytes text)
{
	size_t start = evidence->texts.len;
	buf_add(&evidence->texts, text);
	if (buf_failed(&evidence->texts)) {
		return (struct evidence_span){0, 0};
	}
	return (struct evidence_span){(uint32_t)start, (uint32_t)text.len};
}

static uint64_t key_hash(struct work *work, const struct url *url)
{
	buf_reset(&work->key);
	url_key_add(&work->key, url);
	return url_table_hash(buf_bytes(&work->key));
}

static bool is_own(struct work *work, uint64_t key, const struct url_shape *shape)
{
	if (url_table_has(&work->evidence->own, key)) {
		return true;
	}
	/* The same last segment with an identifier: print, mobile and section copies of the page.
	 */
	const struct url_shape *seed = &work->evidence->seed;
	return shape->id != URL_ID_NONE && seed->id != URL_ID_NONE && shape->last.len >= 6 &&
	       bytes_equal(shape->last, seed->last);
}

uint32_t evidence_candidate_of(
	const struct evidence *evidence, const struct url *url, bool *is_own_out)
{
	struct buf key = {0};
	url_key_add(&key, url);
	uint64_t hash = url_table_hash(buf_bytes(&key));
	buf_clear(&key);
	*is_own_out = url_table_has(&evidence->own, hash);
	return url_table_get(&evidence->keys, hash, OUTLINE_NONE);
}

static uint32_t add_candidate(struct work *work, struct bytes href)
{
	struct evidence *evidence = work->evidence;
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse_in(href, work->input->base, work->input->encoder, &url, &ignored) < 0) {
		return OUTLINE_NONE; /* no URL, no link */
	}
	if (!url->is_http || !url_key_same_site(url->host, work->site)) {
		return OUTLINE_NONE;
	}
	struct url_shape shape = url_shape_of(url->path, url->query);
	uint64_t key = key_hash(work, url);
	bool is_page = url_key_is_page_of(url, work->input->url);
	if (shape.is_file || (!is_page && is_own(work, key, &shape))) {
		return OUTLINE_NONE;
	}
	if (is_page) {
		key = url_table_hash(url->all);
	}
	bool is_new;
	uint32_t *slot = url_table_slot(&work->evidence->keys, key, &is_new);
	if (!is_new) {
		return *slot;
	}
	if (evidence->candidate_count == evidence->candidate_capacity) {
		size_t capacity =
			evidence->candidate_capacity == 0 ? 128 : evidence->candidate_capacity * 2;
		evidence->candidates = alloc_resize(
			evidence->candidates, capacity, sizeof(evidence->candidates[0]));
		evidence->candidate_capacity = capacity;
	}
	*slot = (uint32_t)evidence->candidate_count++;
	evidence->candidates[*slot] = (struct evidence_candidate){.url = keep(evidence, url->all),
		.first = OUTLINE_NONE,
		.last = OUTLINE_NONE,
		.path_at = (size_t)(url->path.ptr - url->all.ptr),
		.path_len = url->path.len,
		.is_elsewhere = !url_key_in_domain(url->host, work->site),
		.is_page = is_page};
	return *slot;
}

static uint32_t candidate_of(struct work *work, struct bytes href)
{
	href = bytes_trim(href);
	if (href.len == 0 || href.ptr[0] == '#' || href.len > LIMIT_URL_BYTES) {
		return OUTLINE_NONE;
	}
	bool is_new;
	uint32_t *slot = url_table_slot(&work->hrefs, url_table_hash(href), &is_new);
	if (is_new) {
		uint32_t candidate = add_candidate(work, href);
		*slot = candidate;
	}
	return *slot;
}

/* The text a person sees in an anchor, or else the one a screen reader would say. */
static struct bytes anchor_text(
	const struct outline *outline, uint32_t node, struct buf *scratch, bool *is_labelled_out)
{
	buf_reset(scratch);
	outline_gather(outline, node, ANCHOR_TEXT_MAX, scratch);
	struct bytes text = bytes_trim(buf_bytes(scratch));
	*is_labelled_out = text.len == 0;
	if (text.len == 0) {
		text = bytes_trim(outline_value(outline, node, ATTR_ARIA_LABEL));
	}
	if (text.len == 0) {
		text = bytes_trim(outline_value(outline, node, ATTR_TITLE));
	}
	for (uint32_t i = node + 1; text.len == 0 && i < outline->nodes[node].end; i++) {
		if (outline->nodes[i].tag == TAG_IMG || outline->nodes[i].tag == TAG_AMP_IMG) {
			text = bytes_trim(outline_value(outline, i, ATTR_ALT));
		}
	}
	/* A text that is there twice (for two layouts) is one text. */
	size_t half = text.len / 2;
	if (text.len > 20 && text.len % 2 == 1 && text.ptr[half] == ' ' &&
		memcmp(text.ptr, text.ptr + half + 1, half) == 0) {
		text = bytes_slice(text, 0, half);
	}
	return bytes_slice(text, 0, ANCHOR_TEXT_MAX);
}

static uint64_t path_of(const struct outline *outline, uint32_t node)
{
	uint64_t hash = 0;
	for (int level = 0; level < 4 && node != OUTLINE_NONE; level++) {
		struct bytes class = outline_value(outline, node, ATTR_CLASS);
		hash = hash * 1000003 + outline->nodes[node].tag;
		hash = hash * 1000003 + (class.len > 0 ? bytes_hash(class) : 7);
		node = outline->nodes[node].parent;
	}
	return hash;
}

static void see_inside(const struct outline *outline, struct evidence_anchor *anchor)
{
	const struct outline_node *node = &outline->nodes[anchor->node];
	anchor->has_heading = (node->place & IN_HEADING) != 0;
	for (uint32_t i = anchor->node + 1; i < node->end && i < anchor->node + INSIDE_NODES; i++) {
		uint8_t tag = outline->nodes[i].tag;
		anchor->has_heading = anchor->has_heading || outline_is_heading(tag);
		anchor->has_image = anchor->has_image || tag == TAG_IMG || tag == TAG_PICTURE ||
				    tag == TAG_AMP_IMG || tag == TAG_VIDEO;
	}
}

static void add_anchor(struct work *work, uint32_t node, struct buf *scratch)
{
	struct evidence *evidence = work->evidence;
	const struct outline *outline = evidence->outline;
	if (evidence->anchor_count >= LIMIT_PAGE_LINKS) {
		evidence->dropped++;
		return;
	}
	uint32_t candidate = candidate_of(work, outline_value(outline, node, ATTR_HREF));
	if (candidate == OUTLINE_NONE) {
		return;
	}
	if (evidence->anchor_count == evidence->anchor_capacity) {
		size_t capacity =
			evidence->anchor_capacity == 0 ? 256 : evidence->anchor_capacity * 2;
		evidence->anchors =
			alloc_resize(evidence->anchors, capacity, sizeof(evidence->anchors[0]));
		evidence->anchor_capacity = capacity;
	}
	struct evidence_anchor anchor = {.node = node,
		.candidate = candidate,
		.next = OUTLINE_NONE,
		.card = node,
		.path = path_of(outline, node)};
	struct bytes text = anchor_text(outline, node, scratch, &anchor.is_labelled);
	anchor.text = keep(evidence, text);
	anchor.words = words_count(text);
	see_inside(outline, &anchor);
	uint32_t index = (uint32_t)evidence->anchor_count++;
	evidence->anchors[index] = anchor;
	struct evidence_candidate *owner = &evidence->candidates[candidate];
	if (owner->first == OUTLINE_NONE) {
		owner->first = index;
	} else {
		evidence->anchors[owner->last].next = index;
	}
	owner->last = index;
	owner->anchors++;
}

/* Sums over subtrees: children come after their parent, so one backward pass is enough. */
static void sum_up(struct evidence *evidence)
{
	const struct outline *outline = evidence->outline;
	evidence->sums = ALLOC_ARRAY(struct evidence_sums, outline->count + 1);
	for (size_t i = 0; i < outline->count; i++) {
		evidence->sums[i].only = OUTLINE_NONE;
	}
	for (size_t i = 0; i < evidence->anchor_count; i++) {
		const struct evidence_anchor *anchor = &evidence->anchors[i];
		struct evidence_sums *sums = &evidence->sums[anchor->node];
		sums->anchors = 1;
		sums->brief = anchor->words < 2.5 ? 1 : 0;
		sums->only = anchor->candidate;
	}
	for (size_t i = outline->count; i-- > 0;) {
		const struct outline_node *node = &outline->nodes[i];
		struct evidence_sums *sums = &evidence->sums[i];
		if (node->tag == TAG_TEXT && (node->place & (IN_RAW | IN_UNSEEN)) == 0) {
			sums->text = node->len;
			sums->linked = (node->place & IN_ANCHOR) != 0 ? node->len : 0;
		}
		if (node->parent == OUTLINE_NONE) {
			continue;
		}
		struct evidence_sums *above = &evidence->sums[node->parent];
		above->text += sums->text;
		above->linked += sums->linked;
		above->anchors += sums->anchors;
		above->brief += sums->brief;
		if (sums->only != OUTLINE_NONE && above->only != sums->only) {
			above->only = above->only == OUTLINE_NONE ? sums->only : EVIDENCE_MIXED;
		}
	}
}

/* For each block: bytes of unlinked text that stand directly in it. */
static void measure_blocks(struct work *work)
{
	const struct outline *outline = work->evidence->outline;
	work->blocks = ALLOC_ARRAY(uint32_t, outline->count + 1);
	work->own_text = ALLOC_ARRAY(uint32_t, outline->count + 1);
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		bool is_block = node->parent == OUTLINE_NONE ||
				(outline_is_block(node->tag) && node->tag != TAG_BR);
		work->blocks[i] = is_block ? i : work->blocks[node->parent];
		if (node->tag == TAG_TEXT &&
			(node->place & (IN_ANCHOR | IN_RAW | IN_UNSEEN)) == 0) {
			work->own_text[work->blocks[i]] += node->len;
		}
	}
}

/* Header elements that hold the headline are the story's, not the page's. */
static void mark_story_headers(const struct outline *outline, bool *is_story)
{
	for (uint32_t i = 0; i < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_H1) {
			continue;
		}
		uint32_t at = outline->nodes[i].parent;
		for (int level = 0; level < 16 && at != OUTLINE_NONE; level++) {
			is_story[at] = true;
			at = outline->nodes[at].parent;
		}
	}
}

/* Top-down: whether each element lies in a menu, the page's header or its footer. */
static uint8_t *mark_excluded(const struct outline *outline)
{
	uint8_t *excluded = ALLOC_ARRAY(uint8_t, outline->count + 1);
	bool *is_story = ALLOC_ARRAY(bool, outline->count + 1);
	mark_story_headers(outline, is_story);
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		unsigned around = 0;
		if (node->parent != OUTLINE_NONE) {
			excluded[i] = excluded[node->parent];
			around = outline->nodes[node->parent].place;
		}
		unsigned starts = node->place & ~around;
		bool is_content = (node->place & (IN_MAIN | IN_ARTICLE)) != 0;
		if ((starts & IN_NAV) != 0 ||
			((starts & (IN_HEADER | IN_FOOTER)) != 0 && !is_content && !is_story[i])) {
			excluded[i] = 1;
		}
	}
	free(is_story);
	return excluded;
}

/* Top-down: what class and id words hint at, where the links are mostly short. */
static uint8_t *mark_soft(const struct evidence *evidence)
{
	const struct outline *outline = evidence->outline;
	uint8_t *soft = ALLOC_ARRAY(uint8_t, outline->count + 1);
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->parent != OUTLINE_NONE) {
			soft[i] = soft[node->parent];
		}
		const struct evidence_sums *sums = &evidence->sums[i];
		if (sums->anchors == 0 || node->tag == TAG_TEXT || node->tag == TAG_BODY ||
			node->tag == TAG_HTML || node->tag == TAG_MAIN) {
			continue;
		}
		unsigned bits = soft_words_of(outline_value(outline, i, ATTR_CLASS)) |
				soft_words_of(outline_value(outline, i, ATTR_ID));
		if (bits == 0) {
			continue;
		}
		if (sums->brief * 2 > sums->anchors) {
			soft[i] = (uint8_t)(soft[i] | bits);
		}
		if ((bits & SOFT_ADVERT) != 0 && sums->only < EVIDENCE_MIXED) {
			soft[i] = (uint8_t)(soft[i] | SOFT_ADVERT_NEAR);
		}
	}
	return soft;
}

/* An anchor without words of its own speaks for its card: the card's heading is its text. */
static void borrow_heading(
	struct evidence *evidence, struct evidence_anchor *anchor, struct buf *scratch)
{
	const struct outline *outline = evidence->outline;
	uint32_t end = outline->nodes[anchor->card].end;
	if (end - anchor->card > 200) {
		return;
	}
	for (uint32_t i = anchor->card; i < end; i++) {
		if (outline->nodes[i].tag == TAG_H1) {
			return; /* what holds the page's own headline is no card */
		}
		if (!outline_is_heading(outline->nodes[i].tag)) {
			continue;
		}
		buf_reset(scratch);
		outline_gather(outline, i, ANCHOR_TEXT_MAX, scratch);
		struct bytes text = bytes_trim(buf_bytes(scratch));
		double words = words_count(text);
		if (words > anchor->words) {
			anchor->text = keep(evidence, bytes_slice(text, 0, ANCHOR_TEXT_MAX));
			anchor->words = words;
			anchor->is_labelled = false;
		}
		anchor->has_heading = true;
		return;
	}
}

static void place_anchor(struct work *work, struct evidence_anchor *anchor, struct buf *scratch)
{
	struct evidence *evidence = work->evidence;
	const struct outline *outline = evidence->outline;
	uint32_t at = anchor->node;
	for (int level = 0; level < CARD_LEVELS; level++) {
		uint32_t parent = outline->nodes[at].parent;
		if (parent == OUTLINE_NONE || evidence->sums[parent].only != anchor->candidate) {
			break;
		}
		at = parent;
	}
	anchor->card = at;
	anchor->is_wordless = evidence->sums[at].text == 0;
	if (anchor->words < 2.5 && (outline->nodes[anchor->node].place & IN_PARAGRAPH) == 0) {
		borrow_heading(evidence, anchor, scratch);
	}
	uint32_t block = work->blocks[anchor->node];
	uint32_t unlinked = work->own_text[block];
	uint32_t linked = evidence->sums[anchor->node].linked;
	uint8_t tag = outline->nodes[block].tag;
	bool is_prose = tag == TAG_P || tag == TAG_LI || tag == TAG_DIV || tag == TAG_TD ||
			tag == TAG_BLOCKQUOTE || tag == TAG_DD || tag == TAG_SECTION ||
			tag == TAG_ARTICLE;
	anchor->is_inline = is_prose && !anchor->has_heading && unlinked > 25 &&
			    (double)unlinked > 0.6 * (double)linked;
}

static void add_own(struct work *work, struct bytes address)
{
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	if (work->evidence->own.count >= 64 ||
		url_parse(address, work->input->base, &url, &ignored) < 0) {
		return;
	}
	struct url_shape shape = url_shape_of(url->path, url->query);
	if (!shape.is_root) {
		bool is_new;
		(void)url_table_slot(&work->evidence->own, key_hash(work, url), &is_new);
	}
}

static void describe_candidates(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->candidate_count; i++) {
		struct evidence_candidate *candidate = &evidence->candidates[i];
		struct bytes url = evidence_text(evidence, candidate->url);
		size_t query_at = candidate->path_at + candidate->path_len;
		candidate->shape = url_shape_of(bytes_slice(url, candidate->path_at, query_at),
			bytes_slice(url, query_at, url.len));
		candidate->template = url_shape_template(&candidate->shape);
	}
}

void evidence_collect(const struct outline *outline, const struct evidence_input *input,
	struct evidence *evidence_out)
{
	*evidence_out =
		(struct evidence){.outline = outline, .texts = buf_with_max(LIMIT_PAGE_TEXT_BYTES)};
	struct work work = {.evidence = evidence_out, .input = input};
	work.site = url_registrable_domain(input->url->host);
	evidence_out->seed = url_shape_of(input->url->path, input->url->query);
	add_own(&work, input->url->all);
	for (size_t i = 0; i < input->own_url_count; i++) {
		add_own(&work, input->own_urls[i]);
	}
	struct buf scratch = {0};
	for (uint32_t i = 0; i < outline->count; i++) {
		if (outline->nodes[i].tag == TAG_A || outline->nodes[i].tag == TAG_AREA) {
			add_anchor(&work, i, &scratch);
		}
	}
	sum_up(evidence_out);
	measure_blocks(&work);
	uint8_t *excluded = mark_excluded(outline);
	uint8_t *soft = mark_soft(evidence_out);
	for (size_t i = 0; i < evidence_out->anchor_count; i++) {
		struct evidence_anchor *anchor = &evidence_out->anchors[i];
		anchor->is_excluded = excluded[anchor->node] != 0;
		anchor->soft = soft[anchor->node];
		place_anchor(&work, anchor, &scratch);
	}
	describe_candidates(evidence_out); /* last: the shapes borrow from texts, which moves */
	free(soft);
	free(excluded);
	buf_clear(&scratch);
	buf_clear(&work.key);
	url_table_clear(&work.hrefs);
	free(work.blocks);
	free(work.own_text);
}

void evidence_clear(struct evidence *evidence)
{
	free(evidence->anchors);
	free(evidence->candidates);
	free(evidence->sums);
	url_table_clear(&evidence->keys);
	url_table_clear(&evidence->own);
	buf_clear(&evidence->texts);
	*evidence = (struct evidence){0};
}
