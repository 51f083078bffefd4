/* SPDX-License-Identifier: MIT */
/* media_list.c - lines, and the attributes and texts of a few elements */
#include "links/media_list.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"
#include "links/smooth.h"
#include "links/xml_base.h"

static struct link link_of(enum link_role role, const char *where)
{
	return (struct link){.kind = LINK_DISCOVERY,
		.role = role,
		.rule = "L-58",
		.where = where,
		.anchor = UINT32_MAX};
}

/* Whether it is "File12" or "Ref3". */
static bool is_entry_name(struct bytes name)
{
	size_t start = bytes_starts_nocase(name, BYTES("file"))  ? 4
		       : bytes_starts_nocase(name, BYTES("ref")) ? 3
								 : name.len;
	for (size_t i = start; i < name.len; i++) {
		if (!char_is_digit(name.ptr[i])) {
			return false;
		}
	}
	return start < name.len;
}

/* Lists in sections, like settings of Windows. */
static void find_in_sections(struct bytes utf8, struct references *references)
{
	struct link link = link_of(ROLE_MEDIA, "pls entry");
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		struct bytes name;
		struct bytes value;
		if (bytes_cut(line, '=', &name, &value) && is_entry_name(bytes_trim(name))) {
			references_add(references, bytes_trim(value), &link);
		}
	}
}

void media_list_find(struct bytes utf8, struct references *references)
{
	if (bytes_starts(bytes_trim(bytes_slice(utf8, 0, 4096)), BYTES("["))) {
		find_in_sections(utf8, references);
		return;
	}
	struct link link = link_of(ROLE_MEDIA, "m3u entry");
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		line = bytes_trim(line);
		if (line.len > 0 && line.ptr[0] != '#') {
			references_add(references, line, &link);
		}
	}
}

struct xml_list {
	struct link_list *list;
	struct xml_base base;
	struct url *declared;  /* owned: what <meta> or <base> says; NULL while there is none */
	struct smooth *smooth; /* owned */
	struct link link;      /* of the text that is taken */
	struct buf text;
	bool takes_text;
};

/* Attributes that name something, by element. ASX is written in any case. */
static const struct {
	const char *element, *attribute;
	enum link_role role;
	const char *where;
} sources[] = {
	{"video", "src", ROLE_MEDIA, "smil src"},
	{"audio", "src", ROLE_MEDIA, "smil src"},
	{"img", "src", ROLE_IMAGE, "smil src"},
	{"ref", "src", ROLE_MEDIA, "smil src"},
	{"text", "src", ROLE_DOCUMENT, "smil src"},
	{"textstream", "src", ROLE_TRACK, "smil src"},
	{"animation", "src", ROLE_MEDIA, "smil src"},
	{"prefetch", "src", ROLE_MEDIA, "smil src"},
	{"media", "src", ROLE_MEDIA, "smil src"}, /* WPL */
	{"a", "href", ROLE_DOCUMENT, "smil a"},
	{"area", "href", ROLE_DOCUMENT, "smil a"},
	{"ref", "href", ROLE_MEDIA, "asx entry"},
	{"entryref", "href", ROLE_PLAYLIST, "asx entry"},
	{"logo", "href", ROLE_IMAGE, "asx picture"},
	{"banner", "href", ROLE_IMAGE, "asx picture"},
	{"moreinfo", "href", ROLE_DOCUMENT, "asx moreinfo"},
};

/* Elements of XSPF whose text is a URL. */
static const struct {
	const char *element;
	enum link_role role;
	const char *where;
} texts[] = {
	{"location", ROLE_MEDIA, "xspf location"},
	{"image", ROLE_IMAGE, "xspf image"},
	{"info", ROLE_DOCUMENT, "xspf info"},
};

static struct bytes attribute_nocase(const struct markup_element *element, const char *name)
{
	for (size_t i = 0; i < element->attribute_count; i++) {
		if (bytes_equal_nocase(element->attributes[i].name, bytes_of(name))) {
			return element->attributes[i].value;
		}
	}
	return (struct bytes){0};
}

static void declare_base(struct xml_list *list, struct bytes text)
{
	struct flong_error ignored = {0};
	if (list->declared == NULL && text.len > 0 &&
		url_parse(text, list->base.url, &list->declared, &ignored) == FLONG_OK) {
		list->base.url = list->declared;
	}
}

static void take_base(
	struct xml_list *list, struct bytes name, const struct markup_element *element)
{
	if (bytes_equal_nocase(name, BYTES("base"))) {
		declare_base(list, attribute_nocase(element, "href"));
	} else if (bytes_equal(name, BYTES("meta"))) {
		declare_base(list, markup_attribute_value(element, "base"));
		if (bytes_equal(markup_attribute_value(element, "name"), BYTES("base"))) {
			declare_base(list, markup_attribute_value(element, "content"));
		}
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct xml_list *list = context;
	struct bytes name = markup_local_name(element->name);
	smooth_start(list->smooth, element);
	take_base(list, name, element);
	const struct url *base = xml_base_push(&list->base, element);
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(sources[i].element))) {
			struct link link = link_of(sources[i].role, sources[i].where);
			(void)link_list_add(list->list, base,
				attribute_nocase(element, sources[i].attribute), &link);
		}
	}
	list->takes_text = false;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (bytes_equal(name, bytes_of(texts[i].element))) {
			list->link = link_of(texts[i].role, texts[i].where);
			list->takes_text = true;
		}
	}
	buf_reset(&list->text);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct xml_list *list = context;
	(void)name;
	if (list->takes_text) {
		list->takes_text = false;
		(void)link_list_add(list->list, xml_base_at(&list->base, depth),
			bytes_trim(buf_bytes(&list->text)), &list->link);
	}
	xml_base_pop(&list->base, depth);
}

static void on_text(void *context, struct bytes text)
{
	struct xml_list *list = context;
	if (list->takes_text) {
		buf_add(&list->text, text);
	}
}

int media_list_find_in_xml(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err)
{
	struct xml_list reader = {.list = list,
		.base = {.url = url},
		.smooth = smooth_create(url, list),
		.text = buf_with_max(LIMIT_URL_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &reader};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	smooth_close(reader.smooth);
	xml_base_clear(&reader.base);
	url_close(reader.declared);
	buf_clear(&reader.text);
	return rc;
}
