/* SPDX-License-Identifier: MIT */
/* css.c - a tokenizer by css-syntax-3 section 4 that keeps only what can hold a URL
 *
 * Tokens that matter: at-keywords, functions, strings, url tokens, brackets, semicolons. All else
 * is skipped, with escapes and comments respected. Malformed CSS needs no parser above: a browser
 * finds the same tokens, and a URL in a rule that it drops costs one fetch too many, none too few.
 */
#include "links/css.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"

/* Open brackets whose kind is remembered; deeper ones count as plain. */
#define MAX_BRACKETS 64

enum bracket { BRACKET_PLAIN, BRACKET_URL, BRACKET_IMAGES, BRACKET_BLOCK };

struct scanner {
	struct bytes text;
	size_t at;
	void (*found)(struct bytes url, const struct css_span *span, void *context);
	void *context;
	struct buf token;     /* the current name, string or URL, unescaped */
	struct css_span span; /* where the current string or URL stands */
	enum css_place place; /* by the at-rule whose prelude or block this is */
	size_t place_depth;   /* open brackets where that at-rule began */
	size_t depth;         /* open brackets */
	enum bracket brackets[MAX_BRACKETS];
};

static int at_char(const struct scanner *s, size_t offset)
{
	return s->at + offset < s->text.len ? (unsigned char)s->text.ptr[s->at + offset] : -1;
}

static bool is_newline(int c)
{
	return c == '\n' || c == '\r' || c == '\f';
}

static bool is_space(int c)
{
	return is_newline(c) || c == ' ' || c == '\t';
}

/* NUL counts as a letter: preprocessing turns it into U+FFFD. */
static bool is_name_start(int c)
{
	return c == 0 || c == '_' || c >= 0x80 || (c > 0 && char_is_alpha((char)c));
}

static bool is_name(int c)
{
	return is_name_start(c) || c == '-' || (c >= '0' && c <= '9');
}

/* Whether an escape starts at offset. */
static bool is_escape(const struct scanner *s, size_t offset)
{
	return at_char(s, offset) == '\\' && !is_newline(at_char(s, offset + 1));
}

static bool starts_name(const struct scanner *s)
{
	int c = at_char(s, 0);
	if (c == '-') {
		int next = at_char(s, 1);
		return is_name_start(next) || next == '-' || is_escape(s, 1);
	}
	return is_name_start(c) || is_escape(s, 0);
}

static void add_code_point(struct buf *out, uint32_t code)
{
	if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
		code = 0xFFFD;
	}
	if (code < 0x80) {
		buf_add_char(out, (char)code);
		return;
	}
	if (code < 0x800) {
		buf_add_char(out, (char)(0xC0 | (code >> 6)));
	} else if (code < 0x10000) {
		buf_add_char(out, (char)(0xE0 | (code >> 12)));
		buf_add_char(out, (char)(0x80 | ((code >> 6) & 0x3F)));
	} else {
		buf_add_char(out, (char)(0xF0 | (code >> 18)));
		buf_add_char(out, (char)(0x80 | ((code >> 12) & 0x3F)));
		buf_add_char(out, (char)(0x80 | ((code >> 6) & 0x3F)));
	}
	buf_add_char(out, (char)(0x80 | (code & 0x3F)));
}

static void take_raw(struct scanner *s)
{
	char c = s->text.ptr[s->at++];
	if (c == '\0') {
		buf_add(&s->token, BYTES("\xEF\xBF\xBD"));
	} else {
		buf_add_char(&s->token, c);
	}
}

/* Takes the run of plain characters: printable, no quote, bracket or backslash. */
static void take_plain(struct scanner *s)
{
	size_t start = s->at;
	for (int c = at_char(s, 0);
		c > ' ' && c != '"' && c != '\'' && c != '\\' && c != '(' && c != ')' && c != 0x7F;
		c = at_char(s, 0)) {
		s->at++;
	}
	buf_add(&s->token, bytes_slice(s->text, start, s->at));
}

/* The character after a backslash that is not before a newline (css-syntax-3 4.3.7). */
static void take_escape(struct scanner *s)
{
	s->at++;
	int c = at_char(s, 0);
	if (c < 0) {
		add_code_point(&s->token, 0xFFFD);
		return;
	}
	if (char_hex((char)c) < 0) {
		take_raw(s);
		return;
	}
	uint32_t code = 0;
	for (int i = 0; i < 6 && at_char(s, 0) >= 0 && char_hex((char)at_char(s, 0)) >= 0; i++) {
		code = code * 16 + (uint32_t)char_hex((char)at_char(s, 0));
		s->at++;
	}
	if (at_char(s, 0) == '\r' && at_char(s, 1) == '\n') {
		s->at++;
	}
	if (is_space(at_char(s, 0))) {
		s->at++;
	}
	add_code_point(&s->token, code);
}

