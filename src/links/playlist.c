/* SPDX-License-Identifier: MIT */
/* playlist.c - lines of URIs, and URI attributes of tags; which variant is the smallest, the best
 */
#include "links/playlist.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "links/playlist_variables.h"

struct variant {
	struct bytes uri, audio, video, subtitles; /* the groups it plays with */
	uint64_t bandwidth;
	bool is_sound; /* without picture, by its codecs */
	bool is_small, is_best;
};

struct rendition {
	struct bytes uri, type, group;
};

struct playlist {
	struct references *references;
	struct playlist_variables *variables;
	struct text_store store;      /* texts with variables filled in */
	struct variant *variants;     /* owned */
	struct rendition *renditions; /* owned */
	size_t variant_count, rendition_count;
};

static struct link link_of(enum link_role role, const char *where)
{
	return (struct link){.kind = LINK_REQUISITE,
		.role = role,
		.rule = "L-55",
		.where = where,
		.anchor = UINT32_MAX};
}

static void add(struct playlist *list, struct bytes uri, enum link_role role, const char *where)
{
	struct link link = link_of(role, where);
	references_add(list->references, uri, &link);
}

/* Takes the next NAME=VALUE off an attribute list; the value without quotes (RFC 8216 4.2). */
static bool next_attribute(struct bytes *list, struct bytes *name_out, struct bytes *value_out)
{
	size_t equals = bytes_find_char(*list, '=', 0);
	if (equals == SIZE_MAX) {
		return false;
	}
	*name_out = bytes_trim(bytes_slice(*list, 0, equals));
	struct bytes rest = bytes_slice(*list, equals + 1, list->len);
	bool quoted = rest.len > 0 && rest.ptr[0] == '"';
	size_t start = quoted ? 1 : 0;
	size_t end = bytes_find_char(rest, quoted ? '"' : ',', start);
	*value_out = bytes_trim(bytes_slice(rest, start, end == SIZE_MAX ? rest.len : end));
	size_t comma = end == SIZE_MAX ? SIZE_MAX : bytes_find_char(rest, ',', end);
	*list = bytes_slice(rest, comma == SIZE_MAX ? rest.len : comma + 1, rest.len);
	return true;
}

/* The value of an attribute; empty when absent. */
static struct bytes tag_attribute(struct bytes list, const char *wanted)
{
	struct bytes name;
	struct bytes value;
	while (next_attribute(&list, &name, &value)) {
		if (bytes_equal(name, bytes_of(wanted))) {
			return value;
		}
	}
	return (struct bytes){0};
}

/* The text with its variables filled in; empty when one is unknown. */
static struct bytes filled(struct playlist *list, struct bytes text)
{
	return playlist_variables_fill(list->variables, text, &list->store);
}

/* Tags whose URI is no segment: what is loaded, and what it is to the video. */
static const struct {
	const char *name;
	enum link_role role;
	const char *where;
	enum link_kind kind;
	unsigned candidate;
} tags[] = {
	/* Trick play: a choice that no policy but `all` takes. */
	{"#EXT-X-I-FRAME-STREAM-INF", ROLE_PLAYLIST, "hls i-frames", LINK_REQUISITE,
		CANDIDATE_SRCSET},
	{"#EXT-X-IMAGE-STREAM-INF", ROLE_PLAYLIST, "hls images", LINK_REQUISITE, CANDIDATE_SRCSET},
	/* Where other variants of a live stream are: they come by the master playlist. */
	{"#EXT-X-RENDITION-REPORT", ROLE_PLAYLIST, "hls rendition report", LINK_REQUISITE,
		CANDIDATE_SRCSET},
	{"#EXT-X-SESSION-DATA", ROLE_UNKNOWN, "hls session data", LINK_REQUISITE, CANDIDATE_ONLY},
	{"#EXT-X-CONTENT-STEERING", ROLE_UNKNOWN, "hls steering", LINK_DISCOVERY, CANDIDATE_ONLY},
};

/* Attributes that hold a URI besides URI itself. */
static bool is_discovery_attribute(struct bytes name)
{
	return bytes_equal(name, BYTES("SERVER-URI")) || bytes_equal(name, BYTES("X-ASSET-URI")) ||
	       bytes_equal(name, BYTES("X-ASSET-LIST"));
}

