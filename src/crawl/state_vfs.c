/* SPDX-License-Identifier: MIT */
/* state_vfs.c - a VFS of SQLite on base/io (https://www.sqlite.org/vfs.html)
 *
 * Each file is open twice: by SQLite's own VFS, which knows how to lock it and keeps the shared
 * memory of the write-ahead log, and by us, for its bytes. Both are closed together, because
 * closing either takes the locks away. Temporary files without a name are left to SQLite's own VFS:
 * none of them outlives the process. */
#include "crawl/state_vfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/files.h"
#include "base/io.h"

#define VFS_NAME "flong"

struct vfs_file {
	sqlite3_file base; /* first: what SQLite knows */
	int fd;
	bool is_new;       /* its name in the directory was not synced yet */
	const char *path;  /* borrowed: SQLite keeps it until the file is closed */
	sqlite3_file *own; /* of SQLite's VFS, behind this struct */
};

static sqlite3_vfs *own_vfs;

static struct vfs_file *file_of(sqlite3_file *file)
{
	return (struct vfs_file *)(void *)file;
}

static int fault(int code)
{
	return errno == ENOSPC || errno == EDQUOT ? SQLITE_FULL : code;
}

static int vfs_close(sqlite3_file *file)
{
	struct vfs_file *f = file_of(file);
	int rc = io_close(f->fd) == 0 ? SQLITE_OK : SQLITE_IOERR_CLOSE;
	int own = f->own->pMethods->xClose(f->own);
	return rc != SQLITE_OK ? rc : own;
}

static int vfs_read(sqlite3_file *file, void *room, int amount, sqlite3_int64 offset)
{
	size_t done = 0;
	while (done < (size_t)amount) {
		ssize_t got = io_read_at(file_of(file)->fd, (char *)room + done,
			(size_t)amount - done, (uint64_t)offset + done);
		if (got < 0) {
			return SQLITE_IOERR_READ;
		}
		if (got == 0) { /* the rest must be zeros */
			memset((char *)room + done, 0, (size_t)amount - done);
			return SQLITE_IOERR_SHORT_READ;
		}
		done += (size_t)got;
	}
	return SQLITE_OK;
}

static int vfs_write(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
	size_t done = 0;
	while (done < (size_t)amount) {
		ssize_t put = io_write_at(file_of(file)->fd, (const char *)data + done,
			(size_t)amount - done, (uint64_t)offset + done);
		if (put < 0) {
			return fault(SQLITE_IOERR_WRITE);
		}
		done += (size_t)put;
	}
	return SQLITE_OK;
}

static int vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return io_truncate(file_of(file)->fd, (uint64_t)size) == 0 ? SQLITE_OK
								   : SQLITE_IOERR_TRUNCATE;
}

static int sync_dir_of(const char *path)
{
	struct flong_error ignored = {0};
	return files_sync_parent(path, &ignored) == FLONG_OK ? SQLITE_OK : SQLITE_IOERR_DIR_FSYNC;
}

static int vfs_sync(sqlite3_file *file, int flags)
{
	struct vfs_file *f = file_of(file);
	bool is_data_only = (flags & SQLITE_SYNC_DATAONLY) != 0;
	if ((is_data_only ? io_sync_data(f->fd) : io_sync(f->fd)) != 0) {
		return fault(SQLITE_IOERR_FSYNC);
	}
	int rc = f->is_new ? sync_dir_of(f->path) : SQLITE_OK;
	f->is_new = f->is_new && rc != SQLITE_OK;
	return rc;
}

static int vfs_size(sqlite3_file *file, sqlite3_int64 *size_out)
{
	struct stat status;
	if (fstat(file_of(file)->fd, &status) != 0) {
		return SQLITE_IOERR_FSTAT;
	}
	*size_out = status.st_size;
	return SQLITE_OK;
}

/* What is not about bytes is passed on to SQLite's own file. */

static int vfs_lock(sqlite3_file *file, int level)
{
	return file_of(file)->own->pMethods->xLock(file_of(file)->own, level);
}

static int vfs_unlock(sqlite3_file *file, int level)
{
	return file_of(file)->own->pMethods->xUnlock(file_of(file)->own, level);
}

static int vfs_check_lock(sqlite3_file *file, int *is_reserved_out)
{
	return file_of(file)->own->pMethods->xCheckReservedLock(
		file_of(file)->own, is_reserved_out);
}

