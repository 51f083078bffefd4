/* SPDX-License-Identifier: MIT */
/* sitemap.c - the texts of a few elements, by their names without prefix and what they stand in */
#include "links/sitemap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"
#include "web/robots.h"

/* What a loc belongs to. */
enum place { PLACE_URL, PLACE_INDEX, PLACE_IMAGE, PLACE_VIDEO };

struct sitemap {
	struct references *references;
	enum place place;
	bool taking; /* the text of the open element is a URL */
	struct link link;
	struct buf text;
};

/* Elements whose text is a URL, the first that fits. */
static const struct {
	const char *name;
	enum place place;
	enum link_role role;
	const char *where;
} elements[] = {
	{"loc", PLACE_IMAGE, ROLE_IMAGE, "sitemap image"},
	{"license", PLACE_IMAGE, ROLE_DOCUMENT, "sitemap license"},
	{"thumbnail_loc", PLACE_VIDEO, ROLE_IMAGE, "sitemap video"},
	{"content_loc", PLACE_VIDEO, ROLE_MEDIA, "sitemap video"},
	{"player_loc", PLACE_VIDEO, ROLE_UNKNOWN, "sitemap video"},
	{"gallery_loc", PLACE_VIDEO, ROLE_DOCUMENT, "sitemap video"},
	{"loc", PLACE_INDEX, ROLE_FEED, "sitemap index"},
	{"loc", PLACE_URL, ROLE_DOCUMENT, "sitemap loc"},
};

static struct link link_of(enum link_role role, const char *where)
{
	return (struct link){.kind = LINK_DISCOVERY,
		.role = role,
		.rule = "L-52",
		.where = where,
		.anchor = UINT32_MAX};
}

static void start_text(struct sitemap *sitemap, struct bytes name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (elements[i].place == sitemap->place &&
			bytes_equal_nocase(name, bytes_of(elements[i].name))) {
			sitemap->taking = true;
			sitemap->link = link_of(elements[i].role, elements[i].where);
			buf_reset(&sitemap->text);
			return;
		}
	}
}

static void add_attribute(struct sitemap *sitemap, const struct markup_element *element,
	const char *name, enum link_role role, const char *where)
{
	struct link link = link_of(role, where);
	link.rel = markup_attribute_value(element, "rel");
	references_add(sitemap->references, markup_attribute_value(element, name), &link);
}

static void on_start(void *context, const struct markup_element *element)
{
	static const struct {
		const char *name;
		enum place place;
	} places[] = {{"url", PLACE_URL}, {"sitemap", PLACE_INDEX}, {"image", PLACE_IMAGE},
		{"video", PLACE_VIDEO}};
	struct sitemap *sitemap = context;
	struct bytes local = markup_local_name(element->name);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (bytes_equal_nocase(local, bytes_of(places[i].name))) {
			sitemap->place = places[i].place;
		}
	}
	if (bytes_equal_nocase(local, BYTES("link"))) {
		add_attribute(sitemap, element, "href", ROLE_DOCUMENT, "sitemap xhtml:link");
	} else if (bytes_equal_nocase(local, BYTES("uploader"))) {
		add_attribute(sitemap, element, "info", ROLE_DOCUMENT, "sitemap video");
	}
	start_text(sitemap, local);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct sitemap *sitemap = context;
	struct bytes local = markup_local_name(name);
	(void)depth;
	if (sitemap->taking) {
		sitemap->taking = false;
		references_add(
			sitemap->references, bytes_trim(buf_bytes(&sitemap->text)), &sitemap->link);
	}
	if (bytes_equal_nocase(local, BYTES("image")) ||
		bytes_equal_nocase(local, BYTES("video"))) {
		sitemap->place = PLACE_URL;
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
	struct link link = link_of(ROLE_DOCUMENT, "sitemap text");
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

void sitemap_find_in_robots(struct bytes text, struct references *references)
{
	SCOPED(robots_closep) struct robots *robots = robots_parse(text, BYTES("flong"));
	struct link link = link_of(ROLE_FEED, "robots.txt Sitemap");
	struct bytes url;
	for (size_t i = 0; robots_sitemap(robots, i, &url); i++) {
		references_add(references, url, &link);
	}
}
