/* SPDX-License-Identifier: MIT */
/* exchange.c - the exchange value: making it, its words, and the body read in three depths */
#include "web/exchange.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "web/content_coding.h"
#include "web/http_body.h"

/* zlib's own default: the best size for its time on pages. */
#define DEFLATE_LEVEL 6

struct exchange *exchange_create(struct bytes url, const char *spool_dir)
{
	struct exchange *exchange = ALLOC(struct exchange);
	exchange->url = alloc_text(url.ptr, url.len);
	exchange->interim = buf_with_max(LIMIT_HEAD_KEPT_BYTES);
	exchange->head = buf_with_max(LIMIT_HEAD_KEPT_BYTES);
	exchange->body =
		spool_create(spool_dir, LIMIT_SPOOL_MEMORY_BYTES, SPOOL_DEFLATED, DEFLATE_LEVEL);
	exchange->times = (struct exchange_times){-1, -1, -1, -1, -1};
	return exchange;
}

void exchange_close(struct exchange *exchange)
{
	if (exchange == NULL) {
		return;
	}
	free(exchange->url);
	buf_clear(&exchange->request);
	buf_clear(&exchange->interim);
	buf_clear(&exchange->head);
	http_head_clear(&exchange->parsed);
	spool_close(exchange->body);
	free(exchange->chain_pem);
	free(exchange);
}

int exchange_status(const struct exchange *exchange)
{
	return exchange->parsed.status;
}

const char *exchange_outcome_name(enum exchange_outcome outcome)
{
	switch (outcome) {
	case EXCHANGE_OK:
		return "ok";
	case EXCHANGE_DNS:
		return "dns";
	case EXCHANGE_CONNECT:
		return "connect";
	case EXCHANGE_TLS:
		return "tls";
	case EXCHANGE_TIMEOUT:
		return "timeout";
	case EXCHANGE_DISCONNECT:
		return "disconnect";
	case EXCHANGE_PROTOCOL:
		return "protocol";
	case EXCHANGE_LIMIT:
		return "limit";
	case EXCHANGE_REFUSED:
		return "refused";
	case EXCHANGE_ABORTED:
		return "aborted";
	}
	return "unknown";
}

const char *exchange_truncation_name(enum exchange_truncation truncation)
{
	switch (truncation) {
	case TRUNCATED_NOT:
		return NULL;
	case TRUNCATED_LENGTH:
		return "length";
	case TRUNCATED_TIME:
		return "time";
	case TRUNCATED_DISCONNECT:
		return "disconnect";
	case TRUNCATED_UNSPECIFIED:
		return "unspecified";
	}
	return NULL;
}

int exchange_open_payload(
	const struct exchange *exchange, struct source **source_out, struct flong_error *err)
{
	struct source *raw = NULL;
	int rc = spool_open(exchange->body, &raw, err);
	if (rc != FLONG_OK) {
		return error_context(err, "body of %s", exchange->url);
	}
	*source_out = http_body_open_payload(raw, exchange->parsed.framing == HTTP_BODY_CHUNKED);
	return FLONG_OK;
}

int exchange_open_document(
	const struct exchange *exchange, struct source **source_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf codings = buf_with_max(LIMIT_HEAD_KEPT_BYTES * 2);
	content_coding_list(&exchange->parsed.headers, &codings);
	struct source *payload = NULL;
	int rc = exchange_open_payload(exchange, &payload, err);
	if (rc == FLONG_OK) {
		rc = content_coding_open(payload, buf_bytes(&codings), source_out, err);
		if (rc != FLONG_OK) {
			return error_context(err, "body of %s", exchange->url);
		}
	}
	return rc;
}
