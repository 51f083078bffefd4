/* SPDX-License-Identifier: MIT */
/* markup_html.c - tags, texts and comments of a page in the order in which they stand */
#include "links/markup_html.h"

#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "links/markup_decode.h"
#include "links/markup_foreign.h"
#include "links/markup_open.h"
#include "links/markup_raw.h"
#include "links/markup_tag.h"
#include "links/markup_token.h"

/* Open elements are counted by a hash of their name: a wrong guess costs time, nothing else. */
#define COUNTERS 256

struct html_reader {
	struct bytes html;
	size_t at;
	struct markup_teller *teller;
	struct markup_open open;
	struct markup_foreign foreign;
	struct markup_attributes attributes;
	struct buf scratch; /* text with its references decoded, or a name in lower case */
	bool has_begun;     /* a tag or text came: html is open */
	bool has_body;      /* its tag came */
	uint32_t counts[COUNTERS];
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

static void hear_implied(void *context, struct bytes name)
{
	struct html_reader *r = context;
	markup_tell_start(r->teller, name, NULL, 0);
}

static void hear_end(void *context, struct bytes name)
{
	struct html_reader *r = context;
	markup_tell_end(r->teller, name);
}

static uint32_t *counter(struct html_reader *r, struct bytes name)
{
	uint32_t hash = 0;
	for (size_t i = 0; i < name.len && i < 32; i++) {
		hash = hash * 31 + (unsigned char)char_lower(name.ptr[i]);
	}
	return &r->counts[(hash ^ (hash >> 8)) % COUNTERS];
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

/* The name as it is told: in lower case, "image" as the "img" that it is. Borrowed, also from
 * r->scratch. */
static struct bytes told_name(struct html_reader *r, const struct start_tag *tag)
{
	if (!tag->is_foreign && bytes_is_name(tag->name, "image")) {
		return BYTES("img");
	}
	return tag->attributes > 0 ? r->attributes.name : markup_name_lower(tag->name, &r->scratch);
}

/* What a second body or html says counts too, and what a first says behind what implied it. */
static void tell_second(struct html_reader *r, struct bytes name)
{
	const struct markup_attributes *attributes = &r->attributes;
	(void)markup_open_start(&r->open, markup_open_known(BYTES("wbr")));
	markup_tell_start(r->teller, name, attributes->items, attributes->count);
	markup_tell_end(r->teller, name);
}

/* Tells of the tag, and of the end of what has no content. */
static void tell_start_tag(struct html_reader *r, const struct start_tag *tag)
{
	r->attributes.count = 0;
	if (tag->attributes > 0) {
		markup_attributes_read(&r->attributes, r->html, tag->start);
	}
	struct bytes name = told_name(r, tag);
	bool is_html = bytes_equal(name, BYTES("html"));
	bool is_body = bytes_equal(name, BYTES("body"));
	bool is_second = (is_html && r->has_begun) || (is_body && r->has_body);
	unsigned known = markup_open_known(name);
	r->has_body = r->has_body || is_body;
	if (is_second || !markup_open_start(&r->open, known)) {
		if (tag->attributes > 0 && (is_html || is_body)) {
			tell_second(r, name);
		}
		return;
	}
	markup_tell_start(r->teller, name, r->attributes.items, r->attributes.count);
	if (tag->is_empty || markup_open_is_void(known)) {
		markup_tell_end(r->teller, name);
	} else if (r->teller->depth >= LIMIT_MARKUP_DEPTH &&
		   markup_raw_of(name) != MARKUP_RAW_DATA) {
		/* Heard, but not kept open: end tags search the whole stack. */
		r->teller->depth--;
	} else {
		markup_open_push(&r->open, known, name);
	}
}

static bool is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_space(text.ptr[i])) {
			return false;
		}
	}
	return true;
}

/* Text that holds no references. */
static void tell_plain(struct html_reader *r, struct bytes text)
{
	if (!is_blank(text)) {
		r->has_begun = true;
		markup_open_text(&r->open);
	}
	if (r->has_begun) {
		markup_tell_pieces(r->teller, text);
	}
}

/* Text from `start` to `end`, its references decoded. */
static void take_text(struct html_reader *r, size_t start, size_t end)
{
	struct bytes text = bytes_slice(r->html, start, end);
	if (text.len == 0) {
		return;
	}
	if (memchr(text.ptr, '&', text.len) == NULL) {
		tell_plain(r, text);
		return;
	}
	r->has_begun = true;
	markup_open_text(&r->open);
	buf_reset(&r->scratch);
	markup_decode_text(text, &r->scratch);
	markup_tell_pieces(r->teller, buf_bytes(&r->scratch));
}

static void take_raw_content(struct html_reader *r, struct bytes name, enum markup_raw raw)
{
	size_t start = r->at;
	size_t end = markup_raw_end(r->html, start, name);
	r->at = end == SIZE_MAX ? r->html.len : end;
	struct bytes content = bytes_slice(r->html, start, r->at);
	switch (raw) {
	case MARKUP_RAW_NONE:
	case MARKUP_RAW_HIDDEN:
		break;
	case MARKUP_RAW_DATA:
		markup_tell_text(r->teller, content);
		break;
	case MARKUP_RAW_TEXT:
		take_text(r, start, r->at);
		break;
	case MARKUP_RAW_PLAIN:
		markup_tell_pieces(r->teller, content);
		break;
	}
}