static void add_tag_uris(struct playlist *list, struct bytes name, struct bytes attributes)
{
	struct link link = link_of(ROLE_MEDIA, "hls tag uri");
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (bytes_equal(name, bytes_of(tags[i].name))) {
			link.role = tags[i].role;
			link.where = tags[i].where;
			link.kind = tags[i].kind;
			link.candidate = tags[i].candidate;
		}
	}
	struct bytes key;
	struct bytes value;
	while (next_attribute(&attributes, &key, &value)) {
		if (bytes_equal(key, BYTES("URI"))) {
			references_add(list->references, filled(list, value), &link);
		} else if (is_discovery_attribute(key)) {
			struct link asset = link_of(ROLE_UNKNOWN, "hls interstitial");
			asset.kind = LINK_DISCOVERY;
			references_add(list->references, filled(list, value), &asset);
		}
	}
}

static void add_rendition(struct playlist *list, struct bytes attributes)
{
	struct bytes uri = filled(list, tag_attribute(attributes, "URI"));
	if (uri.len == 0) {
		return;
	}
	if (list->rendition_count == LIMIT_PLAYLIST_VARIANTS) {
		/* Which variant it belongs to is not asked any more. */
		struct link link = link_of(ROLE_PLAYLIST, "hls rendition");
		link.candidate = CANDIDATE_SRCSET;
		references_add(list->references, uri, &link);
		return;
	}
	if (list->renditions == NULL) {
		list->renditions = ALLOC_ARRAY(struct rendition, LIMIT_PLAYLIST_VARIANTS);
	}
	list->renditions[list->rendition_count++] = (struct rendition){.uri = uri,
		.type = tag_attribute(attributes, "TYPE"),
		.group = filled(list, tag_attribute(attributes, "GROUP-ID"))};
}

/* A tag that is not for the next line. */
static void take_tag(struct playlist *list, struct bytes line)
{
	struct bytes name;
	struct bytes attributes;
	if (!bytes_cut(line, ':', &name, &attributes)) {
		return;
	}
	if (bytes_equal(name, BYTES("#EXT-X-MEDIA"))) {
		add_rendition(list, attributes);
	} else if (bytes_equal(name, BYTES("#EXT-X-DEFINE"))) {
		struct bytes value = filled(list, tag_attribute(attributes, "VALUE"));
		playlist_variables_set(list->variables, tag_attribute(attributes, "NAME"), value);
		playlist_variables_set_by_query(
			list->variables, tag_attribute(attributes, "QUERYPARAM"));
	} else {
		add_tag_uris(list, name, attributes);
	}
}

/* Whether a CODECS list names a codec of pictures (RFC 6381). */
static bool has_video_codec(struct bytes codecs)
{
	static const char *const starts[] = {"avc", "hvc", "hev", "dvh", "dva", "vp0", "vp8", "vp9",
		"av01", "mp4v", "mjpg", "theora"};
	struct bytes codec;
	while (bytes_next_item(&codecs, ',', &codec)) {
		for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
			if (bytes_starts_nocase(bytes_trim(codec), bytes_of(starts[i]))) {
				return true;
			}
		}
	}
	return false;
}

static void add_variant(struct playlist *list, struct bytes uri, struct bytes stream_info)
{
	struct bytes name;
	struct bytes attributes = {0};
	if (list->variant_count == LIMIT_PLAYLIST_VARIANTS) {
		struct link link = link_of(ROLE_PLAYLIST, "hls variant");
		link.candidate = CANDIDATE_SRCSET;
		references_add(list->references, uri, &link);
		return;
	}
	if (list->variants == NULL) {
		list->variants = ALLOC_ARRAY(struct variant, LIMIT_PLAYLIST_VARIANTS);
	}
	struct variant *variant = &list->variants[list->variant_count++];
	variant->uri = uri;
	if (bytes_cut(stream_info, ':', &name, &attributes)) {
		uint64_t bandwidth = 0;
		struct bytes value = tag_attribute(attributes, "BANDWIDTH");
		variant->bandwidth = bytes_to_u64(value, UINT64_MAX, &bandwidth) ? bandwidth : 0;
		variant->audio = filled(list, tag_attribute(attributes, "AUDIO"));
		variant->video = filled(list, tag_attribute(attributes, "VIDEO"));
		variant->subtitles = filled(list, tag_attribute(attributes, "SUBTITLES"));
		struct bytes codecs = tag_attribute(attributes, "CODECS");
		variant->is_sound = tag_attribute(attributes, "RESOLUTION").len == 0 &&
				    codecs.len > 0 && !has_video_codec(codecs);
	}
}

