/* SPDX-License-Identifier: MIT */
/* stream.c - sources and sinks over memory and descriptors, and moving bytes between them */
#include "base/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"

enum { COPY_BYTES = 65536 };

int source_read(struct source *s, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	*got_out = 0;
	if (max == 0) {
		return FLONG_OK;
	}
	return s->ops->read(s, room, max, got_out, err);
}

int source_seek(struct source *source, int64_t by, struct flong_error *err)
{
	if (source->ops->seek == NULL) {
		return error_set(err, FLONG_E_UNSUPPORTED, "the input can only be read on");
	}
	return source->ops->seek(source, by, err);
}

void source_close(struct source *source)
{
	if (source != NULL) {
		source->ops->close(source);
	}
}

int sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	return b.len == 0 ? FLONG_OK : sink->ops->write(sink, b, err);
}

int sink_finish(struct sink *sink, struct flong_error *err)
{
	return sink->ops->finish(sink, err);
}

void sink_close(struct sink *sink)
{
	if (sink != NULL) {
		sink->ops->close(sink);
	}
}

int source_read_all(struct source *source, struct buf *out, struct flong_error *err)
{
	char room[16384];
	for (;;) {
		size_t got;
		int rc = source_read(source, room, sizeof(room), &got, err);
		if (rc == FLONG_END) {
			return FLONG_OK;
		}
		if (rc < 0) {
			return rc;
		}
		size_t max = out->max == 0 ? BUF_DEFAULT_MAX : out->max;
		size_t fits = max - out->len < got ? max - out->len : got;
		buf_add(out, bytes_from(room, fits));
		if (fits < got) {
			return error_set(err, FLONG_E_LIMIT, "more than %zu bytes", max);
		}
	}
}

int stream_copy(
	struct source *source, struct sink *sink, uint64_t *moved_out, struct flong_error *err)
{
	uint64_t moved = 0;
	char *room = alloc_zeroed(COPY_BYTES, 1);
	int rc;
	for (;;) {
		size_t got;
		rc = source_read(source, room, COPY_BYTES, &got, err);
		if (rc != FLONG_OK) {
			break;
		}
		rc = sink_write(sink, bytes_from(room, got), err);
		if (rc != FLONG_OK) {
			break;
		}
		moved += got;
	}
	free(room);
	if (moved_out != NULL) {
		*moved_out = moved;
	}
	return rc == FLONG_END ? FLONG_OK : rc;
}

struct bytes_source {
	struct source base;
	struct bytes all;
	size_t at;
};

static int bytes_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	(void)err;
	struct bytes_source *s = (struct bytes_source *)source;
	struct bytes left = bytes_slice(s->all, s->at, s->all.len);
	if (left.len == 0) {
		return FLONG_END;
	}
	size_t count = left.len < max ? left.len : max;
	memcpy(room, left.ptr, count);
	s->at += count;
	*got_out = count;
	return FLONG_OK;
}

static int bytes_source_seek(struct source *source, int64_t by, struct flong_error *err)
{
	struct bytes_source *s = (struct bytes_source *)source;
	int64_t to;
	if (__builtin_add_overflow((int64_t)s->at, by, &to) || to < 0) {
		return error_set(err, FLONG_E_IO, "no place %lld bytes from here", (long long)by);
	}
	s->at = (uint64_t)to < s->all.len ? (size_t)to : s->all.len;
	return FLONG_OK;
}

static void bytes_source_close(struct source *source)
{
	free(source);
}

struct source *source_from_bytes(struct bytes b)
{
	static const struct source_ops ops = {
		bytes_source_read, bytes_source_close, bytes_source_seek};
	struct bytes_source *s = ALLOC(struct bytes_source);
	*s = (struct bytes_source){{&ops}, b, 0};
	return &s->base;
}

struct range_source {
	struct source base;
	int fd; /* borrowed */
	off_t start;
	uint64_t at, length; /* from `start` on */
};

static int range_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct range_source *s = (struct range_source *)source;
	uint64_t left = s->at < s->length ? s->length - s->at : 0;
	size_t wanted = left < max ? (size_t)left : max;
	if (wanted == 0) {
		return FLONG_END;
	}
	off_t offset = s->start + (off_t)s->at;
	ssize_t got = io_read_at(s->fd, room, wanted, (uint64_t)offset);
	if (got < 0) {
		return error_set_errno(
			err, FLONG_E_IO, errno, "reading at offset %lld", (long long)offset);
	}
	s->at += (uint64_t)got;
	*got_out = (size_t)got;
	return got == 0 ? FLONG_END : FLONG_OK;
}

static int range_source_seek(struct source *source, int64_t by, struct flong_error *err)
{
	struct range_source *s = (struct range_source *)source;
	int64_t to;
	if (__builtin_add_overflow((int64_t)s->at, by, &to) || to < 0) {
		return error_set(err, FLONG_E_IO, "no place %lld bytes from here", (long long)by);
	}
	s->at = (uint64_t)to < s->length ? (uint64_t)to : s->length;
	return FLONG_OK;
}

static void range_source_close(struct source *source)
{
	free(source);
}

struct source *source_from_fd_range(int fd, off_t offset, uint64_t length)
{
	static const struct source_ops ops = {
		range_source_read, range_source_close, range_source_seek};
	struct range_source *s = ALLOC(struct range_source);
	*s = (struct range_source){{&ops}, fd, offset, 0, length};
	return &s->base;
}

struct fd_source {
	struct source base;
	int fd; /* owned */
};

