/* SPDX-License-Identifier: MIT */
/* manifest.c - members of one JSON object; all relative to the manifest */
#include "links/manifest.h"

#include "base/json.h"

/* Icons are needed; screenshots are shown by stores only. */
static void add_images(const struct json *owner, const char *name, enum link_kind kind,
	const char *where, struct references *references)
{
	struct link link = {.kind = kind,
		.role = kind == LINK_REQUISITE ? ROLE_ICON : ROLE_IMAGE,
		.rule = "L-41",
		.where = where,
		.anchor = UINT32_MAX};
	const struct json *images = json_get(owner, name);
	for (size_t i = 0; i < json_count(images); i++) {
		struct bytes src = json_text(json_get(json_at(images, i), "src"));
		references_add(references, src, &link);
	}
}

static void add_page(const struct json *owner, const char *name, const char *where,
	struct references *references)
{
	struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_DOCUMENT,
		.rule = "L-41",
		.where = where,
		.anchor = UINT32_MAX};
	references_add(references, json_text(json_get(owner, name)), &link);
}

void manifest_find(struct bytes utf8, struct references *references)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error ignored = {0};
	if (json_parse(utf8, JSON_LENIENT, &document, &ignored) != FLONG_OK) {
		return;
	}
	const struct json *root = json_root(document);
	add_images(root, "icons", LINK_REQUISITE, "manifest icons", references);
	add_images(root, "screenshots", LINK_DISCOVERY, "manifest screenshots", references);
	const struct json *shortcuts = json_get(root, "shortcuts");
	for (size_t i = 0; i < json_count(shortcuts); i++) {
		const struct json *shortcut = json_at(shortcuts, i);
		add_images(shortcut, "icons", LINK_REQUISITE, "manifest icons", references);
		add_page(shortcut, "url", "manifest shortcuts", references);
	}
	const struct json *handlers = json_get(root, "file_handlers");
	for (size_t i = 0; i < json_count(handlers); i++) {
		add_images(json_at(handlers, i), "icons", LINK_REQUISITE, "manifest icons",
			references);
	}
	add_page(root, "start_url", "manifest start_url", references);
	const struct json *applications = json_get(root, "related_applications");
	for (size_t i = 0; i < json_count(applications); i++) {
		add_page(json_at(applications, i), "url", "manifest related_applications",
			references);
	}
	add_page(json_get(root, "note_taking"), "new_note_url", "manifest note_taking", references);
	/* The actions of share_target, file_handlers and protocol_handlers wait for what a user
	 * hands over. */
}
