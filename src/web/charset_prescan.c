/* SPDX-License-Identifier: MIT */
/* charset_prescan.c - HTML 13.2.3.2 "prescan a byte stream to determine its encoding" */
#include "web/charset_prescan.h"

#include "base/buf.h"
#include "web/charset.h"

/* Declarations later than this are not looked for. The standard's prescan ends after 1,024 bytes,
 * but browsers heed a <meta> that comes later too: real pages have it behind 160 KB of scripts. */
#define PRESCAN_BYTES ((size_t)1 << 20)
/* Longest attribute name or value that can mean anything here. */
#define WORD_BYTES ((size_t)1024)

/* A position in the document. */
struct cursor {
	struct bytes text;
	size_t at;
};

static bool is_over(const struct cursor *c)
{
	return c->at >= c->text.len;
}

static char here(const struct cursor *c)
{
	return c->text.ptr[c->at];
}

static void skip_spaces(struct cursor *c, bool and_slashes)
{
	while (!is_over(c) && (char_is_space(here(c)) || (and_slashes && here(c) == '/'))) {
		c->at++;
	}
}

/* Reads one attribute, name and value in lower case. False at the end of the tag; when the document
 * ends, *cut_out is set. */
static bool take_value(struct cursor *c, struct buf *value, bool *cut_out);

static bool take_attribute(struct cursor *c, struct buf *name, struct buf *value, bool *cut_out)
{
	buf_reset(name);
	buf_reset(value);
	skip_spaces(c, true);
	*cut_out = is_over(c);
	if (*cut_out || here(c) == '>') {
		return false;
	}
	while (!is_over(c) && !(here(c) == '=' && name->len > 0) && !char_is_space(here(c)) &&
		here(c) != '/' && here(c) != '>') {
		buf_add_char(name, char_lower(here(c)));
		c->at++;
	}
	bool may_have_value = !is_over(c) && here(c) != '/' && here(c) != '>';
	if (may_have_value) {
		skip_spaces(c, false);
	}
	*cut_out = is_over(c);
	if (*cut_out) {
		return false;
	}
	if (!may_have_value || here(c) != '=') {
		return true;
	}
	c->at++;
	skip_spaces(c, false);
	return take_value(c, value, cut_out);
}

static bool take_value(struct cursor *c, struct buf *value, bool *cut_out)
{
	*cut_out = is_over(c);
	if (*cut_out) {
		return false;
	}
	char quote = here(c) == '"' || here(c) == '\'' ? here(c) : '\0';
	c->at += quote != '\0' ? 1 : 0;
	while (!is_over(c)) {
		char byte = here(c);
		if (quote != '\0' ? byte == quote : (char_is_space(byte) || byte == '>')) {
			c->at += quote != '\0' ? 1 : 0;
			return true;
		}
		buf_add_char(value, char_lower(byte));
		c->at++;
	}
	*cut_out = true;
	return false;
}

/* HTML 2.6.4: the label in "text/html; charset=x". */
static struct bytes label_of_content(struct bytes content)
{
	size_t at = 0;
	for (;;) {
		at = bytes_find(content, BYTES("charset"), at);
		if (at == SIZE_MAX) {
			return (struct bytes){NULL, 0};
		}
		at += 7;
		while (at < content.len && char_is_space(content.ptr[at])) {
			at++;
		}
		if (at < content.len && content.ptr[at] == '=') {
			break;
		}
	}
	struct bytes rest = bytes_slice(content, at + 1, content.len);
	while (rest.len > 0 && char_is_space(rest.ptr[0])) {
		rest = bytes_slice(rest, 1, rest.len);
	}
	if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\'')) {
		size_t close = bytes_find_char(rest, rest.ptr[0], 1);
		return close == SIZE_MAX ? (struct bytes){NULL, 0} : bytes_slice(rest, 1, close);
	}
	size_t end = 0;
	while (end < rest.len && !char_is_space(rest.ptr[end]) && rest.ptr[end] != ';') {
		end++;
	}
	return bytes_slice(rest, 0, end);
}

/* A declared name; UTF-16 cannot be true, since the declaration was read as ASCII. */
static const char *corrected(const char *name)
{
	if (name == NULL) {
		return NULL;
	}
	if (bytes_starts(bytes_of(name), BYTES("utf-16"))) {
		return "utf-8";
	}
	return bytes_equal(bytes_of(name), BYTES("x-user-defined")) ? "windows-1252" : name;
}

/* What the attributes of one meta element say together. */
struct meta {
	bool has_http_equiv, has_content, has_charset; /* the first of each name counts */
	bool is_content_type;
	bool needs_pragma;
	bool decides;
	const char *name;
};

static void take_meta_attribute(struct meta *meta, struct bytes name, struct bytes value)
{
	if (bytes_equal(name, BYTES("http-equiv")) && !meta->has_http_equiv) {
		meta->has_http_equiv = true;
		meta->is_content_type = bytes_equal(value, BYTES("content-type"));
	} else if (bytes_equal(name, BYTES("content")) && !meta->has_content) {
		meta->has_content = true;
		const char *found = charset_from_label(label_of_content(value));
		if (found != NULL && !meta->decides) {
			meta->decides = true;
			meta->needs_pragma = true;
			meta->name = found;
		}
	} else if (bytes_equal(name, BYTES("charset")) && !meta->has_charset) {
		meta->has_charset = true;
		meta->decides = true;
		meta->needs_pragma = false;
		meta->name = charset_from_label(value);
	}
}

