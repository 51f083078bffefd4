/* SPDX-License-Identifier: MIT */
/* manifest.c - a few members of one JSON object */
#include "links/manifest.h"

#include "base/json.h"

static void add_images(const struct json *images, enum link_kind kind, const char *where,
	struct references *references)
{
	struct link link = {.kind = kind,
		.role = kind == LINK_REQUISITE ? ROLE_ICON : ROLE_IMAGE,
		.rule = "L-41",
		.where = where,
		.anchor = UINT32_MAX};
	for (size_t i = 0; i < json_count(images); i++) {
		struct bytes src = json_text(json_get(json_at(images, i), "src"));
		references_add(references, src, &link);
	}
}

void manifest_find(struct bytes utf8, struct references *references)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error ignored = {0};
	if (json_parse(utf8, JSON_LENIENT, &document, &ignored) != FLONG_OK) {
		return;
	}
	const struct json *root = json_root(document);
	add_images(json_get(root, "icons"), LINK_REQUISITE, "manifest icons", references);
	add_images(
		json_get(root, "screenshots"), LINK_DISCOVERY, "manifest screenshots", references);
	const struct json *shortcuts = json_get(root, "shortcuts");
	struct link page = {.kind = LINK_DISCOVERY,
		.role = ROLE_DOCUMENT,
		.rule = "L-41",
		.where = "manifest shortcuts",
		.anchor = UINT32_MAX};
	for (size_t i = 0; i < json_count(shortcuts); i++) {
		const struct json *shortcut = json_at(shortcuts, i);
		add_images(
			json_get(shortcut, "icons"), LINK_REQUISITE, "manifest icons", references);
		references_add(references, json_text(json_get(shortcut, "url")), &page);
	}
	page.where = "manifest start_url";
	references_add(references, json_text(json_get(root, "start_url")), &page);
}