static int fd_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	const struct fd_source *s = (struct fd_source *)source;
	ssize_t got = io_read(s->fd, room, max);
	if (got < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "reading");
	}
	*got_out = (size_t)got;
	return got == 0 ? FLONG_END : FLONG_OK;
}

static int fd_source_seek(struct source *source, int64_t by, struct flong_error *err)
{
	const struct fd_source *s = (struct fd_source *)source;
	if (lseek(s->fd, (off_t)by, SEEK_CUR) >= 0) {
		return FLONG_OK;
	}
	return errno == ESPIPE ? error_set(err, FLONG_E_UNSUPPORTED, "a pipe has only one way")
			       : error_set_errno(err, FLONG_E_IO, errno, "moving in the file");
}

static void fd_source_close(struct source *source)
{
	struct fd_source *s = (struct fd_source *)source;
	files_close_fd(&s->fd);
	free(s);
}

struct source *source_from_fd(int fd)
{
	static const struct source_ops ops = {fd_source_read, fd_source_close, fd_source_seek};
	struct fd_source *s = ALLOC(struct fd_source);
	*s = (struct fd_source){{&ops}, fd};
	return &s->base;
}

int source_open_file(const char *path, struct source **source_out, struct flong_error *err)
{
	*source_out = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : io_open(path, O_RDONLY | O_NOCTTY, 0);
	if (fd < 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "opening '%s'", path);
	}
	if (!is_stdin && files_is_dir(path)) {
		files_close_fd(&fd);
		return error_set(err, FLONG_E_IO, "opening '%s': it is a directory", path);
	}
	*source_out = source_from_fd(fd);
	return FLONG_OK;
}

int source_open_file_at(
	const char *path, uint64_t offset, struct source **source_out, struct flong_error *err)
{
	int rc = source_open_file(path, source_out, err);
	if (rc != FLONG_OK || offset == 0) {
		return rc;
	}
	const struct fd_source *s = (struct fd_source *)*source_out;
	if (offset > INT64_MAX || lseek(s->fd, (off_t)offset, SEEK_SET) < 0) {
		source_close(TAKE(*source_out));
		return error_set(err, FLONG_E_IO, "'%s' has no offset %llu", path,
			(unsigned long long)offset);
	}
	return FLONG_OK;
}

struct limit_source {
	struct source base;
	struct source *inner; /* borrowed */
	uint64_t left;
};

static int limit_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct limit_source *s = (struct limit_source *)source;
	if (s->left == 0) {
		return FLONG_END;
	}
	int rc = source_read(s->inner, room, s->left < max ? (size_t)s->left : max, got_out, err);
	s->left -= *got_out;
	return rc;
}

static void limit_source_close(struct source *source)
{
	free(source);
}

struct source *source_limit(struct source *inner, uint64_t length)
{
	static const struct source_ops ops = {
		.read = limit_source_read, .close = limit_source_close};
	struct limit_source *s = ALLOC(struct limit_source);
	*s = (struct limit_source){{&ops}, inner, length};
	return &s->base;
}

enum { JOIN_MAX = 4 };

struct join_source {
	struct source base;
	struct source *parts[JOIN_MAX]; /* owned */
	size_t at, count;
};

static int join_source_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct join_source *s = (struct join_source *)source;
	while (s->at < s->count) {
		int rc = source_read(s->parts[s->at], room, max, got_out, err);
		if (rc != FLONG_END) {
			return rc;
		}
		s->at++;
	}
	return FLONG_END;
}

static void join_source_close(struct source *source)
{
	struct join_source *s = (struct join_source *)source;
	for (size_t i = 0; i < s->count; i++) {
		source_close(s->parts[i]);
	}
	free(s);
}

struct source *source_join(struct source *const *parts_take, size_t count)
{
	static const struct source_ops ops = {.read = join_source_read, .close = join_source_close};
	assert(count <= JOIN_MAX);
	struct join_source *s = ALLOC(struct join_source);
	s->base.ops = &ops;
	for (; s->count < count; s->count++) {
		s->parts[s->count] = parts_take[s->count];
	}
	return &s->base;
}

static int finish_nothing(struct sink *sink, struct flong_error *err)
{
	(void)sink;
	(void)err;
	return FLONG_OK;
}

struct buf_sink {
	struct sink base;
	struct buf *buf; /* borrowed */
};

static int buf_sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	struct buf *buf = ((struct buf_sink *)sink)->buf;
	buf_add(buf, b);
	if (buf_failed(buf)) {
		return error_set(err, FLONG_E_LIMIT, "more than %zu bytes",
			buf->max == 0 ? BUF_DEFAULT_MAX : buf->max);
	}
	return FLONG_OK;
}

static void buf_sink_close(struct sink *sink)
{
	free(sink);
}

struct sink *sink_to_buf(struct buf *buf)
{
	static const struct sink_ops ops = {
		.write = buf_sink_write, .finish = finish_nothing, .close = buf_sink_close};
	struct buf_sink *s = ALLOC(struct buf_sink);
	*s = (struct buf_sink){{&ops}, buf};
	return &s->base;
}

struct fd_sink {
	struct sink base;
	int fd; /* borrowed */
};

static int fd_sink_write(struct sink *sink, struct bytes b, struct flong_error *err)
{
	return files_write_all(((struct fd_sink *)sink)->fd, b, "file", err);
}

static void fd_sink_close(struct sink *sink)
{
	free(sink);
}

struct sink *sink_to_fd(int fd)
{
	static const struct sink_ops ops = {
		.write = fd_sink_write, .finish = finish_nothing, .close = fd_sink_close};
	struct fd_sink *s = ALLOC(struct fd_sink);
	*s = (struct fd_sink){{&ops}, fd};
	return &s->base;
}
