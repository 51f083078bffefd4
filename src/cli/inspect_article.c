/* SPDX-License-Identifier: MIT */
/* inspect_article.c - what a page says of its story, for people */
#include "cli/inspect_article.h"

#include "article/videos.h"
#include "cli/notice.h"

/* Columns before the values of the table. */
#define LABEL_COLUMNS ((size_t)12)
#define INDENT ((size_t)2)
/* A description that begins as the text does is not said twice. */
#define STEM_BYTES ((size_t)40)

struct paper {
	struct buf *out;
	size_t width;
	struct buf scratch;
};

static void add_spaces(struct buf *out, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_add_char(out, ' ');
	}
}

/* Words from column `at` on; further lines begin at `indent`. Ends the line. */
static void add_wrapped(struct paper *paper, struct bytes text, size_t indent, size_t at)
{
	buf_reset(&paper->scratch);
	notice_add_clean(&paper->scratch, text);
	struct bytes rest = buf_bytes(&paper->scratch);
	struct bytes word;
	bool is_first = true;
	while (bytes_next_item(&rest, ' ', &word)) {
		size_t columns = notice_columns(word);
		if (columns == 0) {
			continue;
		}
		if (!is_first && at + 1 + columns > paper->width) {
			buf_add_char(paper->out, '\n');
			add_spaces(paper->out, indent);
			at = indent;
		} else if (!is_first) {
			buf_add_char(paper->out, ' ');
			at++;
		}
		buf_add(paper->out, word);
		at += columns;
		is_first = false;
	}
	buf_add_char(paper->out, '\n');
}

static void add_row(struct paper *paper, const char *label, struct bytes value)
{
	if (value.len == 0) {
		return;
	}
	add_spaces(paper->out, INDENT);
	buf_add_text(paper->out, label);
	add_spaces(paper->out, LABEL_COLUMNS - INDENT - bytes_of(label).len);
	add_wrapped(paper, value, LABEL_COLUMNS, LABEL_COLUMNS);
}

static void add_list_row(struct paper *paper, const char *label, const struct page_texts *texts)
{
	SCOPED(buf_clear) struct buf line = {0};
	for (size_t i = 0; i < texts->count; i++) {
		buf_add_text(&line, i == 0 ? "" : ", ");
		buf_add(&line, texts->items[i]);
	}
	add_row(paper, label, buf_bytes(&line));
}

/* "2023-06-14T07:00:00+02:00 (json-ld)", "about" where it was counted back. */
static void add_date_row(struct paper *paper, const char *label, const struct page_date *date)
{
	if (date->value.len > 0) {
		SCOPED(buf_clear) struct buf line = {0};
		bool is_relative = bytes_equal(bytes_of(date->precision), BYTES("relative"));
		buf_addf(&line, "%s" BYTES_FMT " (%s)", is_relative ? "about " : "",
			BYTES_ARG(date->value), date->source);
		add_row(paper, label, buf_bytes(&line));
	}
}

static void add_heading(struct paper *paper, const char *heading)
{
	buf_addf(paper->out, "\n%s\n\n", heading);
}

static void add_table(struct paper *paper, struct bytes url, const struct page_result *result)
{
	bool has_other = result->canonical.len > 0 && !bytes_equal(result->canonical, url);
	add_row(paper, "address", url);
	add_row(paper, "canonical", has_other ? result->canonical : (struct bytes){NULL, 0});
	add_row(paper, "short", result->short_url);
	add_date_row(paper, "published", &result->published);
	if (!bytes_equal(result->published.value, result->modified.value)) {
		add_date_row(paper, "changed", &result->modified);
	}
	add_list_row(paper, "by", &result->authors);
	add_list_row(paper, "agencies", &result->agencies);
	add_row(paper, "section", result->section);
	add_row(paper, "language", result->language);
	add_list_row(paper, "tags", &result->tags);
	add_row(paper, "picture", result->image_url);
	add_row(paper, "caption", result->image_caption);
	add_row(paper, "credit", result->image_credit);
	for (size_t i = 0; i < result->video_count; i++) {
		const struct page_video *video = &result->videos[i];
		SCOPED(buf_clear) struct buf line = {0};
		videos_add_duration(&line, video->seconds);
		buf_addf(&line, "%s" BYTES_FMT, line.len > 0 ? " " : "", BYTES_ARG(video->url));
		add_row(paper, "video", buf_bytes(&line));
	}
}

static void add_paragraphs(struct paper *paper, struct bytes text)
{
	struct bytes line;
	while (bytes_next_line(&text, &line)) {
		if (line.len == 0) {
			buf_add_char(paper->out, '\n');
			continue;
		}
		add_spaces(paper->out, INDENT);
		add_wrapped(paper, line, INDENT, INDENT);
	}
}

