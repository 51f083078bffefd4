/* SPDX-License-Identifier: MIT */
/* syncs.h - several files made durable at once, while their owner goes on with other work
 *
 * A sync waits for the disk and for little else: four files one after the other take four times as
 * long as four at once. A set of files is given at a time; when all are done, syncs_end says
 * whether each of them is durable. What was written to a file before it was given is. */
#ifndef BASE_SYNCS_H
#define BASE_SYNCS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/scoped.h"
#include "flong/error.h"

/* Files that may be given at a time. */
#define SYNCS_MAX 8

struct syncs;

/* The descriptor stays open, and the path, which an error names, in place until syncs_end. */
struct sync_file {
	int fd;
	const char *path;
};

/* `threads`: files at once; with 0, syncs_begin does it all. FLONG_E_IO, FLONG_E_INTERNAL (no
 * thread). */
MUST_CHECK int syncs_create(size_t threads, struct syncs **syncs_out, struct flong_error *err);
/* Waits for those under way. */
void syncs_close(struct syncs *syncs);
SCOPED_CLOSE(struct syncs *, syncs_close)
/* Begins to sync files (fdatasync), at most SYNCS_MAX, after the end of those given before. */
void syncs_begin(struct syncs *syncs, const struct sync_file *files, size_t count);
/* Whether all are done: syncs_end does not wait. */
bool syncs_are_done(const struct syncs *syncs);
/* Readable when all are done, until syncs_end; for poll(). -1 without threads. Borrowed. */
int syncs_wake_fd(const struct syncs *syncs);
/* Waits until all are done. FLONG_E_IO names one that failed: nobody knows what of it is on the
 * disk then, and no later sync can tell. */
MUST_CHECK int syncs_end(struct syncs *syncs, struct flong_error *err);

#endif
