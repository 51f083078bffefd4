/* SPDX-License-Identifier: MIT */
/* member.h - one finished record as it will be stored: a gzip member, or plain bytes
 *
 * A worker makes it, the recorder only copies it. Small ones are held in memory; of a large body
 * only the place is held: the spool file it was deflated into while it arrived. */
#ifndef WARC_MEMBER_H
#define WARC_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/gzip.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"
#include "warc/record.h"

struct member_chunk;

/* A record and what an index says about it. Zeroed is valid and empty. */
struct member {
	enum record_type type;
	char id[RECORD_ID_SIZE];
	char *url; /* owned; NULL for a warcinfo */
	int64_t date_ms;
	char *mime;                    /* owned; as cdxj-indexer derives it; NULL when absent */
	char status[8];                /* of an HTTP reply: three digits; else empty */
	char digest[DIGEST_TEXT_SIZE]; /* payload digest as written; empty when there is none */
	uint64_t record_bytes;         /* uncompressed, with head and trailer */
	uint64_t stored_bytes;         /* as it will be in the file */
	struct member_chunk *chunks;   /* owned array */
	size_t chunk_count;
	bool has_stored_digest;
	struct digest stored_digest; /* then: SHA-256 of the stored form (recordDigest) */
};

void member_clear(struct member *member);
/* Makes the stored form of the parts, which together are the whole record. With `deflater` a gzip
 * member, without (NULL) plain bytes. Parts that are spools are borrowed until the member was
 * written when they are in their file, else copied. What is deflated here and grows over
 * LIMIT_SPOOL_MEMORY_BYTES goes to a file in `dir`. */
MUST_CHECK int member_seal(struct member *member, const struct gzip_part *parts, size_t count,
	struct deflater *deflater, const char *dir, struct flong_error *err);
/* Digests the stored form where it is in memory; of one in files it is cheaper while they are read
 * anyway. For a worker: the digest is work, and whoever writes has enough of it. */
void member_digest_stored(struct member *member);
/* Writes the stored form. May be called again. */
MUST_CHECK int member_write(const struct member *member, struct sink *out, struct flong_error *err);

#endif
