/* SPDX-License-Identifier: MIT */
/* playlist.c - lines of URIs, and URI attributes of tags */
#include "links/playlist.h"

#include <stdlib.h>

/* Variants that are sorted; real masters have under 20, and what is over comes unsorted. */
#define MAX_VARIANTS 64

struct variant {
	struct bytes uri;
	uint64_t bandwidth;
};

struct playlist {
	struct references *references;
	struct variant variants[MAX_VARIANTS];
	size_t variant_count;
};

static void add(struct playlist *list, struct bytes uri, enum link_role role, const char *where)
{
	struct link link = {.kind = LINK_REQUISITE,
		.role = role,
		.rule = "L-55",
		.where = where,
		.anchor = UINT32_MAX};
	references_add(list->references, uri, &link);
}

/* The value of an attribute of a tag's list, without quotes; empty when absent (RFC 8216 4.2). */
static struct bytes tag_attribute(struct bytes list, struct bytes name)
{
	while (list.len > 0) {
		size_t equals = bytes_find_char(list, '=', 0);
		if (equals == SIZE_MAX) {
			break;
		}
		struct bytes key = bytes_trim(bytes_slice(list, 0, equals));
		struct bytes rest = bytes_slice(list, equals + 1, list.len);
		bool quoted = rest.len > 0 && rest.ptr[0] == '"';
		size_t start = quoted ? 1 : 0;
		size_t end = bytes_find_char(rest, quoted ? '"' : ',', start);
		struct bytes value = bytes_slice(rest, start, end == SIZE_MAX ? rest.len : end);
		if (bytes_equal(key, name)) {
			return bytes_trim(value);
		}
		size_t comma = end == SIZE_MAX ? SIZE_MAX : bytes_find_char(rest, ',', end);
		if (comma == SIZE_MAX) {
			break;
		}
		list = bytes_slice(rest, comma + 1, rest.len);
	}
	return (struct bytes){0};
}

/* A tag that is not for the next line. */
static void take_tag(struct playlist *list, struct bytes line)
{
	struct bytes name;
	struct bytes attributes;
	if (!bytes_cut(line, ':', &name, &attributes)) {
		return;
	}
	struct bytes uri = tag_attribute(attributes, BYTES("URI"));
	if (uri.len == 0) {
		return;
	}
	bool playlist = bytes_equal(name, BYTES("#EXT-X-MEDIA")) ||
			bytes_equal(name, BYTES("#EXT-X-I-FRAME-STREAM-INF")) ||
			bytes_equal(name, BYTES("#EXT-X-IMAGE-STREAM-INF")) ||
			bytes_equal(name, BYTES("#EXT-X-RENDITION-REPORT"));
	add(list, uri, playlist ? ROLE_PLAYLIST : ROLE_MEDIA,
		playlist ? "hls rendition" : "hls tag uri");
}

static void add_variant(struct playlist *list, struct bytes uri, struct bytes stream_info)
{
	if (list->variant_count == MAX_VARIANTS) {
		add(list, uri, ROLE_PLAYLIST, "hls variant");
		return;
	}
	struct bytes name;
	struct bytes attributes = {0};
	uint64_t bandwidth = 0;
	if (bytes_cut(stream_info, ':', &name, &attributes)) {
		struct bytes value = tag_attribute(attributes, BYTES("BANDWIDTH"));
		if (!bytes_to_u64(value, UINT64_MAX, &bandwidth)) {
			bandwidth = 0;
		}
	}
	list->variants[list->variant_count++] =
		(struct variant){.uri = uri, .bandwidth = bandwidth};
}

static int compare_bandwidth(const void *a, const void *b)
{
	const struct variant *left = a;
	const struct variant *right = b;
	if (left->bandwidth != right->bandwidth) {
		return left->bandwidth < right->bandwidth ? -1 : 1;
	}
	/* Equal ones in the order of the text. */
	return left->uri.ptr < right->uri.ptr ? -1 : left->uri.ptr > right->uri.ptr;
}

static void add_variants(struct playlist *list)
{
	if (list->variant_count == 0) {
		return;
	}
	qsort(list->variants, list->variant_count, sizeof(list->variants[0]), compare_bandwidth);
	struct link link = {.kind = LINK_REQUISITE,
		.role = ROLE_PLAYLIST,
		.rule = "L-55",
		.where = "hls variant",
		.candidate = CANDIDATE_SRCSET | CANDIDATE_SHOWN,
		.anchor = UINT32_MAX};
	for (size_t i = 0; i < list->variant_count; i++) {
		if (i + 1 == list->variant_count) {
			link.candidate |= CANDIDATE_BEST;
		}
		references_add(list->references, list->variants[i].uri, &link);
		link.candidate = CANDIDATE_SRCSET;
	}
}

bool playlist_is_hls(struct bytes utf8)
{
	return bytes_starts(bytes_trim(utf8), BYTES("#EXT-X-")) ||
	       bytes_find(utf8, BYTES("\n#EXT-X-"), 0) != SIZE_MAX;
}

void playlist_find(struct bytes utf8, struct references *references)
{
	struct playlist list = {.references = references};
	struct bytes stream_info = {0};
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		line = bytes_trim(line);
		if (bytes_starts(line, BYTES("#EXT-X-STREAM-INF"))) {
			stream_info = line;
		} else if (bytes_starts(line, BYTES("#EXT"))) {
			take_tag(&list, line);
		} else if (line.len > 0 && line.ptr[0] != '#') {
			if (stream_info.len > 0) {
				add_variant(&list, line, stream_info);
				stream_info = (struct bytes){0};
			} else {
				add(&list, line, ROLE_MEDIA, "hls segment");
			}
		}
	}
	add_variants(&list);
}
