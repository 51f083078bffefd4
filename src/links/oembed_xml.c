/* SPDX-License-Identifier: MIT */
/* oembed_xml.c - the texts of the elements below the root */
#include "links/oembed_xml.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/embedded_html.h"
#include "links/markup.h"

struct answer {
	const struct url *url;
	struct link_list *list;
	struct buf text;
	struct buf
		photo; /* the url element: a photo only when the type, which may follow, says so */
	bool is_photo;
};

static const struct {
	const char *name;
	enum link_kind kind;
	enum link_role role;
	const char *where;
} members[] = {
	{"thumbnail_url", LINK_REQUISITE, ROLE_IMAGE, "oembed thumbnail_url"},
	{"author_url", LINK_DISCOVERY, ROLE_DOCUMENT, "oembed author_url"},
	{"provider_url", LINK_DISCOVERY, ROLE_DOCUMENT, "oembed provider_url"},
};

static void add(const struct answer *answer, struct bytes text, enum link_kind kind,
	enum link_role role, const char *where)
{
	const struct link link = {
		.kind = kind, .role = role, .rule = "L-54", .where = where, .anchor = UINT32_MAX};
	(void)link_list_add(answer->list, answer->url, text, &link);
}

static void on_start(void *context, const struct markup_element *element)
{
	struct answer *answer = context;
	if (element->depth <= 1) {
		buf_reset(&answer->text);
	}
}

static void on_text(void *context, struct bytes text)
{
	struct answer *answer = context;
	buf_add(&answer->text, text);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct answer *answer = context;
	struct bytes text = bytes_trim(buf_bytes(&answer->text));
	if (depth != 1) {
		return;
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (bytes_equal(name, bytes_of(members[i].name))) {
			add(answer, text, members[i].kind, members[i].role, members[i].where);
		}
	}
	if (bytes_equal(name, BYTES("type"))) {
		answer->is_photo = bytes_equal(text, BYTES("photo"));
	} else if (bytes_equal(name, BYTES("url"))) {
		buf_reset(&answer->photo);
		buf_add(&answer->photo, text);
	} else if (bytes_equal(name, BYTES("html"))) {
		const struct link found = {.rule = "L-54", .where = "oembed html"};
		embedded_html_add(text, answer->url, &found, answer->list);
	}
}

int oembed_xml_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err)
{
	struct answer answer = {.url = url,
		.list = list,
		.text = buf_with_max(LIMIT_DOCUMENT_BYTES),
		.photo = buf_with_max(LIMIT_URL_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &answer};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	if (answer.is_photo) {
		add(&answer, buf_bytes(&answer.photo), LINK_REQUISITE, ROLE_IMAGE, "oembed photo");
	}
	buf_clear(&answer.text);
	buf_clear(&answer.photo);
	return rc;
}
