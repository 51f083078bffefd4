/* SPDX-License-Identifier: MIT */
/* stream.h - where bytes come from and where they go: two small interfaces, and adapters that nest
 *
 * A source is read until it says FLONG_END. A sink takes bytes, then finish() tells it that all
 * went well. Both are closed by their owner; an adapter owns what it wraps unless its open function
 * says "borrows". */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

struct source;
struct sink;

struct source_ops {
	/* Reads 1..max bytes, sets *got_out; FLONG_END (and *got_out = 0) at the end; negative on
	 * failure. */
	int (*read)(struct source *source, void *room, size_t max, size_t *got_out,
		struct flong_error *err);
	void (*close)(struct source *source); /* frees the source itself too */
	/* NULL, or moves by so many bytes, forward or back; see source_seek. */
	int (*seek)(struct source *source, int64_t by, struct flong_error *err);
};
struct source {
	const struct source_ops *ops; /* borrowed, static */
};

struct sink_ops {
	/* Takes all bytes or fails. */
	int (*write)(struct sink *sink, struct bytes b, struct flong_error *err);
	/* The end that can fail: flushes. No write may follow. */
	int (*finish)(struct sink *sink, struct flong_error *err);
	void (*close)(struct sink *sink); /* frees the sink itself too */
	/* NULL, or takes the first `length` bytes of a file by reference instead of by write: the
	 * descriptor stays open and the file unchanged for as long as the sink's owner says. */
	int (*take_file)(struct sink *sink, int fd, uint64_t length, struct flong_error *err);
};
struct sink {
	const struct sink_ops *ops; /* borrowed, static */
};

MUST_CHECK int source_read(
	struct source *s, void *room, size_t max, size_t *got_out, struct flong_error *err);
/* Moves the place that is read next by so many bytes, forward or back. FLONG_E_UNSUPPORTED when the
 * source can only be read on (a pipe, a decoder), FLONG_E_IO when it has no such place; nothing has
 * changed then. Going beyond the end is no error: the next read says FLONG_END. */
MUST_CHECK int source_seek(struct source *source, int64_t by, struct flong_error *err);
void source_close(struct source *source);
SCOPED_CLOSE(struct source *, source_close)
MUST_CHECK int sink_write(struct sink *sink, struct bytes b, struct flong_error *err);
MUST_CHECK int sink_finish(struct sink *sink, struct flong_error *err);
void sink_close(struct sink *sink);
SCOPED_CLOSE(struct sink *, sink_close)

/* Reads all into `out` (up to its limit: FLONG_E_LIMIT when there is more, with what fits added).
 */
MUST_CHECK int source_read_all(struct source *source, struct buf *out, struct flong_error *err);
/* Moves everything from source to sink; *moved_out (may be NULL) counts the bytes. Does not finish
 * the sink. */
MUST_CHECK int stream_copy(
	struct source *source, struct sink *sink, uint64_t *moved_out, struct flong_error *err);

/* Bytes borrowed until the source is closed. Never fails. */
struct source *source_from_bytes(struct bytes b);
/* Reads `length` bytes of the file at `offset` with pread (so the file position does not move);
 * stops early at the file's end. The descriptor is borrowed. */
struct source *source_from_fd_range(int fd, off_t offset, uint64_t length);
/* Reads a descriptor from where it stands (pipes too) to its end; takes the descriptor and closes
 * it. */
struct source *source_from_fd(int fd);
/* Opens a file by name; "-" is standard input. FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int source_open_file(
	const char *path, struct source **source_out, struct flong_error *err);
/* As source_open_file, from `offset` on; the file must be seekable. */
MUST_CHECK int source_open_file_at(
	const char *path, uint64_t offset, struct source **source_out, struct flong_error *err);
/* At most `length` bytes of another source. Borrows it. */
struct source *source_limit(struct source *inner, uint64_t length);

/* One source after the other; owns them all, four at most (the array itself is
 * copied). Never fails. */
struct source *source_join(struct source *const *parts_take, size_t count);

/* Appends to a borrowed buffer; FLONG_E_LIMIT when it is full. */
struct sink *sink_to_buf(struct buf *buf);
/* Writes to a borrowed descriptor with complete writes. */
struct sink *sink_to_fd(int fd);

#endif
