/* SPDX-License-Identifier: MIT */
/* files.c - complete writes, durable renames, directories and locks */
#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/io.h"

/* Deepest directory tree that files_remove_tree enters: ours have three levels. */
enum { REMOVE_DEPTH = 16 };

void files_close_fd(int *fd)
{
	if (*fd >= 0) {
		(void)io_close(*fd);
		*fd = -1;
	}
}

void files_close_stream(FILE **stream)
{
	if (*stream != NULL) {
		(void)fclose(*stream);
		*stream = NULL;
	}
}

int files_write_all(int fd, struct bytes b, const char *name, struct flong_error *err)
{
	while (b.len > 0) {
		ssize_t written = io_write(fd, b.ptr, b.len);
		if (written < 0) {
			return error_set_errno(err, FLONG_E_IO, errno, "writing '%s'", name);
		}
		b = bytes_slice(b, (size_t)written, b.len);
	}
	return FLONG_OK;
}

int files_write_all_at(
	int fd, struct bytes b, uint64_t offset, const char *name, struct flong_error *err)
{
	while (b.len > 0) {
		ssize_t written = io_write_at(fd, b.ptr, b.len, offset);
		if (written < 0) {
			return error_set_errno(err, FLONG_E_IO, errno, "writing '%s'", name);
		}
		b = bytes_slice(b, (size_t)written, b.len);
		offset += (uint64_t)written;
	}
	return FLONG_OK;
}

int files_read_at(int fd, void *room, size_t length, uint64_t offset, const char *name,
	struct flong_error *err)
{
	uint64_t end = offset + length;
	size_t done = 0;
	while (done < length) {
		ssize_t got = io_read_at(fd, (char *)room + done, length - done, offset + done);
		if (got < 0) {
			return error_set_errno(err, FLONG_E_IO, errno, "reading '%s'", name);
		}
		if (got == 0) {
			return error_set(err, FLONG_E_FORMAT, "'%s' ends before offset %llu", name,
				(unsigned long long)end);
		}
		done += (size_t)got;
	}
	return FLONG_OK;
}

int files_read(const char *path, struct buf *out, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_RDONLY | O_NOCTTY, 0);
	if (fd < 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "opening '%s'", path);
	}
	char room[16384];
	for (;;) {
		ssize_t got = io_read(fd, room, sizeof(room));
		if (got < 0) {
			return error_set_errno(err, FLONG_E_IO, errno, "reading '%s'", path);
		}
		if (got == 0) {
			return FLONG_OK;
		}
		buf_add(out, bytes_from(room, (size_t)got));
		if (buf_failed(out)) {
			return error_set(err, FLONG_E_LIMIT, "'%s' has more than %zu bytes", path,
				out->max == 0 ? BUF_DEFAULT_MAX : out->max);
		}
	}
}

static int make_dir(const char *path, mode_t mode, struct flong_error *err)
{
	if (io_make_dir(path, mode) == 0 || (errno == EEXIST && files_is_dir(path))) {
		return FLONG_OK;
	}
	return error_set_errno(err, FLONG_E_IO, errno, "making the directory '%s'", path);
}

int files_make_dir(const char *path, struct flong_error *err)
{
	return make_dir(path, 0750, err);
}

int files_make_private_dir(const char *path, struct flong_error *err)
{
	return make_dir(path, 0700, err);
}

int files_sync(int fd, const char *name, struct flong_error *err)
{
	if (io_sync(fd) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "syncing '%s'", name);
	}
	return FLONG_OK;
}

int files_close_written(int *fd, const char *name, struct flong_error *err)
{
	int rc = io_close(*fd);
	*fd = -1;
	return rc == 0 ? FLONG_OK : error_set_errno(err, FLONG_E_IO, errno, "closing '%s'", name);
}

int files_finish(int *fd, const char *name, struct flong_error *err)
{
	int rc = files_sync(*fd, name, err);
	return rc == FLONG_OK ? files_close_written(fd, name, err) : rc;
}

int files_sync_dir(const char *path, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening the directory '%s'", path);
	}
	/* Some file systems cannot sync a directory; they say EINVAL and there is nothing to do. */
	if (io_sync(fd) != 0 && errno != EINVAL) {
		return error_set_errno(err, FLONG_E_IO, errno, "syncing the directory '%s'", path);
	}
	return FLONG_OK;
}

int files_sync_tree(const char *path, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening the directory '%s'", path);
	}
	if (io_sync_all(fd) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "syncing '%s'", path);
	}
	return FLONG_OK;
}

