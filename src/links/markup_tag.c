/* SPDX-License-Identifier: MIT */
/* markup_tag.c - names and values of a start tag */
#include "links/markup_tag.h"

#include "links/markup_decode.h"

static bool ends_name(char c)
{
	return char_is_space(c) || c == '/' || c == '>';
}

struct bytes markup_tag_start(struct markup_tag *tag, struct bytes html, size_t at)
{
	*tag = (struct markup_tag){.html = html, .at = at + 1};
	while (tag->at < html.len && !ends_name(html.ptr[tag->at])) {
		tag->at++;
	}
	return bytes_slice(html, at + 1, tag->at);
}

static void skip_space(struct markup_tag *tag)
{
	while (tag->at < tag->html.len && char_is_space(tag->html.ptr[tag->at])) {
		tag->at++;
	}
}

/* Up to the next attribute. False when there is none. */
static bool find_attribute(struct markup_tag *tag)
{
	struct bytes html = tag->html;
	for (;;) {
		skip_space(tag);
		if (tag->at >= html.len) {
			return false;
		}
		char c = html.ptr[tag->at];
		if (c != '/' && c != '>') {
			return true;
		}
		tag->at++;
		if (c == '>') {
			tag->is_self_closing = html.ptr[tag->at - 2] == '/';
			return false;
		}
	}
}

static struct bytes take_name(struct markup_tag *tag)
{
	size_t start = tag->at;
	/* A '=' in front belongs to the name. */
	tag->at++;
	while (tag->at < tag->html.len && !ends_name(tag->html.ptr[tag->at]) &&
		tag->html.ptr[tag->at] != '=') {
		tag->at++;
	}
	return bytes_slice(tag->html, start, tag->at);
}

static struct bytes take_quoted(struct markup_tag *tag, char quote)
{
	size_t start = tag->at + 1;
	size_t end = bytes_find_char(tag->html, quote, start);
	tag->is_cut = end == SIZE_MAX;
	tag->at = tag->is_cut ? tag->html.len : end + 1;
	return bytes_slice(tag->html, start, end);
}

static struct bytes take_unquoted(struct markup_tag *tag)
{
	size_t start = tag->at;
	while (tag->at < tag->html.len && !char_is_space(tag->html.ptr[tag->at]) &&
		tag->html.ptr[tag->at] != '>') {
		tag->at++;
	}
	return bytes_slice(tag->html, start, tag->at);
}

bool markup_tag_next(struct markup_tag *tag, struct bytes *name_out, struct bytes *value_out)
{
	if (!find_attribute(tag)) {
		return false;
	}
	*name_out = take_name(tag);
	*value_out = (struct bytes){0};
	skip_space(tag);
	if (tag->at >= tag->html.len || tag->html.ptr[tag->at] != '=') {
		return true;
	}
	tag->at++;
	skip_space(tag);
	if (tag->at < tag->html.len) {
		char c = tag->html.ptr[tag->at];
		*value_out = c == '"' || c == '\'' ? take_quoted(tag, c) : take_unquoted(tag);
	}
	return true;
}

/* Room for all that follows in the tag, so that texts in it stay where they are. No reference is
 * longer decoded than twice its length. */
static void make_room(struct markup_attributes *attributes, struct bytes html, size_t at)
{
	if (attributes->has_room) {
		return;
	}
	struct markup_tag rest;
	struct bytes ignored;
	(void)markup_tag_start(&rest, html, at);
	while (markup_tag_next(&rest, &ignored, &ignored)) {
	}
	attributes->text.max = 2 * html.len + 16;
	attributes->has_room = buf_reserve(&attributes->text, 2 * (rest.at - at)) != NULL;
}

static bool has_upper(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z') {
			return true;
		}
	}
	return false;
}

struct bytes markup_name_lower(struct bytes name, struct buf *scratch)
{
	if (!has_upper(name)) {
		return name;
	}
	buf_reset(scratch);
	for (size_t i = 0; i < name.len; i++) {
		buf_add_char(scratch, char_lower(name.ptr[i]));
	}
	return buf_bytes(scratch);
}

static struct bytes added_since(const struct markup_attributes *attributes, size_t start)
{
	struct bytes added = bytes_slice(buf_bytes(&attributes->text), start, attributes->text.len);
	return added.ptr == NULL ? BYTES("") : added;
}

static struct bytes lower_name(
	struct markup_attributes *attributes, const struct markup_tag *tag, struct bytes name)
{
	if (!has_upper(name)) {
		return name;
	}
	make_room(attributes, tag->html, attributes->at);
	size_t start = attributes->text.len;
	for (size_t i = 0; i < name.len; i++) {
		buf_add_char(&attributes->text, char_lower(name.ptr[i]));
	}
	return added_since(attributes, start);
}

static struct bytes decode_value(
	struct markup_attributes *attributes, const struct markup_tag *tag, struct bytes value)
{
	if (value.len == 0) {
		return BYTES("");
	}
	if (!markup_decode_changes(value)) {
		return value;
	}
	make_room(attributes, tag->html, attributes->at);
	size_t start = attributes->text.len;
	markup_decode(value, &attributes->text);
	return added_since(attributes, start);
}

static bool has_name(const struct markup_attributes *attributes, struct bytes name)
{
	for (size_t i = 0; i < attributes->count; i++) {
		if (bytes_equal(attributes->items[i].name, name)) {
			return true;
		}
	}
	return false;
}

void markup_attributes_read(struct markup_attributes *attributes, struct bytes html, size_t at)
{
	struct markup_tag tag;
	struct bytes name;
	struct bytes value;
	buf_reset(&attributes->text);
	attributes->at = at;
	attributes->has_room = false;
	attributes->count = 0;
	struct bytes element = markup_tag_start(&tag, html, at);
	attributes->name = lower_name(attributes, &tag, element);
	while (attributes->count < MARKUP_MAX_ATTRIBUTES && markup_tag_next(&tag, &name, &value)) {
		name = lower_name(attributes, &tag, name);
		if (!has_name(attributes, name)) {
			attributes->items[attributes->count++] = (struct markup_attribute){
				.name = name, .value = decode_value(attributes, &tag, value)};
		}
	}
}

void markup_attributes_clear(struct markup_attributes *attributes)
{
	buf_clear(&attributes->text);
}
