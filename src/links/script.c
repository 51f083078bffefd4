/* SPDX-License-Identifier: MIT */
/* script.c - the rules over the tokens of a script
 *
 * Each rule looks at a string literal and the few tokens around it. A string that is joined with
 * something else is a piece of a URL and no rule takes it. */
#include "links/script.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/json_text.h"
#include "links/script_strings.h"
#include "links/script_tokens.h"
#include "links/source_map.h"

/* Tokens that are remembered: "new self.Worker(new self.URL(" has ten. */
#define PAST 16

struct finder {
	struct script_tokens tokens;
	enum script_kind kind;
	struct script_links *links;
	struct script_token past[PAST]; /* a ring; see back() */
	size_t count;
	bool in_clause;         /* between import or export and its string */
	bool in_import_scripts; /* between its parentheses */
	struct buf decoded;
};

/* What a string is to the call or assignment that it stands in. */
struct use {
	const char *rule, *where; /* rule NULL: nothing */
	enum link_kind kind;
	enum link_role role;
	struct references *to;
};

/* The token `n` before the current one. */
static const struct script_token *back(const struct finder *f, size_t n)
{
	static const struct script_token none = {.kind = SCRIPT_END};
	return n < f->count && n < PAST ? &f->past[(f->count - 1 - n) % PAST] : &none;
}

static bool back_is(const struct finder *f, size_t n, const char *text)
{
	return script_token_is(back(f, n), text);
}

static bool back_is_dot(const struct finder *f, size_t n)
{
	return back_is(f, n, ".") || back_is(f, n, "?.");
}

/* Names of the global object, and of those that have a location. */
static bool back_is_global(const struct finder *f, size_t n)
{
	static const char *const names[] = {
		"window", "self", "globalThis", "document", "top", "parent", "this"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (back_is(f, n, names[i])) {
			return true;
		}
	}
	return false;
}

/* Where the chain "window.top.x" begins whose last name is `n` back: the token before it; SIZE_MAX
 * when it begins with anything but global objects. */
static size_t before_global(const struct finder *f, size_t n)
{
	n++;
	while (back_is_dot(f, n)) {
		if (!back_is_global(f, n + 1)) {
			return SIZE_MAX;
		}
		n += 2;
	}
	return n;
}

static bool is_new_global(const struct finder *f, size_t n)
{
	size_t before = before_global(f, n);
	return before != SIZE_MAX && back_is(f, before, "new");
}

static bool ends_with_worklet(const struct script_token *token)
{
	return token->kind == SCRIPT_NAME && bytes_ends(token->text, BYTES("orklet"));
}

/* Whether the call whose name is `n` back starts a script of its own. */
static const char *worker_call(const struct finder *f, size_t n)
{
	if (back_is(f, n, "Worker") && is_new_global(f, n)) {
		return "script new Worker()";
	}
	if (back_is(f, n, "SharedWorker") && is_new_global(f, n)) {
		return "script new SharedWorker()";
	}
	if (back_is(f, n, "register") && back_is_dot(f, n + 1) &&
		back_is(f, n + 2, "serviceWorker")) {
		return "script serviceWorker.register()";
	}
	if (back_is(f, n, "addModule") && back_is_dot(f, n + 1) &&
		ends_with_worklet(back(f, n + 2))) {
		return "script addModule()";
	}
	return NULL;
}

static bool has_import_meta(const struct finder *f)
{
	return f->kind == SCRIPT_MODULE || f->kind == SCRIPT_FILE;
}

/* import.NAME( with `n` back the name. */
static bool is_import_property(const struct finder *f, size_t n)
{
	return back_is_dot(f, n + 1) && back_is(f, n + 2, "import") && !back_is_dot(f, n + 3);
}

static enum link_role role_by_name(struct bytes text, enum link_role unknown)
{
	enum link_role role;
	return script_strings_role(text, &role) ? role : unknown;
}

/* Whether the tokens ahead are these. */
static bool is_ahead(struct script_tokens ahead, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct script_token token = script_tokens_next(&ahead);
		if (!script_token_is(&token, texts[i])) {
			return false;
		}
	}
	return true;
}

/* What import attributes say: "with {type: 'json'}" behind a static import, the same as a member of
 * the second argument of import(). ROLE_SCRIPT without them. */
