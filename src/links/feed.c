/* SPDX-License-Identifier: MIT */
/* feed.c - elements with a URL as text, attributes with a URL, and HTML in texts */
#include "links/feed.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "links/embedded_html.h"
#include "links/html_head.h"
#include "links/markup.h"
#include "links/srcset.h"
#include "links/xml_base.h"

enum text_kind { TEXT_NONE, TEXT_URL, TEXT_HTML, TEXT_BASE64 };

struct feed {
	struct xml_base base;
	struct link_list *list;
	enum text_kind kind;
	bool may_be_none;  /* the text is a URL only with a slash in it */
	size_t kind_depth; /* depth of the element whose text is taken */
	struct link link;
	struct buf text;
};

static struct link link_of(enum link_role role, const char *where)
{
	return (struct link){.kind = LINK_DISCOVERY,
		.role = role,
		.rule = "L-50",
		.where = where,
		.anchor = UINT32_MAX};
}

/* Elements whose text is a URL, by the part of their name behind the prefix. What can be a number
 * or a name as well counts only with a slash in it. */
static const struct {
	const char *name;
	enum link_role role;
	bool may_be_none;
	const char *where;
} url_elements[] = {
	{"link", ROLE_DOCUMENT, false, "feed link"},
	{"guid", ROLE_DOCUMENT, true, "feed guid"},
	{"id", ROLE_DOCUMENT, true, "feed id"},
	{"url", ROLE_IMAGE, false, "feed image"},
	{"icon", ROLE_ICON, false, "feed icon"},
	{"logo", ROLE_IMAGE, false, "feed logo"},
	{"image", ROLE_IMAGE, true, "feed image"},
	{"thumbnail", ROLE_IMAGE, true, "feed thumbnail"},
	{"uri", ROLE_DOCUMENT, false, "feed uri"},
	{"homepage", ROLE_DOCUMENT, false, "feed uri"},
	{"comments", ROLE_DOCUMENT, true, "feed comments"},
	{"docs", ROLE_UNKNOWN, true, "feed docs"},
	{"commentRss", ROLE_FEED, false, "feed comments"},
	{"origLink", ROLE_DOCUMENT, false, "feed link"},
	{"origEnclosureLink", ROLE_MEDIA, false, "feed enclosure"},
	{"new-feed-url", ROLE_FEED, false, "feed self"},
	{"license", ROLE_DOCUMENT, true, "feed license"},
};

static bool is_url_element(
	struct feed *feed, struct bytes name, const struct markup_element *element)
{
	for (size_t i = 0; i < sizeof(url_elements) / sizeof(url_elements[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(url_elements[i].name))) {
			feed->link = link_of(url_elements[i].role, url_elements[i].where);
			feed->may_be_none = url_elements[i].may_be_none;
			return !bytes_equal_nocase(
				bytes_trim(markup_attribute_value(element, "isPermaLink")),
				BYTES("false"));
		}
	}
	return false;
}

/* Elements whose text may be HTML. */
static bool is_html_element(struct bytes name)
{
	static const char *const names[] = {"description", "summary", "content", "encoded", "title",
		"subtitle", "tagline", "info", "rights", "copyright", "body", "fullitem", "text",
		"abstract"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Atom 0.3 has a mode; Atom 1.0 writes in base64 what is neither text nor XML (RFC 4287 4.1.3.3).
 */
static bool is_base64(const struct markup_element *element)
{
	struct bytes type = markup_attribute_value(element, "type");
	return bytes_equal_nocase(markup_attribute_value(element, "mode"), BYTES("base64")) ||
	       bytes_starts_nocase(type, BYTES("application/octet-stream"));
}

static enum link_role role_of_element(struct bytes name, const struct markup_element *element)
{
	static const struct {
		const char *name;
		enum link_role role;
	} roles[] = {
		{"enclosure", ROLE_MEDIA},
		{"content", ROLE_MEDIA},
		{"thumbnail", ROLE_IMAGE},
		{"image", ROLE_IMAGE},
		{"img", ROLE_IMAGE},
		{"logo", ROLE_IMAGE},
		{"link", ROLE_DOCUMENT},
		{"item", ROLE_DOCUMENT},
		{"li", ROLE_DOCUMENT},
		{"a", ROLE_DOCUMENT},
	};
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(roles[i].name))) {
			struct bytes rel = markup_attribute_value(element, "rel");
			bool is_enclosure = html_head_rel_has(rel, "enclosure");
			return is_enclosure ? ROLE_MEDIA : roles[i].role;
		}
	}
	return ROLE_UNKNOWN;
}

