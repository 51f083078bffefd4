/* SPDX-License-Identifier: MIT */
/* dash_expand.c - which representations are the smallest and the best, and their segments */
#include "links/dash_expand.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "links/dash_text.h"

enum rank { RANK_SMALLEST, RANK_BEST, RANK_OTHER };

/* Room for one more; false when there are too many. */
static bool has_room(struct dash_document *document, size_t count, size_t max)
{
	if (count >= max) {
		document->dropped++;
		return false;
	}
	return true;
}

#define ADD_ITEM(array, count, capacity, item)                                                     \
	do {                                                                                       \
		if ((count) == (capacity)) {                                                       \
			(capacity) = (capacity) == 0 ? 64 : 2 * (capacity);                        \
			(array) = alloc_resize((array), (capacity), sizeof(*(array)));             \
		}                                                                                  \
		(array)[(count)++] = *(item);                                                      \
	} while (0)

bool dash_document_add_shape(struct dash_document *document, const struct dash_shape *shape)
{
	if (!has_room(document, document->shape_count, LIMIT_DASH_REPRESENTATIONS)) {
		return false;
	}
	ADD_ITEM(document->shapes, document->shape_count, document->shape_capacity, shape);
	return true;
}

bool dash_document_add_time(struct dash_document *document, const struct dash_time *time)
{
	if (!has_room(document, document->time_count, LIMIT_DASH_ENTRIES)) {
		return false;
	}
	ADD_ITEM(document->times, document->time_count, document->time_capacity, time);
	return true;
}

bool dash_document_add_address(struct dash_document *document, const struct dash_address *address)
{
	if (!has_room(document, document->address_count, LIMIT_DASH_ENTRIES)) {
		return false;
	}
	ADD_ITEM(document->addresses, document->address_count, document->address_capacity, address);
	return true;
}

/* What may still be added: segments, and bytes of URLs. */
struct budget {
	size_t segments, bytes;
};

/* One representation being expanded. */
struct expansion {
	const struct dash_document *document;
	const struct dash_shape *shape;
	const struct url *base;
	struct link_list *list;
	struct link link;
	struct budget *left;
	struct buf text;
};

static void add(struct expansion *expansion, struct bytes reference, const char *where)
{
	size_t cost = reference.len + expansion->base->all.len;
	if (reference.len == 0) {
		return;
	}
	if (cost > expansion->left->bytes) {
		expansion->list->dropped++;
		return;
	}
	expansion->left->bytes -= cost;
	expansion->link.where = where;
	(void)link_list_add(expansion->list, expansion->base, reference, &expansion->link);
}

static void add_filled(struct expansion *expansion, struct bytes pattern, uint64_t number,
	uint64_t time, const char *where)
{
	const struct dash_shape *shape = expansion->shape;
	const struct dash_values values = {
		.id = shape->id, .bandwidth = shape->bandwidth, .number = number, .time = time};
	buf_reset(&expansion->text);
	if (pattern.len > 0 && dash_text_fill(pattern, &values, &expansion->text)) {
		add(expansion, buf_bytes(&expansion->text), where);
	}
}

/* One segment and, if each has one, its index. False at the limit. */
static bool add_segment(struct expansion *expansion, uint64_t number, uint64_t time)
{
	const struct dash_shape *shape = expansion->shape;
	if (expansion->left->segments == 0) {
		expansion->list->dropped++;
		return false;
	}
	expansion->left->segments--;
	add_filled(expansion, shape->media, number, time, "dash segment");
	if (dash_text_counts(shape->index)) {
		add_filled(expansion, shape->index, number, time, "dash index");
	}
	return true;
}

static double period_units(const struct dash_shape *shape)
{
	return (double)shape->duration_ms * (double)shape->timescale / 1000;
}

/* Segments of equal duration; none when the end is not known. */
static void add_counted(struct expansion *expansion)
{
	const struct dash_shape *shape = expansion->shape;
	if (shape->duration == 0) {
		/* Neither duration nor timeline: one segment is the whole (5.3.9.2.1). */
		(void)add_segment(expansion, shape->start_number, shape->time_offset);
		return;
	}
	double units = shape->duration_ms < 0 ? 0 : period_units(shape);
	for (uint64_t i = 0; (double)i * (double)shape->duration < units; i++) {
		uint64_t number = shape->start_number + i;
		if (number > shape->end_number ||
			!add_segment(expansion, number, shape->time_offset + i * shape->duration)) {
			break;
		}
	}
}

/* How often an S comes, at least once. */
static uint64_t time_count(const struct expansion *expansion, const struct dash_time *time,
	uint64_t start, bool is_last)
{
	const struct dash_shape *shape = expansion->shape;
	if (!time->is_open || time->duration == 0) {
		return time->duration == 0 ? 1 : time->repeat + 1;
	}
	double end = (double)start;
	if (!is_last && time[1].start != UINT64_MAX) {
		end = (double)time[1].start;
	} else if (is_last && shape->duration_ms >= 0) {
		end = (double)shape->time_offset + period_units(shape);
	}
	double count = (end - (double)start) / (double)time->duration;
	if (count > LIMIT_MEDIA_SEGMENTS) {
		return LIMIT_MEDIA_SEGMENTS + 1;
	}
	uint64_t whole = count > 0 ? (uint64_t)count : 0;
	return whole < 1 || (double)whole < count ? whole + 1 : whole;
}

