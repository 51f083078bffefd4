/* SPDX-License-Identifier: MIT */
/* cdx.h - one line of the older CDX indexes: fields in columns, separated by one space
 *
 * The header line names the columns: " CDX N b a m s k r M S V g". */
#ifndef INDEX_CDX_H
#define INDEX_CDX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/cdxj.h"

/* The columns that are written; what else there is can only be read. */
enum cdx_form { CDX_11, CDX_9 };

#define CDX_COLUMNS_MAX 20

/* Which column a line has where. */
struct cdx_layout {
	char letters[CDX_COLUMNS_MAX]; /* as in the header: 'N' key, 'V' offset ...; '?' what no
					* letter names */
	size_t count;
	char separator;
};

/* A line that was read; everything is borrowed from it. */
struct cdx_row {
	struct cdxj_entry entry; /* key.ptr is NULL when there is no column for it; the digest has
				  * no label; length is 0 when it is unknown */
	bool has_length;
	struct bytes redirect; /* Location; absent with ptr NULL */
	struct bytes meta;     /* robot flags; absent with ptr NULL */
};

/* The header line with its LF, as cdxj-indexer, pywb and jwarc write it. Static. */
const char *cdx_header(enum cdx_form form);
/* Appends the line with its LF: "-" for what is absent or empty, the digest without its label, the
 * time cut to 14 digits, white space in a field escaped (%20). */
void cdx_format(const struct cdxj_entry *entry, enum cdx_form form, struct buf *line_out);

/* Whether the line is a header; then *layout_out is what it says. FLONG_E_FORMAT: no letters, or
 * more than CDX_COLUMNS_MAX. */
bool cdx_is_header(struct bytes line);
MUST_CHECK int cdx_parse_header(
	struct bytes line, struct cdx_layout *layout_out, struct flong_error *err);
/* Reads a line (with or without CR LF). `layout` NULL: 9, 10 or 11 columns as usual, and three more
 * of the original of a revisit. FLONG_E_FORMAT: another number of columns than the layout has, no
 * time of 14 digits, no file name, no usable offset or length. */
MUST_CHECK int cdx_parse(struct bytes line, const struct cdx_layout *layout,
	struct cdx_row *row_out, struct flong_error *err);

#endif
