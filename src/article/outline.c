/* SPDX-License-Identifier: MIT */
/* outline.c - a page's markup as one flat array in document order */
#include "article/outline.h"

#include <stdlib.h>
#include <string.h>

#include "article/collapse.h"
#include "article/script_state.h"
#include "base/alloc.h"
#include "base/limits.h"

/* Nodes without text that a gathering passes at most: nested elements are gathered many times. */
#define GATHER_NODES 500
/* Scripts among so many nodes at the start of a page are looked at for a bot check, and so much of
 * each. */
#define CHECK_NODES 200
#define CHECK_BYTES ((size_t)4096)

/* Names in the order of enum outline_tag, which is that of the alphabet. */
static const char *const tag_names[] = {"a", "address", "amp-img", "area", "article", "aside",
	"audio", "b", "base", "blockquote", "body", "br", "button", "dd", "div", "dl", "dt", "em",
	"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
	"header", "hr", "html", "i", "iframe", "img", "input", "li", "link", "main", "meta", "nav",
	"noscript", "ol", "option", "p", "picture", "pre", "script", "section", "select", "small",
	"source", "span", "strong", "style", "svg", "table", "tbody", "td", "template", "textarea",
	"th", "time", "title", "tr", "ul", "video"};
static const char *const attribute_names[] = {"alt", "aria-hidden", "aria-label", "aria-labelledby",
	"class", "content", "data-duration", "data-src", "datetime", "hidden", "href", "hreflang",
	"http-equiv", "id", "itemprop", "lang", "name", "property", "rel", "role", "sizes", "src",
	"srcset", "style", "title", "type"};
_Static_assert(sizeof(tag_names) / sizeof(tag_names[0]) == TAG_OTHER, "one name a tag");
_Static_assert(sizeof(attribute_names) / sizeof(attribute_names[0]) == ATTR_OTHER,
	"one name an attribute");

static int compare_name(struct bytes name, const char *known)
{
	for (size_t i = 0; i < name.len; i++) {
		/* The end of `known` is smaller than any byte of a name. */
		if (name.ptr[i] != known[i]) {
			return (unsigned char)name.ptr[i] < (unsigned char)known[i] ? -1 : 1;
		}
	}
	return known[name.len] == '\0' ? 0 : -1;
}

static uint8_t number_of(const char *const *names, size_t count, struct bytes name)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_name(name, names[middle]);
		if (order == 0) {
			return (uint8_t)middle;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return (uint8_t)count;
}

bool outline_is_heading(uint8_t tag)
{
	return tag >= TAG_H1 && tag <= TAG_H6;
}

bool outline_is_block(uint8_t tag)
{
	static const bool blocks[TAG_TEXT + 1] = {[TAG_ADDRESS] = true,
		[TAG_ARTICLE] = true,
		[TAG_ASIDE] = true,
		[TAG_BLOCKQUOTE] = true,
		[TAG_BODY] = true,
		[TAG_BR] = true,
		[TAG_DD] = true,
		[TAG_DIV] = true,
		[TAG_DL] = true,
		[TAG_DT] = true,
		[TAG_FIGCAPTION] = true,
		[TAG_FIGURE] = true,
		[TAG_FOOTER] = true,
		[TAG_FORM] = true,
		[TAG_H1] = true,
		[TAG_H2] = true,
		[TAG_H3] = true,
		[TAG_H4] = true,
		[TAG_H5] = true,
		[TAG_H6] = true,
		[TAG_HEAD] = true,
		[TAG_HEADER] = true,
		[TAG_HR] = true,
		[TAG_HTML] = true,
		[TAG_LI] = true,
		[TAG_MAIN] = true,
		[TAG_NAV] = true,
		[TAG_NOSCRIPT] = true,
		[TAG_OL] = true,
		[TAG_P] = true,
		[TAG_PRE] = true,
		[TAG_SECTION] = true,
		[TAG_TABLE] = true,
		[TAG_TBODY] = true,
		[TAG_TD] = true,
		[TAG_TH] = true,
		[TAG_TR] = true,
		[TAG_UL] = true};
	return blocks[tag];
}

/* Elements that never hold anything, also where the parser underneath thinks otherwise. */
static bool is_void(uint8_t tag)
{
	return tag == TAG_BR || tag == TAG_HR || tag == TAG_IMG || tag == TAG_INPUT ||
	       tag == TAG_LINK || tag == TAG_META || tag == TAG_SOURCE || tag == TAG_AREA ||
	       tag == TAG_BASE;
}

