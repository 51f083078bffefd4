/* SPDX-License-Identifier: MIT */
/* html_values.h - what attribute values look like: URLs, playlists, kinds of scripts */
#ifndef LINKS_HTML_VALUES_H
#define LINKS_HTML_VALUES_H

#include <stdbool.h>

#include "base/buf.h"
#include "links/markup.h"

/* What the text of the open script or style element is. */
enum raw_kind {
	RAW_NONE,
	RAW_STYLE,
	RAW_JSON,
	RAW_LD,
	RAW_SCRIPT,
	RAW_MODULE,
	RAW_IMPORT_MAP,
	RAW_SPECULATION
};

/* Whether the element shows a picture, a film or sound. */
bool html_values_is_media_element(struct bytes name);
/* Whether the value can be a URL: scripts keep numbers, names and JSON in data attributes too. */
bool html_values_is_url(struct bytes value);
/* Whether a source with this URL is a playlist, by its extension or the type attribute. */
bool html_values_is_playlist(const struct markup_element *element, struct bytes value);
/* What a script of this type holds; RAW_NONE for what is neither script nor JSON. */
enum raw_kind html_values_script_kind(struct bytes type);
/* Whether a data attribute is named like those that scripts move to src: "data-src-large". */
bool html_values_is_lazy_name(struct bytes name);
/* The value under the codebase of an applet or object, as far as it is relative; in `storage` or
 * borrowed. */
struct bytes html_values_under(struct bytes codebase, struct bytes value, struct buf *storage);
/* The id in the address of a film of YouTube, embedded or not; empty when it is none. */
struct bytes html_values_video_id(struct bytes url);
/* Writes the address of the still picture that such a frame shows first. False when it is no id. */
bool html_values_video_poster(struct bytes id, struct buf *url_out);

#endif
