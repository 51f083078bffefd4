/* SPDX-License-Identifier: MIT */
/* sniff.h - telling gzip, plain WARC and what we do not read apart by their first bytes */
#ifndef WARC_SNIFF_H
#define WARC_SNIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Looks at the first bytes of a file part that begins at `offset` and gives a source of all of it.
 * Takes `source`; *source_out is set (and owned by the caller) on failure too. FLONG_E_UNSUPPORTED:
 * zstd, ARC; FLONG_E_FORMAT: neither gzip nor a WARC record. An empty source is plain. */
MUST_CHECK int sniff_open(struct source *source_take, uint64_t offset, struct source **source_out,
	bool *is_gzip_out, struct flong_error *err);

#endif
