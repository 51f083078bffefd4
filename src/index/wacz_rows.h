/* SPDX-License-Identifier: MIT */
/* wacz_rows.h - the lines of every index of a collection or WACZ, and of its other lists */
#ifndef INDEX_WACZ_ROWS_H
#define INDEX_WACZ_ROWS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/wacz_reader.h"

/* Takes a line without its LF, borrowed for the call. Other than FLONG_OK ends the reading with it.
 */
typedef int wacz_rows_each(void *context, struct bytes line, struct flong_error *err);

/* Gives all lines of the files in indexes/ that end in .cdx or .cdxj, or in these and .gz.
 * *has_index_out: there is one. FLONG_E_LIMIT: a line is over LIMIT_INDEX_LINE_BYTES;
 * FLONG_E_DAMAGED, FLONG_E_IO. */
MUST_CHECK int wacz_rows_read(const struct wacz_reader *reader, wacz_rows_each *each, void *context,
	bool *has_index_out, struct flong_error *err);
/* Gives all lines of one file but those over LIMIT_INDEX_LINE_BYTES. */
MUST_CHECK int wacz_rows_read_file(const struct wacz_reader *reader, const struct wacz_file *file,
	wacz_rows_each *each, void *context, struct flong_error *err);

#endif