void outline_init(struct outline *outline)
{
	*outline = (struct outline){.text = buf_with_max(LIMIT_PAGE_TEXT_BYTES)};
}

void outline_clear(struct outline *outline)
{
	free(outline->nodes);
	free(outline->values);
	free(outline->open);
	free(outline->open_depth);
	buf_clear(&outline->text);
	outline_init(outline);
}

static uint32_t keep_text(struct outline *outline, struct bytes text)
{
	size_t start = outline->text.len;
	buf_add(&outline->text, text);
	return (uint32_t)start;
}

/* A new node inside the innermost open element; OUTLINE_NONE over the limit. */
static uint32_t add_node(struct outline *outline, uint8_t tag)
{
	if (outline->count >= LIMIT_PAGE_NODES) {
		outline->dropped++;
		return OUTLINE_NONE;
	}
	if (outline->count == outline->capacity) {
		size_t capacity = outline->capacity == 0 ? 512 : outline->capacity * 2;
		outline->nodes = alloc_resize(outline->nodes, capacity, sizeof(outline->nodes[0]));
		outline->capacity = capacity;
	}
	uint32_t parent = OUTLINE_NONE;
	uint16_t place = 0;
	if (outline->open_count > 0) {
		parent = outline->open[outline->open_count - 1];
		place = outline->nodes[parent].place;
	}
	uint32_t index = (uint32_t)outline->count++;
	outline->nodes[index] = (struct outline_node){
		.parent = parent, .end = index + 1, .place = place, .tag = tag};
	return index;
}

static void close_down_to(struct outline *outline, size_t depth)
{
	while (outline->open_count > 0 && outline->open_depth[outline->open_count - 1] >= depth) {
		outline->open_count--;
		struct outline_node *node = &outline->nodes[outline->open[outline->open_count]];
		node->end = (uint32_t)outline->count;
		if (outline_is_block(node->tag)) {
			outline->space_pending = true;
		}
	}
}

static void open_element(struct outline *outline, uint32_t node, size_t depth)
{
	if (outline->open_count == outline->open_capacity) {
		size_t capacity = outline->open_capacity == 0 ? 64 : outline->open_capacity * 2;
		outline->open = alloc_resize(outline->open, capacity, sizeof(outline->open[0]));
		outline->open_depth =
			alloc_resize(outline->open_depth, capacity, sizeof(outline->open_depth[0]));
		outline->open_capacity = capacity;
	}
	outline->open[outline->open_count] = node;
	outline->open_depth[outline->open_count++] = depth;
}

static void keep_attributes(
	struct outline *outline, uint32_t node, const struct markup_element *element)
{
	outline->nodes[node].start = (uint32_t)outline->value_count;
	for (size_t i = 0; i < element->attribute_count; i++) {
		uint8_t name = number_of(attribute_names, ATTR_OTHER, element->attributes[i].name);
		struct bytes value = element->attributes[i].value;
		if (name == ATTR_OTHER || outline->value_count >= LIMIT_PAGE_NODES) {
			continue;
		}
		if (outline->value_count == outline->value_capacity) {
			size_t capacity =
				outline->value_capacity == 0 ? 512 : outline->value_capacity * 2;
			outline->values =
				alloc_resize(outline->values, capacity, sizeof(outline->values[0]));
			outline->value_capacity = capacity;
		}
		uint32_t start = keep_text(outline, value);
		outline->values[outline->value_count++] = (struct outline_value){.start = start,
			.len = buf_failed(&outline->text) ? 0 : (uint32_t)value.len,
			.name = name};
		outline->nodes[node].len++;
	}
}

static bool is_display_none(struct bytes style)
{
	size_t at = bytes_find_nocase(style, BYTES("display"), 0);
	while (at != SIZE_MAX) {
		size_t i = at + 7;
		while (i < style.len && (char_is_space(style.ptr[i]) || style.ptr[i] == ':')) {
			i++;
		}
		if (bytes_starts_nocase(bytes_slice(style, i, style.len), BYTES("none"))) {
			return true;
		}
		at = bytes_find_nocase(style, BYTES("display"), at + 7);
	}
	return false;
}

