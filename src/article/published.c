/* SPDX-License-Identifier: MIT */
/* published.c - when a story was published and changed */
#include "article/published.h"

#include <stdlib.h>

#include "article/dates.h"
#include "article/url_shape.h"
#include "base/clock.h"

/* Nodes of the outline around the headline where a date may stand. */
#define NODES_BEFORE 30
#define NODES_BEHIND 150
/* Bytes of a text that says a date and little more; of one that is a link. */
#define TEXT_BYTES ((size_t)80)
#define LINK_BYTES ((size_t)40)
/* Times of the page that are compared with the published one. */
#define SAME_MAX 64
/* "2023-11-08 17:49:09", and what stands before its minutes. */
#define STAMP_BYTES ((size_t)19)
#define HOUR_BYTES ((size_t)13)
#define ZONE_BYTES ((size_t)7)

struct search {
	const struct published_input *input;
	struct page_result *result;
	struct buf scratch;
};

static void keep_date(struct search *search, struct page_date *date,
	const struct dates_value *value, const char *source)
{
	char out[DATES_TEXT_SIZE];
	dates_format(value, out);
	date->value = page_result_keep(search->result, bytes_of(out));
	date->source = source;
	date->precision = dates_precision_name(value->precision);
}

static bool set_date(
	struct search *search, struct page_date *date, struct bytes text, const char *source)
{
	struct dates_value value;
	if (date->value.len > 0 || text.len == 0 ||
		!dates_read(text, search->input->page->captured_ms, &value)) {
		return false;
	}
	keep_date(search, date, &value, source);
	return true;
}

/* time[datetime] nearest to the headline: the first after it, else the last before; then the text
 * of such a time. */
static void set_seen(struct search *search)
{
	const struct outline *outline = search->input->outline;
	uint32_t headline = search->input->headline;
	uint32_t start = headline == OUTLINE_NONE ? 0 : headline;
	uint32_t chosen = OUTLINE_NONE;
	for (uint32_t i = 0; i < outline->count; i++) {
		if (outline->nodes[i].tag != TAG_TIME) {
			continue;
		}
		if (i < start && start - i < 60) {
			chosen = i;
		} else if (i >= start) {
			bool is_near = chosen != OUTLINE_NONE && start - chosen < i - start;
			chosen = is_near ? chosen : i;
			break;
		}
	}
	if (chosen == OUTLINE_NONE) {
		return;
	}
	struct page_date *date = &search->result->published;
	if (set_date(search, date, outline_value(outline, chosen, ATTR_DATETIME), "time")) {
		return;
	}
	buf_reset(&search->scratch);
	outline_gather(outline, chosen, 80, &search->scratch);
	(void)set_date(search, date, buf_bytes(&search->scratch), "time");
}

static bool has_digit(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (char_is_digit(text.ptr[i])) {
			return true;
		}
	}
	return false;
}

/* The first short text with a date in it within the reach of the headline, which may name one
 * itself. A link to other stories of the day is one too; "Today" is not, it stands in menus. */
static void set_text(struct search *search)
{
	const struct outline *outline = search->input->outline;
	uint32_t headline = search->input->headline;
	if (headline == OUTLINE_NONE || search->result->published.value.len > 0) {
		return;
	}
	uint32_t from = headline > NODES_BEFORE ? headline - NODES_BEFORE : 0;
	for (uint32_t i = from; i < outline->count && i < headline + NODES_BEHIND; i++) {
		if (i == headline) {
			i = outline->nodes[i].end - 1;
			continue;
		}
		struct bytes text = bytes_trim(outline_text(outline, i));
		unsigned place = outline->nodes[i].place;
		size_t max = (place & IN_ANCHOR) != 0 ? LINK_BYTES : TEXT_BYTES;
		if (text.len < 6 || text.len > max || (place & IN_RAW) != 0) {
			continue;
		}
		struct dates_value value;
		bool is_date = has_digit(text) &&
			       dates_read(text, search->input->page->captured_ms, &value);
		if (is_date && ((place & IN_ANCHOR) == 0 || i > headline)) {
			keep_date(search, &search->result->published, &value, "text");
			return;
		}
	}
}

static void set_day(struct search *search, int year, int month, int day, const char *source)
{
	char text[DATES_TEXT_SIZE];
	dates_format(
		&(struct dates_value){
			.year = year, .month = month, .day = day, .precision = DATES_DAY},
		text);
	(void)set_date(search, &search->result->published, bytes_of(text), source);
}

/* Identifiers that begin with the minute of publication: "A2026012914320005196". */
static void set_stamp(struct search *search, struct bytes path)
{
	for (size_t i = 0; i < path.len; i++) {
		size_t end = i;
		while (end < path.len && char_is_digit(path.ptr[end])) {
			end++;
		}
		uint64_t minute = 0;
		struct dates_value value;
		if (end - i >= 12 && end - i <= 20 &&
			bytes_to_u64(bytes_slice(path, i + 8, i + 12), 2359, &minute) &&
			minute % 100 < 60 && bytes_starts(bytes_slice(path, i, end), BYTES("20")) &&
			dates_read(bytes_slice(path, i, i + 8), search->input->page->captured_ms,
				&value)) {
			set_day(search, value.year, value.month, value.day, "url");
			return;
		}
		i = end > i ? end - 1 : i;
	}
}

