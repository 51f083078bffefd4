/* SPDX-License-Identifier: MIT */
/* text.c - the main text of a page
 *
 * Paragraphs give points to the elements around them by length and commas, links take them away;
 * the best element is the story's body, and of it all is kept but teasers, captions, forms and
 * blocks that are mostly links. */
#include "article/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

/* Visible bytes under which a page says next to nothing. */
#define TEXT_NONE ((size_t)40)
#define TEXT_LITTLE ((size_t)250)
/* Bytes from which a main text makes a page an article. */
#define TEXT_ARTICLE ((size_t)400)
/* Levels around a paragraph that share its points. */
#define LEVELS 4

struct body {
	const struct evidence *evidence;
	const struct outline *outline;
	uint32_t *blocks;   /* owned: innermost block of each node */
	uint32_t *own;      /* owned: bytes of text directly in each block */
	uint32_t *own_link; /* owned: of these, linked */
	double *points;     /* owned */
	size_t text_bytes;  /* of the page */
	bool *has_headline; /* owned: holds an h1 */
	bool *left_out;     /* owned: not the story's own text, with all inside */
};

static void measure(struct body *body)
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

/* Elements that are never the story's running text. */
static bool is_aside(const struct body *body, uint32_t index)
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
	unsigned words = soft_words_of(outline_value(body->outline, index, ATTR_CLASS)) |
			 soft_words_of(outline_value(body->outline, index, ATTR_ID));
	if (body->evidence->sums[index].text > 1500) {
		/* Too much to be thrown away for a name, unless readers wrote it. */
		words &= SOFT_COMMENTS;
	}
	return words != 0 && !body->has_headline[index];
}

/* Cards of other stories: mostly linked, or the card of one candidate under a heading. */
static void leave_out_cards(struct body *body, const struct page_result *result)
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

static void leave_out(struct body *body, const struct page_result *result)
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
	for (size_t i = 0; i < text.len; i++) {
		commas += text.ptr[i] == ',' ? 1 : 0;
	}
	size_t at = bytes_find(text, BYTES("\xe3\x80"), 0);
	while (at != SIZE_MAX && at + 2 < text.len) {
		commas += ((unsigned char)text.ptr[at + 2] & 0xfe) == 0x80 ? 1 : 0;
		at = bytes_find(text, BYTES("\xe3\x80"), at + 2);
	}
	return commas;
}

static size_t count_commas(const struct body *body, uint32_t block)
{
	size_t commas = 0;
	uint32_t end = body->outline->nodes[block].end;
	for (uint32_t i = block; i < end && i < block + 60; i++) {
		commas += commas_in(outline_text(body->outline, i));
	}
	return commas;
}

static bool is_paragraph(uint8_t tag)
{
	return tag == TAG_P || tag == TAG_DIV || tag == TAG_PRE || tag == TAG_BLOCKQUOTE ||
	       tag == TAG_LI || tag == TAG_TD || tag == TAG_SECTION || tag == TAG_ARTICLE ||
	       tag == TAG_DD || tag == TAG_MAIN;
}

static void give_points(struct body *body)
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

