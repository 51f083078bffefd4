/* SPDX-License-Identifier: MIT */
/* text_body.c - points for paragraphs, and the element that has most of them */
#include "article/text_body.h"

#include <stdlib.h>

#include "article/plain.h"
#include "article/words.h"
#include "base/alloc.h"

/* Bytes of its own from which a block is running text. */
#define PROSE_BYTES 80
/* Bytes of prose from which the <article> around the headline is the story. */
#define OWN_BYTES 600
/* Elements around the body that are looked at for more of it. */
#define WIDEN_LEVELS 12
/* Bytes of text that are too much to be thrown away for a name, unless readers wrote them. */
#define NAMED_BYTES 1500
/* Levels around a paragraph that share its points. */
#define LEVELS 4

static void measure(struct text_body *body)
{
	const struct outline *outline = body->outline;
	for (size_t i = outline->count; i-- > 0;) {
		const struct outline_node *node = &outline->nodes[i];
		bool has = body->has_headline[i] || node->tag == TAG_H1;
		if (has && node->parent != OUTLINE_NONE) {
			body->has_headline[node->parent] = true;
		}
	}
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		bool is_block = node->parent == OUTLINE_NONE ||
				(outline_is_block(node->tag) && node->tag != TAG_BR);
		body->blocks[i] = is_block ? i : body->blocks[node->parent];
		if (node->tag == TAG_TEXT && (node->place & (IN_RAW | IN_UNSEEN)) == 0) {
			body->own[body->blocks[i]] += node->len;
			body->text_bytes += node->len;
			body->own_link[body->blocks[i]] +=
				(node->place & IN_ANCHOR) != 0 ? node->len : 0;
		}
	}
}

static bool is_paragraph(uint8_t tag)
{
	return tag == TAG_P || tag == TAG_DIV || tag == TAG_PRE || tag == TAG_BLOCKQUOTE ||
	       tag == TAG_LI || tag == TAG_TD || tag == TAG_SECTION || tag == TAG_ARTICLE ||
	       tag == TAG_DD || tag == TAG_MAIN;
}

/* Whether a block is running text. */
static bool is_prose(const struct text_body *body, uint32_t node)
{
	return body->own[node] >= PROSE_BYTES && !body->left_out[node] &&
	       body->own_link[node] * 2 < body->own[node] &&
	       is_paragraph(body->outline->nodes[node].tag);
}

/* A word of running text, linked to a topic maybe, belongs to it by whatever class. */
static bool is_word_of_prose(const struct text_body *body, uint32_t index)
{
	uint8_t tag = body->outline->nodes[index].tag;
	bool is_inline = tag == TAG_A || tag == TAG_SPAN || tag == TAG_B || tag == TAG_STRONG ||
			 tag == TAG_EM || tag == TAG_I;
	return is_inline && is_prose(body, body->blocks[index]);
}

/* Elements that are never the story's running text. */
static bool is_aside(const struct text_body *body, uint32_t index)
{
	const struct outline_node *node = &body->outline->nodes[index];
	switch (node->tag) {
	case TAG_NAV:
	case TAG_ASIDE:
	case TAG_FOOTER:
	case TAG_FORM:
		/* One that was never closed, or that wraps the page, is no aside. */
		return !body->has_headline[index] &&
		       body->evidence->sums[index].text < body->text_bytes / 2;
	case TAG_FIGURE:
	case TAG_FIGCAPTION:
	case TAG_BUTTON:
	case TAG_SELECT:
	case TAG_IFRAME:
	case TAG_VIDEO:
	case TAG_AUDIO:
	case TAG_TIME:
	case TAG_ADDRESS:
		return true;
	case TAG_BODY:
	case TAG_HTML:
	case TAG_MAIN:
	case TAG_ARTICLE:
	case TAG_P:
	case TAG_TEXT:
		return false;
	default:
		break;
	}
	if (body->has_headline[index]) {
		return false;
	}
	bool is_word = is_word_of_prose(body, index);
	struct bytes class = outline_value(body->outline, index, ATTR_CLASS);
	unsigned words =
		soft_words_of(class) | soft_words_of(outline_value(body->outline, index, ATTR_ID));
	if (body->evidence->sums[index].text > NAMED_BYTES) {
		return (words & SOFT_COMMENTS) != 0;
	}
	struct bytes role = outline_value(body->outline, index, ATTR_ROLE);
	return (words != 0 && !is_word) || bytes_equal(role, BYTES("complementary")) ||
	       words_has_item(class, "hidden");
}

