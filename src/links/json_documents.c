/* SPDX-License-Identifier: MIT */
/* json_documents.c - members of JSON Feed and oEmbed, and HTML in their strings */
#include "links/json_documents.h"

#include "base/json.h"
#include "links/embedded_html.h"

struct finder {
	const struct url *url;
	struct link_list *list;
	const char *rule;
};

/* A member whose string is a URL. */
struct member {
	const char *name;
	enum link_role role;
	const char *where;
};

static void add(const struct finder *finder, const struct json *object, const struct member *member,
	enum link_kind kind)
{
	const struct link link = {.kind = kind,
		.role = member->role,
		.rule = finder->rule,
		.where = member->where,
		.anchor = UINT32_MAX};
	(void)link_list_add(
		finder->list, finder->url, json_text(json_get(object, member->name)), &link);
}

static void add_all(const struct finder *finder, const struct json *object,
	const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add(finder, object, &members[i], LINK_DISCOVERY);
	}
}

static void add_html(const struct finder *finder, struct bytes html, const char *where)
{
	const struct link found = {.rule = finder->rule, .where = where};
	embedded_html_add(html, finder->url, &found, finder->list);
}

#define ADD_ALL(finder, object, members)                                                           \
	add_all(finder, object, members, sizeof(members) / sizeof((members)[0]))

/* Version 1 has one author, 1.1 a list of them. */
static void add_authors(const struct finder *finder, const struct json *object)
{
	static const struct member members[] = {
		{"url", ROLE_DOCUMENT, "json feed author"},
		{"avatar", ROLE_IMAGE, "json feed avatar"},
	};
	ADD_ALL(finder, json_get(object, "author"), members);
	const struct json *authors = json_get(object, "authors");
	for (size_t i = 0; i < json_count(authors); i++) {
		ADD_ALL(finder, json_at(authors, i), members);
	}
}

static void add_item(const struct finder *finder, const struct json *item)
{
	static const struct member members[] = {
		{"url", ROLE_DOCUMENT, "json feed item"},
		{"external_url", ROLE_DOCUMENT, "json feed item"},
		{"image", ROLE_IMAGE, "json feed image"},
		{"banner_image", ROLE_IMAGE, "json feed image"},
	};
	static const struct member attachment = {"url", ROLE_MEDIA, "json feed attachment"};
	ADD_ALL(finder, item, members);
	add_authors(finder, item);
	const struct json *attachments = json_get(item, "attachments");
	for (size_t i = 0; i < json_count(attachments); i++) {
		add(finder, json_at(attachments, i), &attachment, LINK_DISCOVERY);
	}
	add_html(finder, json_text(json_get(item, "content_html")), "json feed html");
}

static bool find_feed(struct finder *finder, const struct json *root)
{
	static const struct member members[] = {
		{"home_page_url", ROLE_DOCUMENT, "json feed home"},
		{"feed_url", ROLE_FEED, "json feed self"},
		{"next_url", ROLE_FEED, "json feed next"},
		{"icon", ROLE_ICON, "json feed icon"},
		{"favicon", ROLE_ICON, "json feed icon"},
	};
	struct bytes version = json_text(json_get(root, "version"));
	if (!bytes_starts(version, BYTES("https://jsonfeed.org/version/1")) &&
		!bytes_starts(version, BYTES("http://jsonfeed.org/version/1"))) {
		return false;
	}
	finder->rule = "L-51";
	ADD_ALL(finder, root, members);
	add_authors(finder, root);
	const struct json *items = json_get(root, "items");
	for (size_t i = 0; i < json_count(items); i++) {
		add_item(finder, json_at(items, i));
	}
	return true;
}

static bool find_oembed(struct finder *finder, const struct json *root)
{
	static const struct member thumbnail = {
		"thumbnail_url", ROLE_IMAGE, "oembed thumbnail_url"};
	static const struct member photo = {"url", ROLE_IMAGE, "oembed photo"};
	static const struct member others[] = {
		{"author_url", ROLE_DOCUMENT, "oembed author_url"},
		{"provider_url", ROLE_DOCUMENT, "oembed provider_url"},
	};
	static const char *const types[] = {"photo", "video", "rich", "link"};
	const struct json *version = json_get(root, "version");
	struct bytes type = json_text(json_get(root, "type"));
	bool is_known = false;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		is_known = is_known || bytes_equal(type, bytes_of(types[i]));
	}
	/* The version is a string by the specification, a number with many. */
	if (!is_known ||
		(!bytes_equal(json_text(version), BYTES("1.0")) && json_int(version) != 1)) {
		return false;
	}
	finder->rule = "L-54";
	add(finder, root, &thumbnail, LINK_REQUISITE);
	if (bytes_equal(type, BYTES("photo"))) {
		add(finder, root, &photo, LINK_REQUISITE);
	}
	ADD_ALL(finder, root, others);
	add_html(finder, json_text(json_get(root, "html")), "oembed html");
	return true;
}

bool json_documents_find(struct bytes utf8, const struct url *url, struct link_list *list)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error ignored = {0};
	struct finder finder = {.url = url, .list = list};
	if (bytes_find(utf8, BYTES("\"version\""), 0) == SIZE_MAX ||
		json_parse(utf8, JSON_LENIENT, &document, &ignored) != FLONG_OK) {
		return false;
	}
	const struct json *root = json_root(document);
	return find_feed(&finder, root) || find_oembed(&finder, root);
}
