/* SPDX-License-Identifier: MIT */
/* url_shape.h - what a URL's path looks like: date, identifier, slug, listing words
 *
 * General habits of publishing systems, no list of sites. */
#ifndef ARTICLE_URL_SHAPE_H
#define ARTICLE_URL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum url_id { URL_ID_NONE, URL_ID_DIGITS, URL_ID_HASH };

struct url_shape {
	bool is_root;           /* no path */
	bool has_date;          /* year and month or more */
	bool has_listing;       /* a whole segment is a word such as "tag" or "authors" */
	bool has_service;       /* a slug word such as "newsletter" or "contact" */
	bool is_file;           /* picture, sound, document or archive by its extension */
	enum url_id id;         /* identifier of a piece of content */
	size_t id_len;          /* its digits or characters */
	struct bytes id_text;   /* the same, borrowed from the path or query */
	char id_prefix[8];      /* letters right before it ("a-123" gives "a"), zero-terminated */
	size_t slug_words;      /* words of the longest hyphenated part */
	size_t depth;           /* segments */
	struct bytes extension; /* borrowed from the path, without '.', at most 5 letters */
	struct bytes last;      /* last segment that is not empty, borrowed */
	int year, month, day;   /* of has_date; day 0 when absent */
};

/* Describes the path of a URL; `query` ("?...") counts only for an identifier when the path has
 * none. */
struct url_shape url_shape_of(struct bytes path, struct bytes query);
/* Points for looking like one story, and against (listing pages, roots). */
double url_shape_points(const struct url_shape *shape);
/* Points for agreeing with the page's own URL, which is a story's. */
double url_shape_agreement(const struct url_shape *shape, const struct url_shape *seed);
/* A number that is equal for URLs of the same make (depth, date, id, prefix, slug, extension). */
uint64_t url_shape_template(const struct url_shape *shape);

#endif
