/* SPDX-License-Identifier: MIT */
/* files.h - files that survive a crash: complete writes, sync, rename, directories, locks */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Writes all of `b`, through short writes and EINTR. `name` is for the message. */
MUST_CHECK int files_write_all(int fd, struct bytes b, const char *name, struct flong_error *err);
/* As files_write_all, at an offset; the file position does not move. */
MUST_CHECK int files_write_all_at(
	int fd, struct bytes b, uint64_t offset, const char *name, struct flong_error *err);
/* Reads exactly `length` bytes at an offset; the file position does not move. FLONG_E_FORMAT: the
 * file ends before. FLONG_E_IO. */
MUST_CHECK int files_read_at(int fd, void *room, size_t length, uint64_t offset, const char *name,
	struct flong_error *err);
/* Reads a whole file of at most `out`'s limit. FLONG_E_NOT_FOUND, FLONG_E_IO, FLONG_E_LIMIT. */
MUST_CHECK int files_read(const char *path, struct buf *out, struct flong_error *err);
/* Makes a directory (mode 0750); an existing directory is fine. */
MUST_CHECK int files_make_dir(const char *path, struct flong_error *err);
/* The same for what is nobody else's business (mode 0700). */
MUST_CHECK int files_make_private_dir(const char *path, struct flong_error *err);
/* Writes `path`.partial, syncs, renames to `path`, syncs the directory. An existing `path` is
 * replaced; what is special (files_is_special) is written to. */
MUST_CHECK int files_replace(const char *path, struct bytes content, struct flong_error *err);
/* The same with mode 0600 instead of 0640. */
MUST_CHECK int files_replace_private(
	const char *path, struct bytes content, struct flong_error *err);
/* Renames within one directory and syncs the directory. Never replaces: FLONG_E_EXISTS. */
MUST_CHECK int files_rename_new(const char *from, const char *to, struct flong_error *err);
/* Renames within one file system and syncs the directory. An existing `to` is replaced. */
MUST_CHECK int files_replace_by(const char *from, const char *to, struct flong_error *err);
MUST_CHECK int files_sync_dir(const char *path, struct flong_error *err);
/* Syncs the directory that `path` is in: its name is there after a crash. */
MUST_CHECK int files_sync_parent(const char *path, struct flong_error *err);
/* Makes everything that was written to the file system of `path` durable at once: for a tree of
 * many new files. */
MUST_CHECK int files_sync_tree(const char *path, struct flong_error *err);
/* fsync of an open descriptor. */
MUST_CHECK int files_sync(int fd, const char *name, struct flong_error *err);
/* Closes what was written; *fd is -1 afterwards. FLONG_E_IO: a file system of a network said only
 * now what it could not write. */
MUST_CHECK int files_close_written(int *fd, const char *name, struct flong_error *err);
/* files_sync, then files_close_written: before a file gets its name. */
MUST_CHECK int files_finish(int *fd, const char *name, struct flong_error *err);
/* Opens a temporary file in `dir` that has no name any more. FLONG_E_IO. */
MUST_CHECK int files_open_temp(const char *dir, int *fd_out, struct flong_error *err);
/* A file to be read line by line with getline, closed with fclose. FLONG_E_NOT_FOUND,
 * FLONG_E_IO. */
MUST_CHECK int files_open_stream(const char *path, FILE **stream_out, struct flong_error *err);
/* The same of a descriptor, from where it stands; takes it. */
FILE *files_stream(int fd_take);
/* getline that tells an error from the end, and a whole line from one that an error cut: the length
 * of the line, 0 at the end, -1 with errno. *line is owned by the caller. */
ssize_t files_next_line(FILE *stream, char **line, size_t *capacity);
bool files_exists(const char *path);
/* Whether a path names what must be written to and not replaced by a file: a device, a pipe (or a
 * directory, which cannot be written to), itself or by a link; all that is in /dev and /proc. */
bool files_is_special(const char *path);
bool files_is_dir(const char *path);
/* Size in bytes; FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int files_size(const char *path, uint64_t *size_out, struct flong_error *err);
/* Removes a directory tree that we made; never follows links. A missing one is fine. */
MUST_CHECK int files_remove_tree(const char *path, struct flong_error *err);
/* The names in a directory that end in `suffix`, sorted by bytes, each zero-terminated in
 * `names_out` (concatenated). */
MUST_CHECK int files_list(
	const char *dir, const char *suffix, struct buf *names_out, struct flong_error *err);
/* "dir/name" as an owned string. */
char *files_join(const char *dir, const char *name);
/* The part after the last slash; borrowed. */
const char *files_base_name(const char *path);

/* Locks `path` (made if absent) for this process with an OFD lock and writes our pid into it.
 * Returns the descriptor in *fd_out: closing it unlocks. FLONG_E_BUSY when another process holds
 * it; the message names its pid. */
MUST_CHECK int files_lock(const char *path, int *fd_out, struct flong_error *err);

static inline void free_textp(char **text)
{
	__builtin_free(*text);
}
void files_close_fd(int *fd);           /* for SCOPED: closes when >= 0 */
void files_close_stream(FILE **stream); /* for SCOPED: closes when not NULL */

#endif
