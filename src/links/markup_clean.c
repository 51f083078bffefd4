/* SPDX-License-Identifier: MIT */
/* markup_clean.c - a pass over tags by the HTML standard's tokenizer (13.2.5), copying all but what
 * is to be mended
 *
 * libxml2 2.9 ends a tag at the '>' of @click="a => b", loses what follows a quote or a slash
 * without white space, swallows a page behind "<!-->", stops at </html>, and takes quadratic time
 * for attributes and for end tags that close nothing. */
#include "links/markup_clean.h"

#include <stdint.h>
#include <string.h>

/* Open elements are counted by a hash of their name: a wrong guess costs time, nothing else. */
#define COUNTERS 256

struct cleaner {
	struct bytes html;
	size_t at;
	size_t copied; /* the input is in `out` up to here */
	struct buf *out;
	uint32_t open[COUNTERS];
};

static char here(const struct cleaner *c)
{
	return c->at < c->html.len ? c->html.ptr[c->at] : '\0';
}

/* Replaces the input from `start` to `end` by `text`. */
static void mend(struct cleaner *c, size_t start, size_t end, const char *text)
{
	buf_add(c->out, bytes_slice(c->html, c->copied, start));
	buf_add_text(c->out, text);
	c->copied = end;
}

static void skip_space(struct cleaner *c)
{
	while (c->at < c->html.len && char_is_space(c->html.ptr[c->at])) {
		c->at++;
	}
}

static struct bytes take_tag_name(struct cleaner *c)
{
	size_t start = c->at;
	while (c->at < c->html.len && !char_is_space(c->html.ptr[c->at]) &&
		c->html.ptr[c->at] != '/' && c->html.ptr[c->at] != '>') {
		c->at++;
	}
	return bytes_slice(c->html, start, c->at);
}

static uint32_t *counter(struct cleaner *c, struct bytes name)
{
	uint32_t hash = 0;
	for (size_t i = 0; i < name.len && i < 32; i++) {
		hash = hash * 31 + (unsigned char)char_lower(name.ptr[i]);
	}
	return &c->open[(hash ^ (hash >> 8)) % COUNTERS];
}