static struct bytes take_name(struct scanner *s)
{
	/* Nearly always there is nothing to undo, and the text itself is the name. */
	size_t start = s->at;
	while (at_char(s, 0) != 0 && is_name(at_char(s, 0))) {
		s->at++;
	}
	if (at_char(s, 0) != 0 && !is_escape(s, 0)) {
		return bytes_slice(s->text, start, s->at);
	}
	s->at = start;
	buf_reset(&s->token);
	for (;;) {
		if (is_name(at_char(s, 0))) {
			take_raw(s);
		} else if (is_escape(s, 0)) {
			take_escape(s);
		} else {
			return buf_bytes(&s->token);
		}
	}
}

/* Reads a string; false when it is cut by a newline (a bad string, which is no URL). The end of the
 * text ends it well. */
static bool take_string(struct scanner *s)
{
	int quote = at_char(s, 0);
	s->span = (struct css_span){.start = s->at, .is_string = true};
	s->at++;
	buf_reset(&s->token);
	for (;;) {
		take_plain(s);
		int c = at_char(s, 0);
		if (c < 0 || c == quote) {
			s->at += c == quote ? 1 : 0;
			s->span.end = s->at;
			return true;
		}
		if (is_newline(c)) {
			return false;
		}
		if (c != '\\') {
			take_raw(s);
		} else if (is_newline(at_char(s, 1))) {
			s->at += at_char(s, 1) == '\r' && at_char(s, 2) == '\n' ? 3 : 2;
		} else if (at_char(s, 1) < 0) {
			s->at++;
		} else {
			take_escape(s);
		}
	}
}

static void skip_space(struct scanner *s)
{
	while (is_space(at_char(s, 0))) {
		s->at++;
	}
}

/* The rest of a url token that is none (4.3.14). */
static void skip_bad_url(struct scanner *s)
{
	while (s->at < s->text.len && at_char(s, 0) != ')') {
		s->at += is_escape(s, 0) && at_char(s, 1) >= 0 ? 2 : 1;
	}
	s->at += s->at < s->text.len ? 1 : 0;
}

/* An unquoted URL after "url(" (4.3.6); false when it is a bad one. */
static bool take_bare_url(struct scanner *s)
{
	buf_reset(&s->token);
	skip_space(s);
	s->span = (struct css_span){.start = s->at};
	for (;;) {
		take_plain(s);
		int c = at_char(s, 0);
		if (c < 0 || c == ')') {
			s->span.end = s->at;
			s->at += c == ')' ? 1 : 0;
			return true;
		}
		if (is_space(c)) {
			skip_space(s);
			c = at_char(s, 0);
			if (c < 0 || c == ')') {
				continue;
			}
			return false;
		}
		bool unprintable =
			(c >= 1 && c <= 8) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F;
		if (c == '"' || c == '\'' || c == '(' || unprintable) {
			return false;
		}
		if (c != '\\') {
			take_raw(s);
		} else if (is_escape(s, 0)) {
			take_escape(s);
		} else {
			return false;
		}
	}
}

static void emit(struct scanner *s, enum css_place place)
{
	s->span.place = place;
	if (!buf_failed(&s->token)) {
		s->found(buf_bytes(&s->token), &s->span, s->context);
	}
}

static void open_bracket(struct scanner *s, enum bracket bracket)
{
	if (s->depth < MAX_BRACKETS) {
		s->brackets[s->depth] = bracket;
	}
	s->depth++;
}

static enum bracket innermost(const struct scanner *s)
{
	if (s->depth == 0 || s->depth > MAX_BRACKETS) {
		return BRACKET_PLAIN;
	}
	return s->brackets[s->depth - 1];
}

static void end_statement(struct scanner *s)
{
	if (s->depth <= s->place_depth) {
		s->place = CSS_URL;
	}
}

static void close_bracket(struct scanner *s)
{
	if (s->depth > 0) {
		s->depth--;
	}
}

static bool is_image_function(struct bytes name)
{
	if (bytes_starts_nocase(name, BYTES("-webkit-"))) {
		name = bytes_slice(name, 8, name.len);
	}
	return bytes_equal_nocase(name, BYTES("image-set")) ||
	       bytes_equal_nocase(name, BYTES("cross-fade")) ||
	       bytes_equal_nocase(name, BYTES("image"));
}

