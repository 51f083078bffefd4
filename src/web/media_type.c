/* SPDX-License-Identifier: MIT */
/* media_type.c - what a Content-Type value says, read as browsers do */
#include "web/media_type.h"

/* The bytes that HTTP calls white space here: a NUL or 0x0b is not. */
static struct bytes essence_of(struct bytes content_type)
{
	struct bytes before = content_type;
	struct bytes after;
	(void)bytes_cut(content_type, ';', &before, &after);
	before = bytes_trim(before);
	/* "text/html, text/plain" comes from fields that were joined; the first one is meant. */
	struct bytes first = before;
	(void)bytes_cut(before, ',', &first, &after);
	return bytes_trim(first);
}

struct bytes media_type_essence(struct bytes content_type)
{
	struct bytes essence = essence_of(content_type);
	size_t slash = bytes_find_char(essence, '/', 0);
	if (slash == SIZE_MAX || slash == 0 || slash + 1 == essence.len) {
		return (struct bytes){NULL, 0};
	}
	for (size_t i = 0; i < essence.len; i++) {
		unsigned char c = (unsigned char)essence.ptr[i];
		if (c <= ' ' || c >= 0x7f) {
			return (struct bytes){NULL, 0};
		}
	}
	return essence;
}

/* Takes the next ";name=value" off *rest; a quoted value may hold semicolons. */
static bool take_parameter(struct bytes *rest, struct bytes *name_out, struct bytes *value_out)
{
	if (rest->len == 0) {
		return false;
	}
	size_t name_end = 0;
	while (name_end < rest->len && rest->ptr[name_end] != '=' && rest->ptr[name_end] != ';') {
		name_end++;
	}
	*name_out = bytes_trim(bytes_slice(*rest, 0, name_end));
	*value_out = (struct bytes){NULL, 0};
	size_t at = name_end;
	if (at < rest->len && rest->ptr[at] == '=') {
		at++;
		bool is_quoted = at < rest->len && rest->ptr[at] == '"';
		if (is_quoted) {
			size_t close = at + 1;
			while (close < rest->len && rest->ptr[close] != '"') {
				close += rest->ptr[close] == '\\' ? 2 : 1;
			}
			*value_out = bytes_slice(*rest, at + 1, close);
			at = close;
		}
		size_t start = at;
		while (at < rest->len && rest->ptr[at] != ';') {
			at++;
		}
		if (!is_quoted) {
			*value_out = bytes_trim(bytes_slice(*rest, start, at));
		}
	}
	*rest = bytes_slice(*rest, at + 1, rest->len);
	return true;
}

struct bytes media_type_charset(struct bytes content_type)
{
	struct bytes before;
	struct bytes rest;
	if (!bytes_cut(content_type, ';', &before, &rest)) {
		return (struct bytes){NULL, 0};
	}
	struct bytes name;
	struct bytes value;
	while (take_parameter(&rest, &name, &value)) {
		if (bytes_equal_nocase(name, BYTES("charset")) && value.len > 0) {
			/* Some write charset='utf-8', which no standard knows but everyone means.
			 */
			if (value.len > 2 && value.ptr[0] == '\'' &&
				value.ptr[value.len - 1] == '\'') {
				value = bytes_slice(value, 1, value.len - 1);
			}
			return bytes_trim(value);
		}
	}
	return (struct bytes){NULL, 0};
}

bool media_type_is(struct bytes content_type, const char *essence)
{
	return bytes_equal_nocase(media_type_essence(content_type), bytes_of(essence));
}

static bool essence_ends_nocase(struct bytes essence, struct bytes suffix)
{
	return essence.len > suffix.len &&
	       bytes_equal_nocase(
		       bytes_slice(essence, essence.len - suffix.len, essence.len), suffix);
}

bool media_type_is_html(struct bytes content_type)
{
	return media_type_is(content_type, "text/html") ||
	       media_type_is(content_type, "application/xhtml+xml");
}

bool media_type_is_xml(struct bytes content_type)
{
	return media_type_is(content_type, "text/xml") ||
	       media_type_is(content_type, "application/xml") ||
	       essence_ends_nocase(media_type_essence(content_type), BYTES("+xml"));
}

bool media_type_is_json(struct bytes content_type)
{
	return media_type_is(content_type, "application/json") ||
	       media_type_is(content_type, "text/json") ||
	       essence_ends_nocase(media_type_essence(content_type), BYTES("+json"));
}

bool media_type_is_javascript(struct bytes content_type)
{
	static const char *const names[] = {"javascript", "ecmascript", "x-javascript",
		"x-ecmascript", "jscript", "livescript", "javascript1.0", "javascript1.1",
		"javascript1.2", "javascript1.3", "javascript1.4", "javascript1.5"};
	struct bytes essence = media_type_essence(content_type);
	bool is_text = bytes_starts_nocase(essence, BYTES("text/"));
	if (!is_text && !bytes_starts_nocase(essence, BYTES("application/"))) {
		return false;
	}
	struct bytes name = bytes_slice(essence, is_text ? 5 : 12, essence.len);
	for (size_t i = 0; i < (is_text ? sizeof(names) / sizeof(names[0]) : 4); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

bool media_type_is_text(struct bytes content_type)
{
	static const char *const textual[] = {"application/javascript", "application/x-javascript",
		"application/ecmascript", "application/x-mpegurl", "application/vnd.apple.mpegurl",
		"application/x-www-form-urlencoded", "image/svg+xml"};
	struct bytes essence = media_type_essence(content_type);
	if (bytes_starts_nocase(essence, BYTES("text/")) || media_type_is_xml(content_type) ||
		media_type_is_json(content_type)) {
		return true;
	}
	for (size_t i = 0; i < sizeof(textual) / sizeof(textual[0]); i++) {
		if (bytes_equal_nocase(essence, bytes_of(textual[i]))) {
			return true;
		}
	}
	return false;
}
