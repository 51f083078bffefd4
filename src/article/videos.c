/* SPDX-License-Identifier: MIT */
/* videos.c - the videos of a story */
#include "article/videos.h"

#include <stdlib.h>

#include "article/plain.h"
#include "base/alloc.h"
#include "base/limits.h"

/* Values of JSON-LD that are looked at, and how deep. */
#define VALUES_MAX 2000
#define DEPTH_MAX 6
/* 1,000 hours: more is a number of something else. */
#define SECONDS_MAX UINT32_C(3600000)
/* A time on the page, with a word behind it: "02:38 min". */
#define TIME_BYTES 16

struct finding {
	const struct videos_input *input;
	struct page_result *result;
	size_t seen;
};

/* What is known of one video. Borrowed. */
struct known {
	struct bytes url;
	struct bytes title;
	uint32_t seconds;
	const char *source;
};

/* Whole seconds of digits, with a fraction that is left out. */
static bool take_number(struct bytes *rest, uint64_t *number_out)
{
	size_t len = 0;
	while (len < rest->len && char_is_digit(rest->ptr[len])) {
		len++;
	}
	if (!bytes_to_u64(bytes_slice(*rest, 0, len), SECONDS_MAX, number_out)) {
		return false;
	}
	if (len < rest->len && (rest->ptr[len] == '.' || rest->ptr[len] == ',')) {
		len++;
		while (len < rest->len && char_is_digit(rest->ptr[len])) {
			len++;
		}
	}
	*rest = bytes_slice(*rest, len, rest->len);
	return true;
}

/* ISO 8601 4.4.3.2: "P0DT0H2M38S"; months and years are no video's. */
static uint64_t seconds_of_iso(struct bytes text)
{
	uint64_t total = 0;
	bool in_time = false;
	struct bytes rest = bytes_slice(text, char_lower(text.ptr[0]) == 'p' ? 1 : 0, text.len);
	while (rest.len > 0) {
		if (char_lower(rest.ptr[0]) == 't') {
			in_time = true;
			rest = bytes_slice(rest, 1, rest.len);
			continue;
		}
		uint64_t number;
		if (!take_number(&rest, &number) || rest.len == 0) {
			return 0;
		}
		char unit = char_lower(rest.ptr[0]);
		rest = bytes_slice(rest, 1, rest.len);
		if (unit == 'd' && !in_time) {
			total += number * 86400;
		} else if (in_time && (unit == 'h' || unit == 'm' || unit == 's')) {
			total += number * (unit == 'h' ? 3600 : (unit == 'm' ? 60 : 1));
		} else {
			return 0;
		}
	}
	return total;
}

uint32_t videos_seconds(struct bytes text)
{
	text = bytes_trim(text);
	if (text.len == 0 || text.len > 40) {
		return 0;
	}
	uint64_t total = 0;
	if (!char_is_digit(text.ptr[0])) {
		total = seconds_of_iso(text);
		return total > SECONDS_MAX ? 0 : (uint32_t)total;
	}
	struct bytes rest = text;
	for (int part = 0; part < 3; part++) {
		uint64_t number;
		if (!take_number(&rest, &number)) {
			return 0;
		}
		total = total * 60 + number;
		if (rest.len == 0) {
			return total > SECONDS_MAX ? 0 : (uint32_t)total;
		}
		if (rest.ptr[0] != ':') {
			return 0;
		}
		rest = bytes_slice(rest, 1, rest.len);
	}
	return 0;
}

void videos_add_duration(struct buf *out, uint32_t seconds)
{
	if (seconds >= 3600) {
		buf_addf(out, "%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
	} else if (seconds > 0) {
		buf_addf(out, "%02u:%02u", seconds / 60, seconds % 60);
	}
}

/* Adds a video, or what is new of one that is known by its URL. */
static void add(struct finding *finding, const struct known *known)
{
	struct page_result *result = finding->result;
	struct flong_error ignored;
	SCOPED(url_closep) struct url *url = NULL;
	struct bytes reference = bytes_trim(known->url);
	if (reference.len == 0 || url_parse(reference, finding->input->base, &url, &ignored) < 0 ||
		!url->is_http) {
		return;
	}
	struct page_video *video = NULL;
	for (size_t i = 0; i < result->video_count && video == NULL; i++) {
		video = bytes_equal(result->videos[i].url, url->all) ? &result->videos[i] : NULL;
	}
	if (video == NULL && result->video_count == LIMIT_PAGE_VIDEOS) {
		return;
	}
	if (video == NULL) {
		if (result->videos == NULL) {
			result->videos = ALLOC_ARRAY(struct page_video, LIMIT_PAGE_VIDEOS);
		}
		video = &result->videos[result->video_count++];
		video->url = page_result_keep(result, url->all);
		video->source = known->source;
	}
	video->seconds = video->seconds > 0 ? video->seconds : known->seconds;
	video->title = video->title.len > 0 ? video->title : plain_keep(result, known->title);
}

static bool is_video(const struct json *type)
{
	if (json_type(type) == JSON_ARRAY) {
		type = json_at(type, 0);
	}
	return bytes_equal(json_text(type), BYTES("VideoObject"));
}

static void add_object(struct finding *finding, const struct json *object)
{
	struct known known = {.source = "json-ld",
		.title = json_ld_text(object, "name"),
		.seconds = videos_seconds(json_ld_text(object, "duration"))};
	static const char *const members[] = {"contentUrl", "embedUrl", "url"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]) && known.url.len == 0; i++) {
		known.url = json_ld_text(object, members[i]);
	}
	if (known.seconds == 0 && json_type(json_get(object, "duration")) == JSON_NUMBER) {
		int64_t number = json_int(json_get(object, "duration"));
		known.seconds = number > 0 && number <= SECONDS_MAX ? (uint32_t)number : 0;
	}
	add(finding, &known);
}

