/* SPDX-License-Identifier: MIT */
/* html_values.c - small judgements about attribute values */
#include "links/html_values.h"

#include "links/media_kinds.h"

bool html_values_is_media_element(struct bytes name)
{
	return bytes_equal(name, BYTES("img")) || bytes_equal(name, BYTES("source")) ||
	       bytes_equal(name, BYTES("video")) || bytes_equal(name, BYTES("audio")) ||
	       bytes_equal(name, BYTES("picture"));
}

bool html_values_is_url(struct bytes value)
{
	bool has_slash_or_dot = false;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if (c <= ' ' || c == '<' || c == '>' || c == '"' || c == '|') {
			return false;
		}
		has_slash_or_dot = has_slash_or_dot || c == '/' || c == '.';
	}
	return has_slash_or_dot;
}

bool html_values_is_playlist(const struct markup_element *element, struct bytes value)
{
	struct bytes type = markup_attribute_value(element, "type");
	return media_kinds_role(value) == ROLE_PLAYLIST ||
	       bytes_find_nocase(type, BYTES("mpegurl"), 0) != SIZE_MAX ||
	       bytes_starts_nocase(type, BYTES("application/dash+xml"));
}

enum raw_kind html_values_script_kind(struct bytes type)
{
	static const struct {
		const char *type;
		enum raw_kind kind;
	} words[] = {
		{"module", RAW_MODULE},
		{"importmap", RAW_IMPORT_MAP},
		{"speculationrules", RAW_SPECULATION},
	};
	type = bytes_trim(type);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_equal_nocase(type, bytes_of(words[i].type))) {
			return words[i].kind;
		}
	}
	if (type.len == 0 || bytes_find_nocase(type, BYTES("javascript"), 0) != SIZE_MAX ||
		bytes_find_nocase(type, BYTES("ecmascript"), 0) != SIZE_MAX) {
		return RAW_SCRIPT;
	}
	if (bytes_starts_nocase(type, BYTES("application/ld+json"))) {
		return RAW_LD;
	}
	bool json = bytes_equal_nocase(bytes_slice(type, 0, 16), BYTES("application/json")) ||
		    bytes_find_nocase(type, BYTES("+json"), 0) != SIZE_MAX;
	return json ? RAW_JSON : RAW_NONE;
}

bool html_values_is_lazy_name(struct bytes name)
{
	static const char *const words[] = {
		"src", "lazy", "original", "poster", "image", "img", "-bg", "background"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bytes_find(name, bytes_of(words[i]), 0) != SIZE_MAX) {
			return true;
		}
	}
	return false;
}

struct bytes html_values_under(struct bytes codebase, struct bytes value, struct buf *storage)
{
	codebase = bytes_trim(codebase);
	if (codebase.len == 0 || bytes_starts(value, BYTES("/")) ||
		bytes_find(value, BYTES("://"), 0) != SIZE_MAX) {
		return value;
	}
	buf_reset(storage);
	buf_add(storage, codebase);
	if (codebase.ptr[codebase.len - 1] != '/') {
		buf_add_char(storage, '/');
	}
	buf_add(storage, value);
	return buf_bytes(storage);
}

struct bytes html_values_video_id(struct bytes url)
{
	static const char *const places[] = {"youtube.com/embed/", "youtube-nocookie.com/embed/",
		"youtube.com/v/", "youtube.com/watch?v=", "youtu.be/"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct bytes place = bytes_of(places[i]);
		size_t start = bytes_find_nocase(bytes_slice(url, 0, 64), place, 0);
		if (start != SIZE_MAX) {
			return bytes_slice(url, start + place.len, start + place.len + 11);
		}
	}
	return (struct bytes){0};
}

bool html_values_video_poster(struct bytes id, struct buf *url_out)
{
	if (id.len != 11 || bytes_equal(id, BYTES("videoseries"))) {
		return false;
	}
	for (size_t i = 0; i < id.len; i++) {
		if (!char_is_alnum(id.ptr[i]) && id.ptr[i] != '-' && id.ptr[i] != '_') {
			return false;
		}
	}
	buf_reset(url_out);
	buf_add_text(url_out, "https://i.ytimg.com/vi/");
	buf_add(url_out, id);
	buf_add_text(url_out, "/hqdefault.jpg");
	return true;
}
