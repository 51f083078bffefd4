/* SPDX-License-Identifier: MIT */
/* rewrite_script.c - the modules that a script imports, and what import maps say of them
 *
 * Only specifiers that are whole URLs, or begin with a slash, have to change: relative ones stay
 * right, since the path of the script itself leads into the archive. */
#include "links/script_tokens.h"
#include "replay/rewrite.h"

static bool is_absolute(struct bytes text)
{
	return bytes_starts(text, BYTES("/")) || bytes_starts_nocase(text, BYTES("http:")) ||
	       bytes_starts_nocase(text, BYTES("https:"));
}

/* Appends the string between its quotes, turned when it is such a specifier. */
static void add_specifier(const struct rewrite *rewrite, struct bytes text, struct buf *out)
{
	bool is_plain = bytes_find_char(text, '\\', 0) == SIZE_MAX;
	if (!is_plain || !is_absolute(text) || !rewrite_url(rewrite, text, "js", out)) {
		buf_add(out, text);
	}
}

/* Whether the string that follows these two tokens names a module. */
static bool names_module(const struct script_token *before, const struct script_token *last)
{
	if (script_token_is(last, "from") || script_token_is(last, "import")) {
		return !script_token_is(before, ".");
	}
	return script_token_is(last, "(") && script_token_is(before, "import");
}

static void copy_strings(
	const struct rewrite *rewrite, struct bytes text, bool takes_all, struct buf *out)
{
	struct script_tokens tokens;
	struct script_token before = {0};
	struct script_token last = {0};
	size_t copied = 0;
	script_tokens_init(&tokens, text, true);
	for (;;) {
		struct script_token token = script_tokens_next(&tokens);
		if (token.kind == SCRIPT_END) {
			break;
		}
		if (token.kind == SCRIPT_STRING && token.text.len > 0 &&
			(takes_all || names_module(&before, &last))) {
			size_t start = (size_t)(token.text.ptr - text.ptr);
			buf_add(out, bytes_slice(text, copied, start));
			add_specifier(rewrite, token.text, out);
			copied = start + token.text.len;
		}
		before = last;
		last = token;
	}
	buf_add(out, bytes_slice(text, copied, text.len));
}

void rewrite_script(const struct rewrite *rewrite, struct bytes script, struct buf *out)
{
	/* Most scripts import nothing, and are long. */
	if (bytes_find(script, BYTES("import"), 0) == SIZE_MAX &&
		bytes_find(script, BYTES("from"), 0) == SIZE_MAX) {
		buf_add(out, script);
		return;
	}
	copy_strings(rewrite, script, false, out);
}

void rewrite_import_map(const struct rewrite *rewrite, struct bytes json, struct buf *out)
{
	copy_strings(rewrite, json, true, out);
}