static void add_timeline(struct expansion *expansion)
{
	const struct dash_shape *shape = expansion->shape;
	uint64_t number = shape->start_number;
	uint64_t at = 0;
	for (size_t i = 0; i < shape->times.count; i++) {
		const struct dash_time *time = &expansion->document->times[shape->times.start + i];
		at = time->start == UINT64_MAX ? at : time->start;
		uint64_t count = time_count(expansion, time, at, i + 1 == shape->times.count);
		for (uint64_t k = 0; k < count; k++) {
			if (!add_segment(expansion, number++, at)) {
				return;
			}
			at += time->duration;
		}
	}
}

/* A SegmentURL without media is a range of the file at the base. */
static bool add_addresses(struct expansion *expansion)
{
	const struct dash_shape *shape = expansion->shape;
	bool needs_base = false;
	for (size_t i = 0; i < shape->addresses.count; i++) {
		const struct dash_address *address =
			&expansion->document->addresses[shape->addresses.start + i];
		if (expansion->left->segments == 0) {
			expansion->list->dropped++;
			break;
		}
		expansion->left->segments--;
		add(expansion, address->media, "dash segment");
		add(expansion, address->index, "dash index");
		needs_base = needs_base || address->media.len == 0;
	}
	return needs_base;
}

static void expand(struct expansion *expansion)
{
	const struct dash_shape *shape = expansion->shape;
	bool is_file = shape->media.len == 0 && shape->addresses.count == 0;
	add_filled(expansion, shape->initialization, 0, 0, "dash initialization");
	if (!dash_text_counts(shape->index)) {
		add_filled(expansion, shape->index, 0, 0, "dash index");
	}
	if (shape->addresses.count > 0) {
		is_file = add_addresses(expansion);
	} else if (shape->media.len > 0 && shape->times.count > 0) {
		add_timeline(expansion);
	} else if (shape->media.len > 0) {
		add_counted(expansion);
	}
	/* A base that ends with a slash is a folder that names nothing by itself. */
	if (is_file && !bytes_ends(shape->base, BYTES("/"))) {
		add(expansion, shape->base, "dash base url");
	}
}

static int compare_bandwidth(const void *a, const void *b)
{
	const struct dash_shape *left = a;
	const struct dash_shape *right = b;
	if (left->set != right->set) {
		return left->set < right->set ? -1 : 1;
	}
	if (left->bandwidth != right->bandwidth) {
		return left->bandwidth < right->bandwidth ? -1 : 1;
	}
	return bytes_compare(left->id, right->id);
}

/* Sorted by set and bandwidth: the first and the last of a set have their rank. */
static void rank_shapes(struct dash_shape *shapes, size_t count)
{
	qsort(shapes, count, sizeof(shapes[0]), compare_bandwidth);
	for (size_t i = 0; i < count; i++) {
		bool is_first = i == 0 || shapes[i - 1].set != shapes[i].set;
		bool is_last = i + 1 == count || shapes[i + 1].set != shapes[i].set;
		shapes[i].rank = is_first ? RANK_SMALLEST : is_last ? RANK_BEST : RANK_OTHER;
	}
}

static unsigned candidate_of(const struct dash_shape *shapes, size_t count, size_t i)
{
	bool is_alone = shapes[i].rank == RANK_SMALLEST &&
			(i + 1 == count || shapes[i + 1].set != shapes[i].set);
	static const unsigned bits[] = {[RANK_SMALLEST] = CANDIDATE_SRCSET | CANDIDATE_SHOWN,
		[RANK_BEST] = CANDIDATE_SRCSET | CANDIDATE_BEST,
		[RANK_OTHER] = CANDIDATE_SRCSET};
	return is_alone ? CANDIDATE_ONLY : bits[shapes[i].rank];
}

static enum link_role role_of(struct bytes mime_type)
{
	bool is_text = bytes_starts_nocase(mime_type, BYTES("text/")) ||
		       bytes_starts_nocase(mime_type, BYTES("application/ttml+xml"));
	return is_text ? ROLE_TRACK : ROLE_MEDIA;
}

static void expand_one(const struct dash_document *document, size_t i, const struct url *url,
	struct link_list *list, struct budget *left)
{
	const struct dash_shape *shape = &document->shapes[i];
	SCOPED(url_closep) struct url *base = NULL;
	struct flong_error ignored = {0};
	bool has_base =
		shape->base.len > 0 && url_parse(shape->base, NULL, &base, &ignored) == FLONG_OK;
	struct expansion expansion = {.document = document,
		.shape = shape,
		.base = has_base ? base : url,
		.list = list,
		.link = {.kind = LINK_REQUISITE,
			.role = role_of(shape->mime_type),
			.rule = "L-56",
			.candidate = candidate_of(document->shapes, document->shape_count, i),
			.anchor = UINT32_MAX},
		.left = left,
		.text = buf_with_max(LIMIT_URL_BYTES)};
	expand(&expansion);
	buf_clear(&expansion.text);
}

void dash_document_expand(
	struct dash_document *document, const struct url *url, struct link_list *list)
{
	struct budget left = {LIMIT_MEDIA_SEGMENTS, LIMIT_DOCUMENT_BYTES};
	if (document->shape_count > 0) {
		rank_shapes(document->shapes, document->shape_count);
	}
	for (uint32_t rank = RANK_SMALLEST; rank <= RANK_OTHER; rank++) {
		for (size_t i = 0; i < document->shape_count; i++) {
			if (document->shapes[i].rank == rank) {
				expand_one(document, i, url, list, &left);
			}
		}
	}
	list->dropped += document->dropped;
}

void dash_document_clear(struct dash_document *document)
{
	text_store_clear(&document->store);
	free(document->shapes);
	free(document->times);
	free(document->addresses);
	*document = (struct dash_document){0};
}
