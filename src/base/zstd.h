/* SPDX-License-Identifier: MIT */
/* zstd.h - zstd frames read one by one and written (owner of libzstd)
 *
 * Source: the WARC working group's "Zstandard Compression and WARC 1.0": a file may begin with a
 * skippable frame that holds the dictionary of all others, as it is or as a frame itself. */
#ifndef BASE_ZSTD_H
#define BASE_ZSTD_H

#include <stdint.h>

#include "base/members.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Reads a file of frames (members.h) from `intake`. The dictionary is taken from the file's offset
 * 0, also when the intake begins elsewhere and can be moved. Skippable frames are passed over. A
 * frame without checksum is not verified. Never NULL. */
struct members *zstd_open(struct intake *intake_take);
/* Whether a file that begins so holds zstd frames. */
bool zstd_is_start(struct bytes b);
/* HTTP's content coding "zstd" (RFC 8878): frames that may follow each other, windows up to 8 MiB
 * (RFC 9659). FLONG_E_DAMAGED when the data is bad or cut short. Takes `inner`. Never NULL. */
struct source *zstd_open_coding(struct source *inner_take);

/* Writes frames; one thread at a time. */
struct zstd_packer;
/* Level 1-19. Never NULL. */
struct zstd_packer *zstd_packer_create(int level);
void zstd_packer_close(struct zstd_packer *packer);
SCOPED_CLOSE(struct zstd_packer *, zstd_packer_close)
/* Writes one frame with its content size and a checksum to `out` (not finished). FLONG_E_USAGE when
 * `content` has not exactly `size` bytes; failures of both streams. */
MUST_CHECK int zstd_write_frame(struct zstd_packer *packer, struct source *content, uint64_t size,
	struct sink *out, struct flong_error *err);

#endif
