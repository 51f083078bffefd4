/* SPDX-License-Identifier: MIT */
/* io_disk.h - a disk for tests that fails calls, and that can lose power
 *
 * It stands in place of base/io's calls on the system. Files below one directory, the root, are the
 * system's own files, so that the program sees them as they would be without a crash; beside that
 * every change and every sync is remembered. From that disk_crash() makes what a disk may hold
 * after the power went at any moment since: what was synced, and of what was not, any part - writes
 * lost, in any order, torn between sectors of 512 bytes, sizes grown with zeros, names in
 * directories made, moved or removed or not. Nothing is really synced, which makes it fast. */
#ifndef TESTS_SUPPORT_IO_DISK_H
#define TESTS_SUPPORT_IO_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What is made to fail. */
struct disk_fault {
	unsigned long at;  /* the call with this number (from 1); 0: none */
	bool lasts;        /* and all after it */
	int error;         /* errno; 0 with is_short */
	bool is_short;     /* writes and reads do half of what they were asked */
	bool only_changes; /* calls that only read are not counted */
};

/* Puts the disk in place of the system's calls and begins to remember; what is below `root` now is
 * taken as synced. One at a time. */
void disk_begin(const char *root);
void disk_fail(const struct disk_fault *fault);
/* Ends it: the system's calls again, all is forgotten. */
void disk_end(void);
/* The power may go at each moment from the first, when nothing had changed, to the last, now. */
size_t disk_first_moment(void);
size_t disk_moment(void);
/* Calls that counted for the fault so far. */
unsigned long disk_calls(void);
/* Whether the fault has happened. */
bool disk_has_failed(void);

/* Makes `image` (a directory that is not there) what the disk may hold when the power went at
 * `moment`. The same seed gives the same image. */
void disk_crash(size_t moment, uint64_t seed, const char *image);
/* What had been written to the file of that base name up to `moment`, synced or not. */
void disk_written(size_t moment, const char *base_name, struct buf *content_out);

#endif
