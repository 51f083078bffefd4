/* SPDX-License-Identifier: MIT */
/* lookup.c - finding captures in a sorted index of any size */
#include "index/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "index/cdx.h"
#include "index/cdxj.h"
#include "index/line_file.h"
#include "index/zipnum_read.h"
#include "web/surt.h"

struct lookup {
	char *path;                   /* owned */
	struct line_file *file;       /* of a plain index; else NULL */
	struct zipnum_reader *blocks; /* of an index in blocks; else NULL */
	/* The search: lines from `start` on that sort before `end`. */
	struct buf start;
	struct buf end;     /* empty: all that follow */
	uint64_t at;        /* start of the next line of a plain file */
	struct buf nearest; /* the best line so far, in lookup_closest */
};

int lookup_open(const char *path, struct lookup **lookup_out, struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *file = NULL;
	int rc = line_file_open(path, &file, err);
	struct bytes first = {NULL, 0};
	uint64_t next;
	struct flong_error ignored = {0};
	if (rc == FLONG_OK && line_file_read(file, 0, &first, &next, &ignored) != FLONG_OK) {
		first = (struct bytes){NULL, 0};
	}
	struct zipnum_reader *blocks = NULL;
	if (rc == FLONG_OK && zipnum_is_index(path, first)) {
		rc = zipnum_reader_open(path, &blocks, err);
	}
	if (rc < 0) {
		return rc;
	}
	struct lookup *lookup = ALLOC(struct lookup);
	lookup->path = alloc_copy(path);
	lookup->blocks = blocks;
	lookup->file = blocks == NULL ? TAKE(file) : NULL;
	lookup->nearest.max = LIMIT_INDEX_LINE_BYTES;
	*lookup_out = lookup;
	return FLONG_OK;
}

struct lookup *lookup_open_range(int fd, uint64_t start, uint64_t length, const char *name)
{
	struct lookup *lookup = ALLOC(struct lookup);
	lookup->path = alloc_copy(name);
	lookup->file = line_file_open_range(fd, start, length, name);
	lookup->nearest.max = LIMIT_INDEX_LINE_BYTES;
	return lookup;
}

void lookup_close(struct lookup *lookup)
{
	if (lookup != NULL) {
		line_file_close(lookup->file);
		zipnum_reader_close(lookup->blocks);
		buf_clear(&lookup->start);
		buf_clear(&lookup->end);
		buf_clear(&lookup->nearest);
		free(lookup->path);
		free(lookup);
	}
}

void lookup_key(struct bytes url, enum lookup_match match, struct buf *key_out)
{
	surt_ia(url, key_out);
	static const char ends[] = "/?";
	for (const char *c = ends; *c != '\0' && match == LOOKUP_PREFIX; c++) {
		bool has_it = key_out->len > 0 && key_out->ptr[key_out->len - 1] == *c;
		if (url.len > 0 && url.ptr[url.len - 1] == *c && !has_it) {
			buf_add_char(key_out, *c);
		}
	}
}

/* --- ranges ----------------------------------------------------------------------------------- */

/* The first text that sorts behind all that begin with `start`. */
static void set_end_of_prefix(struct bytes start, struct buf *end)
{
	while (start.len > 0 && (unsigned char)start.ptr[start.len - 1] == 0xff) {
		start.len--;
	}
	buf_add(end, start);
	if (end->len > 0) {
		end->ptr[end->len - 1] = (char)(end->ptr[end->len - 1] + 1);
	}
}

static void set_range(struct lookup *lookup, struct bytes key, enum lookup_match match)
{
	struct buf *start = &lookup->start;
	struct buf *end = &lookup->end;
	buf_reset(start);
	buf_reset(end);
	struct bytes host = bytes_slice(key, 0, bytes_find_char(key, ')', 0));
	switch (match) {
	case LOOKUP_PREFIX:
		buf_add(start, key);
		set_end_of_prefix(key, end);
		return;
	case LOOKUP_HOST:
		buf_add(start, host);
		buf_add(end, host);
		buf_add_text(start, ")/");
		buf_add_char(end, ')' + 1);
		return;
	case LOOKUP_DOMAIN:
		host = bytes_slice(host, 0, bytes_find_char(host, ':', 0));
		buf_add(start, host);
		buf_add(end, host);
		/* A top-level name alone has no page of its own. */
		buf_add_text(start, bytes_find_char(host, ',', 0) == SIZE_MAX ? "," : ")/");
		buf_add_char(end, ',' + 1);
		return;
	case LOOKUP_EXACT:
	default:
		buf_add(start, key);
		buf_add(end, key);
		buf_add_char(start, ' ');
		buf_add_char(end, ' ' + 1);
		return;
	}
}

int lookup_find(
	struct lookup *lookup, struct bytes key, enum lookup_match match, struct flong_error *err)
{
	set_range(lookup, key, match);
	struct bytes start = buf_bytes(&lookup->start);
	return lookup->blocks != NULL ? zipnum_reader_seek(lookup->blocks, start, err)
				      : line_file_search(lookup->file, start, &lookup->at, err);
}

static bool is_header(struct bytes line)
{
	return line.len == 0 || line.ptr[0] == '!' || cdx_is_header(line);
}

int lookup_next(struct lookup *lookup, struct bytes *line_out, struct flong_error *err)
{
	struct bytes end = buf_bytes(&lookup->end);
	for (;;) {
		struct bytes line;
		int rc =
			lookup->blocks != NULL
				? zipnum_reader_next(lookup->blocks, end, &line, err)
				: line_file_read(lookup->file, lookup->at, &line, &lookup->at, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (end.len > 0 && bytes_compare(line, end) >= 0) {
			return FLONG_END;
		}
		if (bytes_compare(line, buf_bytes(&lookup->start)) >= 0 && !is_header(line)) {
			*line_out = line;
			return FLONG_OK;
		}
	}
}

/* --- closest in time -------------------------------------------------------------------------- */

/* Distance of a line's time from `wall_ms`; false when it has none. */
static bool line_distance(struct bytes line, int64_t wall_ms, uint64_t *distance_out)
{
	struct bytes key;
	struct bytes timestamp;
	struct bytes json;
	int64_t time_ms;
	if (!cdxj_split(line, &key, &timestamp, &json) ||
		!clock_parse_digits(timestamp, &time_ms)) {
		return false;
	}
	*distance_out = time_ms > wall_ms ? (uint64_t)time_ms - (uint64_t)wall_ms
					  : (uint64_t)wall_ms - (uint64_t)time_ms;
	return true;
}

int lookup_closest(struct lookup *lookup, struct bytes key, int64_t wall_ms, struct bytes *line_out,
	struct flong_error *err)
{
	int rc = lookup_find(lookup, key, LOOKUP_EXACT, err);
	uint64_t best = UINT64_MAX;
	struct bytes line;
	while (rc == FLONG_OK) {
		rc = lookup_next(lookup, &line, err);
		uint64_t distance;
		if (rc == FLONG_OK && line_distance(line, wall_ms, &distance) && distance < best) {
			best = distance;
			buf_reset(&lookup->nearest);
			buf_add(&lookup->nearest, line);
		}
	}
	if (rc < 0) {
		return rc;
	}
	if (best == UINT64_MAX) {
		return error_set(err, FLONG_E_NOT_FOUND, "%s: no capture of '" BYTES_FMT "'",
			lookup->path, BYTES_ARG(key));
	}
	*line_out = buf_bytes(&lookup->nearest);
	return FLONG_OK;
}