int files_sync_parent(const char *path, struct flong_error *err)
{
	SCOPED(free_textp) char *copy = alloc_copy(path);
	return files_sync_dir(dirname(copy), err);
}

static int write_new(const char *path, mode_t mode, struct bytes content, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "making '%s'", path);
	}
	int rc = files_write_all(fd, content, path, err);
	return rc == FLONG_OK ? files_finish(&fd, path, err) : rc;
}

bool files_is_special(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 &&
	       (!S_ISREG(status.st_mode) || bytes_starts(bytes_of(path), BYTES("/dev/")) ||
		       bytes_starts(bytes_of(path), BYTES("/proc/")));
}

/* Into what is no file of its own, such as /dev/stdout. */
static int write_special(const char *path, struct bytes content, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(path, O_WRONLY | O_NOCTTY, 0);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening '%s'", path);
	}
	return files_write_all(fd, content, path, err);
}

static int replace(const char *path, mode_t mode, struct bytes content, struct flong_error *err)
{
	if (files_is_special(path)) {
		return write_special(path, content, err);
	}
	struct buf name = {0};
	buf_addf(&name, "%s.partial", path);
	SCOPED(free_textp) char *partial = buf_take(&name);
	int rc = write_new(partial, mode, content, err);
	if (rc == FLONG_OK && io_rename(partial, path) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "renaming to '%s'", path);
	}
	if (rc != FLONG_OK) {
		(void)io_unlink(partial);
		return rc;
	}
	return files_sync_parent(path, err);
}

int files_replace(const char *path, struct bytes content, struct flong_error *err)
{
	return replace(path, 0640, content, err);
}

int files_replace_private(const char *path, struct bytes content, struct flong_error *err)
{
	return replace(path, 0600, content, err);
}

int files_rename_new(const char *from, const char *to, struct flong_error *err)
{
	if (io_rename_new(from, to) != 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "renaming '%s' to '%s'", from, to);
	}
	return files_sync_parent(to, err);
}

int files_replace_by(const char *from, const char *to, struct flong_error *err)
{
	if (io_rename(from, to) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "renaming '%s' to '%s'", from, to);
	}
	return files_sync_parent(to, err);
}

/* A file with a name of its own that is unlinked at once. */
static int open_and_unlink(const char *dir)
{
	static atomic_uint number;
	struct buf name = {0};
	int fd = -1;
	do {
		buf_reset(&name);
		buf_addf(&name, "%s/temporary-%ld-%u", dir, (long)getpid(),
			atomic_fetch_add(&number, 1));
		fd = io_open(buf_text(&name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	} while (fd < 0 && errno == EEXIST);
	int saved = errno;
	if (fd >= 0) {
		(void)io_unlink(buf_text(&name));
	}
	buf_clear(&name);
	errno = saved;
	return fd;
}

/* O_TMPFILE where the file system has it. */
int files_open_temp(const char *dir, int *fd_out, struct flong_error *err)
{
	int fd = io_open(dir, O_TMPFILE | O_RDWR, 0600);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		fd = open_and_unlink(dir);
	}
	if (fd < 0) {
		return error_set_errno(
			err, FLONG_E_IO, errno, "making a temporary file in '%s'", dir);
	}
	*fd_out = fd;
	return FLONG_OK;
}

bool files_exists(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0;
}

bool files_is_dir(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int files_size(const char *path, uint64_t *size_out, struct flong_error *err)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "looking at '%s'", path);
	}
	*size_out = (uint64_t)status.st_size;
	return FLONG_OK;
}

static bool is_dot_name(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes what is in the directory `fd` (taken). The depth is bounded, so recursion is. */
static int remove_entries(int fd, int depth, struct flong_error *err)
{
	DIR *dir = fdopendir(fd);
	if (dir == NULL) {
		int code = error_set_errno(err, FLONG_E_IO, errno, "reading a directory");
		(void)io_close(fd);
		return code;
	}
	int rc = FLONG_OK;
	for (struct dirent *entry = readdir(dir); rc == FLONG_OK && entry != NULL;
		entry = readdir(dir)) {
		if (is_dot_name(entry->d_name) || io_unlink_at(fd, entry->d_name, 0) == 0) {
			continue;
		}
		int child = io_open_at(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
		if (child >= 0 && depth < REMOVE_DEPTH) {
			rc = remove_entries(child, depth + 1, err);
		} else {
			files_close_fd(&child);
		}
		if (rc == FLONG_OK && io_unlink_at(fd, entry->d_name, AT_REMOVEDIR) != 0) {
			rc = error_set_errno(
				err, FLONG_E_IO, errno, "removing '%s'", entry->d_name);
		}
	}
	(void)closedir(dir);
	return rc;
}

int files_remove_tree(const char *path, struct flong_error *err)
{
	if (io_unlink(path) == 0 || errno == ENOENT) {
		return FLONG_OK;
	}
	int fd = io_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening '%s'", path);
	}
	int rc = remove_entries(fd, 0, err);
	if (rc == FLONG_OK && io_unlink_at(AT_FDCWD, path, AT_REMOVEDIR) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "removing '%s'", path);
	}
	return rc < 0 ? error_context(err, "removing '%s'", path) : rc;
}

