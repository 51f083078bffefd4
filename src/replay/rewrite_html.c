/* SPDX-License-Identifier: MIT */
/* rewrite_html.c - a page, tag by tag: copied as it is but for the attributes that lead somewhere
 */
#include "links/html_attributes.h"
#include "links/markup_decode.h"
#include "links/markup_raw.h"
#include "links/markup_tag.h"
#include "links/markup_token.h"
#include "replay/rewrite_values.h"
#include "web/media_type.h"

/* What a tag says that decides about its other attributes. */
struct tag_view {
	struct bytes name;       /* as written */
	char lower[32];          /* the name in lower case; "" when it is longer */
	struct bytes rel;        /* of link */
	struct bytes http_equiv; /* of meta */
	struct bytes type;       /* of script */
	bool is_bound;           /* link rel=preconnect and so on: reaches out of the archive */
};

static void set_lower(struct tag_view *view)
{
	if (view->name.len < sizeof(view->lower)) {
		for (size_t i = 0; i < view->name.len; i++) {
			view->lower[i] = char_lower(view->name.ptr[i]);
		}
	}
}

static bool has_word(struct bytes list, const char *word)
{
	struct bytes item;
	while (bytes_next_item(&list, ' ', &item)) {
		if (bytes_is_name(bytes_trim(item), word)) {
			return true;
		}
	}
	return false;
}

/* Reads the tag at `at` for what decides; returns where it ends. */
static size_t look_at_tag(struct bytes html, size_t at, struct tag_view *view, bool *closes_out)
{
	struct markup_tag tag;
	struct bytes name;
	struct bytes value;
	*view = (struct tag_view){.name = markup_tag_start(&tag, html, at)};
	set_lower(view);
	while (markup_tag_next(&tag, &name, &value)) {
		if (bytes_is_name(name, "rel") && view->rel.ptr == NULL) {
			view->rel = value;
		} else if (bytes_is_name(name, "http-equiv") && view->http_equiv.ptr == NULL) {
			view->http_equiv = value;
		} else if (bytes_is_name(name, "type") && view->type.ptr == NULL) {
			view->type = value;
		}
	}
	view->is_bound = has_word(view->rel, "preconnect") || has_word(view->rel, "dns-prefetch");
	*closes_out = tag.is_self_closing;
	return tag.at;
}

static bool is_tag(const struct tag_view *view, const char *name)
{
	return bytes_equal(bytes_of(view->lower), bytes_of(name));
}

/* What a URL in a link element is for. */
static const char *link_mod(const struct tag_view *view)
{
	if (has_word(view->rel, "stylesheet")) {
		return "cs";
	}
	if (has_word(view->rel, "modulepreload")) {
		return "js";
	}
	bool is_icon = has_word(view->rel, "icon") || has_word(view->rel, "apple-touch-icon");
	return is_icon ? "im" : "oe";
}

static const char *role_mod(enum link_role role)
{
	static const struct {
		enum link_role role;
		const char *mod;
	} mods[] = {{ROLE_FRAME, "if"}, {ROLE_SCRIPT, "js"}, {ROLE_STYLE, "cs"}, {ROLE_IMAGE, "im"},
		{ROLE_POSTER, "im"}};
	for (size_t i = 0; i < sizeof(mods) / sizeof(mods[0]); i++) {
		if (mods[i].role == role) {
			return mods[i].mod;
		}
	}
	return "oe";
}