/* Equal ones stay in the order of the text; there are at most LIMIT_PLAYLIST_VARIANTS. */
static void sort_variants(struct playlist *list)
{
	for (size_t i = 1; i < list->variant_count; i++) {
		struct variant moved = list->variants[i];
		size_t at = i;
		while (at > 0 && list->variants[at - 1].bandwidth > moved.bandwidth) {
			list->variants[at] = list->variants[at - 1];
			at--;
		}
		list->variants[at] = moved;
	}
}

/* The smallest and the best variant are those with a picture, if any has one: sound alone is
 * offered to players on a bad line. */
static void choose_variants(struct playlist *list)
{
	bool any_picture = false;
	for (size_t i = 0; i < list->variant_count; i++) {
		any_picture = any_picture || !list->variants[i].is_sound;
	}
	struct variant *smallest = NULL;
	struct variant *best = NULL;
	for (size_t i = 0; i < list->variant_count; i++) {
		struct variant *variant = &list->variants[i];
		if (any_picture && variant->is_sound) {
			continue;
		}
		smallest = smallest == NULL ? variant : smallest;
		if (best == NULL || variant->bandwidth > best->bandwidth) {
			best = variant;
		}
	}
	if (smallest != NULL && best != NULL) {
		smallest->is_small = true;
		best->is_best = true;
	}
}

static unsigned candidate_of(const struct variant *variant)
{
	return CANDIDATE_SRCSET | (variant->is_small ? (unsigned)CANDIDATE_SHOWN : 0U) |
	       (variant->is_best ? (unsigned)CANDIDATE_BEST : 0U);
}

static bool plays_with(const struct variant *variant, const struct rendition *rendition)
{
	if (bytes_equal(rendition->type, BYTES("AUDIO"))) {
		return bytes_equal(variant->audio, rendition->group);
	}
	if (bytes_equal(rendition->type, BYTES("VIDEO"))) {
		return bytes_equal(variant->video, rendition->group);
	}
	return bytes_equal(rendition->type, BYTES("SUBTITLES")) &&
	       bytes_equal(variant->subtitles, rendition->group);
}

static void add_choices(struct playlist *list)
{
	sort_variants(list);
	choose_variants(list);
	for (size_t i = 0; i < list->rendition_count; i++) {
		const struct rendition *rendition = &list->renditions[i];
		struct link link = link_of(ROLE_PLAYLIST, "hls rendition");
		link.candidate = list->variant_count > 0 ? CANDIDATE_SRCSET : CANDIDATE_ONLY;
		for (size_t j = 0; j < list->variant_count; j++) {
			if (plays_with(&list->variants[j], rendition)) {
				link.candidate |= candidate_of(&list->variants[j]);
			}
		}
		references_add(list->references, rendition->uri, &link);
	}
	for (size_t i = 0; i < list->variant_count; i++) {
		struct link link = link_of(ROLE_PLAYLIST, "hls variant");
		link.candidate = candidate_of(&list->variants[i]);
		references_add(list->references, list->variants[i].uri, &link);
	}
}

bool playlist_is_hls(struct bytes utf8)
{
	return bytes_starts(bytes_trim(utf8), BYTES("#EXT-X-")) ||
	       bytes_find(utf8, BYTES("\n#EXT-X-"), 0) != SIZE_MAX;
}

void playlist_find(struct bytes utf8, const struct url *url, struct references *references)
{
	struct bytes query = {0};
	if (url != NULL) {
		query = url->query;
	}
	SCOPED(playlist_variables_closep)
	struct playlist_variables *variables = playlist_variables_create(query);
	struct playlist list = {.references = references, .variables = variables};
	struct bytes stream_info = {0};
	struct bytes line;
	while (bytes_next_line(&utf8, &line)) {
		line = bytes_trim(line);
		if (bytes_starts(line, BYTES("#EXT-X-STREAM-INF"))) {
			stream_info = line;
		} else if (bytes_starts(line, BYTES("#EXT"))) {
			take_tag(&list, line);
		} else if (line.len > 0 && line.ptr[0] != '#') {
			struct bytes uri = filled(&list, line);
			if (stream_info.len > 0) {
				add_variant(&list, uri, stream_info);
				stream_info = (struct bytes){0};
			} else {
				add(&list, uri, ROLE_MEDIA, "hls segment");
			}
		}
	}
	add_choices(&list);
	free(list.variants);
	free(list.renditions);
	text_store_clear(&list.store);
}