static ssize_t stream_read(void *cookie, char *room, size_t max)
{
	return io_read((int)(intptr_t)cookie, room, max);
}

static int stream_close(void *cookie)
{
	return io_close((int)(intptr_t)cookie);
}

FILE *files_stream(int fd_take)
{
	static const cookie_io_functions_t calls = {.read = stream_read, .close = stream_close};
	FILE *stream = fopencookie((void *)(intptr_t)fd_take, "r", calls);
	if (stream == NULL) { /* only for want of memory */
		alloc_failed(sizeof(FILE));
	}
	return stream;
}

int files_open_stream(const char *path, FILE **stream_out, struct flong_error *err)
{
	*stream_out = NULL;
	int fd = io_open(path, O_RDONLY, 0);
	if (fd < 0) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "cannot open %s", path);
	}
	*stream_out = files_stream(fd);
	return FLONG_OK;
}

ssize_t files_next_line(FILE *stream, char **line, size_t *capacity)
{
	errno = 0;
	ssize_t length = getline(line, capacity, stream);
	if (length < 0 && errno == ENOMEM) {
		alloc_failed(*capacity);
	}
	return ferror(stream) != 0 ? -1 : length < 0 ? 0 : length;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int files_list(const char *dir, const char *suffix, struct buf *names_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int fd = io_open(dir, O_RDONLY | O_DIRECTORY, 0);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	if (stream == NULL) {
		int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
		return error_set_errno(err, code, errno, "opening the directory '%s'", dir);
	}
	fd = -1; /* it is the stream's */
	char **names = NULL;
	size_t count = 0;
	for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
		if (!is_dot_name(entry->d_name) &&
			bytes_ends(bytes_of(entry->d_name), bytes_of(suffix))) {
			names = alloc_resize(names, count + 1, sizeof(*names));
			names[count++] = alloc_copy(entry->d_name);
		}
	}
	(void)closedir(stream);
	if (count > 0) {
		qsort(names, count, sizeof(*names), compare_names);
	}
	for (size_t i = 0; i < count; i++) {
		buf_add(names_out, bytes_from(names[i], strlen(names[i]) + 1));
		free(names[i]);
	}
	free(names);
	return buf_failed(names_out) ? error_set(err, FLONG_E_LIMIT, "too many files in '%s'", dir)
				     : FLONG_OK;
}

char *files_join(const char *dir, const char *name)
{
	struct buf path = {0};
	buf_add_text(&path, dir);
	if (path.len > 0 && path.ptr[path.len - 1] != '/') {
		buf_add_char(&path, '/');
	}
	buf_add_text(&path, name);
	return buf_take(&path);
}

const char *files_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static int lock_held(int fd, const char *path, struct flong_error *err)
{
	char pid[24] = {0};
	ssize_t got = io_read_at(fd, pid, sizeof(pid) - 1, 0);
	size_t length = got > 0 ? strspn(pid, "0123456789") : 0;
	if (length == 0) {
		return error_set(err, FLONG_E_BUSY, "'%s' is locked by another process", path);
	}
	return error_set(
		err, FLONG_E_BUSY, "'%s' is locked by process %.*s", path, (int)length, pid);
}

int files_lock(const char *path, int *fd_out, struct flong_error *err)
{
	*fd_out = -1;
	SCOPED(files_close_fd) int fd = io_open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening '%s'", path);
	}
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		if (errno == EAGAIN || errno == EACCES) {
			return lock_held(fd, path, err);
		}
		return error_set_errno(err, FLONG_E_IO, errno, "locking '%s'", path);
	}
	char pid[24];
	int length = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (io_truncate(fd, 0) != 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "writing '%s'", path);
	}
	int rc = files_write_all_at(fd, bytes_from(pid, (size_t)length), 0, path, err);
	if (rc < 0) {
		return rc;
	}
	*fd_out =
		fcntl(fd, F_DUPFD_CLOEXEC, 0); /* the lock belongs to the open file, not to `fd` */
	if (*fd_out < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening '%s'", path);
	}
	return FLONG_OK;
}
