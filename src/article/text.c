/* SPDX-License-Identifier: MIT */
/* text.c - the text of a story's body, paragraph by paragraph, and whether there is any */
#include "article/text.h"

#include "article/markdown.h"
#include "article/plain.h"
#include "article/text_body.h"
#include "base/limits.h"

/* Visible bytes under which a page says next to nothing. */
#define TEXT_NONE ((size_t)40)
#define TEXT_LITTLE ((size_t)250)
/* Bytes from which a main text makes a page an article. */
#define TEXT_ARTICLE ((size_t)400)
/* Bytes of an element that may be the first paragraph. */
#define LEAD_BYTES 2000
/* Bytes by which a description and a paragraph are found to be the same. */
#define STEM_BYTES 48

/* One paragraph being gathered, and the sub-heading that waits for one. */
struct writer {
	struct buf text;
	struct buf heading;
	struct buf out;
	struct markdown_block block, heading_block;
	struct markdown *markdown; /* NULL when nobody wants it */
};

static void add_markdown(struct writer *writer, const struct markdown_block *block)
{
	if (writer->markdown != NULL) {
		markdown_add(writer->markdown, block);
	}
}

static void flush_block(const struct text_body *body, struct writer *writer)
{
	uint32_t block = writer->block.element;
	struct bytes text = bytes_trim(buf_bytes(&writer->text));
	uint8_t tag = body->outline->nodes[block].tag;
	double linked = body->own[block] == 0
				? 0
				: (double)body->own_link[block] / (double)body->own[block];
	if (text.len > 0 && outline_is_heading(tag)) {
		buf_reset(&writer->heading);
		if (tag != TAG_H1 && linked < 0.5) {
			buf_add(&writer->heading, text);
			writer->heading_block = writer->block;
		}
	} else if (text.len > 0 && linked < 0.6 &&
		   (text.len >= 25 || tag == TAG_P || tag == TAG_LI || tag == TAG_TD)) {
		if (writer->heading.len > 0) {
			buf_add_text(&writer->out, writer->out.len > 0 ? "\n\n" : "");
			buf_add(&writer->out, buf_bytes(&writer->heading));
			add_markdown(writer, &writer->heading_block);
			buf_reset(&writer->heading);
		}
		buf_add_text(&writer->out, writer->out.len > 0 ? "\n\n" : "");
		buf_add(&writer->out, text);
		add_markdown(writer, &writer->block);
	}
	buf_reset(&writer->text);
}

/* The start of a text, as far as two of them are compared. */
static struct bytes stem_of(struct bytes text)
{
	return bytes_slice(text, 0, STEM_BYTES);
}

/* The story's first paragraph may stand with the headline, before its body: what the page's own
 * description begins with. */
static void write_lead(
	const struct text_body *body, uint32_t top, struct bytes description, struct writer *writer)
{
	const struct outline *outline = body->outline;
	if (description.len < STEM_BYTES) {
		return;
	}
	for (uint32_t i = 0; i < top; i++) {
		bool is_seen = (outline->nodes[i].place &
				       (IN_RAW | IN_UNSEEN | IN_ANCHOR | IN_NAV | IN_FIGURE)) == 0;
		if (body->own[i] < STEM_BYTES || body->left_out[i] || !is_seen ||
			body->evidence->sums[i].text > LEAD_BYTES ||
			outline->nodes[i].tag == TAG_H1 || outline->nodes[i].tag > TAG_OTHER) {
			continue;
		}
		buf_reset(&writer->text);
		outline_gather(outline, i, LEAD_BYTES, &writer->text);
		struct bytes text = bytes_trim(buf_bytes(&writer->text));
		if (text.len >= STEM_BYTES && plain_same(stem_of(text), stem_of(description))) {
			buf_add(&writer->out, text);
			add_markdown(writer, &(struct markdown_block){i, i, outline->nodes[i].end});
			break;
		}
	}
	buf_reset(&writer->text);
}

static void write_body(const struct text_body *body, uint32_t top, struct writer *writer)
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
				flush_block(body, writer);
			}
			block = body->blocks[i];
			writer->block = (struct markdown_block){.element = block, .first = i};
		}
		writer->block.end = i + 1;
		buf_add(&writer->text, text);
	}
	if (block != OUTLINE_NONE) {
		flush_block(body, writer);
	}
}

static enum page_class class_of(const struct text_body *body, const struct page_result *result)
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

/* Captions of the pictures in the body, which are no part of its text. */
static void keep_captions(
	const struct text_body *body, uint32_t top, struct page_result *result, struct buf *scratch)
{
	const struct outline *outline = body->outline;
	for (uint32_t i = top; i < outline->nodes[top].end; i++) {
		if (outline->nodes[i].tag == TAG_FIGCAPTION &&
			(outline->nodes[i].place & (IN_ANCHOR | IN_UNSEEN)) == 0) {
			buf_reset(scratch);
			outline_gather(outline, i, 1000, scratch);
			plain_append(result, &result->captions, buf_bytes(scratch));
		}
	}
}

static void write_text(const struct text_body *body, uint32_t top, const struct url *base,
	struct page_result *result)
{
	struct markdown markdown = {0};
	struct writer writer = {.text = buf_with_max(LIMIT_PAGE_TEXT_BYTES),
		.out = buf_with_max(LIMIT_PAGE_TEXT_BYTES)};
	if (base != NULL) {
		markdown_init(body->outline, body->left_out, base, &markdown);
		writer.markdown = &markdown;
	}
	write_lead(body, top, result->description, &writer);
	write_body(body, top, &writer);
	/* Before the text is copied: it may be as long as the page. */
	buf_clear(&writer.text);
	buf_clear(&writer.heading);
	result->text = page_result_keep(result, buf_bytes(&writer.out));
	buf_clear(&writer.out);
	if (base != NULL) {
		writer.text = buf_with_max(LIMIT_PAGE_TEXT_BYTES);
		result->markdown = page_result_keep(result, buf_bytes(&markdown.out));
		keep_captions(body, top, result, &writer.text);
	}
	markdown_clear(&markdown);
	buf_clear(&writer.text);
}

void text_find(const struct evidence *evidence, const struct url *base, struct page_result *result)
{
	struct text_body body;
	text_body_open(evidence, result, &body);
	uint32_t top = text_body_find(&body, result->headline);
	if (top != OUTLINE_NONE) {
		write_text(&body, top, base, result);
	}
	result->class = class_of(&body, result);
	text_body_close(&body);
}