/* A function's name is read and its parenthesis is next. */
static void take_function(struct scanner *s, struct bytes name)
{
	s->at++;
	bool is_url = bytes_equal_nocase(name, BYTES("url"));
	if (is_url) {
		/* url( with a quote behind white space is a function, else a token. */
		size_t ahead = 0;
		while (is_space(at_char(s, ahead))) {
			ahead++;
		}
		int c = at_char(s, ahead);
		if (c != '"' && c != '\'') {
			if (take_bare_url(s)) {
				emit(s, s->place);
			} else {
				skip_bad_url(s);
			}
			return;
		}
	}
	if (is_url || bytes_equal_nocase(name, BYTES("src"))) {
		open_bracket(s, BRACKET_URL);
	} else {
		open_bracket(s, is_image_function(name) ? BRACKET_IMAGES : BRACKET_PLAIN);
	}
}

static void take_at_keyword(struct scanner *s)
{
	s->at++;
	if (!starts_name(s)) {
		return;
	}
	struct bytes name = take_name(s);
	s->place_depth = s->depth;
	if (bytes_equal_nocase(name, BYTES("import"))) {
		s->place = CSS_IMPORT;
	} else if (bytes_equal_nocase(name, BYTES("font-face"))) {
		s->place = CSS_FONT;
	} else if (bytes_equal_nocase(name, BYTES("namespace"))) {
		s->place = CSS_NAMESPACE;
	} else {
		s->place = CSS_URL;
	}
}

static void take_string_token(struct scanner *s)
{
	enum bracket bracket = innermost(s);
	if (bracket == BRACKET_URL) {
		/* Only the first string of url() is its URL. */
		s->brackets[s->depth - 1] = BRACKET_PLAIN;
	}
	if (!take_string(s)) {
		return;
	}
	if (bracket == BRACKET_URL) {
		emit(s, s->place);
	} else if (bracket == BRACKET_IMAGES) {
		emit(s, CSS_IMAGE_SET);
	} else if ((s->place == CSS_IMPORT || s->place == CSS_NAMESPACE) &&
		   s->depth == s->place_depth) {
		emit(s, s->place);
	}
}

static void take_block_end(struct scanner *s)
{
	close_bracket(s);
	end_statement(s);
}

static void take_block_start(struct scanner *s)
{
	/* @import and @namespace have no block: the statement was malformed. */
	if (s->place == CSS_IMPORT || s->place == CSS_NAMESPACE) {
		s->place = CSS_URL;
	}
	open_bracket(s, BRACKET_BLOCK);
}

static void skip_comment(struct scanner *s)
{
	size_t end = bytes_find(s->text, BYTES("*/"), s->at + 2);
	s->at = end == SIZE_MAX ? s->text.len : end + 2;
}

static void take_name_or_function(struct scanner *s)
{
	struct bytes name = take_name(s);
	if (at_char(s, 0) == '(') {
		take_function(s, name);
	}
}

/* "12px(" is a dimension and a plain parenthesis, "#url(" a hash and one: neither is a function. */
static void skip_hash_or_number(struct scanner *s)
{
	s->at++;
	while (is_name(at_char(s, 0)) || is_escape(s, 0) ||
		(at_char(s, 0) == '.' && at_char(s, 1) >= '0' && at_char(s, 1) <= '9')) {
		if (at_char(s, 0) == '\\') {
			buf_reset(&s->token);
			take_escape(s);
		} else {
			s->at++;
		}
	}
}

static void take_token(struct scanner *s)
{
	int c = at_char(s, 0);
	if (c == '"' || c == '\'') {
		take_string_token(s);
	} else if (c == '/' && at_char(s, 1) == '*') {
		skip_comment(s);
	} else if (c == '#' || (c >= '0' && c <= '9')) {
		skip_hash_or_number(s);
	} else if (starts_name(s)) {
		take_name_or_function(s);
	} else if (c == '@') {
		take_at_keyword(s);
	} else if (c == '{') {
		take_block_start(s);
	} else if (c == '}') {
		take_block_end(s);
	} else if (c == '(' || c == '[') {
		open_bracket(s, BRACKET_PLAIN);
		s->at++;
		return;
	} else if (c == ')' || c == ']') {
		close_bracket(s);
		s->at++;
		return;
	} else if (c == ';') {
		end_statement(s);
		s->at++;
		return;
	} else {
		s->at++;
		return;
	}
	if (c == '{' || c == '}') {
		s->at++;
	}
}

void css_each_url(struct bytes utf8,
	void (*found)(struct bytes url, const struct css_span *span, void *context), void *context)
{
	struct scanner scanner = {.text = utf8,
		.found = found,
		.context = context,
		.token = {.max = LIMIT_DOCUMENT_BYTES},
		.place = CSS_URL};
	while (scanner.at < utf8.len) {
		take_token(&scanner);
	}
	buf_clear(&scanner.token);
}
