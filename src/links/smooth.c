/* SPDX-License-Identifier: MIT */
/* smooth.c - "QualityLevels({bitrate})/Fragments(video={start time})", filled in */
#include "links/smooth.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"

/* Quality levels of one stream; real ones have under 12. */
#define MAX_QUALITIES 64

struct smooth {
	const struct url *url;
	struct link_list *list;
	struct buf pattern;
	uint64_t bitrates[MAX_QUALITIES];
	size_t quality_count;
	uint64_t time;
	size_t added;
};

struct smooth *smooth_create(const struct url *url, struct link_list *list)
{
	struct smooth *smooth = ALLOC(struct smooth);
	smooth->url = url;
	smooth->list = list;
	smooth->pattern = buf_with_max(LIMIT_URL_BYTES);
	return smooth;
}

void smooth_close(struct smooth *smooth)
{
	buf_clear(&smooth->pattern);
	free(smooth);
}

/* Fills the braces; false for a name that is unknown. */
static bool fill(struct bytes pattern, uint64_t bitrate, uint64_t time, struct buf *out)
{
	while (pattern.len > 0) {
		size_t open = bytes_find_char(pattern, '{', 0);
		buf_add(out, bytes_slice(pattern, 0, open));
		if (open == SIZE_MAX) {
			break;
		}
		size_t close = bytes_find_char(pattern, '}', open);
		if (close == SIZE_MAX) {
			return false;
		}
		struct bytes name = bytes_slice(pattern, open + 1, close);
		if (bytes_equal_nocase(name, BYTES("bitrate"))) {
			buf_add_u64(out, bitrate);
		} else if (bytes_equal_nocase(name, BYTES("start time")) ||
			   bytes_equal_nocase(name, BYTES("start_time"))) {
			buf_add_u64(out, time);
		} else {
			return false;
		}
		pattern = bytes_slice(pattern, close + 1, pattern.len);
	}
	return !buf_failed(out);
}

static bool add_chunk(struct smooth *smooth)
{
	struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_MEDIA,
		.rule = "L-58",
		.where = "smooth chunk",
		.anchor = UINT32_MAX};
	for (size_t i = 0; i < smooth->quality_count; i++) {
		SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
		if (smooth->added == LIMIT_MEDIA_SEGMENTS) {
			smooth->list->dropped++;
			return false;
		}
		smooth->added++;
		if (!fill(buf_bytes(&smooth->pattern), smooth->bitrates[i], smooth->time, &text)) {
			return false;
		}
		(void)link_list_add(smooth->list, smooth->url, buf_bytes(&text), &link);
	}
	return smooth->quality_count > 0;
}

static uint64_t number_of(
	const struct markup_element *element, const char *name, uint64_t otherwise)
{
	uint64_t number;
	return bytes_to_u64(markup_attribute_value(element, name), INT64_MAX, &number) ? number
										       : otherwise;
}

static void take_chunks(struct smooth *smooth, const struct markup_element *element)
{
	uint64_t duration = number_of(element, "d", 0);
	uint64_t repeats = number_of(element, "r", 1);
	smooth->time = number_of(element, "t", smooth->time);
	for (uint64_t i = 0; i < repeats && add_chunk(smooth); i++) {
		smooth->time += duration;
		if (duration == 0) {
			return;
		}
	}
}

void smooth_start(struct smooth *smooth, const struct markup_element *element)
{
	struct bytes name = markup_local_name(element->name);
	if (bytes_equal(name, BYTES("StreamIndex"))) {
		buf_reset(&smooth->pattern);
		buf_add(&smooth->pattern, markup_attribute_value(element, "Url"));
		smooth->quality_count = 0;
		smooth->time = 0;
	} else if (bytes_equal(name, BYTES("QualityLevel"))) {
		if (smooth->quality_count < MAX_QUALITIES) {
			smooth->bitrates[smooth->quality_count++] =
				number_of(element, "Bitrate", 0);
		}
	} else if (bytes_equal(name, BYTES("c")) && smooth->pattern.len > 0) {
		take_chunks(smooth, element);
	}
}
