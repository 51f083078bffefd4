/* SPDX-License-Identifier: MIT */
/* script_tokens.h - the tokens of a script (ECMA-262 12 and Annex B.1.1), one by one
 *
 * Linear, without recursion, and it never fails: what is no token ends at its line and is passed
 * over. Whether a slash divides or starts a regular expression is decided by what stands before it,
 * with the brackets that are open; that is right for all but contrived programs. */
#ifndef LINKS_SCRIPT_TOKENS_H
#define LINKS_SCRIPT_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

enum script_token_kind {
	SCRIPT_END,
	SCRIPT_NAME,     /* identifiers and keywords */
	SCRIPT_NUMBER,   /* without its sign */
	SCRIPT_STRING,   /* in quotes, or a template literal without substitutions */
	SCRIPT_TEMPLATE, /* a piece of one with substitutions */
	SCRIPT_REGEX,
	SCRIPT_PUNCTUATOR, /* "=", "==", "===", "=>", "!=", "!==", "+", "+=", "++", "-", "-=", "--",
			      "?", "??", "?.", "...", and all others as one character each */
	SCRIPT_BROKEN      /* an open quote: the rest of its line */
};

struct script_token {
	enum script_token_kind kind;
	bool starts_line;  /* a line ended before it */
	struct bytes text; /* borrowed; of strings what is between the quotes, escapes untouched */
};

/* Open brackets whose kind is remembered; real programs stay under a hundred. */
#define SCRIPT_MAX_BRACKETS 256

/* Where reading stands; a copy reads ahead. */
struct script_tokens {
	struct bytes text; /* borrowed */
	size_t at;
	bool is_module;          /* "<!--" and "-->" are no comments there */
	struct bytes source_map; /* borrowed: URL of the last comment "//# sourceMappingURL=" */
	size_t depth;            /* brackets open behind the last token */
	/* The rest is its own. */
	bool ends_value;    /* a slash would divide */
	bool wants_operand; /* a brace would open an object */
	bool is_after_dot, is_after_control;
	size_t no_regex_before; /* a line without the end of a regular expression ends here */
	unsigned char brackets[SCRIPT_MAX_BRACKETS];
};

/* Starts reading UTF-8 text, which is borrowed. */
void script_tokens_init(struct script_tokens *tokens, struct bytes utf8, bool is_module);
/* The next token; SCRIPT_END at the end and from then on. */
struct script_token script_tokens_next(struct script_tokens *tokens);
/* Whether a name or punctuator is this one; strings never are. */
bool script_token_is(const struct script_token *token, const char *text);

#endif
