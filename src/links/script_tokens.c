/* SPDX-License-Identifier: MIT */
/* script_tokens.c - ECMA-262 12 over UTF-8 bytes */
#include "links/script_tokens.h"

#include <string.h>

enum byte_class {
	BYTE_OTHER, /* punctuators, and what belongs nowhere */
	BYTE_SPACE,
	BYTE_LINE, /* ends a line */
	BYTE_NAME, /* may start a name; all bytes of other scripts' letters may */
	BYTE_DIGIT,
	BYTE_QUOTE
};

enum bracket {
	BRACKET_PLAIN,   /* ( */
	BRACKET_CONTROL, /* ( of if, while, for, with: a statement follows its end */
	BRACKET_SQUARE,
	BRACKET_BLOCK,
	BRACKET_OBJECT,
	BRACKET_TEMPLATE /* ${ */
};

#define O BYTE_OTHER
#define S BYTE_SPACE
#define L BYTE_LINE
#define N BYTE_NAME
#define D BYTE_DIGIT
#define Q BYTE_QUOTE
#define N16 N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N
static const unsigned char classes[256] = {
	/* clang-format off */
	O, O, O, O, O, O, O, O, O, S, L, S, S, L, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
	S, O, Q, N, N, O, O, Q, O, O, O, O, O, O, O, O, D, D, D, D, D, D, D, D, D, D, O, O, O, O, O, O,
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, O, N, O, O, N,
	Q, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, O, O, O, O, O,
	/* clang-format on */
	N16, N16, N16, N16, N16, N16, N16, N16};
#undef O
#undef S
#undef L
#undef N
#undef D
#undef Q

/* What a word says of the token behind it. */
enum word {
	WORD_VALUE,   /* a name, or a keyword that is one: this, super, null */
	WORD_OPERAND, /* an expression follows */
	WORD_BLOCK,   /* a statement follows */
	WORD_CONTROL  /* parentheses and a statement follow */
};

static const struct {
	const char *text;
	enum word word;
} words[] = {
	{"if", WORD_CONTROL},
	{"return", WORD_OPERAND},
	{"for", WORD_CONTROL},
	{"in", WORD_OPERAND},
	{"of", WORD_OPERAND},
	{"case", WORD_OPERAND},
	{"typeof", WORD_OPERAND},
	{"void", WORD_OPERAND},
	{"new", WORD_OPERAND},
	{"else", WORD_BLOCK},
	{"throw", WORD_OPERAND},
	{"instanceof", WORD_OPERAND},
	{"while", WORD_CONTROL},
	{"do", WORD_BLOCK},
	{"await", WORD_OPERAND},
	{"yield", WORD_OPERAND},
	{"delete", WORD_OPERAND},
	{"default", WORD_OPERAND},
	{"try", WORD_BLOCK},
	{"finally", WORD_BLOCK},
	{"with", WORD_CONTROL},
};

static enum word word_of(struct bytes name)
{
	/* By first letters and length: most names are ruled out by these. */
	static const char initials[] = "irfoctvnewdayt";
	if (name.len < 2 || name.len > 10 ||
		memchr(initials, name.ptr[0], sizeof(initials) - 1) == NULL) {
		return WORD_VALUE;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *text = words[i].text;
		if (text[0] == name.ptr[0] && text[1] == name.ptr[1] &&
			bytes_equal(name, bytes_of(text))) {
			return words[i].word;
		}
	}
	return WORD_VALUE;
}

static unsigned char class_at(const struct script_tokens *t, size_t at)
{
	return classes[(unsigned char)t->text.ptr[at]];
}

/* The byte at an offset from here, or NUL. */
static char char_at(const struct script_tokens *t, size_t offset)
{
	return offset < t->text.len - t->at ? t->text.ptr[t->at + offset] : '\0';
}

static bool stands_here(const struct script_tokens *t, struct bytes what)
{
	return t->text.len - t->at >= what.len &&
	       memcmp(t->text.ptr + t->at, what.ptr, what.len) == 0;
}

/* The end of the line that starts at `at`: the position of what ends it. */
static size_t line_end(struct bytes text, size_t at)
{
	while (at < text.len) {
		char c = text.ptr[at];
		if (c == '\n' || c == '\r' ||
			(c == '\xE2' && text.len - at >= 3 && text.ptr[at + 1] == '\x80' &&
				((unsigned char)text.ptr[at + 2] & 0xFE) == 0xA8)) {
			break;
		}
		at++;
	}
	return at;
}

