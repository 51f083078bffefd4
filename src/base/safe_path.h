/* SPDX-License-Identifier: MIT */
/* safe_path.h - names that others chose, used as paths below one directory and nowhere else
 *
 * A name is judged as text first; then each directory on its way is opened by itself, without
 * following links, so that nothing that stands on the disk can lead it elsewhere. */
#ifndef BASE_SAFE_PATH_H
#define BASE_SAFE_PATH_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* Why `path` is no plain relative path, as static text ("is an absolute path"), or NULL when it is
 * one: components between single slashes, none of them "", "." or "..", no backslash, no control
 * byte, no drive letter, within LIMIT_PATH_BYTES, LIMIT_PATH_NAME_BYTES and LIMIT_PATH_DEPTH. */
const char *safe_path_fault(struct bytes path);
/* Whether a name (one component, case ignored) is one that Windows keeps for devices: CON, NUL,
 * COM1, with any extension. */
bool safe_path_is_reserved(struct bytes name);

/* Makes a new file at `path` below the open directory `dir_fd`, and the directories on its way
 * (mode 0750, files 0640). The descriptor is the caller's. FLONG_E_REFUSED: safe_path_fault.
 * FLONG_E_EXISTS: the file exists, or a file or a link stands where a directory must be; nothing
 * is followed or replaced. FLONG_E_IO. */
MUST_CHECK int safe_path_create(
	int dir_fd, struct bytes path, int *fd_out, struct flong_error *err);
/* Opens a regular file at `path` below `dir_fd` for reading, following no link. FLONG_E_REFUSED as
 * above and for what is no regular file; FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int safe_path_open(int dir_fd, struct bytes path, int *fd_out, struct flong_error *err);

#endif