/* Videos that an object names as its own, or that stand for themselves. */
static void search(struct finding *finding, const struct json *value, int depth)
{
	static const char *const members[] = {"@graph", "video", "videos", "associatedMedia",
		"mainEntity", "hasPart", "subjectOf"};
	if (finding->seen >= VALUES_MAX || depth > DEPTH_MAX) {
		return;
	}
	finding->seen++;
	if (json_type(value) == JSON_ARRAY) {
		for (size_t i = 0; i < json_count(value); i++) {
			search(finding, json_at(value, i), depth + 1);
		}
		return;
	}
	if (json_type(value) != JSON_OBJECT) {
		return;
	}
	if (is_video(json_get(value, "@type"))) {
		add_object(finding, value);
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		search(finding, json_get(value, members[i]), depth + 1);
	}
}

/* og:video and its duration; the microdata of one VideoObject. */
static void find_told(struct finding *finding)
{
	const struct outline *outline = finding->input->outline;
	struct known og = {.source = "meta"};
	struct known item = {.source = "itemprop"};
	for (uint32_t i = 0; i < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_META && outline->nodes[i].tag != TAG_LINK) {
			continue;
		}
		struct bytes value = outline_value(outline, i, ATTR_CONTENT);
		value = value.len > 0 ? value : outline_value(outline, i, ATTR_HREF);
		struct bytes name = outline_value(outline, i, ATTR_PROPERTY);
		name = name.len > 0 ? name : outline_value(outline, i, ATTR_NAME);
		struct bytes property = outline_value(outline, i, ATTR_ITEMPROP);
		if (og.url.len == 0 && (bytes_equal_nocase(name, BYTES("og:video")) ||
					       bytes_equal_nocase(name, BYTES("og:video:url")))) {
			og.url = value;
		} else if (bytes_equal_nocase(name, BYTES("og:video:duration")) ||
			   bytes_equal_nocase(name, BYTES("video:duration"))) {
			og.seconds = videos_seconds(value);
		} else if (bytes_equal_nocase(property, BYTES("duration"))) {
			item.seconds = videos_seconds(value);
		} else if (item.url.len == 0 &&
			   (bytes_equal_nocase(property, BYTES("contentUrl")) ||
				   (bytes_equal_nocase(property, BYTES("embedUrl"))))) {
			item.url = value;
		}
	}
	if (item.seconds > 0) {
		add(finding, &item);
	}
	add(finding, &og);
}

/* "02:38", "02:38 min", "2:38 Min." alone in a text. */
static uint32_t seconds_of_text(struct bytes text)
{
	text = bytes_trim(text);
	size_t blank = bytes_find_char(text, ' ', 0);
	struct bytes time = bytes_slice(text, 0, blank < text.len ? blank : text.len);
	bool is_time = text.len <= TIME_BYTES && bytes_find_char(time, ':', 0) != SIZE_MAX;
	return is_time ? videos_seconds(time) : 0;
}

/* The time that is written beside a video: in the box around it, or the one around that. */
static uint32_t seconds_beside(const struct outline *outline, uint32_t video)
{
	uint32_t box = video;
	for (int up = 0; up < 2 && outline->nodes[box].parent != OUTLINE_NONE; up++) {
		box = outline->nodes[box].parent;
		if (outline->nodes[box].tag == TAG_BODY || outline->nodes[box].tag == TAG_ARTICLE ||
			outline->nodes[box].tag == TAG_MAIN) {
			break;
		}
		for (uint32_t i = box; i < outline->nodes[box].end; i++) {
			uint32_t seconds = (outline->nodes[i].place & IN_ANCHOR) == 0
						   ? seconds_of_text(outline_text(outline, i))
						   : 0;
			if (seconds > 0) {
				return seconds;
			}
		}
	}
	return 0;
}

/* Video elements. When one video is told of, the first element is it. */
static void find_elements(struct finding *finding)
{
	const struct outline *outline = finding->input->outline;
	struct page_result *result = finding->result;
	bool is_told = result->video_count > 0;
	for (uint32_t i = 0; i < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_VIDEO) {
			continue;
		}
		struct known known = {.source = "video",
			.url = outline_value(outline, i, ATTR_SRC),
			.title = outline_value(outline, i, ATTR_TITLE),
			.seconds = videos_seconds(outline_value(outline, i, ATTR_DATA_DURATION))};
		for (uint32_t k = i; k < outline->nodes[i].end && known.url.len == 0; k++) {
			known.url = outline->nodes[k].tag == TAG_SOURCE
					    ? outline_value(outline, k, ATTR_SRC)
					    : known.url;
		}
		if (known.url.len == 0) {
			known.url = outline_value(outline, i, ATTR_DATA_SRC);
		}
		known.seconds = known.seconds > 0 ? known.seconds : seconds_beside(outline, i);
		if (!is_told) {
			add(finding, &known);
		} else if (result->video_count == 1 && result->videos[0].seconds == 0) {
			result->videos[0].seconds = known.seconds;
		}
	}
}

void videos_find(const struct videos_input *input, struct page_result *result)
{
	struct finding finding = {.input = input, .result = result};
	for (size_t i = 0; i < input->ld->count; i++) {
		search(&finding, json_root(input->ld->documents[i]), 0);
	}
	if (result->video_count == 0) {
		find_told(&finding);
	}
	find_elements(&finding);
}
