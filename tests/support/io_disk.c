/* SPDX-License-Identifier: MIT */
/* io_disk.c - a disk for tests that fails calls, and that can lose power */
#include "io_disk_log.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/io.h"

struct disk_log disk = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* --- what is remembered ------------------------------------------------------------------------
 */

static struct change *remember(enum kind kind, unsigned file)
{
	if (disk.count == disk.room) {
		disk.room = disk.room == 0 ? 4096 : 2 * disk.room;
		disk.changes = alloc_resize(disk.changes, disk.room, sizeof(*disk.changes));
	}
	struct change *change = &disk.changes[disk.count++];
	*change = (struct change){.kind = kind, .file = file};
	return change;
}

static void remember_name(unsigned dir, const char *name, unsigned file)
{
	struct change *change = remember(NAME, file);
	change->dir = dir;
	change->name = alloc_copy(files_base_name(name));
}

static void remember_write(unsigned file, const void *data, size_t length, uint64_t offset)
{
	struct change *change = remember(WRITE, file);
	char *copy = alloc_text(data, length);
	change->data = bytes_from(copy, length);
	change->offset = offset;
}

static unsigned add_file(ino_t number, bool is_dir, const char *name)
{
	disk.files = alloc_resize(disk.files, disk.file_count + 1, sizeof(*disk.files));
	disk.files[disk.file_count] =
		(struct known){number, is_dir, alloc_copy(files_base_name(name))};
	return ++disk.file_count;
}

/* The newest file with the system's number; 0 when it is not below the root. */
static unsigned find_file(ino_t number)
{
	for (unsigned i = disk.file_count; i > 0; i--) {
		if (disk.files[i - 1].number == number) {
			return i;
		}
	}
	return 0;
}

static unsigned file_at(int dir_fd, const char *path)
{
	struct stat status;
	return fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? find_file(status.st_ino)
									: 0;
}

/* The directory that `path` is in. */
static unsigned parent_at(int dir_fd, const char *path)
{
	size_t length = (size_t)(files_base_name(path) - path);
	SCOPED(free_textp) char *dir = length == 0 ? alloc_copy(".") : alloc_text(path, length);
	return file_at(dir_fd, dir);
}

static unsigned of_fd(int fd)
{
	return fd >= 0 && fd < FDS_MAX ? disk.by_fd[fd] : 0;
}

/* What is there at the beginning. */
static void load(const char *path, unsigned dir)
{
	DIR *stream = opendir(path);
	assert(stream != NULL);
	for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		SCOPED(free_textp) char *child = files_join(path, entry->d_name);
		struct stat status;
		assert(lstat(child, &status) == 0);
		unsigned file = add_file(status.st_ino, S_ISDIR(status.st_mode), child);
		remember_name(dir, child, file);
		if (S_ISDIR(status.st_mode)) {
			load(child, file);
		} else if (status.st_size > 0) {
			SCOPED(buf_clear) struct buf content = buf_with_max((size_t)1 << 30);
			struct flong_error err = {0};
			assert(files_read(child, &content, &err) == FLONG_OK);
			remember_write(file, content.ptr, content.len, 0);
		}
	}
	(void)closedir(stream);
}

/* --- the calls ---------------------------------------------------------------------------------
 */

/* Whether this call is to fail, with errno. */
static bool fails(bool changes)
{
	if (disk.fault.at == 0 || (disk.fault.only_changes && !changes)) {
		return false;
	}
	disk.calls++;
	bool is_now =
		disk.calls == disk.fault.at || (disk.fault.lasts && disk.calls > disk.fault.at);
	disk.has_failed = disk.has_failed || is_now;
	errno = disk.fault.error;
	return is_now;
}

/* How much of a transfer is done; 0 with errno when it fails. */
static size_t allowed(bool changes, size_t length)
{
	if (!fails(changes)) {
		return length;
	}
	return disk.fault.is_short ? length - length / 2 : 0;
}

static bool fails_wholly(bool changes)
{
	return fails(changes) && !disk.fault.is_short;
}

