/* SPDX-License-Identifier: MIT */
/* indexer_record.h - what an index says of one record, and how a reply takes its request's place
 *
 * The details are those of cdxj-indexer 1.5 over warcio 1.8, so that its lines and ours are the
 * same bytes: how much of a broken HTTP head counts, what a missing digest is replaced by, which
 * bytes of a plain record belong to it, and which two records are one exchange. */
#ifndef INDEX_INDEXER_RECORD_H
#define INDEX_INDEXER_RECORD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/cdxj.h"
#include "index/indexer_fields.h"
#include "warc/reader.h"

/* What is wanted of records. Borrowed texts. */
struct indexer_wish {
	const char *records; /* types separated by commas, "all", or NULL: those with something to
			      * replay */
	const struct indexer_fields *fields; /* further members; NULL for none */
	bool post;                           /* POST and PUT have keys of their own */
	bool joins;                          /* a reply needs its request (post or fields) */
	bool needs_heads;                    /* joins, or there are members of HTTP heads */
};

/* The file that is read. All borrowed. */
struct indexer_file {
	struct reader *reader;
	int digest_fd;         /* of the same file, for record digests; -1 without */
	struct digester *sha1; /* for payloads without digest */
	const struct indexer_wish *wish;
	bool is_shared; /* the record to be read is not the first of its member */
};

/* One record's row and what joins it to another. Owns its bytes; kept and used again for the next
 * record. Zeroed is valid. */
struct indexer_record {
	struct cdxj_entry entry; /* borrows from what follows */
	bool has_row;
	bool is_at_fault; /* it could not be indexed, but the reader can go on behind it */
	enum record_type type;
	struct buf key, url, mime, status, digest;
	char timestamp[CLOCK_DIGITS_SIZE];
	char payload_digest[DIGEST_TEXT_SIZE];
	char record_digest[DIGEST_TEXT_SIZE];
	struct buf id, concurrent_to; /* only when records are joined */
	struct buf head;              /* HTTP head, when a member or a join needs it */
	bool has_head;
	struct buf query;
	char method[8]; /* "POST" or "PUT"; else empty */
	struct cdxj_extra extras[INDEXER_FIELDS_MAX];
	struct buf values[INDEXER_FIELDS_MAX];
};

void indexer_record_clear(struct indexer_record *record);
/* Reads the record that the reader found last into `record_out`, to its end when it has a row or
 * may belong to one. Errors of the reader; FLONG_E_FORMAT: a record with a row has no readable
 * WARC-Date; FLONG_E_UNSUPPORTED: it shares its gzip member, so that no row can point to it. */
MUST_CHECK int indexer_record_read(const struct indexer_file *file,
	const struct reader_record *found, struct indexer_record *record_out,
	struct flong_error *err);
/* Whether the two, one directly after the other, are a request and its response. */
bool indexer_record_is_pair(
	const struct indexer_record *first, const struct indexer_record *second);
/* Adds to the rows of both what the request says. */
void indexer_record_join(struct indexer_record *first, struct indexer_record *second,
	const struct indexer_wish *wish);

#endif
