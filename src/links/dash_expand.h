/* SPDX-License-Identifier: MIT */
/* dash_expand.h - the representations of an MPD, and the URLs of their segments */
#ifndef LINKS_DASH_EXPAND_H
#define LINKS_DASH_EXPAND_H

#include "links/links.h"
#include "links/text_store.h"

/* Part of an array of the document. */
struct dash_range {
	size_t start, count;
};

/* An S of a SegmentTimeline, in units of the timescale. */
struct dash_time {
	uint64_t start; /* UINT64_MAX: where the one before ends */
	uint64_t duration;
	uint64_t repeat; /* times more */
	bool is_open;    /* r=-1: to the next one, or the end of the period */
};

/* A SegmentURL. */
struct dash_address {
	struct bytes media, index;
};

/* What a representation inherits and has. Texts lie in the document's store. */
struct dash_shape {
	struct bytes base; /* absolute; empty: the document's URL */
	struct bytes id, mime_type, media, initialization, index;
	uint64_t bandwidth, timescale, duration, start_number, end_number, time_offset;
	int64_t duration_ms; /* of the period, -1: not known */
	struct dash_range times, addresses;
	uint32_t set;  /* the same for those that are a choice */
	uint32_t rank; /* made by dash_document_expand */
};

/* Zeroed is valid. Arrays are owned. */
struct dash_document {
	struct text_store store;
	struct dash_shape *shapes;
	size_t shape_count, shape_capacity;
	struct dash_time *times;
	size_t time_count, time_capacity;
	struct dash_address *addresses;
	size_t address_count, address_capacity;
	size_t dropped; /* over the limits */
};

/* Each false, and counted as dropped, when there are too many. */
bool dash_document_add_shape(struct dash_document *document, const struct dash_shape *shape);
bool dash_document_add_time(struct dash_document *document, const struct dash_time *time);
bool dash_document_add_address(struct dash_document *document, const struct dash_address *address);
/* Adds the URLs of all representations, the smallest and the best of each set first. */
void dash_document_expand(
	struct dash_document *document, const struct url *url, struct link_list *list);
void dash_document_clear(struct dash_document *document);

#endif