static int disk_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	(void)pthread_mutex_lock(&disk.mutex);
	bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_ACCMODE) != O_RDONLY;
	int fd = -1;
	if (!fails_wholly(changes)) {
		struct stat status;
		bool was_there = fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
		fd = io_system.open(dir_fd, path, flags, mode);
		bool is_temporary = (flags & O_TMPFILE) == O_TMPFILE;
		unsigned dir = fd < 0 || is_temporary ? 0 : parent_at(dir_fd, path);
		unsigned file = 0;
		if (fd >= 0 && !is_temporary && fstat(fd, &status) == 0) {
			if (was_there) {
				file = find_file(status.st_ino);
			} else if (dir != 0) {
				file = add_file(status.st_ino, false, path);
				remember_name(dir, path, file);
			}
			if (file != 0 && was_there && (flags & O_TRUNC) != 0) {
				(void)remember(RESIZE, file);
			}
		}
		if (fd >= 0) {
			assert(fd < FDS_MAX);
			disk.by_fd[fd] = file;
			disk.appends[fd] = (flags & O_APPEND) != 0;
		}
	}
	int saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return fd;
}

/* The descriptor is gone also when the call fails. */
static int disk_close(int fd)
{
	(void)pthread_mutex_lock(&disk.mutex);
	bool changes = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	bool has_failed = fails_wholly(changes);
	int saved = errno;
	disk.by_fd[fd] = 0;
	(void)pthread_mutex_unlock(&disk.mutex);
	int rc = io_system.close(fd);
	errno = has_failed ? saved : errno;
	return has_failed ? -1 : rc;
}

static ssize_t disk_pwrite(int fd, const void *data, size_t length, off_t offset)
{
	(void)pthread_mutex_lock(&disk.mutex);
	size_t may = allowed(true, length);
	ssize_t done = may == 0 && length > 0 ? -1 : io_system.pwrite(fd, data, may, offset);
	if (done > 0 && of_fd(fd) != 0) {
		remember_write(of_fd(fd), data, (size_t)done, (uint64_t)offset);
	}
	int saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return done;
}

static ssize_t disk_write(int fd, const void *data, size_t length)
{
	(void)pthread_mutex_lock(&disk.mutex);
	size_t may = allowed(true, length);
	int saved = errno;
	off_t offset = lseek(fd, 0, fd < FDS_MAX && disk.appends[fd] ? SEEK_END : SEEK_CUR);
	errno = saved;
	ssize_t done = may == 0 && length > 0 ? -1 : io_system.write(fd, data, may);
	if (done > 0 && of_fd(fd) != 0) {
		remember_write(of_fd(fd), data, (size_t)done, (uint64_t)offset);
	}
	saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return done;
}

static ssize_t disk_read(int fd, void *room, size_t max)
{
	(void)pthread_mutex_lock(&disk.mutex);
	size_t may = allowed(false, max);
	(void)pthread_mutex_unlock(&disk.mutex);
	return may == 0 && max > 0 ? -1 : io_system.read(fd, room, may);
}

static ssize_t disk_pread(int fd, void *room, size_t max, off_t offset)
{
	(void)pthread_mutex_lock(&disk.mutex);
	size_t may = allowed(false, max);
	(void)pthread_mutex_unlock(&disk.mutex);
	return may == 0 && max > 0 ? -1 : io_system.pread(fd, room, may, offset);
}

static int disk_truncate(int fd, off_t size)
{
	(void)pthread_mutex_lock(&disk.mutex);
	int rc = fails_wholly(true) ? -1 : io_system.truncate(fd, size);
	if (rc == 0 && of_fd(fd) != 0) {
		remember(RESIZE, of_fd(fd))->offset = (uint64_t)size;
	}
	(void)pthread_mutex_unlock(&disk.mutex);
	return rc;
}

/* After a failed sync the system holds the pages for clean: they never reach the disk. */
static int disk_sync(int fd)
{
	(void)pthread_mutex_lock(&disk.mutex);
	int rc = fails_wholly(true) ? -1 : 0;
	if (of_fd(fd) != 0 && (rc == 0 || errno != EINTR)) { /* an interruption loses nothing */
		(void)remember(rc == 0 ? SYNC : LOST_SYNC, of_fd(fd));
	}
	(void)pthread_mutex_unlock(&disk.mutex);
	return rc;
}

static int disk_sync_all(int fd)
{
	(void)fd;
	(void)pthread_mutex_lock(&disk.mutex);
	int rc = fails_wholly(true) ? -1 : 0;
	if (rc == 0) {
		(void)remember(SYNC_ALL, 0);
	}
	(void)pthread_mutex_unlock(&disk.mutex);
	return rc;
}

