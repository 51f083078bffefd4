/* SPDX-License-Identifier: MIT */
/* html.c - a listener that turns start tags, scripts and styles into references
 *
 * Nothing is resolved before the end: the first <base> may come after the first link. Markup inside
 * markup (srcdoc, conditional comments) is read by the same listener, one level deeper. */
#include "links/html.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "links/css.h"
#include "links/html_attributes.h"
#include "links/html_elements.h"
#include "links/html_scripts.h"
#include "links/html_values.h"
#include "links/json_urls.h"
#include "links/media_kinds.h"

/* srcdoc in srcdoc: browsers stop somewhere too. */
#define MAX_NESTED 4

static void read_nested(struct html_links *html, struct bytes markup);

void html_links_add(struct html_links *html, struct bytes text, const struct link *prototype)
{
	struct link link = *prototype;
	if (html->rule != NULL) {
		link.rule = html->rule;
		link.where = "conditional comment";
	}
	if (link.kind == LINK_REQUISITE && template_has_placeholder(text)) {
		templates_add(&html->templates, text, &link);
	} else if (html->nested_base != NULL && reference_is_useful(text)) {
		struct flong_error ignored = {0};
		SCOPED(url_closep) struct url *url = NULL;
		if (url_parse_in(text, html->nested_base, html->encoder, &url, &ignored) ==
			FLONG_OK) {
			references_add(&html->references, url->all, &link);
		}
	} else {
		references_add(&html->references, text, &link);
	}
}

static void add_lazy(struct html_links *html, const struct markup_element *element,
	struct bytes value, const struct link *prototype)
{
	value = bytes_trim(value);
	struct link link = *prototype;
	enum link_role role = media_kinds_role(value);
	if (bytes_starts_nocase(value, BYTES("url("))) {
		css_find(value, &html->references);
		return;
	}
	if (!html_values_is_url(value) ||
		(role == ROLE_UNKNOWN && !html_values_is_media_element(element->name))) {
		return;
	}
	if (role != ROLE_UNKNOWN && !(role == ROLE_IMAGE && link.role == ROLE_POSTER)) {
		link.role = role;
	} else if (link.role == ROLE_IMAGE && !bytes_equal(element->name, BYTES("img")) &&
		   !bytes_equal(element->name, BYTES("picture")) && !html->images.in_picture) {
		link.role = ROLE_MEDIA;
	}
	html_links_add(html, value, &link);
}

/* The still picture of a film in a frame (L-60). */
static void add_poster(struct html_links *html, struct bytes id)
{
	struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_POSTER,
		.rule = "L-60",
		.where = "youtube poster",
		.anchor = UINT32_MAX};
	SCOPED(buf_clear) struct buf url = {0};
	if (html_values_video_poster(id, &url)) {
		html_links_add(html, buf_bytes(&url), &link);
	}
}

static void add_list(struct html_links *html, const struct markup_element *element,
	struct bytes value, const struct link *prototype)
{
	SCOPED(buf_clear) struct buf storage = {0};
	struct bytes codebase = markup_attribute_value(element, "codebase");
	size_t at = 0;
	while (at < value.len) {
		size_t start = at;
		while (at < value.len && value.ptr[at] != ',' && !char_is_space(value.ptr[at])) {
			at++;
		}
		if (at > start) {
			struct bytes one = bytes_slice(value, start, at);
			html_links_add(html, html_values_under(codebase, one, &storage), prototype);
		}
		at++;
	}
}

static void add_image(struct html_links *html, const struct markup_element *element,
	struct bytes value, struct link *link)
{
	if (html_images_has_choice(&html->images, element)) {
		link->candidate = CANDIDATE_SRCSET | CANDIDATE_SHOWN;
	}
	html_links_add(html, value, link);
}

static void add_candidates(struct html_links *html, const struct markup_element *element,
	const struct html_attribute *line, struct bytes value, const struct link *link)
{
	const char *sizes = "sizes";
	if (bytes_equal(element->name, BYTES("link"))) {
		sizes = "imagesizes";
	} else if (line->action == HTML_LAZY_SRCSET) {
		sizes = markup_attribute_value(element, "data-sizes").ptr != NULL ? "data-sizes"
										  : "sizes";
	}
	html_images_add_srcset(
		&html->images, element, value, markup_attribute_value(element, sizes), link);
}