/* "# sourceMappingURL=x" (ECMA-426 11.1.2.1): the value runs to the next space and holds no quotes;
 * nothing else follows it. */
static void take_comment(struct script_tokens *t, struct bytes comment)
{
	static const struct bytes name = {"sourceMappingURL=", 17};
	if (comment.len < name.len + 3 || (comment.ptr[0] != '#' && comment.ptr[0] != '@') ||
		!char_is_space(comment.ptr[1])) {
		return;
	}
	struct bytes value = bytes_trim(bytes_slice(comment, 2, comment.len));
	if (!bytes_starts(value, name)) {
		return;
	}
	value = bytes_trim(bytes_slice(value, name.len, value.len));
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (char_is_space(c) || c == '"' || c == '\'' || c == '`') {
			return;
		}
	}
	t->source_map = value;
}

/* Passes over a comment that starts here; false when none does. Sets *ends_line when it holds one.
 */
static bool skip_comment(struct script_tokens *t, bool at_line_start, bool *ends_line)
{
	char next = char_at(t, 1);
	char c = char_at(t, 0);
	if (c == '/' && next == '*') {
		size_t end = bytes_find(t->text, BYTES("*/"), t->at + 2);
		size_t stop = end == SIZE_MAX ? t->text.len : end;
		struct bytes comment = bytes_slice(t->text, t->at + 2, stop);
		*ends_line = *ends_line || line_end(comment, 0) < comment.len;
		take_comment(t, comment);
		t->at = end == SIZE_MAX ? t->text.len : end + 2;
		return true;
	}
	bool is_html = !t->is_module &&
		       ((c == '<' && stands_here(t, BYTES("<!--"))) ||
			       (c == '-' && at_line_start && stands_here(t, BYTES("-->"))));
	if ((c == '/' && next == '/') || is_html) {
		size_t end = line_end(t->text, t->at);
		take_comment(t, bytes_slice(t->text, t->at + 2, end));
		t->at = end;
		return true;
	}
	return false;
}

/* The length of a character over ASCII that is white space: U+00A0, U+FEFF; U+2028 and U+2029 end a
 * line. 0 for others. */
static size_t wide_space(struct bytes text, size_t at, bool *ends_line)
{
	static const struct bytes spaces[] = {
		{"\xC2\xA0", 2}, {"\xEF\xBB\xBF", 3}, {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}};
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		if (text.ptr[at] == spaces[i].ptr[0] &&
			bytes_starts(bytes_slice(text, at, at + 3), spaces[i])) {
			*ends_line = *ends_line || i >= 2;
			return spaces[i].len;
		}
	}
	return 0;
}

/* Passes over white space and comments; returns whether a line ended there. */
static bool skip_space(struct script_tokens *t)
{
	bool ended = false;
	bool is_start = t->at == 0;
	while (t->at < t->text.len) {
		unsigned char c = (unsigned char)t->text.ptr[t->at];
		unsigned char class = classes[c];
		if (class == BYTE_SPACE) {
			t->at++;
		} else if (class == BYTE_LINE) {
			ended = true;
			t->at++;
		} else if (c == '/' || c == '<' || c == '-') {
			if (!skip_comment(t, ended || is_start, &ended)) {
				break;
			}
		} else {
			size_t length = c < 0x80 ? 0 : wide_space(t->text, t->at, &ended);
			if (length == 0) {
				break;
			}
			t->at += length;
		}
	}
	return ended;
}

static void open_bracket(struct script_tokens *t, enum bracket bracket)
{
	if (t->depth < SCRIPT_MAX_BRACKETS) {
		t->brackets[t->depth] = (unsigned char)bracket;
	}
	t->depth++;
}

static enum bracket innermost(const struct script_tokens *t, enum bracket unknown)
{
	return t->depth == 0 || t->depth > SCRIPT_MAX_BRACKETS
		       ? unknown
		       : (enum bracket)t->brackets[t->depth - 1];
}

/* What the token that was read says of the next one. */
static void expect(struct script_tokens *t, bool ends_value, bool wants_operand)
{
	t->ends_value = ends_value;
	t->wants_operand = wants_operand;
	t->is_after_dot = false;
	t->is_after_control = false;
}

static size_t name_end(const struct script_tokens *t, size_t at)
{
	bool ignored = false;
	while (at < t->text.len &&
		(class_at(t, at) == BYTE_NAME || class_at(t, at) == BYTE_DIGIT)) {
		if ((unsigned char)t->text.ptr[at] >= 0x80 &&
			wide_space(t->text, at, &ignored) > 0) {
			break;
		}
		at++;
	}
	return at;
}

