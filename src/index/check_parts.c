/* SPDX-License-Identifier: MIT */
/* check_parts.c - one descriptor that is kept while the parts are of its file */
#include "index/check_parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"

void check_parts_clear(struct check_parts *parts)
{
	files_close_fd(&parts->fd);
	free(parts->path);
	*parts = (struct check_parts){.fd = -1};
}

int check_parts_open(struct check_parts *parts, const char *path, uint64_t offset, uint64_t length,
	struct source **source_out, struct flong_error *err)
{
	struct stat info;
	*source_out = NULL;
	if (parts->path == NULL || strcmp(parts->path, path) != 0) {
		check_parts_clear(parts);
		parts->path = alloc_copy(path);
		/* Of a pipe or a device nothing is there twice, and opening it may wait. */
		if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
			parts->fd = io_open(path, O_RDONLY, 0);
		}
	}
	if (parts->fd < 0 || offset > INT64_MAX) {
		return error_set(err, FLONG_E_NOT_FOUND, "there is no file '%s'", path);
	}
	*source_out = source_from_fd_range(parts->fd, (off_t)offset, length);
	return FLONG_OK;
}