static void add_attribute(struct html_links *html, const struct markup_element *element,
	const struct html_attribute *line, struct bytes value)
{
	struct link link = {.kind = line->kind,
		.role = line->role,
		.rule = line->rule,
		.where = line->where,
		.anchor = UINT32_MAX};
	switch (line->action) {
	case HTML_URL:
		if (link.role == ROLE_MEDIA && html_values_is_playlist(element, value)) {
			link.role = ROLE_PLAYLIST;
		}
		html_links_add(html, value, &link);
		if (link.role == ROLE_FRAME) {
			add_poster(html, html_values_video_id(value));
		}
		break;
	case HTML_VIDEO_ID:
		add_poster(html, bytes_trim(value));
		break;
	case HTML_URL_LIST:
		add_list(html, element, value, &link);
		break;
	case HTML_IMAGE:
		add_image(html, element, value, &link);
		break;
	case HTML_SRCSET:
	case HTML_LAZY_SRCSET:
		add_candidates(html, element, line, value, &link);
		break;
	case HTML_CSS:
		css_find(value, &html->references);
		break;
	case HTML_LAZY:
		add_lazy(html, element, value, &link);
		break;
	case HTML_DOCUMENT:
		read_nested(html, value);
		break;
	}
}

/* data-* attributes without a line of their own: a media URL (L-48), or JSON for a player (L-20).
 */
static void add_data_attribute(struct html_links *html, const struct markup_element *element,
	const struct markup_attribute *attribute)
{
	struct bytes value = bytes_trim(attribute->value);
	if (value.len < 5) {
		return;
	}
	if (value.ptr[0] == '{' || value.ptr[0] == '[') {
		/* Scripts read it: URLs are made of UTF-8. */
		html->references.encoder = NULL;
		json_urls_find(value, JSON_URLS_PLAYER, &html->references, &html->templates);
		html->references.encoder = html->encoder;
		return;
	}
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_IMAGE,
		.rule = "L-48",
		.where = "data attribute",
		.anchor = UINT32_MAX};
	bool is_media = html_values_is_media_element(element->name) &&
			html_values_is_lazy_name(attribute->name);
	if (is_media && bytes_find(attribute->name, BYTES("srcset"), 0) != SIZE_MAX) {
		html_images_add_srcset(&html->images, element, value,
			markup_attribute_value(element, "sizes"), &link);
		return;
	}
	bool absolute = bytes_starts_nocase(value, BYTES("http")) || value.ptr[0] == '/';
	enum link_role role = absolute ? media_kinds_role(value) : ROLE_UNKNOWN;
	if (absolute && (role != ROLE_UNKNOWN || is_media) && html_values_is_url(value)) {
		link.role = role != ROLE_UNKNOWN ? role : link.role;
		html_links_add(html, value, &link);
	}
}

/* What the text of a script or style will be. */
static void open_raw(struct html_links *html, const struct markup_element *element)
{
	if (bytes_equal(element->name, BYTES("style"))) {
		html->raw_kind = RAW_STYLE;
		buf_reset(&html->raw);
	} else if (bytes_equal(element->name, BYTES("script"))) {
		html->raw_kind = html_values_script_kind(markup_attribute_value(element, "type"));
		buf_reset(&html->raw);
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct html_links *html = context;
	html_elements_take(html, element);
	open_raw(html, element);
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct markup_attribute *attribute = &element->attributes[i];
		if (attribute->value.len == 0) {
			continue;
		}
		const struct html_attribute *line =
			html_attributes_find(element->name, attribute->name);
		if (line != NULL) {
			add_attribute(html, element, line, attribute->value);
		} else if (bytes_starts(attribute->name, BYTES("data-"))) {
			add_data_attribute(html, element, attribute);
		} else if (bytes_starts(attribute->name, BYTES("on"))) {
			html_scripts_read_handler(&html->scripts, attribute->value);
		} else if (bytes_equal(attribute->name, BYTES("itemprop")) ||
			   bytes_equal(attribute->name, BYTES("property"))) {
			html_elements_take_property(html, element);
		}
	}
}

static void finish_raw(struct html_links *html)
{
	struct bytes text = buf_bytes(&html->raw);
	enum raw_kind kind = html->raw_kind;
	html->raw_kind = RAW_NONE;
	if (text.len == 0) {
		return;
	}
	html_scripts_read(&html->scripts, kind, text);
	buf_clear(&html->raw);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct html_links *html = context;
	(void)depth;
	if (html->raw_kind != RAW_NONE &&
		(bytes_equal(name, BYTES("script")) || bytes_equal(name, BYTES("style")))) {
		finish_raw(html);
	} else if (bytes_equal(name, BYTES("picture"))) {
		html_images_end_picture(&html->images);
	}
}