static void take_name(struct script_tokens *t, struct script_token *token)
{
	size_t end = name_end(t, t->at + 1);
	token->kind = SCRIPT_NAME;
	token->text = bytes_slice(t->text, t->at, end);
	t->at = end;
	enum word word = t->is_after_dot ? WORD_VALUE : word_of(token->text);
	/* "for await (" */
	bool is_control = word == WORD_CONTROL ||
			  (t->is_after_control && bytes_equal(token->text, BYTES("await")));
	expect(t, word == WORD_VALUE, word == WORD_OPERAND);
	t->is_after_control = is_control;
}

static void take_number(struct script_tokens *t, struct script_token *token)
{
	size_t end = t->at + 1;
	while (end < t->text.len &&
		(class_at(t, end) == BYTE_NAME || class_at(t, end) == BYTE_DIGIT ||
			t->text.ptr[end] == '.')) {
		end++;
	}
	token->kind = SCRIPT_NUMBER;
	token->text = bytes_slice(t->text, t->at, end);
	t->at = end;
	expect(t, true, false);
}

/* From behind the opening quote to the closing one. An open one costs its line. */
static void take_string(struct script_tokens *t, struct script_token *token)
{
	const char *text = t->text.ptr;
	size_t len = t->text.len;
	char quote = text[t->at];
	size_t start = t->at + 1;
	size_t at = start;
	while (at < len && text[at] != quote && text[at] != '\n' && text[at] != '\r') {
		bool is_crlf = text[at] == '\\' && len - at > 2 && text[at + 1] == '\r' &&
			       text[at + 2] == '\n';
		at += text[at] != '\\' ? 1 : is_crlf ? 3 : 2;
	}
	bool is_closed = at < len && text[at] == quote;
	token->kind = is_closed ? SCRIPT_STRING : SCRIPT_BROKEN;
	token->text = bytes_slice(t->text, start, at);
	t->at = at >= len ? len : is_closed ? at + 1 : at;
	expect(t, is_closed, false);
}

/* A template from behind "`" or "}" on. */
static void take_template(struct script_tokens *t, struct script_token *token, bool is_head)
{
	const char *text = t->text.ptr;
	size_t len = t->text.len;
	size_t start = t->at + 1;
	size_t at = start;
	while (at < len && text[at] != '`' &&
		!(text[at] == '$' && len - at > 1 && text[at + 1] == '{')) {
		at += text[at] == '\\' ? 2 : 1;
	}
	at = at > len ? len : at;
	bool is_closed = at < len && text[at] == '`';
	token->kind = is_head && is_closed ? SCRIPT_STRING : SCRIPT_TEMPLATE;
	token->text = bytes_slice(t->text, start, at);
	if (at < len && !is_closed) {
		open_bracket(t, BRACKET_TEMPLATE);
		at++;
	}
	t->at = at < len ? at + 1 : len;
	expect(t, is_closed, !is_closed);
}

/* A regular expression whose first slash is here; false when its line holds no end of one. */
static bool take_regex(struct script_tokens *t, struct script_token *token)
{
	if (t->at < t->no_regex_before) {
		return false;
	}
	bool in_class = false;
	size_t at = t->at + 1;
	while (at < t->text.len && class_at(t, at) != BYTE_LINE) {
		char c = t->text.ptr[at];
		if (c == '/' && !in_class) {
			token->kind = SCRIPT_REGEX;
			token->text = bytes_slice(t->text, t->at, at + 1);
			t->at = name_end(t, at + 1);
			expect(t, true, false);
			return true;
		}
		in_class = c == '[' || (in_class && c != ']');
		bool is_escape =
			c == '\\' && at + 1 < t->text.len && class_at(t, at + 1) != BYTE_LINE;
		at += is_escape ? 2 : 1;
	}
	/* Only one look at each line, or many of them would take quadratic time. */
	t->no_regex_before = at;
	return false;
}