static bool is_url_attribute(struct bytes name)
{
	static const char *const names[] = {
		"href", "url", "src", "uri", "resource", "about", "poster", "longdesc", "cite"};
	struct bytes local = markup_local_name(name);
	if (bytes_starts(name, BYTES("xmlns"))) {
		return false;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(local, bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

static void add_attributes(struct feed *feed, struct bytes name,
	const struct markup_element *element, const struct url *base)
{
	struct link link = link_of(role_of_element(name, element), "feed attribute");
	link.rel = markup_attribute_value(element, "rel");
	for (size_t i = 0; i < element->attribute_count; i++) {
		const struct markup_attribute *attribute = &element->attributes[i];
		if (!is_url_attribute(attribute->name)) {
			continue;
		}
		struct bytes value = attribute->value;
		if (value.len == 0 && base != feed->base.url) {
			/* An empty reference is its xml:base. */
			value = base->all;
		}
		(void)link_list_add(feed->list, base, value, &link);
	}
}

/* Of XHTML in a text. */
static void add_candidates(
	struct feed *feed, const struct markup_element *element, const struct url *base)
{
	struct srcset set;
	struct link link = link_of(ROLE_IMAGE, "feed html");
	srcset_parse(markup_attribute_value(element, "srcset"), &set);
	for (size_t i = 0; i < set.count; i++) {
		(void)link_list_add(feed->list, base, set.items[i].url, &link);
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct feed *feed = context;
	struct bytes name = markup_local_name(element->name);
	const struct url *base = xml_base_push(&feed->base, element);
	add_attributes(feed, name, element, base);
	add_candidates(feed, element, base);
	if (feed->kind == TEXT_HTML || feed->kind == TEXT_BASE64) {
		return;
	}
	if (is_url_element(feed, name, element)) {
		feed->kind = TEXT_URL;
	} else if (is_html_element(name)) {
		feed->kind = is_base64(element) ? TEXT_BASE64 : TEXT_HTML;
	} else {
		feed->kind = TEXT_NONE;
	}
	feed->kind_depth = element->depth;
	buf_reset(&feed->text);
}

static void add_base64(
	struct feed *feed, struct bytes text, const struct url *base, const struct link *found)
{
	SCOPED(buf_clear) struct buf packed = buf_with_max(LIMIT_DOCUMENT_BYTES);
	SCOPED(buf_clear) struct buf html = buf_with_max(LIMIT_DOCUMENT_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		if (!char_is_space(text.ptr[i])) {
			buf_add_char(&packed, text.ptr[i]);
		}
	}
	if (base64_decode(buf_bytes(&packed), &html)) {
		embedded_html_add(buf_bytes(&html), base, found, feed->list);
	}
}

static void add_url(struct feed *feed, struct bytes text, const struct url *base)
{
	bool is_one_word = bytes_find_char(text, ' ', 0) == SIZE_MAX;
	bool has_slash = bytes_find_char(text, '/', 0) != SIZE_MAX;
	if (!feed->may_be_none || (is_one_word && has_slash)) {
		(void)link_list_add(feed->list, base, text, &feed->link);
	}
}

static void add_text(struct feed *feed, const struct url *base)
{
	struct bytes text = bytes_trim(buf_bytes(&feed->text));
	struct link html = link_of(ROLE_UNKNOWN, "feed html");
	switch (feed->kind) {
	case TEXT_NONE:
		break;
	case TEXT_URL:
		add_url(feed, text, base);
		break;
	case TEXT_HTML:
		embedded_html_add(text, base, &html, feed->list);
		break;
	case TEXT_BASE64:
		add_base64(feed, text, base, &html);
		break;
	}
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct feed *feed = context;
	(void)name;
	if (feed->kind != TEXT_NONE && depth == feed->kind_depth) {
		add_text(feed, xml_base_at(&feed->base, depth));
		feed->kind = TEXT_NONE;
	}
	xml_base_pop(&feed->base, depth);
}

static void on_text(void *context, struct bytes text)
{
	struct feed *feed = context;
	if (feed->kind != TEXT_NONE) {
		buf_add(&feed->text, text);
	}
}

int feed_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err)
{
	struct feed feed = {
		.base = {.url = url}, .list = list, .text = buf_with_max(LIMIT_DOCUMENT_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &feed};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	xml_base_clear(&feed.base);
	buf_clear(&feed.text);
	return rc;
}
