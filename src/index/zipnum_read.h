/* SPDX-License-Identifier: MIT */
/* zipnum_read.h - the lines of an index in compressed blocks, found through the index of its blocks
 *
 * Reads both dialects (zipnum.h). The files of blocks are looked for beside the index: a name with
 * a slash is refused. */
#ifndef INDEX_ZIPNUM_READ_H
#define INDEX_ZIPNUM_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

#define ZIPNUM_NAME_SIZE 256

/* Where a block is: a line of the index of blocks. */
struct zipnum_place {
	struct bytes prefix;         /* key and time of its first line; borrowed from the line */
	char part[ZIPNUM_NAME_SIZE]; /* file of blocks; empty when the line does not name one */
	uint64_t offset, length;
};

/* Reads a line of either dialect, without its line end. FLONG_E_UNSUPPORTED: the "!meta" line,
 * whose file name is in place_out->part then. FLONG_E_FORMAT: another line, or a name that is none.
 */
MUST_CHECK int zipnum_place_parse(
	struct bytes line, struct zipnum_place *place_out, struct flong_error *err);
/* Cuts a line of the dialect of WACZ files: key and time (js-wacz leaves the time out), and the
 * JSON object behind them. False when it has no such parts. */
bool zipnum_place_split(struct bytes line, struct bytes *prefix_out, struct bytes *json_out);
/* Whether a file with this name and first line is an index of blocks. */
bool zipnum_is_index(const char *path, struct bytes first_line);

struct zipnum_reader;

/* Opens an index of blocks. FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int zipnum_reader_open(
	const char *path, struct zipnum_reader **reader_out, struct flong_error *err);
void zipnum_reader_close(struct zipnum_reader *reader);
SCOPED_CLOSE(struct zipnum_reader *, zipnum_reader_close)
/* Goes to the block in which the first line that does not sort before `start` must be. */
MUST_CHECK int zipnum_reader_seek(
	struct zipnum_reader *reader, struct bytes start, struct flong_error *err);
/* The next line of this block and those after it, without its line end, borrowed until the next
 * call. FLONG_END: there is none in a block that begins before `end` (empty: no end).
 * FLONG_E_FORMAT, FLONG_E_DAMAGED, FLONG_E_NOT_FOUND, FLONG_E_LIMIT: what is wrong with the index
 * or a block. */
MUST_CHECK int zipnum_reader_next(struct zipnum_reader *reader, struct bytes end,
	struct bytes *line_out, struct flong_error *err);

#endif
