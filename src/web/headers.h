/* SPDX-License-Identifier: MIT */
/* headers.h - named fields in order, repeats kept, names compared without case */
#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

struct header_field {
	struct bytes name;  /* as received */
	struct bytes value; /* without white space at both ends, folds joined by one space */
};

/* A list of fields that owns copies of its bytes. Zeroed is valid and empty. */
struct headers {
	struct header_field *fields; /* owned array; the bytes point into chunks the list owns */
	size_t count;
	size_t capacity;
	void *arena; /* owned storage of the bytes */
};

void headers_clear(struct headers *headers);
/* Empties the list but keeps memory for reuse. */
void headers_reset(struct headers *headers);
void headers_add(struct headers *headers, struct bytes name, struct bytes value);
/* First field of that name: its value, or empty bytes with ptr NULL when there is none. */
struct bytes headers_first(const struct headers *headers, const char *name);
bool headers_has(const struct headers *headers, const char *name);
/* The n-th (from 0) value of that name; false when there are fewer. */
bool headers_nth(
	const struct headers *headers, const char *name, size_t n, struct bytes *value_out);
size_t headers_count(const struct headers *headers, const char *name);

#endif
