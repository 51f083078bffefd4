/* SPDX-License-Identifier: MIT */
/* track.c - lines of WebVTT, attributes of TTML */
#include "links/track.h"

#include "links/markup.h"
#include "links/media_kinds.h"

static void add(struct references *references, struct bytes url, const char *where)
{
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_IMAGE,
		.rule = "L-57",
		.where = where,
		.anchor = UINT32_MAX};
	references_add(references, url, &link);
}

/* A line of a cue that is one URL of a picture: no spaces, and an extension or a part of a picture
 * that says so. */
static bool is_picture(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (char_is_space(line.ptr[i]) || line.ptr[i] == '<' || line.ptr[i] == '>') {
			return false;
		}
	}
	enum link_role role = media_kinds_role(line);
	return role == ROLE_IMAGE || role == ROLE_ICON ||
	       bytes_find_nocase(line, BYTES("#xywh="), 0) != SIZE_MAX;
}

/* The blocks are parted by empty lines; only one with a line of times is a cue (WebVTT 4.1). */
static void find_in_vtt(struct bytes utf8, struct references *references)
{
	bool in_cue = false;
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		line = bytes_trim(line);
		if (line.len == 0) {
			in_cue = false;
		} else if (bytes_find(line, BYTES("-->"), 0) != SIZE_MAX) {
			in_cue = true;
		} else if (in_cue && is_picture(line)) {
			add(references, line, "vtt cue");
		}
	}
}

struct ttml {
	struct references *references;
	size_t image_depth; /* of the open image element, SIZE_MAX outside of any */
};

/* Names are compared without their prefixes. The source and data elements serve sound and fonts as
 * well (TTML 2, 9.1): only those of an image count. */
static void on_start(void *context, const struct markup_element *element)
{
	struct ttml *ttml = context;
	struct bytes name = markup_local_name(element->name);
	if (bytes_equal(name, BYTES("image")) && ttml->image_depth == SIZE_MAX) {
		ttml->image_depth = element->depth;
	}
	for (size_t i = 0; i < element->attribute_count; i++) {
		struct bytes value = element->attributes[i].value;
		struct bytes attribute = markup_local_name(element->attributes[i].name);
		if (bytes_equal(attribute, BYTES("backgroundImage")) &&
			!bytes_equal(value, BYTES("none"))) {
			add(ttml->references, value, "ttml backgroundImage");
		} else if (bytes_equal(attribute, BYTES("src")) && ttml->image_depth != SIZE_MAX) {
			add(ttml->references, value, "ttml image");
		}
	}
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct ttml *ttml = context;
	(void)name;
	if (depth == ttml->image_depth) {
		ttml->image_depth = SIZE_MAX;
	}
}

int track_find(struct bytes utf8, struct references *references, struct flong_error *err)
{
	if (bytes_starts(bytes_trim(bytes_slice(utf8, 0, 4096)), BYTES("<"))) {
		struct ttml ttml = {.references = references, .image_depth = SIZE_MAX};
		struct markup_listener listener = {
			.start = on_start, .end = on_end, .context = &ttml};
		return markup_read_xml(utf8, &listener, 1, err);
	}
	find_in_vtt(utf8, references);
	return FLONG_OK;
}
