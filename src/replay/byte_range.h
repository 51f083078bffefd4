/* SPDX-License-Identifier: MIT */
/* byte_range.h - the Range field of a request (RFC 9110 14.1.2) */
#ifndef REPLAY_BYTE_RANGE_H
#define REPLAY_BYTE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct byte_range {
	int64_t start, count; /* count 0: the range cannot be satisfied */
};

/* Reads "bytes=5-9", "bytes=5-" or "bytes=-5" of a content of `length` bytes. False, and *range_out
 * untouched, when there is none, or several, or what is no range: then all of it is sent. */
bool byte_range_read(struct bytes field, int64_t length, struct byte_range *range_out);

#endif
