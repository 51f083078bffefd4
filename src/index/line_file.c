/* SPDX-License-Identifier: MIT */
/* line_file.c - the lines of a text file of any size */
#include "index/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"

#define WINDOW_BYTES 65536
#define BACK_BYTES 4096

struct line_file {
	char *path; /* owned */
	int fd;
	bool is_borrowed;    /* the descriptor is another's */
	uint64_t start, end; /* what is read of the file: all, or a range */
	uint64_t size;
	/* The part of the file that was read last. */
	char window[WINDOW_BYTES];
	uint64_t window_start;
	size_t window_len;
	struct buf line; /* a line that goes over several windows */
};

int line_file_open(const char *path, struct line_file **file_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_RDONLY, 0);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot open %s", path);
	}
	struct line_file *file = ALLOC(struct line_file);
	file->path = alloc_copy(path);
	file->fd = fd;
	file->size = (uint64_t)status.st_size;
	file->end = INT64_MAX; /* an index may grow while it is open */
	file->line.max = LIMIT_INDEX_LINE_BYTES;
	fd = -1;
	*file_out = file;
	return FLONG_OK;
}

struct line_file *line_file_open_range(int fd, uint64_t start, uint64_t length, const char *name)
{
	struct line_file *file = ALLOC(struct line_file);
	file->path = alloc_copy(name);
	file->fd = fd;
	file->is_borrowed = true;
	file->start = start;
	file->size = length;
	file->end = start + length;
	file->line.max = LIMIT_INDEX_LINE_BYTES;
	return file;
}

void line_file_close(struct line_file *file)
{
	if (file != NULL) {
		if (!file->is_borrowed) {
			(void)io_close(file->fd);
		}
		buf_clear(&file->line);
		free(file->path);
		free(file);
	}
}

/* Bytes of the file from `at` on, at least one unless the file ends there. */
static int window_at(
	struct line_file *file, uint64_t at, struct bytes *bytes_out, struct flong_error *err)
{
	if (at < file->window_start || at >= file->window_start + file->window_len) {
		uint64_t left = at < file->end - file->start ? file->end - file->start - at : 0;
		size_t wanted = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;
		ssize_t got = io_read_at(file->fd, file->window, wanted, file->start + at);
		if (got < 0) {
			return error_set_errno(
				err, FLONG_E_IO, errno, "cannot read %s", file->path);
		}
		file->window_start = at;
		file->window_len = (size_t)got;
	}
	size_t skip = (size_t)(at - file->window_start);
	*bytes_out = bytes_from(file->window + skip, file->window_len - skip);
	return FLONG_OK;
}

static int too_long(const struct line_file *file, uint64_t at, struct flong_error *err)
{
	return error_set(err, FLONG_E_LIMIT, "%s: the line at offset %llu is over %zu bytes",
		file->path, (unsigned long long)at, LIMIT_INDEX_LINE_BYTES);
}

static struct bytes without_return(struct bytes line)
{
	return line.len > 0 && line.ptr[line.len - 1] == '\r' ? bytes_slice(line, 0, line.len - 1)
							      : line;
}

int line_file_read(struct line_file *file, uint64_t at, struct bytes *line_out, uint64_t *next_out,
	struct flong_error *err)
{
	uint64_t start = at;
	buf_reset(&file->line);
	for (;;) {
		struct bytes part = {NULL, 0};
		int rc = window_at(file, at, &part, err);
		if (rc < 0) {
			return rc;
		}
		if (part.len == 0 && at == start) {
			return FLONG_END;
		}
		size_t end = bytes_find_char(part, '\n', 0);
		struct bytes piece = bytes_slice(part, 0, end);
		if (end != SIZE_MAX && at == start) {
			*line_out = without_return(piece);
			*next_out = at + end + 1;
			return FLONG_OK;
		}
		buf_add(&file->line, piece);
		if (buf_failed(&file->line)) {
			return too_long(file, start, err);
		}
		at += piece.len;
		if (end != SIZE_MAX || part.len == 0) {
			*line_out = without_return(buf_bytes(&file->line));
			*next_out = part.len == 0 ? at : at + 1;
			return FLONG_OK;
		}
	}
}

int line_file_each(struct line_file *file, line_taker *each, void *context, struct flong_error *err)
{
	uint64_t at = 0;
	int rc = FLONG_OK;
	while (rc == FLONG_OK) {
		struct bytes line;
		rc = line_file_read(file, at, &line, &at, err);
		if (rc == FLONG_OK) {
			rc = each(context, line, err);
		}
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

int line_file_each_of(const char *path, line_taker *each, void *context, struct flong_error *err)
{
	SCOPED(line_file_closep) struct line_file *file = NULL;
	int rc = line_file_open(path, &file, err);
	return rc == FLONG_OK ? line_file_each(file, each, context, err) : rc;
}

/* The start of the line that holds the byte at `at`. */
static int line_start(
	struct line_file *file, uint64_t at, uint64_t *start_out, struct flong_error *err)
{
	uint64_t end = at; /* no line feed in [end, at) */
	while (end > 0) {
		uint64_t from = end > BACK_BYTES ? end - BACK_BYTES : 0;
		struct bytes part = {NULL, 0};
		int rc = window_at(file, from, &part, err);
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
			return too_long(file, from, err);
		}
		end = from;
	}
	*start_out = 0;
	return FLONG_OK;
}

int line_file_before(
	struct line_file *file, uint64_t at, uint64_t *start_out, struct flong_error *err)
{
	return line_start(file, at > 0 ? at - 1 : 0, start_out, err);
}

int line_file_search(
	struct line_file *file, struct bytes text, uint64_t *start_out, struct flong_error *err)
{
	uint64_t low = 0; /* all lines before it sort before the text */
	uint64_t high = file->size;
	while (low < high) {
		uint64_t start = 0;
		uint64_t next = 0;
		struct bytes line = {NULL, 0};
		int rc = line_start(file, low + (high - low) / 2, &start, err);
		if (rc == FLONG_OK) {
			rc = line_file_read(file, start, &line, &next, err);
		}
		if (rc < 0) {
			return rc;
		}
		if (rc == FLONG_END) {
			high = start; /* the file was cut meanwhile */
		} else if (bytes_compare(line, text) < 0) {
			low = next;
		} else {
			high = start;
		}
	}
	*start_out = low;
	return FLONG_OK;
}
