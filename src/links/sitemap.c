/* SPDX-License-Identifier: MIT */
/* sitemap.c - the texts of a few elements, whatever prefix and namespace they are given */
#include "links/sitemap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"

struct sitemap {
	struct references *references;
	bool in_index; /* inside <sitemap>, not <url> */
	bool taking;   /* the text of the open element is a URL */
	struct link link;
	struct buf text;
};

/* Elements whose text is a URL, by their full name or, for those of the sitemap's own namespace, by
 * the part behind the colon. */
static const struct {
	const char *name;
	enum link_role role;
	const char *where;
} elements[] = {
	{"image:loc", ROLE_IMAGE, "sitemap image"},
	{"video:thumbnail_loc", ROLE_IMAGE, "sitemap video"},
	{"video:content_loc", ROLE_MEDIA, "sitemap video"},
	{"video:player_loc", ROLE_UNKNOWN, "sitemap video"},
	{"loc", ROLE_DOCUMENT, "sitemap loc"},
};

static void start_text(struct sitemap *sitemap, struct bytes name)
{
	bool extension = bytes_starts(name, BYTES("image:")) || bytes_starts(name, BYTES("video:"));
	struct bytes wanted = extension ? name : markup_local_name(name);
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (bytes_equal_nocase(wanted, bytes_of(elements[i].name))) {
			sitemap->taking = true;
			sitemap->link = (struct link){.kind = LINK_DISCOVERY,
				.role = elements[i].role,
				.rule = "L-52",
				.where = elements[i].where,
				.anchor = UINT32_MAX};
			if (sitemap->in_index && elements[i].role == ROLE_DOCUMENT) {
				sitemap->link.role = ROLE_FEED;
				sitemap->link.where = "sitemap index";
			}
			buf_reset(&sitemap->text);
			return;
		}
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct sitemap *sitemap = context;
	struct bytes local = markup_local_name(element->name);
	if (bytes_equal_nocase(local, BYTES("sitemap"))) {
		sitemap->in_index = true;
	} else if (bytes_equal_nocase(local, BYTES("url"))) {
		sitemap->in_index = false;
	} else if (bytes_equal_nocase(local, BYTES("link"))) {
		struct link link = {.kind = LINK_DISCOVERY,
			.role = ROLE_DOCUMENT,
			.rule = "L-52",
			.where = "sitemap xhtml:link",
			.rel = markup_attribute_value(element, "rel"),
			.anchor = UINT32_MAX};
		references_add(sitemap->references, markup_attribute_value(element, "href"), &link);
	}
	start_text(sitemap, element->name);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct sitemap *sitemap = context;
	(void)name;
	(void)depth;
	if (sitemap->taking) {
		sitemap->taking = false;
		references_add(
			sitemap->references, bytes_trim(buf_bytes(&sitemap->text)), &sitemap->link);
	}
}

static void on_text(void *context, struct bytes text)
{
	struct sitemap *sitemap = context;
	if (sitemap->taking) {
		buf_add(&sitemap->text, text);
	}
}

int sitemap_find(struct bytes utf8, struct references *references, struct flong_error *err)
{
	struct sitemap sitemap = {.references = references, .text = buf_with_max(LIMIT_URL_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &sitemap};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	buf_clear(&sitemap.text);
	return rc;
}

void sitemap_find_in_text(struct bytes utf8, struct references *references)
{
	struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_DOCUMENT,
		.rule = "L-52",
		.where = "sitemap text",
		.anchor = UINT32_MAX};
	struct bytes line;
	if (bytes_starts(utf8, BYTES("\xEF\xBB\xBF"))) {
		utf8 = bytes_slice(utf8, 3, utf8.len);
	}
	while (bytes_next_line(&utf8, &line)) {
		line = bytes_trim(line);
		if (bytes_starts_nocase(line, BYTES("http://")) ||
			bytes_starts_nocase(line, BYTES("https://"))) {
			references_add(references, line, &link);
		}
	}
}