static size_t punctuator_length(const struct script_tokens *t)
{
	static const char *const longer[] = {
		"===", "==", "=>", "!==", "!=", "++", "+=", "--", "-=", "?.", "??", "..."};
	char c = char_at(t, 0);
	char next = char_at(t, 1);
	bool may_be_longer = next == '=' || next == '>' || next == '.' || next == c;
	if (!may_be_longer || memchr("=!+-?.", c, 6) == NULL) {
		return 1;
	}
	if (c == '?' && next == '.' && char_is_digit(char_at(t, 2))) {
		return 1;
	}
	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]); i++) {
		if (longer[i][0] == c && longer[i][1] == next &&
			stands_here(t, bytes_of(longer[i]))) {
			return strlen(longer[i]);
		}
	}
	return 1;
}

/* The end of a bracket; one that is not open is passed over. */
static void close_bracket(struct script_tokens *t, char c)
{
	enum bracket open = innermost(t, BRACKET_PLAIN);
	bool is_unknown = t->depth > SCRIPT_MAX_BRACKETS;
	bool matches = c == ')'   ? open == BRACKET_PLAIN || open == BRACKET_CONTROL
		       : c == ']' ? open == BRACKET_SQUARE
				  : open == BRACKET_BLOCK || open == BRACKET_OBJECT;
	if (t->depth > 0 && (matches || is_unknown)) {
		t->depth--;
	}
	expect(t, c == ']' || (c == ')' && open != BRACKET_CONTROL) || open == BRACKET_OBJECT,
		false);
}

static void take_punctuator(struct script_tokens *t, struct script_token *token)
{
	char c = char_at(t, 0);
	size_t length = punctuator_length(t);
	token->kind = SCRIPT_PUNCTUATOR;
	token->text = bytes_slice(t->text, t->at, t->at + length);
	t->at += length;
	bool ended_value = t->ends_value;
	switch (c) {
	case '(':
		open_bracket(t, t->is_after_control ? BRACKET_CONTROL : BRACKET_PLAIN);
		expect(t, false, true);
		break;
	case '[':
		open_bracket(t, BRACKET_SQUARE);
		expect(t, false, true);
		break;
	case '{':
		open_bracket(t, t->wants_operand ? BRACKET_OBJECT : BRACKET_BLOCK);
		expect(t, false, false);
		break;
	case ')':
	case ']':
	case '}':
		close_bracket(t, c);
		break;
	default: {
		bool is_step = length == 2 && (c == '+' || c == '-') && token->text.ptr[1] == c;
		bool is_dot = c == '.' || (c == '?' && length == 2 && token->text.ptr[1] == '.');
		bool is_arrow = length == 2 && token->text.ptr[1] == '>';
		expect(t, is_step && ended_value, c != ';' && !is_dot && !is_arrow);
		t->is_after_dot = is_dot && length < 3;
		break;
	}
	}
}

void script_tokens_init(struct script_tokens *tokens, struct bytes utf8, bool is_module)
{
	*tokens = (struct script_tokens){.text = utf8, .is_module = is_module};
	if (bytes_starts(utf8, BYTES("\xEF\xBB\xBF"))) {
		tokens->text = bytes_slice(utf8, 3, utf8.len);
	}
	if (bytes_starts(tokens->text, BYTES("#!"))) {
		tokens->at = line_end(tokens->text, 0);
	}
}

struct script_token script_tokens_next(struct script_tokens *tokens)
{
	struct script_token token = {.kind = SCRIPT_END};
	token.starts_line = skip_space(tokens);
	if (tokens->at >= tokens->text.len) {
		return token;
	}
	char c = tokens->text.ptr[tokens->at];
	switch (class_at(tokens, tokens->at)) {
	case BYTE_NAME:
		take_name(tokens, &token);
		return token;
	case BYTE_DIGIT:
		take_number(tokens, &token);
		return token;
	case BYTE_QUOTE:
		if (c == '`') {
			take_template(tokens, &token, true);
		} else {
			take_string(tokens, &token);
		}
		return token;
	default:
		break;
	}
	if (c == '}' && innermost(tokens, BRACKET_BLOCK) == BRACKET_TEMPLATE) {
		tokens->depth--;
		take_template(tokens, &token, false);
	} else if (c == '.' && char_is_digit(char_at(tokens, 1))) {
		take_number(tokens, &token);
	} else if (c != '/' || tokens->ends_value || !take_regex(tokens, &token)) {
		take_punctuator(tokens, &token);
	}
	return token;
}

bool script_token_is(const struct script_token *token, const char *text)
{
	return (token->kind == SCRIPT_NAME || token->kind == SCRIPT_PUNCTUATOR) &&
	       token->text.len > 0 && token->text.ptr[0] == text[0] &&
	       bytes_equal(token->text, bytes_of(text));
}
