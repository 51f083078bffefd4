/* SPDX-License-Identifier: MIT */
/* ahead.h - a source that is read ahead of its reader, by a thread of its own
 *
 * What reading costs (the file, a digest that its source computes) is then paid beside what is done
 * with the bytes. */
#ifndef BASE_AHEAD_H
#define BASE_AHEAD_H

#include "base/stream.h"

/* The same bytes, the same end or failure as `inner_take`, which is read and closed with it; up to
 * two pieces of LIMIT_AHEAD_BYTES are held. The reader sees what reading `inner_take` changed
 * elsewhere once it has what was read by then. Where no thread can be had it is read when asked.
 * Cannot be moved by source_seek. */
struct source *source_ahead(struct source *inner_take);

#endif