static uint32_t choose_body(const struct body *body)
{
	const struct outline *outline = body->outline;
	uint32_t best = OUTLINE_NONE;
	double best_points = 0;
	uint32_t named = OUTLINE_NONE;
	for (uint32_t i = 0; i < outline->count; i++) {
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

/* Widens the body while the element around it holds more points of its own: stories are often cut
 * into several boxes by teasers and pictures. */
static uint32_t widen_body(const struct body *body, uint32_t node)
{
	const struct outline *outline = body->outline;
	for (int level = 0; level < 5; level++) {
		uint32_t parent = outline->nodes[node].parent;
		if (parent == OUTLINE_NONE || outline->nodes[parent].tag == TAG_BODY ||
			outline->nodes[parent].tag == TAG_HTML) {
			return node;
		}
		double around = 0;
		for (uint32_t i = parent + 1; i < outline->nodes[parent].end;
			i = outline->nodes[i].end) {
			around += i != node && !body->left_out[i] ? body->points[i] : 0;
		}
		if (around < body->points[node] * 0.25) {
			return node;
		}
		node = parent;
	}
	return node;
}

/* One paragraph being gathered, and the sub-heading that waits for one. */
struct writer {
	struct buf text;
	struct buf heading;
	struct buf out;
};

static void flush_block(const struct body *body, uint32_t block, struct writer *writer)
{
	struct bytes text = bytes_trim(buf_bytes(&writer->text));
	uint8_t tag = body->outline->nodes[block].tag;
	double linked = body->own[block] == 0
				? 0
				: (double)body->own_link[block] / (double)body->own[block];
	if (text.len > 0 && outline_is_heading(tag)) {
		buf_reset(&writer->heading);
		if (tag != TAG_H1 && linked < 0.5) {
			buf_add(&writer->heading, text);
		}
	} else if (text.len > 0 && linked < 0.6 &&
		   (text.len >= 25 || tag == TAG_P || tag == TAG_LI || tag == TAG_TD)) {
		if (writer->heading.len > 0) {
			buf_add_text(&writer->out, writer->out.len > 0 ? "\n\n" : "");
			buf_add(&writer->out, buf_bytes(&writer->heading));
			buf_reset(&writer->heading);
		}
		buf_add_text(&writer->out, writer->out.len > 0 ? "\n\n" : "");
		buf_add(&writer->out, text);
	}
	buf_reset(&writer->text);
}

static void write_body(const struct body *body, uint32_t top, struct writer *writer)
{
	const struct outline *outline = body->outline;
	uint32_t block = OUTLINE_NONE;
	for (uint32_t i = top; i < outline->nodes[top].end; i++) {
		if (body->left_out[i] && i != top) {
			i = outline->nodes[i].end - 1;
			continue;
		}
		struct bytes text = outline_text(outline, i);
		if (text.len == 0 || (outline->nodes[i].place & (IN_RAW | IN_UNSEEN)) != 0) {
			continue;
		}
		if (body->blocks[i] != block) {
			if (block != OUTLINE_NONE) {
				flush_block(body, block, writer);
			}
			block = body->blocks[i];
		}
		buf_add(&writer->text, text);
	}
	if (block != OUTLINE_NONE) {
		flush_block(body, block, writer);
	}
}

static enum page_class class_of(const struct body *body, const struct page_result *result)
{
	const struct outline *outline = body->outline;
	size_t visible = 0;
	bool has_script = false;
	bool has_media = false;
	for (uint32_t i = 0; i < outline->count; i++) {
		const struct outline_node *node = &outline->nodes[i];
		if (node->tag == TAG_TEXT && (node->place & (IN_RAW | IN_UNSEEN)) == 0) {
			visible += node->len;
		}
		has_script = has_script || node->tag == TAG_SCRIPT;
		has_media = has_media || node->tag == TAG_IMG || node->tag == TAG_VIDEO ||
			    node->tag == TAG_IFRAME;
	}
	if (result->text.len >= TEXT_ARTICLE) {
		return PAGE_ARTICLE;
	}
	if (visible < TEXT_LITTLE && has_script && body->evidence->anchor_count < 5 &&
		(visible < TEXT_NONE || outline->script_bytes > 500)) {
		return PAGE_NEEDS_SCRIPTS;
	}
	return visible < TEXT_NONE && !has_media ? PAGE_EMPTY : PAGE_OTHER;
}

void text_find(const struct evidence *evidence, struct page_result *result)
{
	size_t count = evidence->outline->count;
	struct body body = {.evidence = evidence,
		.outline = evidence->outline,
		.blocks = ALLOC_ARRAY(uint32_t, count + 1),
		.own = ALLOC_ARRAY(uint32_t, count + 1),
		.own_link = ALLOC_ARRAY(uint32_t, count + 1),
		.points = ALLOC_ARRAY(double, count + 1),
		.has_headline = ALLOC_ARRAY(bool, count + 1),
		.left_out = ALLOC_ARRAY(bool, count + 1)};
	measure(&body);
	leave_out(&body, result);
	give_points(&body);
	uint32_t top = choose_body(&body);
	if (top != OUTLINE_NONE) {
		struct writer writer = {.text = buf_with_max(LIMIT_PAGE_TEXT_BYTES),
			.out = buf_with_max(LIMIT_PAGE_TEXT_BYTES)};
		write_body(&body, widen_body(&body, top), &writer);
		result->text = page_result_keep(result, buf_bytes(&writer.out));
		buf_clear(&writer.text);
		buf_clear(&writer.heading);
		buf_clear(&writer.out);
	}
	result->class = class_of(&body, result);
	free(body.blocks);
	free(body.own);
	free(body.own_link);
	free(body.points);
	free(body.has_headline);
	free(body.left_out);
}
