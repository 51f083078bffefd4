/* SPDX-License-Identifier: MIT */
/* markup_clean.c - tags, texts and comments of a page, copying all but what is to be mended
 *
 * libxml2 2.9 ends a tag at the '>' of @click="a => b", loses attributes with names of scripts'
 * frameworks and what follows a quote or a slash without white space, sees tags in titles, swallows
 * a page behind "<!-->", stops at </html>, and takes quadratic time for attributes and for end tags
 * that close nothing. */
#include "links/markup_clean.h"

#include <stdint.h>

#include "links/markup_foreign.h"
#include "links/markup_raw.h"
#include "links/markup_tag.h"
#include "links/markup_token.h"

/* Open elements are counted by a hash of their name: a wrong guess costs time, nothing else. */
#define COUNTERS 256
/* Letters of a place, five bits each: the longest document has 2^29 bytes. */
#define PLACE_LETTERS 6
/* Shortest stretches for which a mark pays. */
#define SPAN_LEAST ((size_t)12)

struct cleaner {
	struct bytes html;
	size_t at;
	size_t copied; /* the input is in `out` up to here */
	struct buf *out;
	struct markup_spans *spans; /* what need not go through libxml2 */
	struct markup_foreign foreign;
	bool has_begun; /* a tag or text came: html is open */
	bool has_body;  /* its tag came */
	uint32_t open[COUNTERS];
};

/* A start tag as it was read. */
struct start_tag {
	size_t start;
	struct bytes name;
	size_t attributes;
	bool is_foreign;
	bool is_empty; /* foreign with "/>" */
	bool has_slash;
};

static void copy_to(struct cleaner *c, size_t end)
{
	buf_add(c->out, bytes_slice(c->html, c->copied, end));
	c->copied = end;
}

/* Replaces the input from `start` to `end` by `text`. */
static void mend(struct cleaner *c, size_t start, size_t end, const char *text)
{
	copy_to(c, start);
	buf_add_text(c->out, text);
	c->copied = end;
}

/* Puts a mark in the place of the input from `start` to `end`. */
static void cut_out(struct cleaner *c, size_t start, size_t end)
{
	if (start < end) {
		copy_to(c, start);
		markup_spans_add(c->spans, bytes_slice(c->html, start, end), c->out);
		c->copied = end;
	}
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
	static const char *const names[] = {"area", "base", "br", "col", "embed", "hr", "image",
		"img", "input", "link", "meta", "param", "source", "track", "wbr"};
	char first = name.len < 2 || name.len > 6 ? '\0' : char_lower(name.ptr[0]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (first == names[i][0] && bytes_is_name(name, names[i])) {
			return true;
		}
	}
	return false;
}

/* Names that libxml2 reads to their end. */
static bool is_readable_name(struct bytes name)
{
	if (name.len > 99) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		char x = name.ptr[i];
		if (!char_is_alnum(x) && x != ':' && x != '-' && x != '_' && x != '.') {
			return false;
		}
	}
	return true;
}

static void write_name(struct cleaner *c, struct bytes name)
{
	if (is_readable_name(name)) {
		buf_add(c->out, name);
	} else {
		buf_add_text(c->out, MARKUP_ODD_NAME);
	}
}

static void write_place(struct cleaner *c, size_t place)
{
	char letters[PLACE_LETTERS];
	for (size_t i = 0; i < PLACE_LETTERS; i++) {
		letters[i] = (char)('A' + (place & 31));
		place >>= 5;
	}
	buf_add_text(c->out, " q=");
	buf_add(c->out, bytes_from(letters, sizeof(letters)));
}

size_t markup_clean_place(struct bytes value)
{
	size_t place = 0;
	for (size_t i = value.len; i > 0; i--) {
		place = place << 5 | (size_t)((value.ptr[i - 1] - 'A') & 31);
	}
	return place;
}

static void write_second(struct cleaner *c, const struct start_tag *tag)
{
	buf_add_text(c->out, "<" MARKUP_SECOND_NAME);
	write_place(c, tag->start);
	buf_add_char(c->out, '>');
}

