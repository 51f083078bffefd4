/* SPDX-License-Identifier: MIT */
/* markdown.c - the text of a story as Markdown */
#include "article/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

/* Elements around a text that are looked at for links and emphasis, and around a block for lists
 * and quotes; lists and quotes in one another. */
#define INLINE_LEVELS 16
#define BLOCK_LEVELS 64
#define NESTED_MAX 8
/* In `numbers`: the item's marker is written. */
#define WRITTEN 0x80000000U

/* What a run of text looks like. */
struct style {
	uint32_t link; /* the anchor, OUTLINE_NONE */
	bool is_strong, is_emphasised;
};

static struct style style_of(const struct outline *outline, uint32_t text, uint32_t block)
{
	struct style style = {.link = OUTLINE_NONE};
	uint32_t at = outline->nodes[text].parent;
	for (int level = 0; level < INLINE_LEVELS && at != OUTLINE_NONE && at != block; level++) {
		uint8_t tag = outline->nodes[at].tag;
		style.is_strong = style.is_strong || tag == TAG_STRONG || tag == TAG_B;
		style.is_emphasised = style.is_emphasised || tag == TAG_EM || tag == TAG_I;
		style.link = tag == TAG_A ? at : style.link;
		at = outline->nodes[at].parent;
	}
	return style;
}

static bool is_same(const struct style *a, const struct style *b)
{
	return a->link == b->link && a->is_strong == b->is_strong &&
	       a->is_emphasised == b->is_emphasised;
}

static void add_escaped(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c != '\0' && strchr("\\`*_[]<>&", c) != NULL) {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, c);
	}
}

/* The absolute URL of an anchor; false when it leads to no page. */
static bool add_target(const struct markdown *markdown, uint32_t anchor, struct buf *out)
{
	struct bytes href = bytes_trim(outline_value(markdown->outline, anchor, ATTR_HREF));
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	if (href.len == 0 || url_parse(href, markdown->base, &url, &ignored) < 0 || !url->is_http) {
		return false;
	}
	for (size_t i = 0; i < url->all.len; i++) {
		char c = url->all.ptr[i];
		if (c == '(' || c == ')' || c == '\\') {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, c);
	}
	return true;
}

/* One line of a block, as runs of text. */
struct line {
	const struct markdown *markdown;
	struct buf out;
	struct buf target; /* of the open link */
	struct style open;
	bool has_link;
};

/* Takes a space off the end, for white space may not stand before a closing mark. */
static bool take_space(struct buf *out)
{
	bool has_space = out->len > 0 && bytes_ends(buf_bytes(out), BYTES(" "));
	if (has_space) {
		buf_truncate(out, out->len - 1);
	}
	return has_space;
}

/* Ends emphasis, and the link unless `next` is in it too. */
static void close_style(struct line *line, const struct style *next)
{
	bool has_space = take_space(&line->out);
	buf_add_text(&line->out, line->open.is_emphasised ? "*" : "");
	buf_add_text(&line->out, line->open.is_strong ? "**" : "");
	line->open.is_emphasised = false;
	line->open.is_strong = false;
	if (line->has_link && next->link != line->open.link) {
		buf_add_text(&line->out, "](");
		buf_add(&line->out, buf_bytes(&line->target));
		buf_add_char(&line->out, ')');
		line->has_link = false;
	}
	line->open.link = line->has_link ? line->open.link : OUTLINE_NONE;
	if (has_space) {
		buf_add_char(&line->out, ' ');
	}
}

static void open_style(struct line *line, const struct style *style)
{
	if (!line->has_link && style->link != OUTLINE_NONE) {
		buf_reset(&line->target);
		line->has_link = add_target(line->markdown, style->link, &line->target);
		buf_add_text(&line->out, line->has_link ? "[" : "");
	}
	line->open = *style;
	buf_add_text(&line->out, style->is_strong ? "**" : "");
	buf_add_text(&line->out, style->is_emphasised ? "*" : "");
}

static void add_run(struct line *line, struct bytes text, const struct style *style)
{
	if (!is_same(&line->open, style)) {
		struct bytes words = bytes_trim(text);
		if (words.len == 0) { /* a space between two runs is of neither */
			close_style(line, style);
			buf_add_text(&line->out, line->out.len > 0 ? " " : "");
			return;
		}
		close_style(line, style);
		size_t blank = (size_t)(words.ptr - text.ptr);
		buf_add(&line->out, bytes_slice(text, 0, blank));
		open_style(line, style);
		text = bytes_slice(text, blank, text.len);
	}
	add_escaped(&line->out, text);
}

/* What would make a list, a heading or a rule of a line that only begins so. */
static void add_line_start(struct buf *out, struct bytes line)
{
	size_t digits = 0;
	while (digits < line.len && char_is_digit(line.ptr[digits])) {
		digits++;
	}
	size_t at = digits > 0 && digits < 10 ? digits : 0;
	bool is_mark = line.len > at && strchr(at > 0 ? ".)" : "#+-=~", line.ptr[at]) != NULL &&
		       line.ptr[at] != '\0';
	buf_add(out, bytes_slice(line, 0, at));
	buf_add_text(out, is_mark ? "\\" : "");
	buf_add(out, bytes_slice(line, at, line.len));
}