static bool is_void(struct bytes name)
{
	static const char *const names[] = {"area", "base", "br", "col", "embed", "hr", "img",
		"input", "link", "meta", "param", "source", "track", "wbr"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Elements whose content has no tags. */
static bool is_raw(struct bytes name)
{
	static const char *const names[] = {"script", "style", "title", "textarea", "xmp"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Names that libxml2 reads to their end. */
static bool is_readable_name(struct bytes name)
{
	if (name.len == 0 || name.len > 99 ||
		(!char_is_alpha(name.ptr[0]) && name.ptr[0] != '_' && name.ptr[0] != ':')) {
		return false;
	}
	for (size_t i = 1; i < name.len; i++) {
		char x = name.ptr[i];
		if (!char_is_alnum(x) && x != ':' && x != '-' && x != '_' && x != '.') {
			return false;
		}
	}
	return true;
}

static struct bytes take_attribute_name(struct cleaner *c)
{
	size_t start = c->at;
	/* A '=' in front belongs to the name. */
	c->at++;
	while (c->at < c->html.len && !char_is_space(c->html.ptr[c->at]) &&
		c->html.ptr[c->at] != '/' && c->html.ptr[c->at] != '>' &&
		c->html.ptr[c->at] != '=') {
		c->at++;
	}
	return bytes_slice(c->html, start, c->at);
}

/* The value behind a '='; *glued_out tells that the next attribute follows its quote at once. */
static void take_value(struct cleaner *c, bool *glued_out)
{
	skip_space(c);
	char quote = here(c);
	if (quote == '"' || quote == '\'') {
		size_t end = bytes_find_char(c->html, quote, c->at + 1);
		c->at = end == SIZE_MAX ? c->html.len : end + 1;
		char next = here(c);
		*glued_out =
			c->at < c->html.len && !char_is_space(next) && next != '>' && next != '/';
		return;
	}
	while (c->at < c->html.len && !char_is_space(c->html.ptr[c->at]) &&
		c->html.ptr[c->at] != '>') {
		c->at++;
	}
}

static void take_attribute(struct cleaner *c, size_t count)
{
	size_t start = c->at;
	bool glued = false;
	struct bytes name = take_attribute_name(c);
	size_t end = c->at;
	skip_space(c);
	if (here(c) == '=') {
		c->at++;
		take_value(c, &glued);
		end = c->at;
	}
	if (count >= MARKUP_MAX_ATTRIBUTES || !is_readable_name(name)) {
		mend(c, start, end, "");
	} else if (glued) {
		mend(c, end, end, " ");
	}
}

/* Attributes up to and with the '>'. */
static void take_attributes(struct cleaner *c)
{
	size_t count = 0;
	for (;;) {
		skip_space(c);
		if (c->at >= c->html.len) {
			return;
		}
		char x = here(c);
		if (x == '>') {
			c->at++;
			return;
		}
		if (x != '/') {
			take_attribute(c, count++);
			continue;
		}
		c->at++;
		if (c->at < c->html.len && here(c) != '>') {
			mend(c, c->at - 1, c->at, " ");
		}
	}
}

/* The content of script and style ends only at its own end tag. */
static void skip_raw_text(struct cleaner *c, struct bytes name)
{
	while (c->at < c->html.len) {
		size_t end = bytes_find(c->html, BYTES("</"), c->at);
		if (end == SIZE_MAX) {
			c->at = c->html.len;
			return;
		}
		c->at = end;
		struct bytes tag = bytes_slice(c->html, end + 2, end + 2 + name.len);
		char behind =
			end + 2 + name.len < c->html.len ? c->html.ptr[end + 2 + name.len] : '>';
		if (bytes_equal_nocase(tag, name) &&
			(char_is_space(behind) || behind == '/' || behind == '>')) {
			return;
		}
		c->at = end + 2;
	}
}

static void take_start_tag(struct cleaner *c)
{
	c->at++;
	struct bytes name = take_tag_name(c);
	take_attributes(c);
	if (!is_void(name)) {
		(*counter(c, name))++;
	}
	if (is_raw(name)) {
		skip_raw_text(c, name);
	}
}

static void take_end_tag(struct cleaner *c)
{
	size_t start = c->at;
	c->at += 2;
	struct bytes name = take_tag_name(c);
	size_t end = bytes_find_char(c->html, '>', c->at);
	c->at = end == SIZE_MAX ? c->html.len : end + 1;
	uint32_t *open = counter(c, name);
	/* Pages go on behind </html>; libxml2 does not. */
	bool last =
		bytes_equal_nocase(name, BYTES("body")) || bytes_equal_nocase(name, BYTES("html"));
	if (*open == 0 || last) {
		mend(c, start, c->at, "");
	} else {
		(*open)--;
	}
}

static void take_comment(struct cleaner *c)
{
	struct bytes rest = bytes_slice(c->html, c->at + 4, c->html.len);
	if (bytes_starts(rest, BYTES(">")) || bytes_starts(rest, BYTES("->"))) {
		size_t end = c->at + (rest.ptr[0] == '>' ? 5 : 6);
		mend(c, c->at, end, "");
		c->at = end;
		return;
	}
	size_t end = bytes_find(c->html, BYTES("-->"), c->at + 4);
	c->at = end == SIZE_MAX ? c->html.len : end + 3;
}

/* A '<' is next. */
static void take_markup(struct cleaner *c)
{
	struct bytes rest = bytes_slice(c->html, c->at + 1, c->at + 4);
	if (rest.len > 0 && char_is_alpha(rest.ptr[0])) {
		take_start_tag(c);
	} else if (rest.len > 1 && rest.ptr[0] == '/' && char_is_alpha(rest.ptr[1])) {
		take_end_tag(c);
	} else if (bytes_equal(rest, BYTES("!--"))) {
		take_comment(c);
	} else if (rest.len > 0 &&
		   (rest.ptr[0] == '!' || rest.ptr[0] == '?' || rest.ptr[0] == '/')) {
		size_t end = bytes_find_char(c->html, '>', c->at);
		c->at = end == SIZE_MAX ? c->html.len : end + 1;
	} else {
		c->at++;
	}
}

struct bytes markup_clean(struct bytes html, struct buf *storage)
{
	struct cleaner cleaner = {.html = html, .out = storage};
	storage->max = 2 * html.len + 16;
	for (;;) {
		size_t next = bytes_find_char(html, '<', cleaner.at);
		if (next == SIZE_MAX) {
			break;
		}
		cleaner.at = next;
		take_markup(&cleaner);
	}
	if (cleaner.copied == 0) {
		return html;
	}
	buf_add(storage, bytes_slice(html, cleaner.copied, html.len));
	return buf_bytes(storage);
}
