/* SPDX-License-Identifier: MIT */
/* dash.c - an MPD read element by element, its representations kept, then expanded best first
 *
 * The schema puts BaseURL and the segment elements before the sets and representations that inherit
 * them, so each level starts as a copy of the one above. */
#include "links/dash.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "links/dash_expand.h"
#include "links/dash_text.h"
#include "links/markup.h"
#include "links/text_store.h"

enum level { LEVEL_MPD, LEVEL_PERIOD, LEVEL_SET, LEVEL_REPRESENTATION, LEVEL_COUNT };
static const char *const level_names[] = {"MPD", "Period", "AdaptationSet", "Representation"};

struct reader {
	struct dash_document *document;
	const struct url *url;
	struct link_list *list;
	struct dash_shape levels[LEVEL_COUNT];
	bool is_open[LEVEL_COUNT];
	bool has_base[LEVEL_COUNT];
	bool is_dynamic;
	const int64_t *durations_ms; /* borrowed: of each period, -1 unknown */
	size_t period_count;
	size_t period; /* the next one to come */
	uint32_t set;
	struct buf text; /* of BaseURL or Location */
};

static enum level current_level(const struct reader *reader)
{
	enum level level = LEVEL_REPRESENTATION;
	while (level > LEVEL_MPD && !reader->is_open[level]) {
		level--;
	}
	return level;
}

static struct bytes keep(struct reader *reader, struct bytes text)
{
	struct text_store *store = &reader->document->store;
	if (store->bytes > LIMIT_DOCUMENT_BYTES) {
		return (struct bytes){0};
	}
	return text_store_keep(store, text);
}

static void take_text(struct reader *reader, const struct markup_element *element, const char *name,
	struct bytes *text_out)
{
	struct bytes value = markup_attribute_value(element, name);
	if (value.ptr != NULL) {
		*text_out = keep(reader, value);
	}
}

static void take_number(
	const struct markup_element *element, const char *name, uint64_t max, uint64_t *number_out)
{
	(void)bytes_to_u64(bytes_trim(markup_attribute_value(element, name)), max, number_out);
}

static void add_discovery(struct reader *reader, struct bytes text, const char *where)
{
	const struct link link = {.kind = LINK_DISCOVERY,
		.role = ROLE_PLAYLIST,
		.rule = "L-56",
		.where = where,
		.anchor = UINT32_MAX};
	SCOPED(url_closep) struct url *base = NULL;
	struct flong_error ignored = {0};
	struct bytes own = reader->levels[current_level(reader)].base;
	bool has_own = own.len > 0 && url_parse(own, NULL, &base, &ignored) == FLONG_OK;
	(void)link_list_add(reader->list, has_own ? base : reader->url, text, &link);
}

/* Attributes of a level's own element. */
static void open_level(
	struct reader *reader, enum level level, const struct markup_element *element)
{
	struct dash_shape *shape = &reader->levels[level];
	if (level > LEVEL_MPD) {
		*shape = reader->levels[current_level(reader)];
	}
	reader->is_open[level] = true;
	reader->has_base[level] = false;
	take_text(reader, element, "mimeType", &shape->mime_type);
	if (level == LEVEL_MPD) {
		reader->is_dynamic =
			bytes_equal(markup_attribute_value(element, "type"), BYTES("dynamic"));
	} else if (level == LEVEL_PERIOD) {
		bool is_known = reader->period < reader->period_count && !reader->is_dynamic;
		shape->duration_ms = is_known ? reader->durations_ms[reader->period] : -1;
		reader->period++;
	} else if (level == LEVEL_SET) {
		reader->set++;
	} else {
		shape->set = reader->set;
		take_text(reader, element, "id", &shape->id);
		shape->bandwidth = 0;
		take_number(element, "bandwidth", UINT64_MAX, &shape->bandwidth);
	}
}

