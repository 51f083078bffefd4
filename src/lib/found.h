/* SPDX-License-Identifier: MIT */
/* found.h - struct flong_record: the reader's record, its texts zero-terminated when asked for */
#ifndef LIB_FOUND_H
#define LIB_FOUND_H

#include <stdbool.h>

#include "base/buf.h"
#include "flong/record.h"
#include "lib/fields.h"
#include "warc/reader.h"

/* What is made of a record when it is asked for. */
struct found_texts {
	struct fields fields;
	struct buf id;
	struct buf uri;
	bool has_id, has_uri; /* the copies above are made */
};

/* Zeroed is valid and of no record. */
struct flong_record {
	const struct reader_record *found; /* borrowed; NULL while there is none */
	struct found_texts *texts;         /* owned; NULL until needed */
	bool is_arc;
};

/* Makes it the given record of the reader. */
void found_set(struct flong_record *record, const struct reader_record *found, bool is_arc);
void found_clear(struct flong_record *record);

#endif