/* Attributes of one element that the table of links does not have: it reads them together. */
static bool take_special(struct rewrite_page *page, const struct tag_view *view,
	const struct rewrite_attribute *attribute)
{
	struct bytes name = attribute->name;
	bool is_href = bytes_is_name(name, "href");
	if (is_tag(view, "link") && is_href) {
		if (view->is_bound) {
			rewrite_disarm(page, attribute);
		} else {
			rewrite_url_value(page, attribute, link_mod(view));
		}
	} else if ((is_tag(view, "a") || is_tag(view, "area") || is_tag(view, "base")) && is_href) {
		rewrite_url_value(page, attribute, "mp");
	} else if (bytes_is_name(name, "xlink:href") && is_tag(view, "a")) {
		rewrite_url_value(page, attribute, "mp");
	} else if (bytes_is_name(name, "action") || bytes_is_name(name, "formaction")) {
		rewrite_url_value(page, attribute, "mp");
	} else if (bytes_is_name(name, "target") || bytes_is_name(name, "formtarget")) {
		rewrite_value(page, attribute, BYTES("_self"));
	} else if (bytes_is_name(name, "integrity") || bytes_is_name(name, "ping") ||
		   (bytes_is_name(name, "crossorigin") && is_tag(view, "link"))) {
		rewrite_disarm(page, attribute);
	} else if (is_tag(view, "meta") && bytes_is_name(name, "http-equiv") &&
		   bytes_starts_nocase(attribute->text, BYTES("content-security-policy"))) {
		rewrite_disarm(page, attribute);
	} else if (is_tag(view, "meta") && bytes_is_name(name, "content") &&
		   bytes_equal_nocase(bytes_trim(view->http_equiv), BYTES("refresh"))) {
		rewrite_refresh(page, attribute);
	} else {
		return false;
	}
	return true;
}

static void take_attribute(struct rewrite_page *page, const struct tag_view *view,
	const struct rewrite_attribute *attribute)
{
	char lower[40] = {0};
	if (take_special(page, view, attribute) || attribute->name.len >= sizeof(lower)) {
		return;
	}
	for (size_t i = 0; i < attribute->name.len; i++) {
		lower[i] = char_lower(attribute->name.ptr[i]);
	}
	const struct html_attribute *known =
		html_attributes_find(bytes_of(view->lower), bytes_of(lower));
	if (known == NULL) {
		return;
	}
	switch (known->action) {
	case HTML_URL:
	case HTML_IMAGE:
		rewrite_url_value(page, attribute, role_mod(known->role));
		break;
	case HTML_LAZY:
		rewrite_url_value(page, attribute, "oe");
		break;
	case HTML_URL_LIST:
		rewrite_list(page, attribute);
		break;
	case HTML_SRCSET:
	case HTML_LAZY_SRCSET:
		rewrite_srcset(page, attribute);
		break;
	case HTML_CSS:
		rewrite_css_value(page, attribute);
		break;
	case HTML_DOCUMENT:
		rewrite_document(page, attribute);
		break;
	case HTML_VIDEO_ID:
	default:
		break;
	}
}

/* The value as a script would see it. */
static void set_text(const struct rewrite_page *page, struct rewrite_attribute *attribute,
	struct buf *raw, struct buf *text)
{
	buf_reset(raw);
	buf_reset(text);
	rewrite_decode(&page->rewrite, attribute->value, raw);
	markup_decode(buf_bytes(raw), text);
	attribute->text = buf_bytes(text);
}

/* <base href>: what follows is relative to it. Only the first counts. */
static void take_base(struct rewrite_page *page, struct bytes href)
{
	struct flong_error ignored = {0};
	struct url *base = NULL;
	if (!page->has_base && url_parse(href, page->rewrite.base, &base, &ignored) == FLONG_OK) {
		page->has_base = true;
		page->own_base = base;
		if (base->is_http) {
			page->rewrite.base = base;
		}
	}
}

static void take_attributes(struct rewrite_page *page, const struct tag_view *view)
{
	SCOPED(buf_clear) struct buf raw = {0};
	SCOPED(buf_clear) struct buf text = {0};
	struct markup_tag tag;
	struct rewrite_attribute attribute;
	(void)markup_tag_start(&tag, page->html, page->at);
	while (markup_tag_next(&tag, &attribute.name, &attribute.value)) {
		set_text(page, &attribute, &raw, &text);
		if (is_tag(view, "base") && bytes_is_name(attribute.name, "href")) {
			rewrite_url_value(page, &attribute, "mp");
			take_base(page, attribute.text);
		} else {
			take_attribute(page, view, &attribute);
		}
	}
}

/* Our markup goes where the page's own begins: behind <head>, or before the first tag that is not
 * html. */
