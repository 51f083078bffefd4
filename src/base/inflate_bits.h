/* SPDX-License-Identifier: MIT */
/* inflate_bits.h - the bits of deflate data that nobody reads
 *
 * Deflate pads to a whole byte at its end and before each stored block (RFC 1951 3.2.3, 3.2.4).
 * All writers leave those bits zero, no reader looks at them, and no checksum covers them: they are
 * the one place where a changed byte stays unseen. */
#ifndef BASE_INFLATE_BITS_H
#define BASE_INFLATE_BITS_H

#include <stdbool.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Reused for many members; one thread at a time. */
struct inflate_bits;

/* Never NULL. */
struct inflate_bits *inflate_bits_create(void);
void inflate_bits_close(struct inflate_bits *bits);
SCOPED_CLOSE(struct inflate_bits *, inflate_bits_close)
/* Reads a gzip member (borrowed). *fault_out is NULL, or says what no writer would have made: an
 * idle bit that is set, or data that zlib does not take (libdeflate takes a little more). Static
 * text. A member that is cut is for others to find. Errors of the source. */
MUST_CHECK int inflate_bits_look(struct inflate_bits *bits, struct source *member,
	const char **fault_out, struct flong_error *err);

#endif
