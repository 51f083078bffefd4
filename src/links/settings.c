/* SPDX-License-Identifier: MIT */
/* settings.c - src attributes of tiles, and the text of Image */
#include "links/settings.h"

#include "base/buf.h"
#include "base/limits.h"
#include "links/markup.h"

struct settings {
	struct references *references;
	struct buf text;
	struct link link;
	bool takes_text;
};

static struct link icon_of(const char *where)
{
	return (struct link){.kind = LINK_REQUISITE,
		.role = ROLE_ICON,
		.rule = "L-42",
		.where = where,
		.anchor = UINT32_MAX};
}

static bool is_tile(struct bytes name)
{
	static const char *const tiles[] = {"square70x70logo", "square150x150logo",
		"wide310x150logo", "square310x310logo", "TileImage"};
	for (size_t i = 0; i < sizeof(tiles) / sizeof(tiles[0]); i++) {
		if (bytes_equal_nocase(name, bytes_of(tiles[i]))) {
			return true;
		}
	}
	return false;
}

static void on_start(void *context, const struct markup_element *element)
{
	struct settings *settings = context;
	struct bytes name = markup_local_name(element->name);
	if (is_tile(name)) {
		struct link link = icon_of("browserconfig tile");
		references_add(settings->references, markup_attribute_value(element, "src"), &link);
	}
	settings->takes_text =
		bytes_equal(name, BYTES("Image")) || bytes_equal(name, BYTES("SearchForm"));
	settings->link = icon_of("opensearch image");
	if (bytes_equal(name, BYTES("SearchForm"))) {
		settings->link.kind = LINK_DISCOVERY;
		settings->link.role = ROLE_DOCUMENT;
		settings->link.where = "opensearch form";
	}
	buf_reset(&settings->text);
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct settings *settings = context;
	(void)name;
	(void)depth;
	if (settings->takes_text &&
		bytes_find_char(buf_bytes(&settings->text), '{', 0) == SIZE_MAX) {
		references_add(settings->references, bytes_trim(buf_bytes(&settings->text)),
			&settings->link);
	}
	settings->takes_text = false;
}

static void on_text(void *context, struct bytes text)
{
	struct settings *settings = context;
	if (settings->takes_text) {
		buf_add(&settings->text, text);
	}
}

int settings_find(struct bytes utf8, struct references *references, struct flong_error *err)
{
	struct settings settings = {
		.references = references, .text = buf_with_max(LIMIT_URL_BYTES)};
	struct markup_listener listener = {
		.start = on_start, .end = on_end, .text = on_text, .context = &settings};
	int rc = markup_read_xml(utf8, &listener, 1, err);
	buf_clear(&settings.text);
	return rc;
}