/* Writes the tag that ends at c->at anew. */
static void write_start_tag(struct cleaner *c, const struct start_tag *tag)
{
	copy_to(c, tag->start);
	c->copied = c->at;
	bool is_html = bytes_equal_nocase(tag->name, BYTES("html"));
	bool is_body = bytes_equal_nocase(tag->name, BYTES("body"));
	bool is_second = (is_html && c->has_begun) || (is_body && c->has_body);
	if (!is_second) {
		bool is_image = !tag->is_foreign && bytes_equal_nocase(tag->name, BYTES("image"));
		buf_add_char(c->out, '<');
		write_name(c, is_image ? BYTES("img") : tag->name);
		if (tag->attributes > 0 || !is_readable_name(tag->name)) {
			write_place(c, tag->start);
		}
		buf_add_text(c->out, tag->is_empty ? " />" : ">");
	}
	/* libxml2 keeps to itself what a second one has, and a first behind what implied it. */
	c->has_body = c->has_body || is_body;
	if (tag->attributes > 0 && (is_body || is_second)) {
		write_second(c, tag);
	}
}

/* Text in which libxml2 would see markup or marks. What stays in front of a mark is short, so that
 * it hands out the text in one piece: white space, and the name of a reference. */
static void take_run(struct cleaner *c, size_t start, size_t end, bool after_reference)
{
	size_t at = start;
	while (after_reference && at < end && at - start < 40 &&
		(char_is_alnum(c->html.ptr[at]) || c->html.ptr[at] == '#' ||
			c->html.ptr[at] == ';')) {
		at++;
	}
	while (at < end && at - start < 500 && char_is_space(c->html.ptr[at])) {
		at++;
	}
	struct bytes run = bytes_slice(c->html, at, end);
	if (run.len >= SPAN_LEAST) {
		if (markup_spans_take(c->spans) || !markup_spans_is_plain(run)) {
			cut_out(c, at, end);
		}
	} else {
		for (size_t i = at; i < end; i++) {
			char x = c->html.ptr[i];
			if (x == '<' || x == MARKUP_MARK) {
				mend(c, i, i + 1, x == '<' ? "&lt;" : "");
			}
		}
	}
}

/* Text with references from `start` to `end`. */
static void take_text(struct cleaner *c, size_t start, size_t end)
{
	bool after_reference = false;
	struct bytes text = bytes_slice(c->html, 0, end);
	c->has_begun = c->has_begun || bytes_trim(bytes_slice(text, start, end)).len > 0;
	while (start < end) {
		size_t next = bytes_find_char(text, '&', start);
		take_run(c, start, next == SIZE_MAX ? end : next, after_reference);
		start = next == SIZE_MAX ? end : next + 1;
		after_reference = true;
	}
}

static void take_raw_content(struct cleaner *c, struct bytes name, enum markup_raw raw)
{
	size_t start = c->at;
	size_t end = markup_raw_end(c->html, start, name);
	c->at = end == SIZE_MAX ? c->html.len : end;
	struct bytes content = bytes_slice(c->html, start, c->at);
	switch (raw) {
	case MARKUP_RAW_NONE:
		break;
	case MARKUP_RAW_DATA:
		if (content.len >= SPAN_LEAST || !markup_spans_is_plain(content)) {
			cut_out(c, start, c->at);
		}
		if (end == SIZE_MAX) {
			/* At the end of the document libxml2 would not tell of it. */
			copy_to(c, c->at);
			buf_add_text(c->out, "</");
			buf_add(c->out, name);
			buf_add_char(c->out, '>');
		}
		break;
	case MARKUP_RAW_TEXT:
		take_text(c, start, c->at);
		break;
	case MARKUP_RAW_PLAIN:
		cut_out(c, start, c->at);
		break;
	case MARKUP_RAW_HIDDEN:
		mend(c, start, c->at, "");
		break;
	}
}

/* Reads the tag at c->at. False when the document ends in it and a browser has no such tag. */
static bool read_start_tag(struct cleaner *c, struct start_tag *tag_out)
{
	struct markup_tag tag;
	struct bytes ignored;
	struct bytes value = {0};
	*tag_out = (struct start_tag){.start = c->at};
	tag_out->name = markup_tag_start(&tag, c->html, c->at);
	while (markup_tag_next(&tag, &ignored, &value)) {
		tag_out->attributes++;
	}
	c->at = tag.at;
	tag_out->has_slash = tag.is_self_closing;
	/* A document that was cut inside of a value is read as if it ended behind it. */
	return !tag.is_cut || bytes_find_char(value, '>', 0) == SIZE_MAX;
}

