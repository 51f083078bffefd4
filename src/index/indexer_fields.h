/* SPDX-License-Identifier: MIT */
/* indexer_fields.h - the further members of index rows that a user asks for by name
 *
 * The names are those of cdxj-indexer: "http:NAME" a field of the reply, "req.http:NAME" a field of
 * its request, "referrer" and "method" of the request, else a field of the WARC head such as
 * "warc-type". */
#ifndef INDEX_INDEXER_FIELDS_H
#define INDEX_INDEXER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

/* More than any index has. */
#define INDEXER_FIELDS_MAX 32

enum indexer_source {
	INDEXER_WARC,    /* a field of the record's head */
	INDEXER_HTTP,    /* of the HTTP head in the record */
	INDEXER_REQUEST, /* of the HTTP head of its request */
	INDEXER_METHOD   /* the method of its request */
};

struct indexer_field {
	enum indexer_source source;
	char *name;  /* owned; of the member in the row */
	char *field; /* owned; of the field in the head */
};

/* Zeroed is valid: no further members. */
struct indexer_fields {
	struct indexer_field list[INDEXER_FIELDS_MAX];
	size_t count;
	bool record_digest; /* "recordDigest" was asked for */
};

/* Reads a list of names separated by commas; those of the usual members change nothing.
 * FLONG_E_USAGE: over INDEXER_FIELDS_MAX. */
MUST_CHECK int indexer_fields_parse(
	const char *list, struct indexer_fields *fields_out, struct flong_error *err);
void indexer_fields_clear(struct indexer_fields *fields);
/* Whether one has this source. */
bool indexer_fields_need(const struct indexer_fields *fields, enum indexer_source source);

#endif