static uint16_t place_of_tag(uint8_t tag)
{
	static const uint16_t places[TAG_TEXT + 1] = {[TAG_NAV] = IN_NAV,
		[TAG_HEADER] = IN_HEADER,
		[TAG_FOOTER] = IN_FOOTER,
		[TAG_MAIN] = IN_MAIN,
		[TAG_ARTICLE] = IN_ARTICLE,
		[TAG_ASIDE] = IN_ASIDE,
		[TAG_A] = IN_ANCHOR,
		[TAG_P] = IN_PARAGRAPH,
		[TAG_FIGURE] = IN_FIGURE,
		[TAG_H1] = IN_HEADING,
		[TAG_H2] = IN_HEADING,
		[TAG_H3] = IN_HEADING,
		[TAG_H4] = IN_HEADING,
		[TAG_H5] = IN_HEADING,
		[TAG_H6] = IN_HEADING,
		[TAG_NOSCRIPT] = IN_UNSEEN,
		[TAG_TEMPLATE] = IN_UNSEEN,
		[TAG_TITLE] = IN_UNSEEN,
		[TAG_SELECT] = IN_UNSEEN,
		[TAG_OPTION] = IN_UNSEEN,
		[TAG_TEXTAREA] = IN_UNSEEN,
		[TAG_SVG] = IN_UNSEEN,
		[TAG_SCRIPT] = IN_RAW,
		[TAG_STYLE] = IN_RAW};
	return places[tag];
}

static uint16_t place_of_role(struct bytes role)
{
	if (role.len == 0) {
		return 0; /* as most */
	}
	if (bytes_equal_nocase(role, BYTES("navigation")) ||
		bytes_equal_nocase(role, BYTES("menu")) ||
		bytes_equal_nocase(role, BYTES("menubar"))) {
		return IN_NAV;
	}
	if (bytes_equal_nocase(role, BYTES("banner"))) {
		return IN_HEADER;
	}
	if (bytes_equal_nocase(role, BYTES("contentinfo"))) {
		return IN_FOOTER;
	}
	if (bytes_equal_nocase(role, BYTES("main"))) {
		return IN_MAIN;
	}
	if (bytes_equal_nocase(role, BYTES("article"))) {
		return IN_ARTICLE;
	}
	if (bytes_equal_nocase(role, BYTES("complementary"))) {
		return IN_ASIDE;
	}
	return bytes_equal_nocase(role, BYTES("heading")) ? IN_HEADING : 0;
}

/* Parts that come late stand at the end of the page, hidden until the line of script behind each
 * moves it to its place: "S:" and a number, as React streams a page. */
static bool is_streamed(struct bytes id)
{
	for (size_t i = 2; i < id.len; i++) {
		if (char_hex(id.ptr[i]) < 0) {
			return false;
		}
	}
	return id.len > 2 && bytes_starts(id, BYTES("S:"));
}

static void hear_start(void *context, const struct markup_element *element)
{
	struct outline *outline = context;
	close_down_to(outline, element->depth);
	uint8_t tag = number_of(tag_names, TAG_OTHER, element->name);
	uint32_t index = add_node(outline, tag);
	if (index == OUTLINE_NONE) {
		return;
	}
	keep_attributes(outline, index, element);
	struct outline_node *node = &outline->nodes[index];
	unsigned place = (unsigned)node->place | place_of_tag(tag);
	place |= place_of_role(outline_value(outline, index, ATTR_ROLE));
	if ((outline_value(outline, index, ATTR_HIDDEN).ptr != NULL &&
		    !is_streamed(outline_value(outline, index, ATTR_ID))) ||
		is_display_none(outline_value(outline, index, ATTR_STYLE))) {
		place |= IN_UNSEEN;
	}
	node->place = (uint16_t)place;
	if (!is_void(tag)) {
		open_element(outline, index, element->depth);
	}
	if (outline_is_block(tag)) {
		outline->space_pending = true;
	}
}

/* Whether a script speaks of a bot check: pages that are nothing else are short, so that only the
 * first scripts of a page are looked at. */
static bool names_check(const struct outline *outline, uint32_t script)
{
	struct bytes text = bytes_slice(outline_text(outline, script + 1), 0, CHECK_BYTES);
	return script < CHECK_NODES && (bytes_find(text, BYTES("captcha"), 0) != SIZE_MAX ||
					       bytes_find(text, BYTES("_chl_"), 0) != SIZE_MAX ||
					       bytes_find(text, BYTES("_pxAppId"), 0) != SIZE_MAX);
}