static void take_start_tag(struct cleaner *c)
{
	struct start_tag tag;
	if (!read_start_tag(c, &tag)) {
		mend(c, tag.start, c->at, "");
		return;
	}
	tag.is_foreign = markup_foreign_start(&c->foreign, tag.name, tag.has_slash);
	tag.is_empty = tag.is_foreign && tag.has_slash;
	bool is_element = !tag.is_empty && (tag.is_foreign || !is_void(tag.name));
	write_start_tag(c, &tag);
	c->has_begun = true;
	if (!is_element) {
		return;
	}
	(*counter(c, tag.name))++;
	enum markup_raw raw = markup_raw_of(tag.name);
	if (raw != MARKUP_RAW_NONE && (!tag.is_foreign || raw == MARKUP_RAW_DATA)) {
		take_raw_content(c, tag.name, raw);
	}
}

static void take_end_tag(struct cleaner *c)
{
	size_t start = c->at;
	struct markup_tag tag;
	struct bytes ignored;
	struct bytes name = markup_tag_start(&tag, c->html, start + 1);
	while (markup_tag_next(&tag, &ignored, &ignored)) {
	}
	c->at = tag.at;
	uint32_t *open = counter(c, name);
	/* Pages go on behind </html>; libxml2 does not. */
	bool is_last = bytes_is_name(name, "body") || bytes_is_name(name, "html");
	if (*open == 0 || is_last) {
		mend(c, start, c->at, "");
		return;
	}
	(*open)--;
	markup_foreign_end(&c->foreign, name);
	if (c->at - start != name.len + 3 || !is_readable_name(name)) {
		mend(c, start, c->at, "</");
		write_name(c, name);
		buf_add_char(c->out, '>');
	}
}

static void take_comment(struct cleaner *c)
{
	size_t start = c->at;
	size_t text_end = markup_comment_end(c->html, start + 4, &c->at);
	struct bytes text = bytes_slice(c->html, start + 4, text_end);
	if (!bytes_starts(bytes_trim(bytes_slice(text, 0, 64)), BYTES("["))) {
		mend(c, start, c->at, "");
		return;
	}
	cut_out(c, start + 4, text_end);
	mend(c, text_end, c->at, "-->");
}

/* "<!DOCTYPE", "<?xml", "</ ": a comment to browsers, or nothing that is heard. */
static void take_bogus_comment(struct cleaner *c)
{
	size_t start = c->at;
	if (markup_foreign_is_inside(&c->foreign) &&
		bytes_starts(bytes_slice(c->html, start, c->html.len), BYTES("<![CDATA["))) {
		size_t end = bytes_find(c->html, BYTES("]]>"), start);
		size_t text_end = end == SIZE_MAX ? c->html.len : end;
		c->at = end == SIZE_MAX ? c->html.len : end + 3;
		mend(c, start, start + 9, "");
		cut_out(c, start + 9, text_end);
		mend(c, text_end, c->at, "");
		return;
	}
	size_t end = bytes_find_char(c->html, '>', start);
	c->at = end == SIZE_MAX ? c->html.len : end + 1;
	mend(c, start, c->at, "");
}

/* Text up to the next tag or comment; which it is. */
static enum markup_token take_until_token(struct cleaner *c)
{
	size_t next = c->at;
	enum markup_token token = MARKUP_TEXT;
	while (token == MARKUP_TEXT) {
		next = bytes_find_char(c->html, '<', next);
		if (next == SIZE_MAX) {
			next = c->html.len;
			break;
		}
		token = markup_token_at(c->html, next);
		next += token == MARKUP_TEXT ? 1 : 0;
	}
	take_text(c, c->at, next);
	c->at = next;
	return token;
}

struct bytes markup_clean(struct bytes html, struct markup_spans *spans, struct buf *storage)
{
	struct cleaner cleaner = {.html = html, .out = storage, .spans = spans};
	/* The most is made of "<a b>". */
	storage->max = 4 * html.len + 64;
	enum markup_token token;
	do {
		token = take_until_token(&cleaner);
		switch (token) {
		case MARKUP_START:
			take_start_tag(&cleaner);
			break;
		case MARKUP_END:
			take_end_tag(&cleaner);
			break;
		case MARKUP_COMMENT:
			take_comment(&cleaner);
			break;
		case MARKUP_BOGUS:
			take_bogus_comment(&cleaner);
			break;
		case MARKUP_TEXT:
			break;
		}
	} while (token != MARKUP_TEXT);
	if (cleaner.copied == 0) {
		return html;
	}
	copy_to(&cleaner, html.len);
	return buf_bytes(storage);
}
