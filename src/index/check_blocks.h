/* SPDX-License-Identifier: MIT */
/* check_blocks.h - the index of an index in compressed blocks: each place against the block there
 *
 * The rows themselves are checked where the file of blocks is read as an index; here is checked
 * that a player which looks for one finds its block (W-35). */
#ifndef INDEX_CHECK_BLOCKS_H
#define INDEX_CHECK_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "index/check_say.h"
#include "index/zipnum_read.h"

/* An index of blocks while it is checked. The caller sets the first members. */
struct check_blocks {
	const char *name; /* borrowed; of the index, from which the usual name of its blocks is made
			   */
	struct check_listener listener;
	/* Size of the file of blocks of that plain name beside the index. FLONG_E_NOT_FOUND. */
	int (*size)(void *context, const char *part, uint64_t *size_out, struct flong_error *err);
	/* Opens a range of it, which lies within. FLONG_E_NOT_FOUND: it cannot be read in pieces;
	 * then its blocks are not looked at. */
	int (*open)(void *context, const char *part, uint64_t offset, uint64_t length,
		struct source **source_out, struct flong_error *err);
	void *place;    /* context of size and open */
	uint64_t lines; /* out: blocks */
	/* Private. */
	uint64_t number;                   /* of the current line */
	struct buf prefix;                 /* of the line before */
	char usual_part[ZIPNUM_NAME_SIZE]; /* for lines that name none */
	char part[ZIPNUM_NAME_SIZE];       /* of the line before; empty at the start */
	uint64_t part_size, part_end;      /* and where its block ended */
	bool has_part;                     /* it is there */
	bool lacks_digests, lacks_times;   /* that was said */
};

/* Checks an index of blocks of either dialect from a source (borrowed) of its plain text. FLONG_OK
 * whatever is found; FLONG_E_IO, and the errors of size and open but FLONG_E_NOT_FOUND. */
MUST_CHECK int check_blocks_run(
	struct check_blocks *blocks, struct source *source, struct flong_error *err);

#endif
