/* SPDX-License-Identifier: MIT */
/* lookup.c - finding captures in a sorted plain CDXJ file of any size */
#include "index/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "index/cdxj.h"

#define WINDOW_BYTES 65536
#define BACK_BYTES 4096

struct lookup {
	char *path; /* owned */
	int fd;
	uint64_t size;
	/* The part of the file that was read last. */
	char window[WINDOW_BYTES];
	uint64_t window_start;
	size_t window_len;
	/* The search. */
	struct buf prefix; /* what lines must start with */
	uint64_t at;       /* start of the next line */
	struct buf line;
	struct buf nearest; /* the best line so far, in lookup_closest */
};

int lookup_open(const char *path, struct lookup **lookup_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot open %s", path);
	}
	struct lookup *lookup = ALLOC(struct lookup);
	lookup->path = alloc_copy(path);
	lookup->fd = fd;
	lookup->size = (uint64_t)status.st_size;
	lookup->line.max = LIMIT_INDEX_LINE_BYTES;
	lookup->nearest.max = LIMIT_INDEX_LINE_BYTES;
	fd = -1;
	*lookup_out = lookup;
	return FLONG_OK;
}

void lookup_close(struct lookup *lookup)
{
	if (lookup != NULL) {
		(void)close(lookup->fd);
		buf_clear(&lookup->prefix);
		buf_clear(&lookup->line);
		buf_clear(&lookup->nearest);
		free_textp(&lookup->path);
		free(lookup);
	}
}

/* Bytes of the file from `at` on, at least one unless the file ends there. */
static int window_at(
	struct lookup *lookup, uint64_t at, struct bytes *bytes_out, struct flong_error *err)
{
	if (at < lookup->window_start || at >= lookup->window_start + lookup->window_len) {
		ssize_t got;
		do {
			got = pread(lookup->fd, lookup->window, WINDOW_BYTES, (off_t)at);
		} while (got < 0 && errno == EINTR);
		if (got < 0) {
			return error_set_errno(
				err, FLONG_E_IO, errno, "cannot read %s", lookup->path);
		}
		lookup->window_start = at;
		lookup->window_len = (size_t)got;
	}
	size_t skip = (size_t)(at - lookup->window_start);
	*bytes_out = bytes_from(lookup->window + skip, lookup->window_len - skip);
	return FLONG_OK;
}

/* Reads the line that starts at `at` into lookup->line; *next_out is where the one after it
 * starts. */
static int read_line(
	struct lookup *lookup, uint64_t at, uint64_t *next_out, struct flong_error *err)
{
	buf_reset(&lookup->line);
	for (;;) {
		struct bytes part = {NULL, 0};
		int rc = window_at(lookup, at, &part, err);
		if (rc < 0) {
			return rc;
		}
		size_t end = bytes_find_char(part, '\n', 0);
		buf_add(&lookup->line, bytes_slice(part, 0, end));
		if (buf_failed(&lookup->line)) {
			return error_set(err, FLONG_E_LIMIT, "%s: a line is over %zu bytes",
				lookup->path, LIMIT_INDEX_LINE_BYTES);
		}
		if (end != SIZE_MAX || part.len == 0) {
			*next_out = part.len == 0 ? at : at + end + 1;
			return FLONG_OK;
		}
		at += part.len;
	}
}

/* The start of the line that holds the byte at `at`. */
static int line_start(
	struct lookup *lookup, uint64_t at, uint64_t *start_out, struct flong_error *err)
{
	uint64_t end = at; /* no line feed in [end, at) */
	while (end > 0) {
		uint64_t from = end > BACK_BYTES ? end - BACK_BYTES : 0;
		struct bytes part = {NULL, 0};
		int rc = window_at(lookup, from, &part, err);
		if (rc < 0) {
			return rc;
		}
		part = bytes_slice(part, 0, (size_t)(end - from));
		size_t feed = bytes_find_last_char(part, '\n');
		if (feed != SIZE_MAX) {
			*start_out = from + feed + 1;
			return FLONG_OK;
		}
		if (at - from > LIMIT_INDEX_LINE_BYTES) {
			return error_set(err, FLONG_E_LIMIT, "%s: a line is over %zu bytes",
				lookup->path, LIMIT_INDEX_LINE_BYTES);
		}
		end = from;
	}
	*start_out = 0;
	return FLONG_OK;
}

int lookup_find(
	struct lookup *lookup, struct bytes key, enum lookup_match match, struct flong_error *err)
{
	buf_reset(&lookup->prefix);
	buf_add(&lookup->prefix, key);
	if (match == LOOKUP_EXACT) {
		buf_add_char(&lookup->prefix, ' ');
	}
	uint64_t low = 0; /* all lines before it sort before the prefix */
	uint64_t high = lookup->size;
	while (low < high) {
		uint64_t start;
		uint64_t next;
		int rc = line_start(lookup, low + (high - low) / 2, &start, err);
		if (rc == FLONG_OK) {
			rc = read_line(lookup, start, &next, err);
		}
		if (rc < 0) {
			return rc;
		}
		if (bytes_compare(buf_bytes(&lookup->line), buf_bytes(&lookup->prefix)) < 0) {
			low = next;
		} else {
			high = start;
		}
	}
	lookup->at = low;
	return FLONG_OK;
}

int lookup_next(struct lookup *lookup, struct bytes *line_out, struct flong_error *err)
{
	uint64_t next;
	int rc = read_line(lookup, lookup->at, &next, err);
	if (rc < 0) {
		return rc;
	}
	struct bytes line = buf_bytes(&lookup->line);
	if (next == lookup->at || !bytes_starts(line, buf_bytes(&lookup->prefix))) {
		return FLONG_END;
	}
	lookup->at = next;
	*line_out = line;
	return FLONG_OK;
}

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