static enum link_role role_by_attributes(struct script_tokens ahead, bool is_call)
{
	struct script_token token = script_tokens_next(&ahead);
	if (is_call) {
		bool is_next = script_token_is(&token, ",");
		token = script_tokens_next(&ahead);
		is_next = is_next && script_token_is(&token, "{");
		if (!is_next) {
			return ROLE_SCRIPT;
		}
		token = script_tokens_next(&ahead);
	}
	if (!script_token_is(&token, "with") && !script_token_is(&token, "assert")) {
		return ROLE_SCRIPT;
	}
	/* ":" only in the call; "{", "type" as name or string, ":", and the type. */
	for (int i = 0; i < 6; i++) {
		token = script_tokens_next(&ahead);
		bool is_type = (token.kind == SCRIPT_NAME || token.kind == SCRIPT_STRING) &&
			       bytes_equal(token.text, BYTES("type"));
		if (is_type) {
			(void)script_tokens_next(&ahead);
			token = script_tokens_next(&ahead);
			return bytes_equal(token.text, BYTES("css")) ? ROLE_STYLE : ROLE_UNKNOWN;
		}
	}
	return ROLE_SCRIPT;
}

/* The string without its escapes; borrowed until the next one. */
static struct bytes decode(struct finder *f, struct bytes raw)
{
	if (bytes_find_char(raw, '\\', 0) == SIZE_MAX) {
		return raw;
	}
	buf_reset(&f->decoded);
	json_text_decode(raw, &f->decoded);
	return buf_bytes(&f->decoded);
}

static void add(struct finder *f, struct bytes raw, const struct use *use)
{
	const struct link link = {.kind = use->kind,
		.role = use->role,
		.rule = use->rule,
		.where = use->where,
		.anchor = UINT32_MAX};
	references_add(use->to, decode(f, raw), &link);
}

static struct use module_use(const struct finder *f, const char *where, enum link_role role)
{
	return (struct use){.rule = "L-39",
		.where = where,
		.kind = LINK_REQUISITE,
		.role = role,
		.to = &f->links->specifiers};
}

static struct use loaded_use(struct references *to, const char *where, enum link_role role)
{
	return (struct use){
		.rule = "L-39", .where = where, .kind = LINK_REQUISITE, .role = role, .to = to};
}

static struct use page_use(const struct finder *f, const char *where)
{
	return (struct use){
		.rule = "L-47", .where = where, .kind = LINK_PAGE, .to = &f->links->page};
}

/* new URL("x", import.meta.url), with the name URL one back. */
static struct use url_use(const struct finder *f, struct bytes text)
{
	static const char *const meta[] = {",", "import", ".", "meta", ".", "url"};
	size_t before = before_global(f, 1);
	bool is_directory = text.len == 0 || text.ptr[text.len - 1] == '/' ||
			    bytes_equal(text, BYTES(".")) || bytes_equal(text, BYTES(".."));
	if (!has_import_meta(f) || is_directory || !is_new_global(f, 1) ||
		!is_ahead(f->tokens, meta, sizeof(meta) / sizeof(meta[0]))) {
		return (struct use){.rule = NULL};
	}
	const char *worker = back_is(f, before + 1, "(") ? worker_call(f, before + 2) : NULL;
	return loaded_use(&f->links->own, worker == NULL ? "script new URL()" : worker,
		worker == NULL ? role_by_name(text, ROLE_UNKNOWN) : ROLE_WORKER);
}

/* Whether a statement begins behind the token `before` back, outside of all brackets but `open`. */
static bool is_top_statement(const struct finder *f, size_t before, size_t open)
{
	return f->tokens.depth == open &&
	       (back(f, before)->kind == SCRIPT_END || back_is(f, before, ";") ||
		       back_is(f, before, "}") || back(f, before - 1)->starts_line);
}

/* location with `n` back: in handlers anywhere, in scripts of the page as a statement of its own,
 * since what stands deeper depends on conditions. */
static bool sends_reader(const struct finder *f, size_t n, size_t open)
{
	if (!back_is(f, n, "location") || f->kind == SCRIPT_FILE) {
		return false;
	}
	size_t before = before_global(f, n);
	if (before == SIZE_MAX || back_is(f, before, "var") || back_is(f, before, "let") ||
		back_is(f, before, "const")) {
		return false;
	}
	return f->kind == SCRIPT_HANDLER || is_top_statement(f, before, open);
}

