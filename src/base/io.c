/* SPDX-License-Identifier: MIT */
/* io.c - the table of disk calls */
#include "base/io.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int system_open(int dir_fd, const char *path, int flags, mode_t mode)
{
	return openat(dir_fd, path, flags, mode);
}

static int system_rename(const char *from, const char *to, unsigned flags)
{
	return flags == 0 ? rename(from, to) : renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static int system_space(const char *path, uint64_t *bytes_out, uint64_t *files_out)
{
	struct statvfs status;
	if (statvfs(path, &status) != 0) {
		return -1;
	}
	*bytes_out = status.f_blocks == 0 ? UINT64_MAX
					  : (uint64_t)status.f_bavail * (uint64_t)status.f_frsize;
	*files_out = status.f_files == 0 ? UINT64_MAX : (uint64_t)status.f_favail;
	return 0;
}

const struct io_calls io_system = {
	.open = system_open,
	.close = close,
	.read = read,
	.pread = pread,
	.write = write,
	.pwrite = pwrite,
	.truncate = ftruncate,
	.sync = fsync,
	.sync_data = fdatasync,
	.sync_all = syncfs,
	.rename = system_rename,
	.link = link,
	.unlink = unlinkat,
	.make_dir = mkdirat,
	.space = system_space,
};

static const struct io_calls *table = &io_system;

const struct io_calls *io_use(const struct io_calls *calls)
{
	const struct io_calls *before = table;
	table = calls;
	return before;
}

/* A call, again as long as it was only interrupted. */
#define UNINTERRUPTED(call)                                                                        \
	__extension__({                                                                            \
		__typeof__(call) result_;                                                          \
		do {                                                                               \
			result_ = (call);                                                          \
		} while (result_ < 0 && errno == EINTR);                                           \
		result_;                                                                           \
	})

int io_open(const char *path, int flags, mode_t mode)
{
	return io_open_at(AT_FDCWD, path, flags, mode);
}

int io_open_at(int dir_fd, const char *path, int flags, mode_t mode)
{
	int more = O_CLOEXEC | ((flags & O_CREAT) != 0 ? O_NOFOLLOW : 0);
	return UNINTERRUPTED(table->open(dir_fd, path, flags | more, mode));
}

/* Linux has closed it when it says EINTR; a second call would close another's. */
int io_close(int fd)
{
	int rc = table->close(fd);
	return rc < 0 && errno == EINTR ? 0 : rc;
}

ssize_t io_read(int fd, void *room, size_t max)
{
	return UNINTERRUPTED(table->read(fd, room, max));
}

ssize_t io_read_at(int fd, void *room, size_t max, uint64_t offset)
{
	return UNINTERRUPTED(table->pread(fd, room, max, (off_t)offset));
}

ssize_t io_write(int fd, const void *data, size_t length)
{
	return UNINTERRUPTED(table->write(fd, data, length));
}

ssize_t io_write_at(int fd, const void *data, size_t length, uint64_t offset)
{
	return UNINTERRUPTED(table->pwrite(fd, data, length, (off_t)offset));
}

int io_truncate(int fd, uint64_t size)
{
	return UNINTERRUPTED(table->truncate(fd, (off_t)size));
}

int io_sync(int fd)
{
	return UNINTERRUPTED(table->sync(fd));
}

int io_sync_data(int fd)
{
	return UNINTERRUPTED(table->sync_data(fd));
}

int io_sync_all(int fd)
{
	return UNINTERRUPTED(table->sync_all(fd));
}

void io_begin_write_out(int fd)
{
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int io_rename(const char *from, const char *to)
{
	return UNINTERRUPTED(table->rename(from, to, 0));
}

int io_rename_new(const char *from, const char *to)
{
	int rc = UNINTERRUPTED(table->rename(from, to, RENAME_NOREPLACE));
	if (rc < 0 && (errno == EINVAL || errno == ENOSYS)) {
		rc = io_link(from, to);
		if (rc == 0) {
			rc = io_unlink(from);
		}
	}
	return rc;
}

int io_link(const char *from, const char *to)
{
	return UNINTERRUPTED(table->link(from, to));
}

int io_unlink(const char *path)
{
	return io_unlink_at(AT_FDCWD, path, 0);
}

int io_unlink_at(int dir_fd, const char *name, int flags)
{
	return UNINTERRUPTED(table->unlink(dir_fd, name, flags));
}

int io_make_dir(const char *path, mode_t mode)
{
	return io_make_dir_at(AT_FDCWD, path, mode);
}

int io_make_dir_at(int dir_fd, const char *name, mode_t mode)
{
	return UNINTERRUPTED(table->make_dir(dir_fd, name, mode));
}

int io_space(const char *path, uint64_t *bytes_out, uint64_t *files_out)
{
	return UNINTERRUPTED(table->space(path, bytes_out, files_out));
}