/* Reads the attributes of a tag; for a meta element the name it declares goes to *name_out. False
 * when the document ends inside. */
static bool read_tag(struct cursor *c, bool is_meta, const char **name_out)
{
	SCOPED(buf_clear) struct buf name = buf_with_max(WORD_BYTES);
	SCOPED(buf_clear) struct buf value = buf_with_max(WORD_BYTES);
	struct meta meta = {0};
	bool is_cut = false;
	while (take_attribute(c, &name, &value, &is_cut)) {
		if (is_meta) {
			take_meta_attribute(&meta, buf_bytes(&name), buf_bytes(&value));
		}
	}
	if (!is_cut && meta.decides && (!meta.needs_pragma || meta.is_content_type)) {
		*name_out = corrected(meta.name);
	}
	return !is_cut;
}

static bool skip_past(struct cursor *c, struct bytes mark)
{
	size_t at = bytes_find(c->text, mark, c->at);
	c->at = at == SIZE_MAX ? c->text.len : at + mark.len;
	return at != SIZE_MAX;
}

/* At '<': reads what it begins. False when the document ends inside. */
static bool read_markup(struct cursor *c, const char **name_out)
{
	struct bytes rest = bytes_slice(c->text, c->at, c->text.len);
	if (bytes_starts(rest, BYTES("<!--"))) {
		c->at += 2; /* "<!-->" is a whole comment */
		return skip_past(c, BYTES("-->"));
	}
	bool is_meta = bytes_starts_nocase(rest, BYTES("<meta")) && rest.len > 5 &&
		       (char_is_space(rest.ptr[5]) || rest.ptr[5] == '/');
	if (is_meta) {
		c->at += 5;
		return read_tag(c, true, name_out);
	}
	size_t letter = rest.len > 1 && rest.ptr[1] == '/' ? 2 : 1;
	if (rest.len > letter && char_is_alpha(rest.ptr[letter])) {
		while (!is_over(c) && !char_is_space(here(c)) && here(c) != '>') {
			c->at++;
		}
		return read_tag(c, false, name_out);
	}
	if (rest.len > 1 && (rest.ptr[1] == '!' || rest.ptr[1] == '/' || rest.ptr[1] == '?')) {
		return skip_past(c, BYTES(">"));
	}
	c->at++;
	return true;
}

/* Without the letters of such a tag anywhere nothing need be read. */
static bool has_meta(struct bytes text)
{
	for (size_t at = bytes_find_char(text, '<', 0); at != SIZE_MAX;
		at = bytes_find_char(text, '<', at + 1)) {
		struct bytes name = bytes_slice(text, at + 1, at + 5);
		if (name.len == 4 && char_lower(name.ptr[0]) == 'm' &&
			bytes_is_name(name, "meta")) {
			return true;
		}
	}
	return false;
}

const char *charset_prescan_html(struct bytes document)
{
	struct cursor c = {bytes_slice(document, 0, PRESCAN_BYTES), 0};
	const char *name = NULL;
	bool may_declare = has_meta(c.text);
	while (may_declare && name == NULL) {
		c.at = bytes_find_char(c.text, '<', c.at);
		if (c.at == SIZE_MAX || !read_markup(&c, &name)) {
			break;
		}
	}
	return name != NULL ? name : charset_prescan_xml(document);
}

const char *charset_prescan_xml(struct bytes document)
{
	if (bytes_starts(document, BYTES("\0<\0?\0x"))) {
		return "utf-16be";
	}
	if (bytes_starts(document, BYTES("<\0?\0x\0"))) {
		return "utf-16le";
	}
	struct bytes text = bytes_slice(document, 0, 1024);
	size_t end = bytes_find_char(text, '>', 0);
	if (!bytes_starts(text, BYTES("<?xml")) || end == SIZE_MAX) {
		return NULL;
	}
	text = bytes_slice(text, 0, end);
	size_t at = bytes_find(text, BYTES("encoding"), 0);
	if (at == SIZE_MAX) {
		return NULL;
	}
	struct bytes rest = bytes_trim(bytes_slice(text, at + 8, text.len));
	if (!bytes_starts(rest, BYTES("="))) {
		return NULL;
	}
	rest = bytes_trim(bytes_slice(rest, 1, rest.len));
	if (rest.len == 0 || (rest.ptr[0] != '"' && rest.ptr[0] != '\'')) {
		return NULL;
	}
	size_t close = bytes_find_char(rest, rest.ptr[0], 1);
	return close == SIZE_MAX ? NULL
				 : corrected(charset_from_label(bytes_slice(rest, 1, close)));
}

const char *charset_prescan_css(struct bytes document)
{
	struct bytes text = bytes_slice(document, 0, 1024);
	if (!bytes_starts(text, BYTES("@charset \""))) {
		return NULL;
	}
	size_t close = bytes_find(text, BYTES("\";"), 10);
	return close == SIZE_MAX ? NULL
				 : corrected(charset_from_label(bytes_slice(text, 10, close)));
}
