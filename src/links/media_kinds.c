/* SPDX-License-Identifier: MIT */
/* media_kinds.c - a closed list of file extensions */
#include "links/media_kinds.h"

static const struct {
	const char *extension;
	enum link_role role;
} kinds[] = {
	{"jpg", ROLE_IMAGE},
	{"jpeg", ROLE_IMAGE},
	{"webp", ROLE_IMAGE},
	{"png", ROLE_IMAGE},
	{"svg", ROLE_IMAGE},
	{"gif", ROLE_IMAGE},
	{"avif", ROLE_IMAGE},
	{"ico", ROLE_ICON},
	{"jpe", ROLE_IMAGE},
	{"jfif", ROLE_IMAGE},
	{"apng", ROLE_IMAGE},
	{"bmp", ROLE_IMAGE},
	{"mp4", ROLE_MEDIA},
	{"m4v", ROLE_MEDIA},
	{"webm", ROLE_MEDIA},
	{"ogv", ROLE_MEDIA},
	{"mov", ROLE_MEDIA},
	{"mp3", ROLE_MEDIA},
	{"m4a", ROLE_MEDIA},
	{"aac", ROLE_MEDIA},
	{"ogg", ROLE_MEDIA},
	{"oga", ROLE_MEDIA},
	{"opus", ROLE_MEDIA},
	{"wav", ROLE_MEDIA},
	{"m3u8", ROLE_PLAYLIST},
	{"mpd", ROLE_PLAYLIST},
	{"vtt", ROLE_TRACK},
	{"woff", ROLE_FONT},
	{"woff2", ROLE_FONT},
	{"ttf", ROLE_FONT},
	{"otf", ROLE_FONT},
	{"eot", ROLE_FONT},
};

enum link_role media_kinds_role(struct bytes reference)
{
	size_t end = 0;
	size_t dot = SIZE_MAX;
	for (; end < reference.len; end++) {
		char c = reference.ptr[end];
		if (c == '?' || c == '#') {
			break;
		}
		if (c == '.') {
			dot = end;
		} else if (c == '/') {
			dot = SIZE_MAX;
		}
	}
	if (dot == SIZE_MAX || end - dot < 3 || end - dot > 6) {
		return ROLE_UNKNOWN;
	}
	struct bytes extension = bytes_slice(reference, dot + 1, end);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (bytes_equal_nocase(extension, bytes_of(kinds[i].extension))) {
			return kinds[i].role;
		}
	}
	return ROLE_UNKNOWN;
}