static int disk_rename(const char *from, const char *to, unsigned flags)
{
	(void)pthread_mutex_lock(&disk.mutex);
	unsigned file = file_at(AT_FDCWD, from);
	int rc = fails_wholly(true) ? -1 : io_system.rename(from, to, flags);
	if (rc == 0 && file != 0) {
		struct change *change = remember(MOVE, file);
		change->dir = parent_at(AT_FDCWD, to);
		change->from = parent_at(AT_FDCWD, from);
		change->name = alloc_copy(files_base_name(to));
		change->old = alloc_copy(files_base_name(from));
	}
	int saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return rc;
}

static int disk_link(const char *from, const char *to)
{
	(void)pthread_mutex_lock(&disk.mutex);
	unsigned file = file_at(AT_FDCWD, from);
	int rc = fails_wholly(true) ? -1 : io_system.link(from, to);
	if (rc == 0 && file != 0) {
		remember_name(parent_at(AT_FDCWD, to), to, file);
	}
	(void)pthread_mutex_unlock(&disk.mutex);
	return rc;
}

static int disk_unlink(int dir_fd, const char *path, int flags)
{
	(void)pthread_mutex_lock(&disk.mutex);
	unsigned file = file_at(dir_fd, path);
	unsigned dir = parent_at(dir_fd, path);
	int rc = -1;
	if (!fails_wholly(true)) {
		rc = io_system.unlink(dir_fd, path, flags);
	}
	if (rc == 0 && dir != 0) {
		remember_name(dir, path, 0);
		if (file != 0) {
			disk.files[file - 1].number = 0;
		}
	}
	int saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return rc;
}

static int disk_make_dir(int dir_fd, const char *path, mode_t mode)
{
	(void)pthread_mutex_lock(&disk.mutex);
	unsigned dir = parent_at(dir_fd, path);
	int rc = fails_wholly(true) ? -1 : io_system.make_dir(dir_fd, path, mode);
	struct stat status;
	if (rc == 0 && dir != 0 && fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0) {
		remember_name(dir, path, add_file(status.st_ino, true, path));
	}
	int saved = errno;
	(void)pthread_mutex_unlock(&disk.mutex);
	errno = saved;
	return rc;
}

static int disk_space(const char *path, uint64_t *bytes_out, uint64_t *files_out)
{
	return io_system.space(path, bytes_out, files_out);
}

void disk_begin(const char *root)
{
	static const struct io_calls calls = {.open = disk_open,
		.close = disk_close,
		.read = disk_read,
		.pread = disk_pread,
		.write = disk_write,
		.pwrite = disk_pwrite,
		.truncate = disk_truncate,
		.sync = disk_sync,
		.sync_data = disk_sync,
		.sync_all = disk_sync_all,
		.rename = disk_rename,
		.link = disk_link,
		.unlink = disk_unlink,
		.make_dir = disk_make_dir,
		.space = disk_space};
	struct stat status;
	assert(stat(root, &status) == 0);
	(void)add_file(status.st_ino, true, root);
	load(root, 1);
	(void)remember(SYNC_ALL, 0);
	disk.first = disk.count;
	(void)io_use(&calls);
}

void disk_fail(const struct disk_fault *fault)
{
	disk.fault = *fault;
	disk.calls = 0;
	disk.has_failed = false;
}

void disk_end(void)
{
	(void)io_use(&io_system);
	for (size_t i = 0; i < disk.count; i++) {
		free((void *)(uintptr_t)disk.changes[i].data.ptr);
		free(disk.changes[i].name);
		free(disk.changes[i].old);
	}
	for (unsigned i = 0; i < disk.file_count; i++) {
		free(disk.files[i].base_name);
	}
	free(disk.changes);
	free(disk.files);
	disk.changes = NULL;
	disk.files = NULL;
	disk.count = disk.room = disk.file_count = 0;
	disk.fault = (struct disk_fault){0};
	memset(disk.by_fd, 0, sizeof(disk.by_fd));
}

size_t disk_first_moment(void)
{
	return disk.first;
}

size_t disk_moment(void)
{
	return disk.count;
}

unsigned long disk_calls(void)
{
	return disk.calls;
}

bool disk_has_failed(void)
{
	return disk.has_failed;
}