static void on_text(void *context, struct bytes text)
{
	struct html_links *html = context;
	if (html->raw_kind != RAW_NONE) {
		buf_add(&html->raw, text);
	}
}

/* "[if lt IE 9]>...<![endif]" (L-16). */
static void on_comment(void *context, struct bytes text)
{
	struct html_links *html = context;
	if (!bytes_starts_nocase(bytes_trim(text), BYTES("[if")) || html->rule != NULL) {
		return;
	}
	size_t start = bytes_find(text, BYTES("]>"), 0);
	if (start == SIZE_MAX) {
		return;
	}
	size_t end = bytes_find_nocase(text, BYTES("<![endif"), start);
	html->rule = "L-16";
	read_nested(html, bytes_slice(text, start + 2, end));
	html->rule = NULL;
}

static void read_nested(struct html_links *html, struct bytes markup)
{
	if (html->nested >= MAX_NESTED) {
		return;
	}
	html->nested++;
	struct html_images outer = html->images;
	struct url *outer_own = TAKE(html->own_base);
	const struct url *outer_base = html->nested_base;
	html_images_end_picture(&html->images);
	struct markup_listener listener = html_links_listener(html);
	struct flong_error ignored = {0};
	/* Content cannot fail; without a parser the links inside are simply not known. */
	int rc = markup_read(markup, &listener, 1, &ignored);
	(void)rc;
	html->raw_kind = RAW_NONE;
	url_close(html->own_base);
	html->own_base = outer_own;
	html->nested_base = outer_base;
	html->images.in_picture = outer.in_picture;
	html->images.screens_left = outer.screens_left;
	html->images.had_source = outer.had_source;
	html->nested--;
}

struct html_links *html_links_open(const struct links_input *input, struct link_list *list)
{
	struct html_links *html = ALLOC(struct html_links);
	html->input = input;
	html->list = list;
	html->raw.max = LIMIT_DOCUMENT_BYTES;
	html->encoder = charset_encoder_create(input->charset != NULL ? input->charset : "utf-8");
	html->references.encoder = html->encoder;
	html->scripts.links.page.encoder = html->encoder;
	html->images.references = &html->references;
	html->images.templates = &html->templates;
	html->scripts.references = &html->references;
	html->scripts.templates = &html->templates;
	return html;
}

struct markup_listener html_links_listener(struct html_links *html)
{
	return (struct markup_listener){.start = on_start,
		.end = on_end,
		.text = on_text,
		.comment = on_comment,
		.context = html};
}

const struct url *html_links_base(const struct html_links *html)
{
	return html->base != NULL ? html->base : html->input->url;
}

struct charset_encoder *html_links_encoder(const struct html_links *html)
{
	return html->encoder;
}

void html_links_finish(struct html_links *html)
{
	finish_raw(html);
	templates_expand(&html->templates, &html->references);
	references_resolve(&html->references, html_links_base(html), html->list);
	html_scripts_resolve(&html->scripts, html_links_base(html), html->input->url, html->list);
	if (html->input->role == ROLE_DOCUMENT && !html->has_icon) {
		struct link icon = {.kind = LINK_REQUISITE,
			.role = ROLE_ICON,
			.rule = "L-42",
			.where = "favicon convention",
			.anchor = UINT32_MAX};
		(void)link_list_add(html->list, html->input->url, BYTES("/favicon.ico"), &icon);
	}
}

struct bytes html_links_import_map(const struct html_links *html)
{
	return buf_bytes(&html->scripts.map);
}

void html_links_close(struct html_links *html)
{
	if (html == NULL) {
		return;
	}
	references_clear(&html->references);
	templates_clear(&html->templates);
	html_scripts_clear(&html->scripts);
	charset_encoder_close(html->encoder);
	url_close(html->base);
	url_close(html->own_base);
	buf_clear(&html->raw);
	free(html);
}

int html_find(struct bytes utf8, const struct links_input *input, struct link_list *list,
	struct flong_error *err)
{
	SCOPED(html_links_closep) struct html_links *html = html_links_open(input, list);
	struct markup_listener listener = html_links_listener(html);
	int rc = markup_read(utf8, &listener, 1, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	html_links_finish(html);
	return FLONG_OK;
}
