/* SPDX-License-Identifier: MIT */
/* exchange.h - one request and its response as captured: the value that fetcher, WARC and replay
 * share
 *
 * Keeping bytes and judging the outcome are separate: `request`, `head` and `body` are what crossed
 * the wire whatever became of it; `outcome` and `reason` say whether it counts. */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "base/spool.h"
#include "web/http_head.h"

/* What became of a fetch. EXCHANGE_OK covers every complete, well-formed reply, 404 and 500 too. */
enum exchange_outcome {
	EXCHANGE_OK,
	EXCHANGE_DNS,        /* the name does not resolve */
	EXCHANGE_CONNECT,    /* no connection */
	EXCHANGE_TLS,        /* handshake failed or certificate refused */
	EXCHANGE_TIMEOUT,    /* connect, stall or total time limit */
	EXCHANGE_DISCONNECT, /* closed or reset before the reply was complete */
	EXCHANGE_PROTOCOL,   /* the reply breaks HTTP; bytes are kept */
	EXCHANGE_LIMIT,      /* cut by a size limit of ours */
	EXCHANGE_REFUSED,    /* refused by our own policy (private address, port) */
	EXCHANGE_ABORTED     /* stopped by the user */
};

/* WARC-Truncated (WARC/1.1 5.13). */
enum exchange_truncation {
	TRUNCATED_NOT,
	TRUNCATED_LENGTH,
	TRUNCATED_TIME,
	TRUNCATED_DISCONNECT,
	TRUNCATED_UNSPECIFIED
};

/* Facts of the connection. Empty strings where unknown. */
struct exchange_connection {
	char ip[46];    /* numeric address of the peer, IPv6 without brackets (RFC 5952) */
	uint16_t port;  /* of the peer */
	bool is_reused; /* carried an earlier exchange */
	bool is_tls;
	char tls_version[16]; /* "tls/1.3" as WARC-Protocol writes it */
	char tls_cipher[64];  /* IANA name: "TLS_AES_128_GCM_SHA256" */
	char tls_alpn[16];    /* "http/1.1" or empty */
	char tls_verify[160]; /* "ok", or why the certificate does not verify */
};

/* Durations in microseconds since the start of the fetch; -1 where a step was not reached. */
struct exchange_times {
	int64_t dns_us, connect_us, tls_us, first_byte_us, total_us;
};

/* One request and its response. Made by exchange_create; owned by one holder at a time. */
struct exchange {
	uint64_t ticket;    /* the caller's number for the fetch */
	char *url;          /* owned: WHATWG href without fragment (WARC-Target-URI) */
	int64_t started_ms; /* wall clock at the start; truncated milliseconds (WARC-Date) */
	struct buf request; /* exact request bytes sent last for this exchange (head and body) */
	struct buf interim; /* exact bytes of 1xx replies before the final head */
	struct buf head;    /* exact bytes of the final head, its empty line included; may be cut */
	struct http_head parsed; /* meaning of `head` */
	struct spool *body; /* owned, never NULL: exact bytes after the head, transfer coding kept;
			       finished */
	uint64_t payload_bytes;   /* body bytes without chunk framing */
	bool has_chunk_extension; /* for the report: some players cannot decode these */
	bool has_trailer;
	bool has_response;     /* at least one byte of a final reply was received */
	bool used_fallback;    /* fetched by the raw fallback because curl refuses such replies */
	uint64_t excess_bytes; /* bytes after the end of the body that do not belong to it (not
				  kept) */
	enum exchange_truncation truncated;
	enum exchange_outcome outcome;
	char reason[256]; /* one sentence when outcome is not EXCHANGE_OK */
	struct exchange_connection connection;
	struct exchange_times times;
	char *chain_pem; /* owned: the peer's certificate chain, on the first exchange of a
			    host:port and chain; else NULL */
	bool is_lost;    /* bytes came that our disk did not take: no record may be made of it */
};

/* An exchange for `url` with an empty body spool that spills to `spool_dir`. Never NULL. */
struct exchange *exchange_create(struct bytes url, const char *spool_dir);
void exchange_close(struct exchange *exchange);
SCOPED_CLOSE(struct exchange *, exchange_close)
/* Final status code, 0 when there is no readable head. */
int exchange_status(const struct exchange *exchange);
/* Static word for logs, reports and metadata: "ok", "dns", "connect", ... */
const char *exchange_outcome_name(enum exchange_outcome outcome);
/* "length", "time", "disconnect", "unspecified", or NULL for TRUNCATED_NOT. */
const char *exchange_truncation_name(enum exchange_truncation truncation);
/* A source of the payload: transfer coding undone, content coding kept. The exchange is borrowed
 * until it is closed. */
MUST_CHECK int exchange_open_payload(
	const struct exchange *exchange, struct source **source_out, struct flong_error *err);
/* A source of the document: content coding undone too (unknown codings are FLONG_E_UNSUPPORTED). */
MUST_CHECK int exchange_open_document(
	const struct exchange *exchange, struct source **source_out, struct flong_error *err);

#endif