/* NAME("x" with the name one back. */
static struct use argument_use(const struct finder *f, struct bytes text)
{
	const char *worker = worker_call(f, 1);
	if (worker != NULL) {
		return loaded_use(&f->links->page, worker, ROLE_WORKER);
	}
	if (back_is(f, 1, "URL")) {
		return url_use(f, text);
	}
	if (back_is(f, 1, "import") && !back_is_dot(f, 2)) {
		return module_use(f, "script import()", role_by_attributes(f->tokens, true));
	}
	bool is_phase = back_is(f, 1, "defer") || back_is(f, 1, "source");
	if (is_phase && is_import_property(f, 1)) {
		return module_use(f, "script import()", ROLE_SCRIPT);
	}
	if (back_is(f, 1, "resolve") && has_import_meta(f) && back_is_dot(f, 2) &&
		back_is(f, 3, "meta") && is_import_property(f, 3)) {
		return module_use(
			f, "script import.meta.resolve()", role_by_name(text, ROLE_SCRIPT));
	}
	if ((back_is(f, 1, "assign") || back_is(f, 1, "replace")) && back_is_dot(f, 2) &&
		sends_reader(f, 3, 1)) {
		return page_use(f, "script location");
	}
	if (back_is(f, 1, "open") && f->kind == SCRIPT_HANDLER && back_is_dot(f, 2) &&
		before_global(f, 1) != SIZE_MAX && !back_is(f, 3, "document")) {
		return page_use(f, "script window.open()");
	}
	return (struct use){.rule = NULL};
}

/* importScripts: a worker's own; in a page only scripts for workers made of text hold it, and these
 * have no base. */
static struct use import_scripts_use(const struct finder *f, struct bytes text)
{
	if (f->kind != SCRIPT_FILE && !bytes_starts_nocase(text, BYTES("http"))) {
		return (struct use){.rule = NULL};
	}
	return loaded_use(&f->links->own, "script importScripts()", ROLE_SCRIPT);
}

static struct use assignment_use(const struct finder *f)
{
	bool is_href = back_is(f, 1, "href") && back_is_dot(f, 2) && sends_reader(f, 3, 0);
	if (is_href || sends_reader(f, 1, 0)) {
		return page_use(f, "script location");
	}
	return (struct use){.rule = NULL};
}

/* Whether nothing is joined to the value behind it: the argument or statement ends. */
static bool ends_there(const struct script_token *next, bool is_argument)
{
	if (is_argument) {
		return script_token_is(next, ")") || script_token_is(next, ",");
	}
	return next->kind != SCRIPT_PUNCTUATOR || script_token_is(next, ";") ||
	       script_token_is(next, "}") || script_token_is(next, ",") ||
	       script_token_is(next, ")");
}

/* What the string `text` is, whose token is not yet in the past. */
static struct use use_of(struct finder *f, struct bytes text)
{
	bool is_static = f->in_clause && (back_is(f, 0, "from") || back_is(f, 0, "import"));
	if (is_static) {
		return module_use(f,
			back_is(f, 0, "import") ? "script import" : "script import from",
			role_by_attributes(f->tokens, false));
	}
	bool is_argument = back_is(f, 0, "(") || f->in_import_scripts;
	if (!is_argument && !back_is(f, 0, "=")) {
		return (struct use){.rule = NULL};
	}
	struct use use = f->in_import_scripts ? import_scripts_use(f, text)
			 : is_argument        ? argument_use(f, text)
					      : assignment_use(f);
	if (use.rule != NULL) {
		struct script_tokens ahead = f->tokens;
		struct script_token next = script_tokens_next(&ahead);
		if (!ends_there(&next, is_argument)) {
			use.rule = NULL;
		}
	}
	return use;
}

/* A literal that is compared, searched for, or the name of a module: NAME("x" or a == "x". */
static bool is_no_load(const struct finder *f)
{
	static const char *const callees[] = {"require", "concat", "replace", "replaceAll",
		"indexOf", "lastIndexOf", "includes", "startsWith", "endsWith", "match", "test",
		"split", "search", "querySelector", "querySelectorAll", "hasOwnProperty", "define"};
	static const char *const before[] = {"+", "+=", "==", "===", "!=", "!==", "case", "in"};
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		if (back_is(f, 0, before[i])) {
			return true;
		}
	}
	for (size_t i = 0; back_is(f, 0, "(") && i < sizeof(callees) / sizeof(callees[0]); i++) {
		if (back_is(f, 1, callees[i])) {
			return true;
		}
	}
	return false;
}

static bool is_joined_or_key(const struct finder *f)
{
	struct script_tokens ahead = f->tokens;
	struct script_token next = script_tokens_next(&ahead);
	bool may_be_key = back_is(f, 0, "{") || back_is(f, 0, ",");
	return script_token_is(&next, "+") || (may_be_key && script_token_is(&next, ":")) ||
	       script_token_is(&next, "==") || script_token_is(&next, "===") ||
	       script_token_is(&next, ".");
}

static void add_guess(struct finder *f, struct bytes text, bool is_loaded)
{
	struct link link = {.kind = LINK_REQUISITE,
		.rule = "L-46",
		.where = "script string",
		.anchor = UINT32_MAX};
	if (script_strings_is_url(text, is_loaded) && script_strings_role(text, &link.role)) {
		references_add(&f->links->guesses, text, &link);
	}
}

