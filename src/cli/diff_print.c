/* SPDX-License-Identifier: MIT */
/* diff_print.c - what changed in a story, for people and for programs */
#include "cli/diff_print.h"

#include "base/clock.h"
#include "base/json.h"
#include "cli/notice.h"

/* Marks stand in the first two columns. */
#define INDENT ((size_t)2)

/* How a kind of change looks. */
static const struct {
	const char *mark;         /* of a line */
	const char *open, *close; /* of words, without colors */
	const char *color;
	const char *name; /* in JSON */
} looks[] = {
	[COMPARE_SAME] = {"  ", "", "", "", "same"},
	[COMPARE_REMOVED] = {"- ", "[-", "-]", "\033[31m", "removed"},
	[COMPARE_ADDED] = {"+ ", "{+", "+}", "\033[32m", "added"},
	[COMPARE_CHANGED] = {"~ ", "", "", "", "changed"},
};

struct paper {
	const struct diff_print *print; /* borrowed */
	struct buf *out;                /* borrowed */
	size_t column;
	struct buf scratch; /* owned */
};

/* Writes the words of a text; a line that would get too long goes on below. */
static void add_words(struct paper *paper, struct bytes text, bool is_apart)
{
	buf_reset(&paper->scratch);
	notice_add_clean(&paper->scratch, text);
	struct bytes rest = buf_bytes(&paper->scratch);
	struct bytes word;
	while (bytes_next_item(&rest, ' ', &word)) {
		size_t columns = notice_columns(word);
		size_t width = paper->print->width;
		bool has_gap = is_apart && paper->column > INDENT;
		if (width > 0 && has_gap && paper->column + 1 + columns > width) {
			buf_add_text(paper->out, "\n  ");
			paper->column = INDENT;
		} else if (has_gap) {
			buf_add_char(paper->out, ' ');
			paper->column++;
		}
		buf_add(paper->out, word);
		paper->column += columns;
		is_apart = true;
	}
}

/* Words that were taken out or put in. */
static void add_piece(struct paper *paper, const struct compare_piece *piece)
{
	bool has_color = paper->print->has_color;
	if (piece->kind == COMPARE_SAME) {
		add_words(paper, piece->text, piece->is_apart);
		return;
	}
	if (piece->is_apart && paper->column > INDENT) {
		buf_add_char(paper->out, ' ');
		paper->column++;
	}
	buf_add_text(paper->out, has_color ? looks[piece->kind].color : looks[piece->kind].open);
	add_words(paper, piece->text, false);
	buf_add_text(paper->out, has_color ? "\033[m" : looks[piece->kind].close);
	paper->column += has_color ? 0 : 4;
}

/* A line, or several, with a mark before and in its color. */
static void add_line(struct paper *paper, enum compare_kind kind, struct bytes text)
{
	bool has_color = paper->print->has_color && looks[kind].color[0] != '\0';
	buf_add_text(paper->out, has_color ? looks[kind].color : "");
	buf_add_text(paper->out, looks[kind].mark);
	paper->column = INDENT;
	add_words(paper, text, false);
	buf_add_text(paper->out, has_color ? "\033[m\n" : "\n");
}

static void add_version(
	struct paper *paper, const char *name, size_t number, const struct history_version *version)
{
	char time[CLOCK_ISO_SIZE];
	clock_format_iso_s(version->first_ms, time);
	buf_addf(paper->out, "%s  version %zu, first seen %s\n", name, number, time);
}

static void add_fields(struct paper *paper)
{
	const struct comparison *comparison = paper->print->comparison;
	for (size_t i = 0; i < comparison->field_count; i++) {
		const struct compare_field *field = &comparison->fields[i];
		buf_addf(paper->out, "\n%s\n", field->name);
		if (field->before.len > 0) {
			add_line(paper, COMPARE_REMOVED, field->before);
		}
		if (field->after.len > 0) {
			add_line(paper, COMPARE_ADDED, field->after);
		}
	}
}

static void add_changed(struct paper *paper, const struct compare_paragraph *paragraph)
{
	const struct comparison *comparison = paper->print->comparison;
	buf_add_text(paper->out, looks[COMPARE_CHANGED].mark);
	paper->column = INDENT;
	for (size_t i = 0; i < paragraph->piece_count; i++) {
		add_piece(paper, &comparison->pieces[paragraph->first_piece + i]);
	}
	buf_add_char(paper->out, '\n');
}

/* "2 words", "1 word". */
static void add_count(struct buf *out, size_t count, const char *thing)
{
	buf_addf(out, "%zu %s%s", count, thing, count == 1 ? "" : "s");
}

static void add_same(struct paper *paper, size_t count)
{
	if (count > 0) {
		buf_add_text(paper->out, "  (");
		add_count(paper->out, count, "paragraph");
		buf_add_text(paper->out, " the same)\n");
	}
}

static void add_paragraphs(struct paper *paper)
{
	const struct comparison *comparison = paper->print->comparison;
	size_t same = 0;
	for (size_t i = 0; i < comparison->paragraph_count; i++) {
		const struct compare_paragraph *paragraph = &comparison->paragraphs[i];
		if (paragraph->kind == COMPARE_SAME && !paper->print->is_whole) {
			same++;
			continue;
		}
		add_same(paper, same);
		same = 0;
		if (paragraph->kind == COMPARE_CHANGED) {
			add_changed(paper, paragraph);
		} else {
			add_line(paper, paragraph->kind,
				paragraph->kind == COMPARE_REMOVED ? paragraph->before
								   : paragraph->after);
		}
	}
	add_same(paper, same);
}