/* Sizes to grow by and hints of what is to come are for a file that writes by itself. */
static int vfs_control(sqlite3_file *file, int what, void *argument)
{
	if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE) {
		return SQLITE_OK;
	}
	return file_of(file)->own->pMethods->xFileControl(file_of(file)->own, what, argument);
}

static int vfs_sector_size(sqlite3_file *file)
{
	return file_of(file)->own->pMethods->xSectorSize(file_of(file)->own);
}

static int vfs_characteristics(sqlite3_file *file)
{
	return file_of(file)->own->pMethods->xDeviceCharacteristics(file_of(file)->own);
}

static int vfs_shm_map(sqlite3_file *file, int region, int size, int extends, void volatile **out)
{
	return file_of(file)->own->pMethods->xShmMap(
		file_of(file)->own, region, size, extends, out);
}

static int vfs_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return file_of(file)->own->pMethods->xShmLock(file_of(file)->own, offset, count, flags);
}

static void vfs_shm_barrier(sqlite3_file *file)
{
	file_of(file)->own->pMethods->xShmBarrier(file_of(file)->own);
}

static int vfs_shm_unmap(sqlite3_file *file, int removes)
{
	return file_of(file)->own->pMethods->xShmUnmap(file_of(file)->own, removes);
}

/* Version 2: with shared memory, without memory maps of the file, which would go past base/io. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = vfs_close,
	.xRead = vfs_read,
	.xWrite = vfs_write,
	.xTruncate = vfs_truncate,
	.xSync = vfs_sync,
	.xFileSize = vfs_size,
	.xLock = vfs_lock,
	.xUnlock = vfs_unlock,
	.xCheckReservedLock = vfs_check_lock,
	.xFileControl = vfs_control,
	.xSectorSize = vfs_sector_size,
	.xDeviceCharacteristics = vfs_characteristics,
	.xShmMap = vfs_shm_map,
	.xShmLock = vfs_shm_lock,
	.xShmBarrier = vfs_shm_barrier,
	.xShmUnmap = vfs_shm_unmap,
};

static int vfs_open(
	sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
	(void)vfs;
	struct vfs_file *f = file_of(file);
	if (name == NULL) {
		return own_vfs->xOpen(own_vfs, name, file, flags, flags_out);
	}
	*f = (struct vfs_file){.fd = -1, .path = name, .own = (sqlite3_file *)(f + 1)};
	bool makes = (flags & SQLITE_OPEN_CREATE) != 0;
	int access = (flags & SQLITE_OPEN_READONLY) != 0 ? O_RDONLY : O_RDWR;
	f->is_new = makes && !files_exists(name);
	f->fd = io_open(name, access | O_NOFOLLOW | (makes ? O_CREAT : 0), 0600);
	if (f->fd < 0) {
		return SQLITE_CANTOPEN;
	}
	int rc = own_vfs->xOpen(
		own_vfs, name, f->own, flags & ~SQLITE_OPEN_DELETEONCLOSE, flags_out);
	if (rc != SQLITE_OK) {
		(void)io_close(f->fd);
		return rc;
	}
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int syncs_dir)
{
	(void)vfs;
	if (io_unlink(name) != 0) {
		return errno == ENOENT ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
	}
	return syncs_dir ? sync_dir_of(name) : SQLITE_OK;
}

/* SQLite's own would follow a link in place of the database, and open what is behind it. */
static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
	(void)vfs;
	char here[PATH_MAX] = "";
	bool is_full = name[0] == '/';
	if (!is_full && getcwd(here, sizeof(here)) == NULL) {
		return SQLITE_CANTOPEN;
	}
	int length = snprintf(out, (size_t)room, "%s%s%s", here, is_full ? "" : "/", name);
	return length >= 0 && length < room ? SQLITE_OK : SQLITE_CANTOPEN;
}

const char *state_vfs_name(void)
{
	static sqlite3_vfs vfs;
	if (own_vfs == NULL) {
		own_vfs = sqlite3_vfs_find(NULL);
		if (own_vfs == NULL) {
			return NULL;
		}
		vfs = *own_vfs; /* the rest is as SQLite does it: random numbers, time */
		vfs.pNext = NULL;
		vfs.zName = VFS_NAME;
		vfs.szOsFile = (int)sizeof(struct vfs_file) + own_vfs->szOsFile;
		vfs.xOpen = vfs_open;
		vfs.xDelete = vfs_delete;
		vfs.xFullPathname = vfs_full_name;
		(void)sqlite3_vfs_register(&vfs, 0);
	}
	return VFS_NAME;
}