static void take_segment_element(
	struct reader *reader, struct dash_shape *shape, const struct markup_element *element)
{
	take_number(element, "timescale", UINT32_MAX, &shape->timescale);
	take_number(element, "duration", UINT32_MAX, &shape->duration);
	take_number(element, "startNumber", UINT32_MAX, &shape->start_number);
	take_number(element, "endNumber", UINT32_MAX, &shape->end_number);
	take_number(element, "presentationTimeOffset", INT64_MAX / 4, &shape->time_offset);
	take_text(reader, element, "media", &shape->media);
	take_text(reader, element, "initialization", &shape->initialization);
	take_text(reader, element, "index", &shape->index);
}

static void take_time(
	struct reader *reader, struct dash_shape *shape, const struct markup_element *element)
{
	struct dash_time time = {.start = UINT64_MAX};
	struct bytes repeat = bytes_trim(markup_attribute_value(element, "r"));
	take_number(element, "t", INT64_MAX / 4, &time.start);
	take_number(element, "d", UINT32_MAX, &time.duration);
	take_number(element, "r", UINT32_MAX, &time.repeat);
	time.is_open = bytes_starts(repeat, BYTES("-"));
	if (dash_document_add_time(reader->document, &time)) {
		shape->times.count++;
	}
}

static void take_segment_url(
	struct reader *reader, struct dash_shape *shape, const struct markup_element *element)
{
	struct dash_address address = {0};
	take_text(reader, element, "media", &address.media);
	take_text(reader, element, "index", &address.index);
	if (dash_document_add_address(reader->document, &address)) {
		shape->addresses.count++;
	}
}

static void on_detail(
	struct reader *reader, struct bytes name, const struct markup_element *element)
{
	struct dash_shape *shape = &reader->levels[current_level(reader)];
	if (bytes_equal(name, BYTES("SegmentTemplate")) ||
		bytes_equal(name, BYTES("SegmentBase")) ||
		bytes_equal(name, BYTES("SegmentList"))) {
		take_segment_element(reader, shape, element);
	} else if (bytes_equal(name, BYTES("SegmentTimeline"))) {
		shape->times = (struct dash_range){.start = reader->document->time_count};
	} else if (bytes_equal(name, BYTES("S"))) {
		take_time(reader, shape, element);
	} else if (bytes_equal(name, BYTES("SegmentURL"))) {
		take_segment_url(reader, shape, element);
	} else if (bytes_equal(name, BYTES("Initialization"))) {
		take_text(reader, element, "sourceURL", &shape->initialization);
	} else if (bytes_equal(name, BYTES("RepresentationIndex"))) {
		take_text(reader, element, "sourceURL", &shape->index);
	}
	if (bytes_equal(name, BYTES("SegmentList"))) {
		shape->addresses = (struct dash_range){.start = reader->document->address_count};
	}
}

static void on_start(void *context, const struct markup_element *element)
{
	struct reader *reader = context;
	struct bytes name = markup_local_name(element->name);
	struct bytes href = markup_attribute_value(element, "xlink:href");
	if (href.len > 0) {
		add_discovery(reader, href, "dash xlink");
	}
	for (size_t i = 0; i < LEVEL_COUNT; i++) {
		if (bytes_equal(name, bytes_of(level_names[i]))) {
			/* One in itself is no MPD any more: the outer one is kept. */
			if (!reader->is_open[i]) {
				open_level(reader, (enum level)i, element);
			}
			return;
		}
	}
	on_detail(reader, name, element);
	buf_reset(&reader->text);
}

static void take_base_url(struct reader *reader, struct bytes text)
{
	enum level level = current_level(reader);
	struct dash_shape *shape = &reader->levels[level];
	/* Others of the same level are mirrors. */
	if (reader->has_base[level] || reader->document->store.bytes > LIMIT_DOCUMENT_BYTES) {
		return;
	}
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *above = NULL;
	SCOPED(url_closep) struct url *base = NULL;
	bool has_above =
		shape->base.len > 0 && url_parse(shape->base, NULL, &above, &ignored) == FLONG_OK;
	if (url_parse(text, has_above ? above : reader->url, &base, &ignored) == FLONG_OK) {
		shape->base = keep(reader, base->all);
		reader->has_base[level] = true;
	}
}

