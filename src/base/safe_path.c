/* SPDX-License-Identifier: MIT */
/* safe_path.c - names that others chose, used as paths below one directory and nowhere else */
#include "base/safe_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"

static const char *bytes_fault(struct bytes path)
{
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		if (c < 0x20 || c == 0x7f) {
			return "has a control byte";
		}
		if (c == '\\') {
			return "has a backslash";
		}
	}
	return NULL;
}

static const char *name_fault(struct bytes name)
{
	if (name.len == 0) {
		return "has an empty part";
	}
	if (bytes_equal(name, BYTES("..")) || bytes_equal(name, BYTES("."))) {
		return name.len == 2 ? "leads out of its directory ('..')" : "has a part '.'";
	}
	return name.len > LIMIT_PATH_NAME_BYTES ? "has a part that is too long" : NULL;
}

/* Takes the first component off *rest; *rest then is without its slash, ptr NULL after the last. */
static struct bytes next_name(struct bytes *rest)
{
	struct bytes name = *rest;
	struct bytes after = {NULL, 0};
	if (bytes_cut(*rest, '/', &name, &after)) {
		*rest = bytes_from(after.ptr == NULL ? "" : after.ptr, after.len);
	} else {
		*rest = (struct bytes){NULL, 0};
	}
	return name;
}

const char *safe_path_fault(struct bytes path)
{
	if (path.len == 0) {
		return "is empty";
	}
	const char *fault = bytes_fault(path);
	if (fault != NULL) {
		return fault;
	}
	if (path.ptr[0] == '/') {
		return "is an absolute path";
	}
	if (path.len >= 2 && char_is_alpha(path.ptr[0]) && path.ptr[1] == ':') {
		return "begins with a drive letter";
	}
	if (path.len > LIMIT_PATH_BYTES) {
		return "is too long";
	}
	size_t depth = 0;
	for (struct bytes rest = path; rest.ptr != NULL && fault == NULL; depth++) {
		fault = name_fault(next_name(&rest));
	}
	return fault == NULL && depth > LIMIT_PATH_DEPTH ? "is too deep" : fault;
}

bool safe_path_is_reserved(struct bytes name)
{
	static const char *const names[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
	size_t dot = bytes_find_char(name, '.', 0);
	struct bytes stem = bytes_slice(name, 0, dot);
	while (stem.len > 0 && stem.ptr[stem.len - 1] == ' ') {
		stem.len--;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_equal_nocase(stem, bytes_of(names[i]))) {
			return true;
		}
	}
	return stem.len == 4 && char_is_digit(stem.ptr[3]) &&
	       (bytes_starts_nocase(stem, BYTES("com")) || bytes_starts_nocase(stem, BYTES("lpt")));
}

/* Opens the directory `name`, made before when `makes` is set. */
static int enter(int dir_fd, const char *name, bool makes, int *fd_out, struct flong_error *err)
{
	if (makes && io_make_dir_at(dir_fd, name, 0750) != 0 && errno != EEXIST) {
		return error_set_errno(err, FLONG_E_IO, errno, "making the directory '%s'", name);
	}
	*fd_out = io_open_at(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (*fd_out >= 0) {
		return FLONG_OK;
	}
	if (errno == ENOTDIR || errno == ELOOP) {
		return error_set(err, FLONG_E_EXISTS, "'%s' exists and is no directory", name);
	}
	int code = errno == ENOENT ? FLONG_E_NOT_FOUND : FLONG_E_IO;
	return error_set_errno(err, code, errno, "opening the directory '%s'", name);
}

/* Goes down to the directory that holds the last component. */
static int descend(int dir_fd, struct bytes path, bool makes, int *fd_out, char **name_out,
	struct flong_error *err)
{
	const char *fault = safe_path_fault(path);
	if (fault != NULL) {
		return error_set(
			err, FLONG_E_REFUSED, "'" BYTES_FMT "' %s", BYTES_ARG(path), fault);
	}
	SCOPED(files_close_fd) int fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "opening a directory");
	}
	struct bytes rest = path;
	for (;;) {
		struct bytes part = next_name(&rest);
		SCOPED(free_textp) char *name = alloc_text(part.ptr, part.len);
		if (rest.ptr == NULL) {
			*name_out = TAKE(name);
			*fd_out = fd;
			fd = -1;
			return FLONG_OK;
		}
		int child = -1;
		int rc = enter(fd, name, makes, &child, err);
		if (rc < 0) {
			return rc;
		}
		files_close_fd(&fd);
		fd = child;
	}
}

int safe_path_create(int dir_fd, struct bytes path, int *fd_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int parent = -1;
	SCOPED(free_textp) char *name = NULL;
	int rc = descend(dir_fd, path, true, &parent, &name, err);
	if (rc < 0 || name == NULL) {
		return rc;
	}
	*fd_out = io_open_at(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0640);
	if (*fd_out < 0) {
		int code = errno == EEXIST ? FLONG_E_EXISTS : FLONG_E_IO;
		return error_set_errno(err, code, errno, "making '" BYTES_FMT "'", BYTES_ARG(path));
	}
	return FLONG_OK;
}

int safe_path_open(int dir_fd, struct bytes path, int *fd_out, struct flong_error *err)
{
	SCOPED(files_close_fd) int parent = -1;
	SCOPED(free_textp) char *name = NULL;
	int rc = descend(dir_fd, path, false, &parent, &name, err);
	if (rc < 0 || name == NULL) {
		return rc;
	}
	SCOPED(files_close_fd)
	int fd = io_open_at(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0) {
		int code = errno == ENOENT  ? FLONG_E_NOT_FOUND
			   : errno == ELOOP ? FLONG_E_REFUSED
					    : FLONG_E_IO;
		return error_set_errno(
			err, code, errno, "opening '" BYTES_FMT "'", BYTES_ARG(path));
	}
	if (!S_ISREG(status.st_mode)) {
		return error_set(err, FLONG_E_REFUSED, "'" BYTES_FMT "' is no regular file",
			BYTES_ARG(path));
	}
	*fd_out = fd;
	fd = -1;
	return FLONG_OK;
}
