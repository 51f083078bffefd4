/* SPDX-License-Identifier: MIT */
/* capture.h - an exchange becomes records, and records become an exchange again
 *
 * One exchange gives one group of members, in this order: response (or revisit, or resource),
 * request, metadata (W-07). Nothing of the wire is lost: 1xx replies are in the
 * metadata, everything else in the two blocks.
 *
 * - A reply that does not begin with an HTTP status line is kept as a `resource` of
 *   application/octet-stream under its URL, because no reader can take it for HTTP (A.6).
 * - An exchange of which not one byte was received gives an empty group: there is nothing to keep,
 *   and the crawl log tells what happened. When only 1xx replies came, the group is request and
 *   metadata. */
#ifndef WARC_CAPTURE_H
#define WARC_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/member.h"
#include "warc/reader.h"
#include "warc/record.h"
#include "web/exchange.h"

/* What one pass over an exchange finds. */
struct capture_digests {
	struct digest payload; /* of the body without transfer coding, content coding kept (W-13) */
	struct digest proof;   /* the same as SHA-256: of SHA-1 collisions are known */
	struct digest block;   /* of head and body as received */
	struct digest request; /* of the request as sent */
	uint64_t payload_bytes; /* that the payload digest covers */
	uint64_t block_bytes;
};
/* Reads the body once. Any thread. */
MUST_CHECK int capture_digest(const struct exchange *exchange, enum digest_algorithm algorithm,
	struct capture_digests *digests_out, struct flong_error *err);

/* The first full capture of a payload, for a revisit of it. The strings are owned by whoever made
 * the value; NULL is empty. */
struct capture_original {
	char *url;
	int64_t date_ms;
	char record_id[64];      /* without brackets */
	char *transfer_encoding; /* as capture_transfer_encoding gave for the original */
};
/* Whether the exchange may be written as a revisit, and be the original of one: outcome ok, a
 * complete reply other than 3xx, and a payload of 1 KiB or more (W-25). */
bool capture_may_revisit(const struct exchange *exchange, const struct capture_digests *digests);
/* The Transfer-Encoding of the reply (several fields joined by ", "), empty when there is none:
 * original and revisit must be equal in it. */
void capture_transfer_encoding(const struct exchange *exchange, struct buf *out);

struct capture_options {
	enum digest_algorithm algorithm;
	const char *warcinfo_id; /* of the segment it will be in, without brackets; or NULL */
	struct record_ids *ids;  /* borrowed; NULL gives random ids */
	struct bytes metadata;   /* lines for the metadata record: via, hopsFromSeed, ... */
	/* What is replaced by "[redacted]" in the request record: a NULL-terminated list of field
	 * names, and of "Name: part" where only this part is secret (in a cookie, its value); or
	 * NULL. Proxy-Authorization is always left out. The metadata says which fields. */
	const char *const *redact;
	bool omit_times;       /* no durations in the metadata (W-46) */
	const char *spool_dir; /* for what gets too large for memory; NULL is /tmp */
	/* The response whose payload capture_compose's exchange repeats, by the caller's word;
	 * NULL for none. Where a revisit is not allowed a response is written all the same. */
	const struct capture_original *original;
};

/* The members of one exchange, or single records. Zeroed is valid and empty. */
struct capture_group {
	struct member *members; /* owned array */
	size_t count;
	char warcinfo_id[RECORD_ID_SIZE]; /* that the members name; empty for none */
};
void capture_group_clear(struct capture_group *group);

/* Adds the members of an exchange to `group_out`. `deflater` NULL makes plain records. The exchange
 * is borrowed until the group was written. Any thread; one deflater each. On failure the group is
 * as before. */
MUST_CHECK int capture_compose(const struct exchange *exchange,
	const struct capture_digests *digests, const struct capture_options *options,
	struct deflater *deflater, struct capture_group *group_out, struct flong_error *err);

/* A record that stands alone. */
struct capture_single {
	enum record_type type; /* warcinfo, metadata, resource or conversion */
	const char *id;        /* without brackets; NULL makes one */
	const char *target_uri;
	int64_t date_ms;
	const char *content_type; /* NULL for warc-fields in a warcinfo or metadata record */
	struct bytes block;
	const char *concurrent_to; /* or NULL, as all below */
	const char *refers_to;
	const char *filename;
	const struct digest *digest; /* of the block, when it is known already */
};
/* Adds one record to `group_out`. As capture_compose otherwise. */
MUST_CHECK int capture_compose_record(const struct capture_single *single,
	const struct capture_options *options, struct deflater *deflater,
	struct capture_group *group_out, struct flong_error *err);
/* Adds the metadata record of the exchange's certificate chain (chain_pem) to `group_out`: one
 * `tls-certificate` line each, base64 of the DER form, the host's own first. Target-URI is the
 * origin's root. Nothing is added when there is no chain. */
MUST_CHECK int capture_compose_chain(const struct exchange *exchange,
	const struct capture_options *options, struct deflater *deflater,
	struct capture_group *group_out, struct flong_error *err);

/* Makes an exchange of the reader's current record, which must be a response, a revisit or a
 * resource: url, date, head, body, address, protocol, truncation. A revisit has no body. Bodies
 * over the memory limit go to files in `spool_dir`. FLONG_E_USAGE for other types. */
MUST_CHECK int capture_read(struct reader *reader, const struct reader_record *record,
	const char *spool_dir, struct exchange **exchange_out, struct flong_error *err);
/* Adds the request record that follows to the exchange. */
MUST_CHECK int capture_read_request(
	struct reader *reader, struct exchange *exchange, struct flong_error *err);
/* Adds what the metadata record says about the exchange: interim replies, outcome and reason. */
MUST_CHECK int capture_read_metadata(
	struct reader *reader, struct exchange *exchange, struct flong_error *err);

#endif