static void on_end(void *context, struct bytes name, size_t depth)
{
	struct reader *reader = context;
	(void)depth;
	name = markup_local_name(name);
	struct bytes text = bytes_trim(buf_bytes(&reader->text));
	if (bytes_equal(name, BYTES("BaseURL"))) {
		take_base_url(reader, text);
	} else if (bytes_equal(name, BYTES("Location")) ||
		   bytes_equal(name, BYTES("PatchLocation"))) {
		add_discovery(reader, text, "dash location");
	}
	for (size_t i = LEVEL_PERIOD; i < LEVEL_COUNT; i++) {
		if (bytes_equal(name, bytes_of(level_names[i]))) {
			if (i == LEVEL_REPRESENTATION && reader->is_open[i]) {
				dash_document_add_shape(reader->document, &reader->levels[i]);
			}
			reader->is_open[i] = false;
		}
	}
	buf_reset(&reader->text);
}

static void on_text(void *context, struct bytes text)
{
	struct reader *reader = context;
	buf_add(&reader->text, text);
}

/* The first reading: when periods start and how long they are. */
struct schedule {
	int64_t starts_ms[LIMIT_DASH_PERIODS];
	int64_t durations_ms[LIMIT_DASH_PERIODS];
	size_t count;
	int64_t total_ms;
};

static void on_schedule_start(void *context, const struct markup_element *element)
{
	struct schedule *schedule = context;
	struct bytes name = markup_local_name(element->name);
	if (bytes_equal(name, BYTES("MPD"))) {
		schedule->total_ms = dash_text_duration_ms(
			markup_attribute_value(element, "mediaPresentationDuration"));
	} else if (bytes_equal(name, BYTES("Period")) && schedule->count < LIMIT_DASH_PERIODS) {
		size_t i = schedule->count++;
		int64_t start = dash_text_duration_ms(markup_attribute_value(element, "start"));
		if (start < 0 && i == 0) {
			start = 0;
		} else if (start < 0 && schedule->starts_ms[i - 1] >= 0 &&
			   schedule->durations_ms[i - 1] >= 0) {
			start = schedule->starts_ms[i - 1] + schedule->durations_ms[i - 1];
		}
		schedule->starts_ms[i] = start;
		schedule->durations_ms[i] =
			dash_text_duration_ms(markup_attribute_value(element, "duration"));
	}
}

/* A period without a duration ends with the next one's start, the last with the whole (5.3.2.1). */
static void finish_schedule(struct schedule *schedule)
{
	for (size_t i = 0; i < schedule->count; i++) {
		bool is_last = i + 1 == schedule->count;
		int64_t end = is_last ? schedule->total_ms : schedule->starts_ms[i + 1];
		if (schedule->durations_ms[i] < 0 && schedule->starts_ms[i] >= 0 &&
			end > schedule->starts_ms[i]) {
			schedule->durations_ms[i] = end - schedule->starts_ms[i];
		}
	}
}

int dash_find(
	struct bytes utf8, const struct url *url, struct link_list *list, struct flong_error *err)
{
	struct schedule *schedule = ALLOC(struct schedule);
	schedule->total_ms = -1;
	struct markup_listener first = {.start = on_schedule_start, .context = schedule};
	int rc = markup_read_xml(utf8, &first, 1, err);
	finish_schedule(schedule);
	struct dash_document document = {0};
	struct reader reader = {.document = &document,
		.url = url,
		.list = list,
		.durations_ms = schedule->durations_ms,
		.period_count = schedule->count,
		.text = buf_with_max(LIMIT_URL_BYTES)};
	for (size_t i = 0; i < LEVEL_COUNT; i++) {
		reader.levels[i] = (struct dash_shape){.timescale = 1,
			.start_number = 1,
			.end_number = UINT64_MAX,
			.duration_ms = -1};
	}
	struct markup_listener second = {
		.start = on_start, .end = on_end, .text = on_text, .context = &reader};
	if (rc == FLONG_OK) {
		rc = markup_read_xml(utf8, &second, 1, err);
	}
	dash_document_expand(&document, url, list);
	dash_document_clear(&document);
	buf_clear(&reader.text);
	free(schedule);
	return rc;
}
