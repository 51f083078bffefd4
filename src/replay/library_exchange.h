/* SPDX-License-Identifier: MIT */
/* library_exchange.h - the records of one exchange, and the links that its metadata names */
#ifndef REPLAY_LIBRARY_EXCHANGE_H
#define REPLAY_LIBRARY_EXCHANGE_H

#include <stdbool.h>

#include "replay/site.h"
#include "warc/reader.h"

/* All borrowed. */
struct exchange_view {
	const struct site_call *call;
	struct bytes file;     /* the name of the WARC file */
	struct bytes id;       /* of the record that is shown */
	struct reader *reader; /* stands in that record */
};

/* Whether a record's block is lines of fields, so that it can be read by people. */
bool exchange_view_is_fields(const struct reader_record *record);
/* Appends such a block: its fields, and its links with what the archive has of them. Says whether
 * it has the digest that was written with it. */
void exchange_view_add_fields(
	const struct exchange_view *view, const struct reader_record *record, struct buf *out);
/* Goes on to the records behind and appends those that belong to it (completeness.h); of a metadata
 * record its fields too. */
void exchange_view_add_others(const struct exchange_view *view, struct buf *out);

#endif
