/* SPDX-License-Identifier: MIT */
/* row.h - struct flong_row and the memory of its texts */
#ifndef LIB_ROW_H
#define LIB_ROW_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/cdxj.h"
#include "index/cdxj.h"

/* Zeroed is valid and empty. */
struct row_store {
	struct flong_row row; /* first, so that closing a row finds its store */
	struct buf text;      /* what the row points to, each text with its zero */
};

void row_store_clear(struct row_store *store);
/* Copies an entry; `redirect` is absent when its ptr is NULL. */
void row_store_set(struct row_store *store, const struct cdxj_entry *entry, struct bytes redirect);
/* Reads a line. Errors of flong_row_parse; the store is unchanged then. */
MUST_CHECK int row_store_parse(struct row_store *store, struct bytes line, enum flong_row_form form,
	struct flong_error *err);

#endif
