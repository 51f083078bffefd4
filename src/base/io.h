/* SPDX-License-Identifier: MIT */
/* io.h - the disk: every call that makes, changes or syncs files goes through one table
 *
 * The program runs on the system's calls. Tests put a table of their own in its place, which fails
 * calls, writes less than it was given, or remembers what a power cut would leave. Only this file
 * and the VFS of the database know more of the disk than descriptors (scripts/check-style.sh). What
 * only looks (stat, readdir) and what is no file on a disk (sockets, memfds) is called directly.
 *
 * All functions give -1 with errno like the calls they stand for, and go on after EINTR. Every
 * descriptor is O_CLOEXEC. From any thread. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The calls, each as in section 2 of the manual. `open` and the three that take names are given a
 * directory as openat is. */
struct io_calls {
	int (*open)(int dir_fd, const char *path, int flags, mode_t mode);
	int (*close)(int fd);
	ssize_t (*read)(int fd, void *room, size_t max);
	ssize_t (*pread)(int fd, void *room, size_t max, off_t offset);
	ssize_t (*write)(int fd, const void *data, size_t length);
	ssize_t (*pwrite)(int fd, const void *data, size_t length, off_t offset);
	int (*truncate)(int fd, off_t size);
	int (*sync)(int fd);      /* fsync, of a file or a directory */
	int (*sync_data)(int fd); /* fdatasync */
	int (*sync_all)(int fd);  /* syncfs */
	int (*rename)(const char *from, const char *to, unsigned flags);
	int (*link)(const char *from, const char *to);
	int (*unlink)(int dir_fd, const char *path, int flags);
	int (*make_dir)(int dir_fd, const char *path, mode_t mode);
	int (*space)(const char *path, uint64_t *bytes_out, uint64_t *files_out);
};

/* The system's own. */
extern const struct io_calls io_system;
/* Puts a table in place of the one in use and returns that. For tests, before any thread runs.
 * Borrowed. */
const struct io_calls *io_use(const struct io_calls *calls);

/* What may make a file (O_CREAT) follows no symbolic link: ELOOP where one is in its place. */
int io_open(const char *path, int flags, mode_t mode);
int io_open_at(int dir_fd, const char *path, int flags, mode_t mode);
/* The descriptor is closed even when this fails; EINTR is no failure. */
int io_close(int fd);
ssize_t io_read(int fd, void *room, size_t max);
ssize_t io_read_at(int fd, void *room, size_t max, uint64_t offset);
/* Less than `length` may be written: files_write_all goes on. */
ssize_t io_write(int fd, const void *data, size_t length);
ssize_t io_write_at(int fd, const void *data, size_t length, uint64_t offset);
int io_truncate(int fd, uint64_t size);
/* After a failure nobody knows what is on the disk, and a second call may say that all is well: do
 * not try again. */
int io_sync(int fd);
int io_sync_data(int fd);
int io_sync_all(int fd);
/* Asks the system to begin writing what it still holds of a file, so that the sync to come waits
 * for less. Promises nothing, and is no call of the table: nothing depends on it. */
void io_begin_write_out(int fd);
int io_rename(const char *from, const char *to);
/* Never replaces (EEXIST), on file systems without that flag by link and unlink. */
int io_rename_new(const char *from, const char *to);
int io_link(const char *from, const char *to);
int io_unlink(const char *path);
int io_unlink_at(int dir_fd, const char *name, int flags);
int io_make_dir(const char *path, mode_t mode);
int io_make_dir_at(int dir_fd, const char *name, mode_t mode);
/* What an ordinary user may still take of the file system of `path`: bytes, and files that may be
 * made. UINT64_MAX where the file system does not say. */
int io_space(const char *path, uint64_t *bytes_out, uint64_t *files_out);

#endif
