/* SPDX-License-Identifier: MIT */
/* speculation.c - the lists of a set of rules */
#include "links/speculation.h"

#include "base/json.h"

static void add(struct references *references, struct bytes url, const char *where)
{
	const struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_DOCUMENT,
		.rule = "L-40",
		.where = where,
		.anchor = UINT32_MAX};
	references_add(references, url, &link);
}

static void add_rules(const struct json *rules, const char *where, struct references *references)
{
	for (size_t i = 0; i < json_count(rules); i++) {
		const struct json *urls = json_get(json_at(rules, i), "urls");
		for (size_t j = 0; j < json_count(urls); j++) {
			add(references, json_text(json_at(urls, j)), where);
		}
	}
}

void speculation_find(struct bytes json, struct references *references)
{
	static const struct {
		const char *name, *where;
	} actions[] = {
		{"prefetch", "speculation prefetch"},
		{"prefetch_with_subresources", "speculation prefetch"},
		{"prerender", "speculation prerender"},
		{"prerender_until_script", "speculation prerender"},
	};
	struct flong_error ignored = {0};
	SCOPED(json_closep) struct json_document *document = NULL;
	if (json_parse(json, JSON_STRICT, &document, &ignored) != FLONG_OK) {
		return;
	}
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		add_rules(json_get(json_root(document), actions[i].name), actions[i].where,
			references);
	}
}

void speculation_find_in_header(struct bytes value, struct references *references)
{
	size_t open = bytes_find_char(value, '"', 0);
	while (open != SIZE_MAX) {
		size_t close = bytes_find_char(value, '"', open + 1);
		if (close == SIZE_MAX) {
			return;
		}
		const struct link link = {.kind = LINK_DISCOVERY,
			.rule = "L-40",
			.where = "Speculation-Rules header",
			.anchor = UINT32_MAX};
		references_add(references, bytes_slice(value, open + 1, close), &link);
		open = bytes_find_char(value, '"', close + 1);
	}
}
