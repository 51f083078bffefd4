/* SPDX-License-Identifier: MIT */
/* html_elements.c - one function an element that needs more than the table of attributes */
#include "links/html_elements.h"

#include "links/html_head.h"
#include "links/media_kinds.h"

static void add_anchor(struct html_links *html, const struct markup_element *element)
{
	struct bytes href = markup_attribute_value(element, "href");
	struct link link = {.kind = LINK_PAGE,
		.rule = "L-02",
		.where = bytes_equal(element->name, BYTES("a")) ? "a href" : "area href",
		.rel = markup_attribute_value(element, "rel"),
		.anchor = UINT32_MAX};
	if (href.ptr == NULL) {
		href = markup_attribute_value(element, "xlink:href");
		link.rule = "L-36";
		link.where = "a xlink:href";
	}
	/* Markup inside attributes is heard here only: it must not shift the common numbers. */
	if (html->nested == 0) {
		link.anchor = html->anchors++;
	}
	if (!html_scripts_read_url(&html->scripts, href)) {
		html_links_add(html, href, &link);
	}
}

/* The URL that an href of <base> gives; NULL for data: and javascript:, which the standard refuses.
 */
static struct url *parse_base(
	const struct html_links *html, struct bytes href, const struct url *document)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse_in(href, document, html->encoder, &url, &ignored) != FLONG_OK ||
		!url->is_http) {
		return NULL;
	}
	return TAKE(url);
}

static void take_base(struct html_links *html, const struct markup_element *element)
{
	struct bytes href = markup_attribute_value(element, "href");
	if (href.ptr == NULL) {
		return;
	}
	if (html->nested == 0 && !html->has_base) {
		html->has_base = true;
		html->base = parse_base(html, href, html->input->url);
	} else if (html->nested > 0 && html->own_base == NULL) {
		const struct url *outer =
			html->nested_base != NULL ? html->nested_base : html_links_base(html);
		html->own_base = parse_base(html, href, outer);
		html->nested_base = html->own_base != NULL ? html->own_base : html->nested_base;
	}
}

static void add_link_element(struct html_links *html, const struct markup_element *element)
{
	struct bytes rel = markup_attribute_value(element, "rel");
	struct bytes href = markup_attribute_value(element, "href");
	struct link link;
	if (!html_head_link(rel, markup_attribute_value(element, "as"),
		    markup_attribute_value(element, "type"), &link)) {
		struct bytes itemprop = markup_attribute_value(element, "itemprop");
		if (itemprop.len == 0 || rel.len > 0) {
			return;
		}
		bool picture = media_kinds_role(href) == ROLE_IMAGE;
		link.kind = picture ? LINK_REQUISITE : LINK_DISCOVERY;
		link.role = picture ? ROLE_IMAGE : ROLE_UNKNOWN;
		link.rule = "L-25";
		link.where = "link itemprop";
	}
	if (link.role == ROLE_ICON && html_head_rel_has(rel, "icon") && href.len > 0) {
		html->has_icon = true;
	}
	if (link.kind == LINK_REQUISITE && html_images_has_choice(&html->images, element) &&
		markup_attribute_value(element, "imagesrcset").len > 0) {
		link.candidate = CANDIDATE_SRCSET | CANDIDATE_SHOWN;
	}
	html_links_add(html, href, &link);
}

static void add_meta(struct html_links *html, const struct markup_element *element)
{
	struct link link;
	struct bytes url;
	if (html_head_meta(element, &url, &link)) {
		html_links_add(html, url, &link);
	}
}

/* <param name=movie value=...> of an object (L-18). */
static void add_param(struct html_links *html, const struct markup_element *element)
{
	static const char *const names[] = {"movie", "src", "filename", "url", "data"};
	struct bytes name = markup_attribute_value(element, "name");
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_OBJECT,
		.rule = "L-18",
		.where = "param value",
		.anchor = UINT32_MAX};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			html_links_add(html, markup_attribute_value(element, "value"), &link);
			return;
		}
	}
}

/* <input type=image> (L-21); films in hidden fields, for players (L-20). */
static void add_input(struct html_links *html, const struct markup_element *element)
{
	struct bytes type = markup_attribute_value(element, "type");
	struct bytes value = bytes_trim(markup_attribute_value(element, "value"));
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_IMAGE,
		.rule = "L-21",
		.where = "input src",
		.anchor = UINT32_MAX};
	if (bytes_equal_nocase(type, BYTES("image"))) {
		html_links_add(html, markup_attribute_value(element, "src"), &link);
	} else if (bytes_equal_nocase(type, BYTES("hidden")) && html_values_is_url(value) &&
		   media_kinds_role(value) != ROLE_UNKNOWN) {
		link.role = media_kinds_role(value);
		link.rule = "L-20";
		link.where = "input value";
		html_links_add(html, value, &link);
	}
}

static void start_picture(struct html_links *html, const struct markup_element *element)
{
	(void)element;
	html_images_start_picture(&html->images);
}

void html_elements_take_property(struct html_links *html, const struct markup_element *element)
{
	struct link link;
	struct bytes url;
	if (html_head_property(element, &url, &link)) {
		html_links_add(html, url, &link);
	}
}

void html_elements_take(struct html_links *html, const struct markup_element *element)
{
	static const struct {
		const char *name;
		void (*take)(struct html_links *html, const struct markup_element *element);
	} elements[] = {
		{"a", add_anchor},
		{"area", add_anchor},
		{"link", add_link_element},
		{"meta", add_meta},
		{"base", take_base},
		{"picture", start_picture},
		{"param", add_param},
		{"input", add_input},
	};
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (bytes_equal(element->name, bytes_of(elements[i].name))) {
			elements[i].take(html, element);
			return;
		}
	}
}