/* Cards of other stories: mostly linked, or the card of one candidate under a heading. */
static void leave_out_cards(struct text_body *body, const struct page_result *result)
{
	const struct evidence *evidence = body->evidence;
	for (size_t i = 0; i < evidence->anchor_count; i++) {
		const struct evidence_anchor *anchor = &evidence->anchors[i];
		if (anchor->is_inline || !result->stories[anchor->candidate].accepted) {
			continue;
		}
		const struct evidence_sums *sums = &evidence->sums[anchor->card];
		uint8_t tag = body->outline->nodes[anchor->card].tag;
		if (sums->text < 600 && tag != TAG_BODY && tag != TAG_MAIN && tag != TAG_HTML) {
			body->left_out[anchor->card] = true;
		}
	}
}

static void leave_out(struct text_body *body, const struct page_result *result)
{
	leave_out_cards(body, result);
	for (uint32_t i = 0; i < body->outline->count; i++) {
		const struct outline_node *node = &body->outline->nodes[i];
		if (node->parent != OUTLINE_NONE && body->left_out[node->parent]) {
			body->left_out[i] = true;
		} else if (!body->left_out[i]) {
			body->left_out[i] = is_aside(body, i);
		}
	}
}

/* Commas, also those of CJK texts: U+3001, U+3002. */
static size_t commas_in(struct bytes text)
{
	size_t commas = 0;
	size_t at = bytes_find_char(text, ',', 0);
	for (; at != SIZE_MAX; at = bytes_find_char(text, ',', at + 1)) {
		commas++;
	}
	at = bytes_find(text, BYTES("\xe3\x80"), 0);
	while (at != SIZE_MAX && at + 2 < text.len) {
		commas += ((unsigned char)text.ptr[at + 2] & 0xfe) == 0x80 ? 1 : 0;
		at = bytes_find(text, BYTES("\xe3\x80"), at + 2);
	}
	return commas;
}

static size_t count_commas(const struct text_body *body, uint32_t block)
{
	size_t commas = 0;
	uint32_t end = body->outline->nodes[block].end;
	for (uint32_t i = block; i < end && i < block + 60; i++) {
		commas += commas_in(outline_text(body->outline, i));
	}
	return commas;
}

static void give_points(struct text_body *body)
{
	const struct outline *outline = body->outline;
	for (uint32_t i = 0; i < outline->count; i++) {
		uint32_t len = body->own[i];
		if (len < 25 || !is_paragraph(outline->nodes[i].tag) || body->left_out[i]) {
			continue;
		}
		double linked = (double)body->own_link[i] / (double)len;
		double points =
			1 + (double)count_commas(body, i) + (len / 100.0 < 3 ? len / 100.0 : 3);
		points *= 1 - linked;
		points *= outline->nodes[i].tag == TAG_LI ? 0.4 : 1;
		uint32_t at = outline->nodes[i].tag == TAG_P || outline->nodes[i].tag == TAG_LI
				      ? outline->nodes[i].parent
				      : i;
		double share = 1;
		for (int level = 0; level < LEVELS && at != OUTLINE_NONE; level++) {
			body->points[at] += points * share;
			share = level == 0 ? 0.5 : share * 0.6;
			at = outline->nodes[at].parent;
		}
	}
}

static bool is_body_element(const struct outline *outline, uint32_t node)
{
	struct bytes itemprop = outline_value(outline, node, ATTR_ITEMPROP);
	return bytes_find(itemprop, BYTES("articleBody"), 0) != SIZE_MAX;
}

static uint32_t choose_body(const struct text_body *body, uint32_t from, uint32_t end)
{
	const struct outline *outline = body->outline;
	uint32_t best = OUTLINE_NONE;
	double best_points = 0;
	uint32_t named = OUTLINE_NONE;
	for (uint32_t i = from; i < end; i++) {
		const struct evidence_sums *sums = &body->evidence->sums[i];
		if (outline->nodes[i].tag < TAG_TEXT && sums->text > 300 && named == OUTLINE_NONE &&
			is_body_element(outline, i)) {
			named = i;
		}
		if (body->points[i] <= 0 || sums->text == 0) {
			continue;
		}
		double points = body->points[i] * (1 - (double)sums->linked / (double)sums->text);
		if (points > best_points) {
			best_points = points;
			best = i;
		}
	}
	if (named != OUTLINE_NONE && best != OUTLINE_NONE) {
		const struct evidence_sums *sums = body->evidence->sums;
		return sums[named].text * 2 >= sums[best].text || best < named ? named : best;
	}
	return best;
}

/* What a paragraph looks like: the tags and classes of itself and of the two elements around it.
 * Stories are often cut into several boxes by teasers and advertisements; their paragraphs look
 * alike, however far apart they stand. */
static uint64_t look_of(const struct outline *outline, uint32_t node)
{
	uint64_t look = 1;
	for (int level = 0; level < 3 && node != OUTLINE_NONE; level++) {
		look = look * 1099511628211U + outline->nodes[node].tag;
		if (level > 0) {
			look = look * 1099511628211U +
			       url_table_hash(outline_value(outline, node, ATTR_CLASS));
		}
		node = outline->nodes[node].parent;
	}
	return look;
}

