/* SPDX-License-Identifier: MIT */
/* room.h - room on the disk and among descriptors: what is left free so that a crawl can end well
 */
#ifndef CRAWL_ROOM_H
#define CRAWL_ROOM_H

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"

/* FLONG_E_IO, with figures, when the file system of `dir`, a collection with `stored` bytes of WARC
 * files, has less free than `min_free_bytes` and what closing and (when they are packed) packing it
 * take; or too few files that may be made. FLONG_OK when the file system does not say, and with
 * `min_free_bytes` 0. */
MUST_CHECK int room_check(const struct crawl_options *options, const char *dir, uint64_t stored,
	bool is_packed, struct flong_error *err);
/* Bytes that a file may have (RLIMIT_FSIZE, `ulimit -f`), less some: a WARC file is to end before.
 */
uint64_t room_of_segment(uint64_t warc_size_bytes);
/* Takes as many descriptors as the process may have, and lowers the fetches at a time to what they
 * are enough for. FLONG_E_IO when they are not enough for one. */
MUST_CHECK int room_for_descriptors(struct crawl_options *options, struct flong_error *err);

#endif
