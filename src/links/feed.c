/* SPDX-License-Identifier: MIT */
/* feed.c - elements with a URL as text, attributes with a URL, and HTML in texts */
#include "links/feed.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/html.h"
#include "links/markup.h"

/* Open elements whose xml:base is remembered; feeds nest 5 deep. */
#define MAX_BASES 16

enum text_kind { TEXT_NONE, TEXT_URL, TEXT_HTML };

struct feed {
	const struct url *url;
	struct link_list *list;
	struct url *bases[MAX_BASES]; /* owned; of the open element at that depth, NULL if none */
	enum text_kind kind;
	size_t kind_depth; /* depth of the element whose text is taken */
	struct link link;
	struct buf text;
};

static const struct url *base_at(const struct feed *feed, size_t depth)
{
	for (size_t i = depth < MAX_BASES ? depth + 1 : MAX_BASES; i > 0; i--) {
		if (feed->bases[i - 1] != NULL) {
			return feed->bases[i - 1];
		}
	}
	return feed->url;
}

static struct link link_of(enum link_role role, const char *where)
{
	return (struct link){.kind = LINK_DISCOVERY,
		.role = role,
		.rule = "L-50",
		.where = where,
		.anchor = UINT32_MAX};
}

static void push_base(struct feed *feed, const struct markup_element *element)
{
	if (element->depth >= MAX_BASES) {
		return;
	}
	struct bytes value = markup_attribute_value(element, "xml:base");
	struct flong_error ignored = {0};
	url_close(TAKE(feed->bases[element->depth]));
	struct url *base = NULL;
	if (value.len > 0 &&
		url_parse(value, base_at(feed, element->depth), &base, &ignored) == FLONG_OK) {
		feed->bases[element->depth] = base;
	}
}

/* Elements whose text is a URL. */
static bool is_url_element(
	struct bytes name, const struct markup_element *element, struct link *link_out)
{
	static const struct {
		const char *name;
		enum link_role role;
		const char *where;
	} names[] = {
		{"link", ROLE_DOCUMENT, "feed link"},
		{"atom:link", ROLE_DOCUMENT, "feed link"},
		{"guid", ROLE_DOCUMENT, "feed guid"},
		{"id", ROLE_DOCUMENT, "feed id"},
		{"url", ROLE_IMAGE, "feed image"},
		{"icon", ROLE_ICON, "feed icon"},
		{"logo", ROLE_IMAGE, "feed logo"},
		{"uri", ROLE_DOCUMENT, "feed uri"},
		{"homepage", ROLE_DOCUMENT, "feed uri"},
		{"comments", ROLE_DOCUMENT, "feed comments"},
		{"docs", ROLE_UNKNOWN, "feed docs"},
		{"wfw:commentRss", ROLE_FEED, "feed comments"},
		{"feedburner:origLink", ROLE_DOCUMENT, "feed link"},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal(name, bytes_of(names[i].name))) {
			*link_out = link_of(names[i].role, names[i].where);
			return !bytes_equal_nocase(
				markup_attribute_value(element, "isPermaLink"), BYTES("false"));
		}
	}
	return false;
}

static bool is_html_element(struct bytes name)
{
	return bytes_equal(name, BYTES("description")) || bytes_equal(name, BYTES("summary")) ||
	       bytes_equal(name, BYTES("content")) || bytes_equal(name, BYTES("content:encoded"));
}

static enum link_role role_of_element(struct bytes name)
{
	if (bytes_equal(name, BYTES("enclosure")) || bytes_equal(name, BYTES("media:content"))) {
		return ROLE_MEDIA;
	}
	if (bytes_equal(name, BYTES("media:thumbnail")) ||
		bytes_equal(name, BYTES("itunes:image"))) {
		return ROLE_IMAGE;
	}
	return bytes_equal(name, BYTES("link")) ? ROLE_DOCUMENT : ROLE_UNKNOWN;
}

static void add_attributes(struct feed *feed, const struct markup_element *element)
{
	static const char *const names[] = {"href", "url", "src", "uri", "rdf:resource"};
	struct link link = link_of(role_of_element(element->name), "feed attribute");
	link.rel = markup_attribute_value(element, "rel");
	const struct url *base = base_at(feed, element->depth);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes value = markup_attribute_value(element, names[i]);
		if (value.ptr != NULL && value.len == 0 && base != feed->url) {
			/* An empty reference is its xml:base. */
			value = base->all;
		}
		(void)link_list_add(feed->list, base, value, &link);
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct feed *feed = context;
	push_base(feed, element);
	add_attributes(feed, element);
	if (feed->kind != TEXT_NONE) {
		return;
	}
	if (is_url_element(element->name, element, &feed->link)) {
		feed->kind = TEXT_URL;
	} else if (is_html_element(element->name)) {
		feed->kind = TEXT_HTML;
	}
	feed->kind_depth = element->depth;
	buf_reset(&feed->text);
}

/* Whatever HTML in a feed needs or names is discovery here: the story's own page will tell. */
static void add_html(struct feed *feed, struct bytes html)
{
	if (bytes_find_char(html, '<', 0) == SIZE_MAX) {
		return;
	}
	struct link_list inner = {0};
	struct links_input input = {.url = base_at(feed, feed->kind_depth), .role = ROLE_FRAME};
	struct flong_error ignored = {0};
	if (html_find(html, &input, &inner, &ignored) == FLONG_OK) {
		for (size_t i = 0; i < inner.count; i++) {
			struct link link = link_of(inner.items[i].role, "feed html");
			(void)link_list_add(feed->list, NULL, inner.items[i].url, &link);
		}
	}
	link_list_clear(&inner);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct feed *feed = context;
	(void)name;
	if (feed->kind != TEXT_NONE && depth == feed->kind_depth) {
		struct bytes text = bytes_trim(buf_bytes(&feed->text));
		if (feed->kind == TEXT_URL) {
			(void)link_list_add(feed->list, base_at(feed, depth), text, &feed->link);
		} else {
			add_html(feed, text);
		}
		feed->kind = TEXT_NONE;
	}
	if (depth < MAX_BASES) {
		url_close(TAKE(feed->bases[depth]));
	}
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
	struct feed feed = {.url = url, .list = list, .text = buf_with_max(LIMIT_DOCUMENT_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &feed};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	for (size_t i = 0; i < MAX_BASES; i++) {
		url_close(feed.bases[i]);
	}
	buf_clear(&feed.text);
	return rc;
}