/* Values of attributes in markup that a script writes: '<img src="/a.png">'. */
static void guess_in_markup(struct finder *f, struct bytes text)
{
	size_t at = bytes_find_char(text, '=', 0);
	while (at != SIZE_MAX && at + 2 < text.len) {
		char quote = text.ptr[at + 1];
		size_t end = quote == '"' || quote == '\'' ? bytes_find_char(text, quote, at + 2)
							   : SIZE_MAX;
		if (end != SIZE_MAX && end - at < LIMIT_SCRIPT_STRING_BYTES) {
			add_guess(f, bytes_slice(text, at + 2, end), true);
			at = end;
		} else if (quote == '"' || quote == '\'') {
			/* It ends elsewhere, and so do all that follow but those of the other kind.
			 */
			return;
		}
		at = bytes_find_char(text, '=', at + 1);
	}
}

static void guess(struct finder *f, struct bytes raw)
{
	if (raw.len < 4) {
		return;
	}
	if (bytes_find_char(raw, '<', 0) != SIZE_MAX && bytes_find_char(raw, '=', 0) != SIZE_MAX) {
		guess_in_markup(f, decode(f, raw));
		return;
	}
	enum link_role role;
	if (raw.len > 6 * LIMIT_SCRIPT_STRING_BYTES || !script_strings_role(raw, &role) ||
		is_no_load(f) || is_joined_or_key(f)) {
		return;
	}
	bool is_loaded = back_is(f, 0, "=") && back_is_dot(f, 2) &&
			 (back_is(f, 1, "src") || back_is(f, 1, "href"));
	add_guess(f, decode(f, raw), is_loaded);
}

static void take_string(struct finder *f, const struct script_token *token)
{
	struct use use = use_of(f, token->text);
	if (use.rule != NULL) {
		add(f, token->text, &use);
	} else if (!f->in_clause) {
		guess(f, token->text);
	}
}

/* Keeps track of import and export clauses and of the arguments of importScripts. */
static void follow(struct finder *f, const struct script_token *token)
{
	char first = token->text.len > 0 ? token->text.ptr[0] : '\0';
	bool may_start = token->kind == SCRIPT_NAME ? first == 'i' || first == 'e' : first == '(';
	if (!f->in_clause && !f->in_import_scripts && !may_start) {
		return;
	}
	if (token->kind == SCRIPT_STRING || script_token_is(token, ",")) {
		/* Both go on; "import 'x'" is over by what follows. */
		return;
	}
	f->in_import_scripts = script_token_is(token, "(") && back_is(f, 0, "importScripts");
	bool starts = (script_token_is(token, "import") || script_token_is(token, "export")) &&
		      f->kind != SCRIPT_CLASSIC && f->kind != SCRIPT_HANDLER && !back_is_dot(f, 0);
	bool goes_on = token->kind == SCRIPT_NAME || script_token_is(token, "{") ||
		       script_token_is(token, "}") || script_token_is(token, "*");
	f->in_clause = starts || (f->in_clause && goes_on);
}

void script_find(struct bytes utf8, enum script_kind kind, struct script_links *links)
{
	struct finder finder = {
		.kind = kind, .links = links, .decoded = {.max = LIMIT_DOCUMENT_BYTES}};
	script_tokens_init(&finder.tokens, utf8, kind == SCRIPT_MODULE);
	for (;;) {
		struct script_token token = script_tokens_next(&finder.tokens);
		if (token.kind == SCRIPT_END) {
			break;
		}
		if (token.kind == SCRIPT_STRING) {
			take_string(&finder, &token);
		}
		follow(&finder, &token);
		finder.past[finder.count++ % PAST] = token;
	}
	source_map_add(finder.tokens.source_map, "sourceMappingURL", &links->own);
	buf_clear(&finder.decoded);
}

void script_links_clear(struct script_links *links)
{
	references_clear(&links->specifiers);
	references_clear(&links->own);
	references_clear(&links->page);
	references_clear(&links->guesses);
}

void script_find_in_file(struct bytes utf8, const struct url *own,
	const struct script_runner *runner, struct link_list *list)
{
	struct script_links links = {.own = {0}};
	const struct url *base = runner->page == NULL ? own : runner->page;
	script_find(utf8, SCRIPT_FILE, &links);
	import_map_resolve_all(runner->map, &links.specifiers, own, list);
	references_resolve(&links.own, own, list);
	references_resolve(&links.page, base, list);
	script_strings_resolve(&links.guesses, base, own, list);
	script_links_clear(&links);
}