/* Stories under the headings of their blocks, in the order of the page. */
static void add_stories(struct paper *paper, const struct page_result *result)
{
	struct bytes section = {NULL, 0};
	size_t count = 0;
	for (size_t i = 0; i < result->story_count; i++) {
		const struct page_story *story = &result->stories[i];
		if (!story->accepted) {
			continue;
		}
		if (count++ == 0) {
			add_heading(paper, "RELATED STORIES");
		}
		if (story->section.len > 0 && !bytes_equal(story->section, section)) {
			add_spaces(paper->out, INDENT);
			add_wrapped(paper, story->section, INDENT, INDENT);
		}
		section = story->section;
		add_spaces(paper->out, INDENT);
		buf_add_text(paper->out, "- ");
		SCOPED(buf_clear) struct buf line = {0};
		buf_add(&line, story->title.len > 0 ? story->title : story->url);
		const struct bytes notes[] = {story->kicker, story->date, story->duration};
		const char *between = " (";
		for (size_t k = 0; k < sizeof(notes) / sizeof(notes[0]); k++) {
			if (notes[k].len > 0) {
				buf_addf(&line, "%s" BYTES_FMT, between, BYTES_ARG(notes[k]));
				between = ", ";
			}
		}
		buf_add_text(&line, between[0] == ',' ? ")" : "");
		add_wrapped(paper, buf_bytes(&line), 2 * INDENT, 2 * INDENT);
		add_spaces(paper->out, 2 * INDENT);
		add_wrapped(paper, story->url, 2 * INDENT, 2 * INDENT);
	}
}

void inspect_article_text(struct buf *out, struct bytes url, const struct page_result *result,
	enum verdict verdict, size_t width)
{
	struct paper paper = {.out = out, .width = width};
	if (result->kicker.len > 0) {
		add_wrapped(&paper, result->kicker, 0, 0);
	}
	struct bytes headline = result->headline.len > 0 ? result->headline : result->title;
	add_wrapped(&paper, headline.len > 0 ? headline : BYTES("(no headline)"), 0, 0);
	buf_add_char(out, '\n');
	add_row(&paper, "beware",
		bytes_of(verdict == VERDICT_NONE ? "" : verdict_text(verdict, result->class)));
	add_table(&paper, url, result);
	struct bytes stem = bytes_slice(result->description, 0, STEM_BYTES);
	if (result->description.len > 0 && !bytes_starts(result->text, stem)) {
		add_heading(&paper, "IN SHORT");
		add_paragraphs(&paper, result->description);
	}
	add_heading(&paper, result->text.len > 0 ? "TEXT" : "NO TEXT FOUND");
	add_paragraphs(&paper, result->text);
	for (size_t i = 0; i < result->captions.count; i++) {
		if (i == 0) {
			add_heading(&paper, "CAPTIONS");
		}
		buf_add_text(out, "  - ");
		add_wrapped(&paper, result->captions.items[i], 2 * INDENT, 2 * INDENT);
	}
	add_stories(&paper, result);
	buf_clear(&paper.scratch);
}

/* Text inside a line of Markdown: its signs escaped, its lines one. */
static void add_inline(struct buf *out, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (bytes_find_char(BYTES("\\`*_[]<>&"), c, 0) != SIZE_MAX) {
			buf_add_char(out, '\\');
		}
		buf_add_char(out, (unsigned char)c < ' ' ? ' ' : c);
	}
}

void inspect_article_markdown(struct buf *out, struct bytes url, const struct page_result *result)
{
	if (result->headline.len > 0) {
		buf_add_text(out, "# ");
		add_inline(out, result->headline);
		buf_add_text(out, "\n\n");
	}
	const char *between = "";
	for (size_t i = 0; i < result->authors.count; i++) {
		buf_add_text(out, between);
		add_inline(out, result->authors.items[i]);
		between = ", ";
	}
	if (result->published.value.len > 0) {
		buf_addf(out, "%s" BYTES_FMT, between, BYTES_ARG(result->published.value));
		between = ", ";
	}
	buf_addf(out, "%s<" BYTES_FMT ">\n\n", between, BYTES_ARG(url));
	if (result->image_url.len > 0) {
		buf_add_text(out, "![");
		add_inline(out, result->image_caption);
		buf_addf(out, "](<" BYTES_FMT ">)\n\n", BYTES_ARG(result->image_url));
	}
	buf_add(out, result->markdown);
	buf_add_text(out, result->markdown.len > 0 ? "\n" : "");
}