/* The looks of the prose inside `node`, and how much there is of each. */
static uint32_t gather_looks(const struct text_body *body, uint32_t node, struct url_table *looks)
{
	uint32_t bytes = 0;
	for (uint32_t i = node; i < body->outline->nodes[node].end; i++) {
		if (is_prose(body, i)) {
			bool is_new;
			*url_table_slot(looks, look_of(body->outline, i), &is_new) += body->own[i];
			bytes += body->own[i];
		}
	}
	return bytes;
}

/* Prose between `from` and `end` that looks like that of the body. */
static uint32_t alike_in(
	const struct text_body *body, const struct url_table *looks, uint32_t from, uint32_t end)
{
	uint32_t bytes = 0;
	for (uint32_t i = from; i < end; i++) {
		if (is_prose(body, i) && url_table_has(looks, look_of(body->outline, i))) {
			bytes += body->own[i];
		}
	}
	return bytes;
}

/* Bytes of prose inside an element. */
static uint32_t prose_in(const struct text_body *body, uint32_t node)
{
	uint32_t bytes = 0;
	for (uint32_t i = node; i < body->outline->nodes[node].end; i++) {
		bytes += is_prose(body, i) ? body->own[i] : 0;
	}
	return bytes;
}

/* The first h1 that says the headline, or OUTLINE_NONE. */
static uint32_t headline_node(const struct outline *outline, struct bytes headline)
{
	SCOPED(buf_clear) struct buf text = {0};
	int seen = 0;
	for (uint32_t i = 0; headline.len > 0 && i < outline->count && seen < 30; i++) {
		if (outline->nodes[i].tag == TAG_H1) {
			seen++;
			buf_reset(&text);
			outline_gather(outline, i, 500, &text);
			if (plain_same(buf_bytes(&text), headline)) {
				return i;
			}
		}
	}
	return OUTLINE_NONE;
}

/* The <article> around the headline when it holds a story worth the name: pages go on with other
 * stories below, some of them longer. */
static uint32_t own_article(const struct text_body *body, struct bytes headline)
{
	uint32_t node = headline_node(body->outline, headline);
	while (node != OUTLINE_NONE && body->outline->nodes[node].tag != TAG_ARTICLE) {
		node = body->outline->nodes[node].parent;
	}
	if (node == OUTLINE_NONE || prose_in(body, node) < OWN_BYTES) {
		return OUTLINE_NONE;
	}
	return node;
}

/* Widens the body while an element around it holds more of the same prose; another story with a
 * headline of its own is none. */
static uint32_t widen_body(const struct text_body *body, uint32_t node, uint32_t own)
{
	const struct outline *outline = body->outline;
	struct url_table looks = {0};
	uint32_t bytes = gather_looks(body, node, &looks);
	uint32_t widest = node;
	uint32_t around = outline->nodes[node].parent;
	for (int level = 0; level < WIDEN_LEVELS && around != OUTLINE_NONE; level++) {
		uint8_t tag = outline->nodes[around].tag;
		if (tag == TAG_BODY || tag == TAG_HTML || (own != OUTLINE_NONE && around < own)) {
			break;
		}
		uint32_t more = alike_in(body, &looks, around, widest) +
				alike_in(body, &looks, outline->nodes[widest].end,
					outline->nodes[around].end);
		if (more >= bytes / 10 + 1) {
			bytes += more;
			widest = around;
		}
		around = outline->nodes[around].parent;
	}
	url_table_clear(&looks);
	return widest;
}

void text_body_open(const struct evidence *evidence, const struct page_result *result,
	struct text_body *body_out)
{
	size_t count = evidence->outline->count;
	*body_out = (struct text_body){.evidence = evidence,
		.outline = evidence->outline,
		.blocks = ALLOC_ARRAY(uint32_t, count + 1),
		.own = ALLOC_ARRAY(uint32_t, count + 1),
		.own_link = ALLOC_ARRAY(uint32_t, count + 1),
		.points = ALLOC_ARRAY(double, count + 1),
		.has_headline = ALLOC_ARRAY(bool, count + 1),
		.left_out = ALLOC_ARRAY(bool, count + 1)};
	measure(body_out);
	leave_out(body_out, result);
	give_points(body_out);
}

void text_body_close(struct text_body *body)
{
	free(body->blocks);
	free(body->own);
	free(body->own_link);
	free(body->points);
	free(body->has_headline);
	free(body->left_out);
	*body = (struct text_body){0};
}

uint32_t text_body_find(const struct text_body *body, struct bytes headline)
{
	uint32_t own = own_article(body, headline);
	uint32_t from = own == OUTLINE_NONE ? 0 : own;
	uint32_t end = own == OUTLINE_NONE ? (uint32_t)body->outline->count
					   : body->outline->nodes[own].end;
	uint32_t best = choose_body(body, from, end);
	return best == OUTLINE_NONE ? OUTLINE_NONE : widen_body(body, best, own);
}