static void put_head(struct rewrite_page *page, const struct tag_view *view, size_t tag_end)
{
	if (page->has_head || is_tag(view, "html")) {
		return;
	}
	rewrite_copy_to(page, is_tag(view, "head") ? tag_end : page->at);
	buf_add(page->out, page->rewrite.head);
	page->has_head = true;
}

static void take_script(
	const struct rewrite_page *page, const struct tag_view *view, struct bytes content)
{
	struct bytes type = bytes_trim(view->type);
	if (bytes_equal_nocase(type, BYTES("importmap"))) {
		rewrite_import_map(&page->rewrite, content, page->out);
	} else if (type.len == 0 || bytes_equal_nocase(type, BYTES("module")) ||
		   media_type_is_javascript(type)) {
		rewrite_script(&page->rewrite, content, page->out);
	} else {
		buf_add(page->out, content);
	}
}

/* What stands in style elements and scripts; everything else that has no tags stays as it is. */
static void take_raw(struct rewrite_page *page, const struct tag_view *view, bool is_foreign)
{
	enum markup_raw raw = markup_raw_of(view->name);
	if (raw == MARKUP_RAW_NONE || (is_foreign && raw != MARKUP_RAW_DATA)) {
		return;
	}
	size_t end = markup_raw_end(page->html, page->at, view->name);
	end = end == SIZE_MAX ? page->html.len : end;
	struct bytes content = bytes_slice(page->html, page->at, end);
	if (is_tag(view, "style") || is_tag(view, "script")) {
		rewrite_copy_to(page, page->at);
		page->copied = end;
	}
	if (is_tag(view, "style")) {
		rewrite_css(&page->rewrite, content, page->out);
	} else if (is_tag(view, "script")) {
		take_script(page, view, content);
	}
	page->at = end;
}

static void take_start_tag(struct rewrite_page *page)
{
	struct tag_view view;
	bool is_self_closing = false;
	size_t end = look_at_tag(page->html, page->at, &view, &is_self_closing);
	if (!is_tag(&view, "head")) {
		put_head(page, &view, end);
	}
	take_attributes(page, &view);
	if (is_tag(&view, "head")) {
		put_head(page, &view, end);
	}
	page->at = end;
	bool is_foreign = markup_foreign_start(&page->foreign, view.name, is_self_closing);
	if (!(is_foreign && is_self_closing)) {
		take_raw(page, &view, is_foreign);
	}
}

static void take_end_tag(struct rewrite_page *page)
{
	struct markup_tag tag;
	struct bytes ignored;
	struct bytes name = markup_tag_start(&tag, page->html, page->at + 1);
	while (markup_tag_next(&tag, &ignored, &ignored)) {
	}
	page->at = tag.at;
	markup_foreign_end(&page->foreign, name);
}

static void take_bogus(struct rewrite_page *page)
{
	bool is_data =
		markup_foreign_is_inside(&page->foreign) &&
		bytes_starts(bytes_slice(page->html, page->at, page->html.len), BYTES("<![CDATA["));
	size_t end = is_data ? bytes_find(page->html, BYTES("]]>"), page->at)
			     : bytes_find_char(page->html, '>', page->at);
	page->at = end == SIZE_MAX ? page->html.len : end + (is_data ? 3 : 1);
}

void rewrite_html(const struct rewrite *rewrite, struct bytes html, struct buf *out)
{
	struct rewrite_page page = {.rewrite = *rewrite, .html = html, .out = out};
	while (page.at < html.len) {
		size_t next = bytes_find_char(html, '<', page.at);
		if (next == SIZE_MAX) {
			break;
		}
		page.at = next;
		switch (markup_token_at(html, next)) {
		case MARKUP_START:
			take_start_tag(&page);
			break;
		case MARKUP_END:
			take_end_tag(&page);
			break;
		case MARKUP_COMMENT:
			(void)markup_comment_end(html, next + 4, &page.at);
			break;
		case MARKUP_BOGUS:
			take_bogus(&page);
			break;
		case MARKUP_TEXT:
			page.at++;
			break;
		}
	}
	rewrite_copy_to(&page, html.len);
	url_close(page.own_base);
}
