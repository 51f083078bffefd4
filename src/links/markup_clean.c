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
	struct markup_spans *spans; /* what need not go through libxml2 */
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

/* Shortest stretches for which a mark pays. */
#define SPAN_LEAST ((size_t)12)

/* Puts a mark in the place of the input from `start` to `end`, when it is plain. */
static void cut_out(struct cleaner *c, size_t start, size_t end, enum markup_plain kind)
{
	struct bytes span = bytes_slice(c->html, start, end);
	if (span.len >= SPAN_LEAST && markup_spans_take(c->spans) &&
		markup_spans_is_plain(span, kind)) {
		buf_add(c->out, bytes_slice(c->html, c->copied, start));
		markup_spans_add(c->spans, span, c->out);
		c->copied = end;
	}
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

/* The value behind a '='; *glued_out tells that the next attribute follows its quote at once.
 * *quoted_out is where a value in quotes starts. */
static void take_value(struct cleaner *c, bool *glued_out, size_t *quoted_out)
{
	skip_space(c);
	char quote = here(c);
	if (quote == '"' || quote == '\'') {
		size_t end = bytes_find_char(c->html, quote, c->at + 1);
		*quoted_out = end == SIZE_MAX ? SIZE_MAX : c->at + 1;
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
	size_t quoted = SIZE_MAX;
	struct bytes name = take_attribute_name(c);
	size_t end = c->at;
	skip_space(c);
	if (here(c) == '=') {
		c->at++;
		take_value(c, &glued, &quoted);
		end = c->at;
	}
	if (count >= MARKUP_MAX_ATTRIBUTES || !is_readable_name(name)) {
		mend(c, start, end, "");
		return;
	}
	if (quoted != SIZE_MAX) {
		cut_out(c, quoted, end - 1, MARKUP_PLAIN_VALUE);
	}
	if (glued) {
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

/* The content of script and style ends only at its own end tag. Returns whether nothing before it
 * looks like an end tag: libxml2 stops at each. */
static bool skip_raw_text(struct cleaner *c, struct bytes name)
{
	bool is_simple = true;
	while (c->at < c->html.len) {
		size_t end = bytes_find(c->html, BYTES("</"), c->at);
		if (end == SIZE_MAX) {
			c->at = c->html.len;
			return false;
		}
		c->at = end;
		struct bytes tag = bytes_slice(c->html, end + 2, end + 2 + name.len);
		char behind =
			end + 2 + name.len < c->html.len ? c->html.ptr[end + 2 + name.len] : '>';
		if (bytes_equal_nocase(tag, name) &&
			(char_is_space(behind) || behind == '/' || behind == '>')) {
			return is_simple;
		}
		is_simple = false;
		c->at = end + 2;
	}
	return false;
}

/* Whether libxml2 too sees no markup from `start` to here: it does not know the other raw elements,
 * takes "/>" for the end of any, and ends comments in scripts elsewhere than browsers do. */
static bool has_raw_text(const struct cleaner *c, struct bytes name, size_t start)
{
	bool is_known = bytes_equal_nocase(name, BYTES("script")) ||
			bytes_equal_nocase(name, BYTES("style"));
	return is_known && start >= 2 && c->html.ptr[start - 2] != '/' &&
	       bytes_find(bytes_slice(c->html, start, c->at), BYTES("<!"), 0) == SIZE_MAX;
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
		size_t start = c->at;
		bool is_simple = skip_raw_text(c, name);
		if (is_simple && has_raw_text(c, name, start)) {
			cut_out(c, start, c->at, MARKUP_PLAIN_SCRIPT);
		}
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

/* Text up to the next reference or tag. What stays in front of the mark is short, so that libxml2
 * hands out the text in one piece: white space, and the name of a reference. */
static void take_run(struct cleaner *c, size_t start, size_t end, bool after_reference)
{
	size_t at = start;
	while (after_reference && at < end && !char_is_space(c->html.ptr[at])) {
		at++;
	}
	while (at < end && char_is_space(c->html.ptr[at])) {
		at++;
	}
	/* What was mended right before might have been all that kept it from a '<'. */
	if (at - start < 500 && c->copied < at) {
		cut_out(c, at, end, MARKUP_PLAIN_TEXT);
	}
}

/* Text between tags. */
static void take_text(struct cleaner *c, size_t end)
{
	size_t start = c->at;
	bool after_reference = false;
	while (start < end) {
		struct bytes rest = bytes_slice(c->html, 0, end);
		size_t next = bytes_find_char(rest, '&', start);
		take_run(c, start, next == SIZE_MAX ? end : next, after_reference);
		start = next == SIZE_MAX ? end : next + 1;
		after_reference = true;
	}
}

struct bytes markup_clean(struct bytes html, struct markup_spans *spans, struct buf *storage)
{
	struct cleaner cleaner = {.html = html, .out = storage, .spans = spans};
	storage->max = 2 * html.len + 16;
	for (;;) {
		size_t next = bytes_find_char(html, '<', cleaner.at);
		if (next == SIZE_MAX) {
			break;
		}
		take_text(&cleaner, next);
		cleaner.at = next;
		take_markup(&cleaner);
	}
	if (cleaner.copied == 0) {
		return html;
	}
	buf_add(storage, bytes_slice(html, cleaner.copied, html.len));
	return buf_bytes(storage);
}
