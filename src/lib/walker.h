/* SPDX-License-Identifier: MIT */
/* walker.h - struct flong_reader: the reader of warc, what it reads from, and the current record */
#ifndef LIB_WALKER_H
#define LIB_WALKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/stream.h"
#include "flong/reader.h"
#include "lib/found.h"
#include "lib/message.h"
#include "warc/reader.h"

/* What a reader reads from: kept when the reader of warc is made anew at another offset. */
struct origin {
	struct source lent;   /* what the reader of warc is given: closing it does nothing */
	struct source *inner; /* owned */
	struct bytes memory;  /* borrowed; of an input that is memory */
	bool is_memory;
	uint64_t at; /* offset of the byte that is read next */
};

struct flong_reader {
	char *name; /* owned, for messages */
	struct origin origin;
	struct reader *reader; /* owned; NULL after a failed seek */
	struct flong_record record;
	bool has_record;
	bool is_taken;  /* bytes of the block were taken */
	bool is_failed; /* the last thing that was read could not be */
	bool has_http;  /* the block was looked at */
	bool is_http;   /* and holds an HTTP message */
	struct flong_http http;
	struct flong_stream *stream; /* borrowed: the open payload stream, or NULL */
};

/* A reader of `source` (taken, even on failure), from its first byte on; `name` is for messages.
 * Errors of flong_reader_open_input. */
int walker_open(struct source *source_take, const char *name, struct flong_reader **reader_out,
	struct flong_error *err);
/* FLONG_E_USAGE unless there is a current record. */
int walker_need_record(const struct flong_reader *reader, struct flong_error *err);
/* As walker_need_record, and nothing of its block may have been taken. */
int walker_need_block(const struct flong_reader *reader, struct flong_error *err);
/* Notes a failure of the reader of warc; gives `rc` back. */
int walker_note(struct flong_reader *reader, int rc);

#endif