/* Reads the tag at r->at. False when the document ends in it and a browser has no such tag. */
static bool read_start_tag(struct html_reader *r, struct start_tag *tag_out)
{
	struct markup_tag tag;
	struct bytes ignored;
	struct bytes value = {0};
	*tag_out = (struct start_tag){.start = r->at};
	tag_out->name = markup_tag_start(&tag, r->html, r->at);
	while (markup_tag_next(&tag, &ignored, &value)) {
		tag_out->attributes++;
	}
	r->at = tag.at;
	tag_out->has_slash = tag.is_self_closing;
	/* A document that was cut inside of a value is read as if it ended behind it. */
	return !tag.is_cut || bytes_find_char(value, '>', 0) == SIZE_MAX;
}

static void take_start_tag(struct html_reader *r)
{
	struct start_tag tag;
	if (!read_start_tag(r, &tag)) {
		return;
	}
	tag.is_foreign = markup_foreign_start(&r->foreign, tag.name, tag.has_slash);
	tag.is_empty = tag.is_foreign && tag.has_slash;
	bool is_element = !tag.is_empty && (tag.is_foreign || !is_void(tag.name));
	tell_start_tag(r, &tag);
	r->has_begun = true;
	if (!is_element) {
		return;
	}
	(*counter(r, tag.name))++;
	enum markup_raw raw = markup_raw_of(tag.name);
	if (raw != MARKUP_RAW_NONE && (!tag.is_foreign || raw == MARKUP_RAW_DATA)) {
		take_raw_content(r, tag.name, raw);
	}
}

static void take_end_tag(struct html_reader *r)
{
	struct markup_tag tag;
	struct bytes ignored;
	struct bytes name = markup_tag_start(&tag, r->html, r->at + 1);
	while (markup_tag_next(&tag, &ignored, &ignored)) {
	}
	r->at = tag.at;
	uint32_t *count = counter(r, name);
	/* Pages go on behind </html>. */
	bool is_last = bytes_is_name(name, "body") || bytes_is_name(name, "html");
	if (*count == 0 || is_last) {
		return;
	}
	(*count)--;
	markup_foreign_end(&r->foreign, name);
	markup_open_end(&r->open, markup_name_lower(name, &r->scratch));
}

static void take_comment(struct html_reader *r)
{
	size_t start = r->at + 4;
	size_t end = markup_comment_end(r->html, start, &r->at);
	struct bytes text = bytes_slice(r->html, start, end);
	if (bytes_starts(bytes_trim(bytes_slice(text, 0, 64)), BYTES("["))) {
		markup_tell_comment(r->teller, text);
	}
}

/* "<!DOCTYPE", "<?xml", "</ ": a comment to browsers, or nothing that is heard. */
static void take_bogus_comment(struct html_reader *r)
{
	size_t start = r->at;
	if (markup_foreign_is_inside(&r->foreign) &&
		bytes_starts(bytes_slice(r->html, start, r->html.len), BYTES("<![CDATA["))) {
		size_t end = bytes_find(r->html, BYTES("]]>"), start);
		r->at = end == SIZE_MAX ? r->html.len : end + 3;
		tell_plain(r, bytes_slice(r->html, start + 9, end == SIZE_MAX ? r->at : end));
		return;
	}
	size_t end = bytes_find_char(r->html, '>', start);
	r->at = end == SIZE_MAX ? r->html.len : end + 1;
}

/* Text up to the next tag or comment; which it is. */
static enum markup_token take_until_token(struct html_reader *r)
{
	size_t next = r->at;
	enum markup_token token = MARKUP_TEXT;
	while (token == MARKUP_TEXT) {
		next = bytes_find_char(r->html, '<', next);
		if (next == SIZE_MAX) {
			next = r->html.len;
			break;
		}
		token = markup_token_at(r->html, next);
		next += token == MARKUP_TEXT ? 1 : 0;
	}
	take_text(r, r->at, next);
	r->at = next;
	return token;
}

void markup_html_read(struct bytes html, struct markup_teller *teller)
{
	struct html_reader reader = {.html = html, .teller = teller};
	const struct markup_open_listener listener = {hear_implied, hear_end, &reader};
	markup_open_init(&reader.open, &listener);
	reader.scratch.max = 2 * html.len + 16; /* no reference is longer decoded than that */
	enum markup_token token;
	do {
		token = take_until_token(&reader);
		switch (token) {
		case MARKUP_START:
			take_start_tag(&reader);
			break;
		case MARKUP_END:
			take_end_tag(&reader);
			break;
		case MARKUP_COMMENT:
			take_comment(&reader);
			break;
		case MARKUP_BOGUS:
			take_bogus_comment(&reader);
			break;
		case MARKUP_TEXT:
			break;
		}
	} while (token != MARKUP_TEXT);
	markup_open_finish(&reader.open);
	markup_open_clear(&reader.open);
	markup_attributes_clear(&reader.attributes);
	buf_clear(&reader.scratch);
}
