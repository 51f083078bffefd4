/* SPDX-License-Identifier: MIT */
/* script_strings.c - which strings are worth a request */
#include "links/script_strings.h"

#include "base/limits.h"
#include "links/media_kinds.h"

/* What scripts load besides media. "html" is left out: pages are followed by other rules. */
static const struct {
	const char *extension;
	enum link_role role;
} code_kinds[] = {
	{".js", ROLE_SCRIPT},
	{".mjs", ROLE_SCRIPT},
	{".css", ROLE_STYLE},
	{".json", ROLE_UNKNOWN},
};

/* The path of a reference: without query and fragment. */
static struct bytes path_of(struct bytes text)
{
	size_t end = 0;
	while (end < text.len && text.ptr[end] != '?' && text.ptr[end] != '#') {
		end++;
	}
	return bytes_slice(text, 0, end);
}

static bool code_role(struct bytes path, enum link_role *role_out)
{
	for (size_t i = 0; i < sizeof(code_kinds) / sizeof(code_kinds[0]); i++) {
		struct bytes extension = bytes_of(code_kinds[i].extension);
		if (path.len > extension.len &&
			bytes_equal_nocase(
				bytes_slice(path, path.len - extension.len, path.len), extension)) {
			*role_out = code_kinds[i].role;
			return true;
		}
	}
	return false;
}

bool script_strings_role(struct bytes text, enum link_role *role_out)
{
	*role_out = media_kinds_role(text);
	return *role_out != ROLE_UNKNOWN || code_role(path_of(text), role_out);
}

/* Characters of patterns, templates, markup and formats, which no such URL holds. */
static bool has_only_url_characters(struct bytes text)
{
	static const char no_url[] = "\"'<>\\`{}|^*$[]() ";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= ' ' || c == 0x7F || memchr(no_url, c, sizeof(no_url) - 1) != NULL) {
			return false;
		}
		/* "%s", "%d" */
		if (c == '%' && (text.len - i < 3 || char_hex(text.ptr[i + 1]) < 0 ||
					char_hex(text.ptr[i + 2]) < 0)) {
			return false;
		}
	}
	return true;
}

/* Without scheme and host; ptr NULL when they are of no URL that is fetched. */
static struct bytes after_host(struct bytes text, bool *is_absolute)
{
	size_t start = 0;
	if (bytes_starts_nocase(text, BYTES("http://"))) {
		start = 7;
	} else if (bytes_starts_nocase(text, BYTES("https://"))) {
		start = 8;
	} else if (bytes_starts(text, BYTES("//"))) {
		start = 2;
	}
	*is_absolute = start > 0;
	if (start == 0) {
		return text;
	}
	size_t slash = bytes_find_char(text, '/', start);
	return slash == SIZE_MAX || slash == start ? (struct bytes){NULL, 0}
						   : bytes_slice(text, slash, text.len);
}

/* "/name.png" and "a.png", not ".png" nor "/.png"; no empty segments, no "/:name/" of routes. */
static bool is_file_path(struct bytes path)
{
	size_t slash = bytes_find_last_char(path, '/');
	struct bytes name = bytes_slice(path, slash == SIZE_MAX ? 0 : slash + 1, path.len);
	return name.len > 0 && name.ptr[0] != '.' && bytes_find(path, BYTES("//"), 0) == SIZE_MAX &&
	       bytes_find(path, BYTES("/:"), 0) == SIZE_MAX;
}

/* "img/a.png", "a.png"; not "host.example/a.png", "@scope/a.png", "x:y.png", "a.png,b.png". */
static bool is_relative_path(struct bytes path)
{
	size_t slash = bytes_find_char(path, '/', 0);
	struct bytes first =
		slash == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(path, 0, slash);
	return (char_is_alnum(path.ptr[0]) || path.ptr[0] == '_') &&
	       bytes_find_char(first, '.', 0) == SIZE_MAX &&
	       bytes_find_char(path, ':', 0) == SIZE_MAX &&
	       bytes_find_char(path, ',', 0) == SIZE_MAX;
}

bool script_strings_is_url(struct bytes text, bool is_loaded)
{
	enum link_role role;
	if (text.len < 4 || text.len > LIMIT_SCRIPT_STRING_BYTES ||
		!script_strings_role(text, &role) || !has_only_url_characters(text)) {
		return false;
	}
	bool is_absolute;
	struct bytes path = path_of(after_host(text, &is_absolute));
	if (path.len == 0 || !is_file_path(path)) {
		return false;
	}
	if (is_absolute || path.ptr[0] == '/') {
		return true;
	}
	/* "lodash/fp.js" and "./parts.js" name modules. */
	if (!is_loaded && code_role(path, &role)) {
		return false;
	}
	return bytes_starts(path, BYTES("./")) || bytes_starts(path, BYTES("../")) ||
	       is_relative_path(path);
}

static bool same_site(const struct url *url, const struct url *other)
{
	return bytes_equal(url_registrable_domain(url->host), url_registrable_domain(other->host));
}

void script_strings_resolve(const struct references *guesses, const struct url *base,
	const struct url *own, struct link_list *list)
{
	size_t added = 0;
	for (size_t i = 0; i < guesses->count; i++) {
		const struct reference *guess = &guesses->items[i];
		struct flong_error ignored = {0};
		SCOPED(url_closep) struct url *url = NULL;
		if (url_parse(guess->text, base, &url, &ignored) != FLONG_OK || !url->is_http ||
			(!same_site(url, base) && !same_site(url, own)) ||
			link_list_has(list, url->all)) {
			continue;
		}
		if (added >= LIMIT_SCRIPT_GUESSES) {
			list->dropped++;
		} else if (link_list_add(list, base, guess->text, &guess->prototype)) {
			added++;
		}
	}
	list->dropped += guesses->dropped;
}