/* Lists and quotes around a block, outermost first. */
static size_t find_around(
	const struct outline *outline, uint32_t block, uint32_t around[NESTED_MAX])
{
	uint32_t found[NESTED_MAX];
	size_t count = 0;
	uint32_t at = block;
	for (int level = 0; level < BLOCK_LEVELS && at != OUTLINE_NONE && count < NESTED_MAX;
		level++) {
		uint8_t tag = outline->nodes[at].tag;
		if (tag == TAG_LI || tag == TAG_BLOCKQUOTE) {
			found[count++] = at;
		}
		at = outline->nodes[at].parent;
	}
	for (size_t i = 0; i < count; i++) {
		around[i] = found[count - 1 - i];
	}
	return count;
}

static void add_marker(const struct markdown *markdown, uint32_t item, struct buf *out)
{
	uint32_t list = markdown->outline->nodes[item].parent;
	bool is_ordered = list != OUTLINE_NONE && markdown->outline->nodes[list].tag == TAG_OL;
	if (is_ordered) {
		buf_add_u64(out, markdown->numbers[item] & ~WRITTEN);
		buf_add_text(out, ". ");
	} else {
		buf_add_text(out, "- ");
	}
}

/* "> - " and the like; the marker of an item only before its first block. */
static void add_prefix(struct markdown *markdown, const struct markdown_block *block)
{
	uint32_t around[NESTED_MAX];
	size_t count = find_around(markdown->outline, block->element, around);
	uint32_t item = OUTLINE_NONE;
	for (size_t i = 0; i < count; i++) {
		item = markdown->outline->nodes[around[i]].tag == TAG_LI ? around[i] : item;
	}
	bool is_new = item != OUTLINE_NONE && (markdown->numbers[item] & WRITTEN) == 0;
	uint32_t quote = count > 0 && markdown->outline->nodes[around[0]].tag == TAG_BLOCKQUOTE
				 ? around[0]
				 : OUTLINE_NONE;
	if (markdown->out.len > 0) {
		bool is_next = is_new && markdown->item != OUTLINE_NONE;
		bool is_quoted = quote != OUTLINE_NONE && quote == markdown->quote;
		buf_add_text(&markdown->out, is_next ? "\n" : (is_quoted ? "\n>\n" : "\n\n"));
	}
	markdown->quote = quote;
	for (size_t i = 0; i < count; i++) {
		if (markdown->outline->nodes[around[i]].tag == TAG_BLOCKQUOTE) {
			buf_add_text(&markdown->out, "> ");
		} else if (around[i] == item && is_new) {
			add_marker(markdown, item, &markdown->out);
			markdown->numbers[item] |= WRITTEN;
		} else if ((markdown->numbers[around[i]] & WRITTEN) != 0) {
			buf_add_text(&markdown->out, "    ");
		}
	}
	markdown->item = item;
}

void markdown_init(const struct outline *outline, const bool *left_out, const struct url *base,
	struct markdown *markdown_out)
{
	*markdown_out = (struct markdown){.outline = outline,
		.left_out = left_out,
		.base = base,
		.out = buf_with_max(LIMIT_PAGE_TEXT_BYTES),
		.numbers = ALLOC_ARRAY(uint32_t, outline->count + 1),
		.item = OUTLINE_NONE,
		.quote = OUTLINE_NONE};
	/* A list's own place counts its items so far. */
	for (uint32_t i = 0; i < outline->count; i++) {
		uint32_t list = outline->nodes[i].parent;
		if (outline->nodes[i].tag == TAG_LI && list != OUTLINE_NONE &&
			outline->nodes[list].tag != TAG_LI) {
			markdown_out->numbers[i] = ++markdown_out->numbers[list];
		}
	}
}

void markdown_clear(struct markdown *markdown)
{
	buf_clear(&markdown->out);
	free(markdown->numbers);
	*markdown = (struct markdown){0};
}

void markdown_add(struct markdown *markdown, const struct markdown_block *block)
{
	const struct outline *outline = markdown->outline;
	struct line line = {.markdown = markdown, .open = {.link = OUTLINE_NONE}};
	for (uint32_t i = block->first; i < block->end; i++) {
		if (markdown->left_out[i] && i != block->element) {
			i = outline->nodes[i].end - 1;
			continue;
		}
		struct bytes text = outline_text(outline, i);
		if (text.len > 0 && (outline->nodes[i].place & (IN_RAW | IN_UNSEEN)) == 0) {
			struct style style = style_of(outline, i, block->element);
			add_run(&line, text, &style);
		}
	}
	close_style(&line, &(struct style){.link = OUTLINE_NONE});
	struct bytes text = bytes_trim(buf_bytes(&line.out));
	uint8_t tag = outline->nodes[block->element].tag;
	if (text.len > 0) {
		add_prefix(markdown, block);
		for (int level = TAG_H1; outline_is_heading(tag) && level <= tag; level++) {
			buf_add_text(&markdown->out, level < tag ? "#" : "# ");
		}
		add_line_start(&markdown->out, text);
	}
	buf_clear(&line.out);
	buf_clear(&line.target);
}
