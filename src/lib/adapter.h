/* SPDX-License-Identifier: MIT */
/* adapter.h - the caller's functions as sources and sinks, and a source as a stream of the caller
 */
#ifndef LIB_ADAPTER_H
#define LIB_ADAPTER_H

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/flong.h"

/* The result of a function of the caller that is not FLONG_OK: its negative code, with a message
 * whatever it left in *err (which was zeroed before); FLONG_E_USAGE for a positive one. `what` is
 * the function's name for the message. */
int adapter_failure(int rc, const char *what, struct flong_error *err);
/* A source of what `input` gives (copied); it can be moved when `input` can. The input's close
 * function is called when the source is closed, or at once on failure. FLONG_E_USAGE: no read
 * function, or a reserved member is set. */
MUST_CHECK int adapter_source_open(
	const struct flong_input *input, struct source **source_out, struct flong_error *err);
/* A sink into `output` (copied). FLONG_E_USAGE as above. */
MUST_CHECK int adapter_sink_open(
	const struct flong_output *output, struct sink **sink_out, struct flong_error *err);

/* A stream over `source` (taken). While it is open *slot points to it, so that the owner of what it
 * reads can end it; NULL for a source that stays readable. */
struct flong_stream *adapter_stream_open(struct source *source_take, struct flong_stream **slot);
/* Ends the stream in *slot, if any: its source is closed, and reading it is FLONG_E_USAGE. */
void adapter_stream_end(struct flong_stream **slot);

#endif
