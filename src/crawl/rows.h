/* SPDX-License-Identifier: MIT */
/* rows.h - the index rows of one segment, in the order of its records, beside it in state/ while it
 * is written
 *
 * They are sorted into indexes/index.cdx at the end. When the segment is closed each row is
 * compared with the record it names. */
#ifndef CRAWL_ROWS_H
#define CRAWL_ROWS_H

#include <stdint.h>

#include "base/scoped.h"
#include "base/syncs.h"
#include "flong/error.h"
#include "warc/capture.h"
#include "warc/reader.h"
#include "warc/segment.h"

struct rows;

/* Makes STATE_DIR/NAME.rows for the segment of that final name. FLONG_E_IO. */
MUST_CHECK int rows_create(
	const char *state_dir, const char *name, struct rows **rows_out, struct flong_error *err);
/* Opens it again and cuts it at `bytes`. FLONG_E_DAMAGED when it is shorter. */
MUST_CHECK int rows_reopen(const char *state_dir, const char *name, uint64_t bytes,
	struct rows **rows_out, struct flong_error *err);
/* Makes the rows of a segment anew, of the file `file` in ARCHIVE_DIR that has or will have the
 * final name `name`, up to the offset `end` (UINT64_MAX: all of it). *bytes_out is their length.
 * FLONG_E_IO. */
struct rows_source {
	const char *archive_dir, *file, *name;
	uint64_t end;
};
MUST_CHECK int rows_remake(const char *state_dir, const struct rows_source *source,
	uint64_t *bytes_out, struct flong_error *err);
void rows_close(struct rows *rows);
SCOPED_CLOSE(struct rows *, rows_close)
/* Adds the row of a member that was appended; types that are not indexed are left out. */
MUST_CHECK int rows_add(struct rows *rows, const struct member *member,
	const struct segment_place *place, struct flong_error *err);
/* Bytes written and still buffered. */
uint64_t rows_size(const struct rows *rows);
/* Writes what is buffered. */
MUST_CHECK int rows_flush(struct rows *rows, struct flong_error *err);
MUST_CHECK int rows_sync(struct rows *rows, struct flong_error *err);
/* The file, for syncs_begin: what was flushed. Borrowed. */
struct sync_file rows_file(const struct rows *rows);

/* Starts comparing from the first row. Rows may be added meanwhile, on another thread: those that
 * were flushed can be compared. */
MUST_CHECK int rows_begin_check(struct rows *rows, struct flong_error *err);
/* The shape of check_hooks.record: the record must be the one its row names, by offset, length, URL
 * and date. */
int rows_check_record(void *context, const struct reader_record *record, struct flong_error *err);
/* FLONG_E_DAMAGED when rows are left over. */
MUST_CHECK int rows_end_check(struct rows *rows, struct flong_error *err);

#endif
