/* SPDX-License-Identifier: MIT */
/* reader.h - the records of a WARC or ARC file, one by one, whatever is in it
 *
 * WARC 0.17 to 1.1 and ARC 1.x; plain, gzip (of any shape) or zstd (with or without dictionary).
 * Only lengths say where a record ends, never its content. What is odd but readable is noted; what
 * cannot be read ends the reading with an error that names its offset, unless reader_resync goes on
 * behind it. */
#ifndef WARC_READER_H
#define WARC_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/record.h"
#include "web/headers.h"

/* Bits: what was odd about a record or just before it. */
enum reader_oddity {
	READER_ODD_LINE_END = 1 << 0,     /* lines end with a bare LF */
	READER_ODD_FIELD = 1 << 1,        /* a line without colon, or a NUL */
	READER_ODD_VERSION = 1 << 2,      /* neither WARC/1.0 nor WARC/1.1 */
	READER_ODD_FOLD = 1 << 3,         /* a folded field */
	READER_ODD_TRAILER = 1 << 4,      /* the block is not followed by exactly CRLF CRLF */
	READER_ODD_SHARED = 1 << 5,       /* another record is in the same gzip member */
	READER_ODD_SPLIT = 1 << 6,        /* goes over several gzip members */
	READER_ODD_EMPTY_MEMBER = 1 << 7, /* an empty gzip member before it */
	READER_ODD_PADDING = 1 << 8       /* zero bytes after the last member (at FLONG_END) */
};

/* How a file is stored. */
enum reader_form { READER_PLAIN, READER_GZIP, READER_ZSTD };

/* Stored bytes that were passed over: offsets in the file, `to` exclusive. */
struct reader_gap {
	uint64_t from, to;
};

/* A record as found. Borrowed from the reader until the next call of reader_next. */
struct reader_record {
	uint64_t offset;        /* of the record (or its first member) in the file */
	uint64_t length;        /* bytes in the file with the trailer; known after reader_finish */
	uint64_t head_bytes;    /* uncompressed */
	uint64_t block_length;  /* Content-Length */
	unsigned trailer_bytes; /* CR and LF bytes after the block; known after reader_finish */
	int version;            /* 11 for WARC/1.1; 0 for what is older than 1.0 */
	enum record_type type;
	struct headers headers; /* values without white space at both ends, folds joined */
	unsigned oddities;      /* complete after reader_finish */
};

struct reader;

/* Opens a file by name ("-" is standard input) and finds out its form. FLONG_E_NOT_FOUND,
 * FLONG_E_IO; FLONG_E_UNSUPPORTED for ZIP files, FLONG_E_FORMAT for what is no WARC or ARC file;
 * when only its first bytes are damaged and a record is found behind them, reader_next says so. An
 * empty file is a WARC without records. */
MUST_CHECK int reader_open(const char *path, struct reader **reader_out, struct flong_error *err);
/* Opens a file for the record at `offset`: reader_next gives that one first. */
MUST_CHECK int reader_open_at(
	const char *path, uint64_t offset, struct reader **reader_out, struct flong_error *err);
/* Reads from a source (taken, even on failure) whose first byte has the given offset; `name` is for
 * messages (copied). */
MUST_CHECK int reader_create(struct source *source_take, uint64_t offset, const char *name,
	struct reader **reader_out, struct flong_error *err);
void reader_close(struct reader *reader);
SCOPED_CLOSE(struct reader *, reader_close)
enum reader_form reader_form(const struct reader *reader);
/* Whether the current record is of an ARC file: its fields are those of arc.h. */
bool reader_is_arc(const struct reader *reader);

/* Goes to the next record; what is left of the current one is skipped and checked as reader_finish
 * does. FLONG_END after the last. FLONG_E_FORMAT, FLONG_E_DAMAGED, FLONG_E_LIMIT, FLONG_E_IO: the
 * message names the offset, and every later call gives FLONG_END. */
MUST_CHECK int reader_next(
	struct reader *reader, const struct reader_record **record_out, struct flong_error *err);
/* After reader_next, reader_read, reader_peek or reader_finish failed: looks for the next record
 * behind the fault. FLONG_OK: reader_next gives it; FLONG_END: there is none. In both cases
 * *gap_out is what was passed over, from the damaged record on. What stands in a damaged record's
 * block and looks like a record is taken for one, when the record's own length cannot be trusted;
 * the gap is empty when such a record was found in a block that had been read already.
 * Of a pipe the bytes that are gone are not searched. FLONG_E_IO. */
MUST_CHECK int reader_resync(
	struct reader *reader, struct reader_gap *gap_out, struct flong_error *err);
/* Reads block bytes of the current record; FLONG_END after Content-Length of them. */
MUST_CHECK int reader_read(
	struct reader *reader, void *room, size_t max, size_t *got_out, struct flong_error *err);
/* Makes up to `max` (at most LIMIT_RECORD_HEAD_BYTES) next bytes of the block available without
 * taking them; fewer only when the block has fewer. Borrowed until the next read. */
MUST_CHECK int reader_peek(
	struct reader *reader, size_t max, struct bytes *bytes_out, struct flong_error *err);
/* The rest of the block as a source; borrows the reader, one at a time. */
struct source *reader_block(struct reader *reader);
/* Reads to the end of the current record: then its `length`, `trailer_bytes` and `oddities` are
 * known, and checksum and length of its member are checked. */
MUST_CHECK int reader_finish(struct reader *reader, struct flong_error *err);
/* The offset behind the last whole record before any damage: where a cut file can be shortened to.
 */
uint64_t reader_good_end(const struct reader *reader);
/* Oddities found at the end of the file: READER_ODD_PADDING, READER_ODD_EMPTY_MEMBER. */
unsigned reader_end_oddities(const struct reader *reader);

/* A URI field without the brackets that some writers put around it. Borrowed. */
struct bytes reader_uri(const struct reader_record *record, const char *name);

#endif