static void set_url(struct search *search)
{
	struct bytes path = search->input->page->url->path;
	struct url_shape shape = url_shape_of(path, (struct bytes){NULL, 0});
	if (shape.has_date && shape.day > 0) {
		set_day(search, shape.year, shape.month, shape.day, "url");
	}
	set_stamp(search, path);
}

/* Pictures lie in folders of the day they came in. */
static void set_image(struct search *search)
{
	struct bytes url = search->input->image_url;
	size_t host = bytes_find(url, BYTES("//"), 0);
	size_t path = bytes_find_char(url, '/', host == SIZE_MAX ? 0 : host + 2);
	if (path != SIZE_MAX) {
		struct url_shape shape =
			url_shape_of(bytes_slice(url, path, url.len), (struct bytes){NULL, 0});
		if (shape.has_date && shape.day > 0) {
			set_day(search, shape.year, shape.month, shape.day, "image");
		}
	}
}

static int64_t seconds_of(const struct dates_value *value)
{
	int64_t days = clock_days(value->year, value->month, value->day);
	return ((days * 24 + value->hour) * 60 + value->minute - value->zone_minutes) * 60 +
	       value->second;
}

/* Whether the time at `at` is the same instant by another clock; sets the zone of `value` then. A
 * time without a zone is, when it differs by whole hours and its seconds make chance unlikely. */
static bool is_same_instant(struct bytes at, struct dates_value *value)
{
	struct dates_value other;
	if (!char_is_digit(at.ptr[0]) || !dates_read(at, 0, &other) ||
		other.precision != DATES_SECOND) {
		return false;
	}
	int64_t ahead = (seconds_of(&other) - seconds_of(value)) / 60;
	int zone = other.zone_minutes;
	if (other.has_zone ? ahead != 0 || zone == 0
			   : ahead == 0 || ahead % 60 != 0 || llabs(ahead) > 14 * 60 ||
				     value->second == 0) {
		return false;
	}
	zone = other.has_zone ? zone : (int)ahead;
	other.has_zone = true;
	other.zone_minutes = zone;
	*value = other;
	return true;
}

/* Looks for the same minute and second in a text that may hold many times. */
static bool find_same(
	struct bytes text, struct bytes minute, struct dates_value *value, size_t *seen)
{
	size_t at = bytes_find(text, minute, 0);
	for (; at != SIZE_MAX && *seen < SAME_MAX; at = bytes_find(text, minute, at + 1)) {
		if (at < HOUR_BYTES || text.ptr[at - 6] != '-') {
			continue;
		}
		++*seen;
		size_t start = at - HOUR_BYTES;
		if (is_same_instant(
			    bytes_slice(text, start, start + STAMP_BYTES + ZONE_BYTES), value)) {
			return true;
		}
	}
	return false;
}

/* A story of the evening is not one of tomorrow because its system writes UTC. */
static void set_local_time(struct search *search)
{
	struct page_date *date = &search->result->published;
	struct dates_value value;
	if (!dates_read(date->value, 0, &value) || value.precision != DATES_SECOND ||
		!value.has_zone || value.zone_minutes != 0 || date->value.len < STAMP_BYTES) {
		return;
	}
	struct bytes minute = bytes_slice(date->value, HOUR_BYTES, STAMP_BYTES);
	const struct outline *outline = search->input->outline;
	size_t seen = 0;
	for (uint32_t i = 0; i < outline->count && seen < SAME_MAX; i++) {
		const struct outline_node *node = &outline->nodes[i];
		struct bytes text =
			node->tag == TAG_TEXT   ? outline_text(outline, i)
			: node->tag == TAG_TIME ? outline_value(outline, i, ATTR_DATETIME)
			: node->tag == TAG_META ? outline_value(outline, i, ATTR_CONTENT)
						: (struct bytes){NULL, 0};
		if (text.len >= STAMP_BYTES && find_same(text, minute, &value, &seen)) {
			keep_date(search, date, &value, date->source);
			return;
		}
	}
}

void published_find(const struct published_input *input, struct page_result *result)
{
	struct search search = {.input = input, .result = result};
	struct page_date *published = &result->published;
	struct page_date *modified = &result->modified;
	const struct json *article = input->ld->article;
	(void)set_date(&search, published, json_ld_text(article, "datePublished"), "json-ld");
	(void)set_date(&search, published, input->meta_published, "meta");
	(void)set_date(&search, published, input->item_published, "itemprop");
	(void)set_date(&search, published, json_ld_text(article, "dateCreated"), "json-ld");
	if (published->value.len == 0) {
		set_seen(&search);
		set_url(&search);
		set_text(&search);
		set_image(&search);
	}
	set_local_time(&search);
	(void)set_date(&search, modified, json_ld_text(article, "dateModified"), "json-ld");
	(void)set_date(&search, modified, input->meta_modified, "meta");
	(void)set_date(&search, modified, input->item_modified, "itemprop");
	buf_clear(&search.scratch);
}