/* Keeps a script's text only when it holds data: JSON by type, or embedded state. */
static void finish_script(struct outline *outline, uint32_t script)
{
	if (script + 1 >= outline->count) {
		return;
	}
	struct outline_node *text = &outline->nodes[script + 1];
	if (text->tag != TAG_TEXT) {
		return;
	}
	outline->script_bytes += text->len;
	outline->has_check = outline->has_check || names_check(outline, script);
	struct bytes type = outline_value(outline, script, ATTR_TYPE);
	if (bytes_find_nocase(type, BYTES("json"), 0) != SIZE_MAX) {
		return;
	}
	if (script_state_start(outline_text(outline, script + 1)) == SIZE_MAX) {
		if (text->start + text->len == outline->text.len) {
			buf_truncate(&outline->text, text->start);
		}
		text->len = 0;
	}
}

static void hear_end(void *context, struct bytes name, size_t depth)
{
	struct outline *outline = context;
	(void)name;
	if (outline->open_count > 0) {
		uint32_t top = outline->open[outline->open_count - 1];
		if (outline->nodes[top].tag == TAG_SCRIPT &&
			outline->open_depth[outline->open_count - 1] >= depth) {
			finish_script(outline, top);
		}
	}
	close_down_to(outline, depth);
}

/* Adds raw bytes of a script; several pieces become one text. */
static void add_raw(struct outline *outline, struct bytes text)
{
	uint32_t parent = outline->open[outline->open_count - 1];
	if (outline->nodes[parent].tag == TAG_STYLE) {
		return;
	}
	uint32_t last = (uint32_t)(outline->count - 1);
	if (last == parent) {
		last = add_node(outline, TAG_TEXT);
		if (last == OUTLINE_NONE) {
			return;
		}
		outline->nodes[last].start = (uint32_t)outline->text.len;
	}
	buf_add(&outline->text, text);
	outline->nodes[last].len = (uint32_t)outline->text.len - outline->nodes[last].start;
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

static void hear_text(void *context, struct bytes text)
{
	struct outline *outline = context;
	if (outline->open_count > 0) {
		uint32_t parent = outline->open[outline->open_count - 1];
		if ((outline->nodes[parent].place & IN_RAW) != 0) {
			add_raw(outline, text);
			return;
		}
	}
	if (is_blank(text)) {
		outline->space_pending = true;
		return;
	}
	uint32_t node = add_node(outline, TAG_TEXT);
	if (node == OUTLINE_NONE) {
		return;
	}
	outline->nodes[node].start = (uint32_t)outline->text.len;
	outline->space_pending = collapse_add(&outline->text, text, outline->space_pending);
	outline->nodes[node].len = (uint32_t)outline->text.len - outline->nodes[node].start;
}

struct markup_listener outline_listener(struct outline *outline)
{
	return (struct markup_listener){.start = hear_start,
		.end = hear_end,
		.text = hear_text,
		.comment = NULL,
		.context = outline};
}

void outline_finish(struct outline *outline)
{
	close_down_to(outline, 0);
}

struct bytes outline_value(
	const struct outline *outline, uint32_t node, enum outline_attribute name)
{
	const struct outline_node *element = &outline->nodes[node];
	if (element->tag == TAG_TEXT) {
		return (struct bytes){NULL, 0};
	}
	for (uint32_t i = 0; i < element->len; i++) {
		const struct outline_value *value = &outline->values[element->start + i];
		if (value->name == name) {
			/* Present but empty has a pointer. */
			return value->len == 0
				       ? bytes_from("", 0)
				       : bytes_from(outline->text.ptr + value->start, value->len);
		}
	}
	return (struct bytes){NULL, 0};
}

struct bytes outline_text(const struct outline *outline, uint32_t node)
{
	const struct outline_node *text = &outline->nodes[node];
	if (text->tag != TAG_TEXT || text->len == 0) {
		return (struct bytes){NULL, 0};
	}
	return bytes_from(outline->text.ptr + text->start, text->len);
}

void outline_gather(const struct outline *outline, uint32_t node, size_t max, struct buf *out)
{
	size_t start = out->len;
	unsigned ignored = IN_RAW;
	if ((outline->nodes[node].place & IN_UNSEEN) == 0) {
		ignored |= IN_UNSEEN;
	}
	size_t looked = 0;
	for (uint32_t i = node; i < outline->nodes[node].end && out->len - start < max; i++) {
		const struct outline_node *at = &outline->nodes[i];
		if (looked++ > max + GATHER_NODES) {
			break;
		}
		if ((at->place & ignored) != 0) {
			i = at->end - 1;
			continue;
		}
		struct bytes text = outline_text(outline, i);
		buf_add(out, out->len == start ? bytes_trim(text) : text);
	}
}
