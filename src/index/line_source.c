/* SPDX-License-Identifier: MIT */
/* line_source.c - lines cut out of a window that holds at most one of the longest */
#include "index/line_source.h"

#include "base/error.h"
#include "base/limits.h"

enum { READ_BYTES = 65536 };

/* Drops what was given and reads more; FLONG_END at the end of the source. */
static int fill(struct line_source *lines, struct flong_error *err)
{
	size_t left = lines->window.len - lines->at;
	size_t got = 0;
	if (lines->at > 0) {
		memmove(lines->window.ptr, lines->window.ptr + lines->at, left);
		buf_truncate(&lines->window, left);
		lines->at = 0;
	}
	lines->window.max = LIMIT_INDEX_LINE_BYTES + (size_t)2 * READ_BYTES;
	char *room = buf_reserve(&lines->window, READ_BYTES);
	if (room == NULL) {
		return error_set(err, FLONG_E_LIMIT, "line %llu is too long",
			(unsigned long long)lines->number);
	}
	int rc = source_read(lines->source, room, READ_BYTES, &got, err);
	buf_commit(&lines->window, rc == FLONG_OK ? got : 0);
	return rc;
}

static struct bytes waiting(const struct line_source *lines)
{
	return bytes_slice(buf_bytes(&lines->window), lines->at, lines->window.len);
}

/* Reads on to the end of a line that is too long. */
static int skip_line(struct line_source *lines, struct flong_error *err)
{
	for (;;) {
		struct bytes window = waiting(lines);
		size_t end = bytes_find_char(window, '\n', 0);
		if (end != SIZE_MAX) {
			lines->at += end + 1;
			break;
		}
		lines->at = lines->window.len;
		int rc = fill(lines, err);
		if (rc == FLONG_END) {
			lines->is_over = true;
			break;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
	}
	return error_set(err, FLONG_E_LIMIT, "the line has over %zu bytes", LIMIT_INDEX_LINE_BYTES);
}

int line_source_next(struct line_source *lines, struct bytes *line_out, struct flong_error *err)
{
	size_t scanned = 0;
	*line_out = (struct bytes){NULL, 0};
	if (lines->is_over) {
		return FLONG_END;
	}
	lines->number++;
	for (;;) {
		struct bytes window = waiting(lines);
		size_t end = bytes_find_char(window, '\n', scanned);
		if (end != SIZE_MAX && end <= LIMIT_INDEX_LINE_BYTES) {
			*line_out = bytes_slice(window, 0, end);
			lines->has_end = true;
			lines->at += end + 1;
			return FLONG_OK;
		}
		if (window.len > LIMIT_INDEX_LINE_BYTES) {
			return skip_line(lines, err);
		}
		scanned = window.len;
		int rc = fill(lines, err);
		if (rc == FLONG_END) {
			lines->is_over = true;
			*line_out = waiting(lines);
			lines->has_end = false;
			return line_out->len > 0 ? FLONG_OK : FLONG_END;
		}
		if (rc != FLONG_OK) {
			return rc;
		}
	}
}

void line_source_clear(struct line_source *lines)
{
	buf_clear(&lines->window);
}
