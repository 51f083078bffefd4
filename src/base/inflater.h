/* SPDX-License-Identifier: MIT */
/* inflater.h - zlib's inflate over an intake; for the files that own zlib only */
#ifndef BASE_INFLATER_H
#define BASE_INFLATER_H

#include <stddef.h>
#include <zlib.h>

#include "base/intake.h"
#include "base/scoped.h"
#include "flong/error.h"

enum { INFLATER_WINDOW_BITS = 15, INFLATER_GZIP = 16 };

/* Compressed input with the state that reads it. */
struct inflater {
	z_stream stream;
	struct intake *intake; /* borrowed or owned: see the user */
};

/* `window_bits` as inflateInit2 has it. Aborts without memory; see alloc.h. */
void inflater_init(struct inflater *inflater, struct intake *intake, int window_bits);
void inflater_clear(struct inflater *inflater);
/* Inflates until there is output or the stream ends. zlib's status in *status_out; FLONG_END when
 * the input ran out first, with nothing given. */
MUST_CHECK int inflater_run(struct inflater *inflater, void *room, size_t max, size_t *got_out,
	int *status_out, struct flong_error *err);
/* What is wrong with the data, in zlib's words. Static text. */
const char *inflater_fault(const struct inflater *inflater, int status);

#endif
