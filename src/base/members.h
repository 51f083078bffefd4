/* SPDX-License-Identifier: MIT */
/* members.h - a file of compressed members, read one by one: gzip members or zstd frames
 *
 * gunzip_open (gzip.h) and zstd_open (zstd.h) make one. Content is looked at where it was unpacked,
 * without a copy. After damage the next member is found by its first bytes. */
#ifndef BASE_MEMBERS_H
#define BASE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/intake.h"
#include "base/scoped.h"
#include "flong/error.h"

struct members;

/* Content bytes that members_find shows to its judge, where the member has as many. */
#define MEMBERS_START_BYTES ((size_t)1024)

struct members_ops {
	int (*next)(struct members *members, struct flong_error *err);
	int (*view)(struct members *members, struct bytes *view_out, struct flong_error *err);
	/* Unpacks the first content of a member that would begin with `at` (which begins with the
	 * magic); its length, 0 when there is none. Nothing else changes. */
	size_t (*probe)(struct members *members, struct bytes at, char *room, size_t max);
	void (*close)(struct members *members); /* frees the value itself too */
	struct bytes magic;                     /* first bytes of a member */
};
struct members {
	const struct members_ops *ops; /* borrowed, static */
	struct intake *intake;         /* owned */
	/* To be read only. File offset of the current member's first byte, and of the one after its
	 * last (once its end was reached). */
	uint64_t offset, end;
	/* Zero bytes between the last member and the end of input (after FLONG_END). */
	uint64_t padding;
	/* To be set, or left NULL: about how long the content of a member is, told from its first
	 * bytes; 0 when they do not tell. What is too long to be unpacked at once is then not
	 * tried. */
	uint64_t (*length_of)(struct bytes start);
	bool is_inside; /* the current member has perhaps more content */
};

/* Goes to the next member: FLONG_OK; FLONG_END at the end of input; FLONG_E_FORMAT when what
 * follows is no member. Skips, and checks, the rest of the current one. FLONG_E_IO. */
MUST_CHECK int members_next(struct members *members, struct flong_error *err);
/* More content of the current member, never empty, borrowed until the next call. FLONG_END at its
 * end, when checksum and length were right. FLONG_E_DAMAGED: they are not, or the data is bad;
 * FLONG_E_FORMAT ("cut short"): the input ends inside the member; FLONG_E_UNSUPPORTED: it needs
 * what we do not have (a dictionary, a window over the limit). After a failure there is no current
 * member. */
MUST_CHECK int members_view(
	struct members *members, struct bytes *view_out, struct flong_error *err);
/* Looks for the first member at or after the offset `from` whose content `is_start` accepts, and
 * makes it the one that members_next goes to. FLONG_END: there is none. What a pipe has given
 * already is only looked at as far as it is still held. FLONG_E_IO. */
MUST_CHECK int members_find(struct members *members, uint64_t from,
	bool (*is_start)(struct bytes content), struct flong_error *err);
void members_close(struct members *members);
SCOPED_CLOSE(struct members *, members_close)

#endif