static void add_summary(struct paper *paper)
{
	const struct comparison *comparison = paper->print->comparison;
	buf_addf(paper->out, "\ntext: %zu changed, %zu removed, %zu added of ",
		comparison->paragraphs_changed, comparison->paragraphs_removed,
		comparison->paragraphs_added);
	add_count(paper->out, comparison->paragraph_count, "paragraph");
	buf_add_text(paper->out, "; ");
	add_count(paper->out, comparison->words_removed, "word");
	buf_addf(paper->out, " out, %zu in\n", comparison->words_added);
	if (comparison->is_rough) {
		buf_add_text(paper->out,
			"so much is different that more is shown as changed than was\n");
	}
	buf_add_char(paper->out, '\n');
}

void diff_print_text(const struct diff_print *print, struct buf *out)
{
	const struct comparison *comparison = print->comparison;
	struct paper paper = {.print = print, .out = out};
	notice_add_clean(out, bytes_of(print->after->url));
	buf_add_char(out, '\n');
	add_version(&paper, "before", print->before_number, print->before);
	add_version(&paper, "after ", print->after_number, print->after);
	add_fields(&paper);
	bool has_text = comparison->paragraphs_changed + comparison->paragraphs_removed +
				comparison->paragraphs_added >
			0;
	if (compare_is_same(comparison)) {
		buf_add_text(out, "\nnothing changed\n");
	} else if (!has_text) {
		buf_add_text(out, "\ntext: the same\n");
	}
	if (has_text) {
		add_summary(&paper);
	}
	if (has_text || print->is_whole) {
		buf_add_text(out, has_text ? "" : "\n");
		add_paragraphs(&paper);
	}
	buf_clear(&paper.scratch);
}

/* --- JSON --------------------------------------------------------------------------------------
 */

static void add_json_version(
	struct buf *out, const char *name, size_t number, const struct history_version *version)
{
	char time[CLOCK_ISO_SIZE];
	clock_format_iso_ms(version->first_ms, time);
	json_add_name(out, name);
	buf_add_char(out, '{');
	json_add_member_u64(out, "version", number);
	json_add_member(out, "url", bytes_of(version->url));
	json_add_member(out, "timestamp", bytes_of(time));
	json_add_member(out, "headline", bytes_of(version->headline));
	buf_add_char(out, '}');
}

static void add_json_words(struct buf *out, const struct comparison *comparison,
	const struct compare_paragraph *paragraph)
{
	json_add_name(out, "words");
	buf_add_char(out, '[');
	for (size_t i = 0; i < paragraph->piece_count; i++) {
		const struct compare_piece *piece = &comparison->pieces[paragraph->first_piece + i];
		buf_add_text(out, i == 0 ? "[" : ",[");
		json_add_string(out, bytes_of(looks[piece->kind].name));
		buf_add_char(out, ',');
		json_add_string(out, piece->text);
		buf_add_char(out, ']');
	}
	buf_add_char(out, ']');
}

static void add_json_paragraphs(struct buf *out, const struct diff_print *print)
{
	const struct comparison *comparison = print->comparison;
	json_add_name(out, "paragraphs");
	buf_add_char(out, '[');
	for (size_t i = 0; i < comparison->paragraph_count; i++) {
		const struct compare_paragraph *paragraph = &comparison->paragraphs[i];
		if (paragraph->kind == COMPARE_SAME && !print->is_whole) {
			continue;
		}
		buf_add_text(out, out->ptr[out->len - 1] == '[' ? "{" : ",{");
		json_add_member(out, "kind", bytes_of(looks[paragraph->kind].name));
		if (paragraph->kind != COMPARE_ADDED) {
			json_add_member(out, "before", paragraph->before);
		}
		if (paragraph->kind != COMPARE_REMOVED) {
			json_add_member(out, "after", paragraph->after);
		}
		if (paragraph->kind == COMPARE_CHANGED) {
			add_json_words(out, comparison, paragraph);
		}
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void diff_print_json(const struct diff_print *print, struct buf *out)
{
	const struct comparison *comparison = print->comparison;
	buf_add_char(out, '{');
	json_add_member(out, "url", bytes_of(print->after->url));
	add_json_version(out, "before", print->before_number, print->before);
	add_json_version(out, "after", print->after_number, print->after);
	json_add_name(out, "fields");
	buf_add_char(out, '[');
	for (size_t i = 0; i < comparison->field_count; i++) {
		buf_add_text(out, i == 0 ? "{" : ",{");
		json_add_member(out, "name", bytes_of(comparison->fields[i].name));
		json_add_member(out, "before", comparison->fields[i].before);
		json_add_member(out, "after", comparison->fields[i].after);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	add_json_paragraphs(out, print);
	json_add_member_u64(out, "wordsRemoved", comparison->words_removed);
	json_add_member_u64(out, "wordsAdded", comparison->words_added);
	json_add_member_bool(out, "rough", comparison->is_rough);
	buf_add_text(out, "}\n");
}
