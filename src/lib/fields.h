/* SPDX-License-Identifier: MIT */
/* fields.h - a list of fields as zero-terminated texts, copied when the first is asked for */
#ifndef LIB_FIELDS_H
#define LIB_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/flong.h"
#include "web/headers.h"

struct field_place;

/* Zeroed is valid and empty. */
struct fields {
	const struct headers *headers; /* borrowed */
	struct buf text;               /* names and values, each with its zero */
	struct field_place *places;    /* owned array: where each field is in `text` */
	size_t capacity;
	bool is_copied;
};

/* Makes it the texts of `headers`, which must not change until the next call; NULL makes it
 * empty. What was borrowed before is void. */
void fields_set(struct fields *fields, const struct headers *headers);
void fields_clear(struct fields *fields);
/* The n-th value of that name, or NULL. Borrowed until fields_set. */
const char *fields_value(struct fields *fields, const char *name, size_t n);
size_t fields_count(const struct fields *fields);
/* Field number `index`; false when there are fewer. Borrowed until fields_set. */
bool fields_at(struct fields *fields, size_t index, struct flong_field *field_out);

#endif
