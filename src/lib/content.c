/* SPDX-License-Identifier: MIT */
/* content.c - what flong/reader.h tells of a record's block: HTTP head, payload, digests */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/digest.h"
#include "base/limits.h"
#include "lib/adapter.h"
#include "lib/api.h"
#include "lib/walker.h"
#include "warc/block_head.h"
#include "warc/payload.h"
#include "web/content_coding.h"
#include "web/http_body.h"

/* Whether the record says that its block is an HTTP message, or does not say what it is. */
static bool may_be_http(const struct reader_record *record)
{
	struct bytes type = headers_first(&record->headers, "Content-Type");
	bool is_capture = record->type == RECORD_RESPONSE || record->type == RECORD_REQUEST ||
			  record->type == RECORD_REVISIT;
	return bytes_starts_nocase(type, BYTES("application/http")) ||
	       (type.len == 0 && is_capture);
}

/* Reads the HTTP head of the block, if there is one. Nothing may have been taken. */
static int read_http(struct flong_reader *reader, struct flong_error *err)
{
	const struct reader_record *record = reader->record.found;
	struct bytes head = {NULL, 0};
	if (reader->has_http) {
		return FLONG_OK;
	}
	if (may_be_http(record)) {
		int rc = walker_note(reader, block_head_peek(reader->reader, &head, err));
		if (rc != FLONG_OK) {
			return rc;
		}
		struct flong_error reason;
		bool is_request =
			record->type == RECORD_REQUEST ||
			(record->type == RECORD_OTHER && !bytes_starts(head, BYTES("HTTP/")));
		reader->is_http = head.len > 0 &&
				  message_read(&reader->http, head,
					  is_request ? FLONG_HTTP_REQUEST : FLONG_HTTP_RESPONSE,
					  &reason) == FLONG_OK;
	}
	reader->has_http = true;
	return FLONG_OK;
}

int flong_reader_http(
	struct flong_reader *reader, const struct flong_http **http_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (http_out == NULL) {
		return api_null("http_out", err);
	}
	int rc = walker_need_record(reader, err);
	if (rc == FLONG_OK && !reader->has_http) {
		rc = walker_need_block(reader, err);
	}
	if (rc == FLONG_OK) {
		rc = read_http(reader, err);
	}
	if (rc == FLONG_OK) {
		*http_out = reader->is_http ? &reader->http : NULL;
	}
	return rc;
}

/* The rest of the block as a source that tells the reader of failures. */
struct rest_source {
	struct source base;
	struct flong_reader *reader; /* borrowed */
};

static int rest_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct flong_reader *reader = ((struct rest_source *)source)->reader;
	return walker_note(reader, reader_read(reader->reader, room, max, got_out, err));
}

static void rest_close(struct source *source)
{
	free(source);
}

static struct source *open_rest(struct flong_reader *reader)
{
	static const struct source_ops ops = {.read = rest_read, .close = rest_close};
	struct rest_source *s = ALLOC(struct rest_source);
	*s = (struct rest_source){{&ops}, reader};
	return &s->base;
}

/* Takes the HTTP head off the block, into `head_out` when that is not NULL. */
static int take_head(struct flong_reader *reader, struct buf *head_out, struct flong_error *err)
{
	char room[4096];
	size_t left = reader->is_http ? reader->http.length : 0;
	reader->is_taken = true;
	while (left > 0) {
		size_t got = 0;
		int rc = reader_read(
			reader->reader, room, left < sizeof(room) ? left : sizeof(room), &got, err);
		if (rc != FLONG_OK) {
			return walker_note(reader, rc);
		}
		if (head_out != NULL) {
			buf_add(head_out, bytes_from(room, got));
		}
		left -= got;
	}
	return FLONG_OK;
}

/* The payload behind the head, decoded when `flags` says so. */
static int open_payload(struct flong_reader *reader, unsigned flags, struct source **payload_out,
	struct flong_error *err)
{
	struct source *payload = http_body_open_payload(
		open_rest(reader), reader->is_http && reader->http.is_chunked);
	if ((flags & FLONG_PAYLOAD_DECODED) == 0 || !reader->is_http) {
		*payload_out = payload;
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf codings = buf_with_max(LIMIT_HEAD_KEPT_BYTES * 2);
	content_coding_list(&reader->http.headers, &codings);
	return content_coding_open(payload, buf_bytes(&codings), payload_out, err);
}

int flong_reader_open_payload(struct flong_reader *reader, unsigned flags,
	struct flong_stream **stream_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (stream_out == NULL) {
		return api_null("stream_out", err);
	}
	*stream_out = NULL;
	int rc = walker_need_block(reader, err);
	if (rc == FLONG_OK && (flags & ~(unsigned)FLONG_PAYLOAD_DECODED) != 0) {
		rc = error_set(err, FLONG_E_USAGE, "there are no payload flags 0x%x", flags);
	}
	if (rc == FLONG_OK) {
		rc = read_http(reader, err);
	}
	struct source *payload = NULL;
	if (rc == FLONG_OK) {
		rc = open_payload(reader, flags, &payload, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	rc = take_head(reader, NULL, err);
	if (rc < 0) {
		source_close(payload);
		return rc;
	}
	adapter_stream_end(&reader->stream);
	*stream_out = adapter_stream_open(payload, &reader->stream);
	return FLONG_OK;
}

/* --- digests ---------------------------------------------------------------------------------- */

/* A digest that the record states, and what is computed to compare it with. */
struct claim {
	enum flong_verdict verdict; /* FLONG_DIGEST_MATCHES while it is to be computed */
	struct digest stated;
	struct digester *digester; /* owned; NULL when nothing is to be computed */
	struct digester *raw;      /* owned; over the chunk framing too */
};

static void claim_read(struct claim *claim, const struct reader_record *record, const char *name)
{
	struct bytes value = headers_first(&record->headers, name);
	struct flong_error reason;
	*claim = (struct claim){.verdict = FLONG_DIGEST_ABSENT};
	if (value.ptr == NULL) {
		return;
	}
	claim->verdict = FLONG_DIGEST_UNKNOWN;
	if (digest_parse(value, &claim->stated, &reason) == FLONG_OK) {
		claim->verdict = FLONG_DIGEST_MATCHES;
		claim->digester = digester_create(claim->stated.algorithm);
	}
}

static enum flong_verdict claim_end(struct claim *claim)
{
	if (claim->digester == NULL) {
		return claim->verdict;
	}
	struct digest computed = digester_end(claim->digester);
	if (digest_equal(&computed, &claim->stated)) {
		return FLONG_DIGEST_MATCHES;
	}
	if (claim->raw != NULL) {
		computed = digester_end(claim->raw);
		if (digest_equal(&computed, &claim->stated)) {
			return FLONG_DIGEST_OF_FRAMING;
		}
	}
	return FLONG_DIGEST_DIFFERS;
}

static void claim_clear(struct claim *claim)
{
	digester_close(claim->digester);
	digester_close(claim->raw);
}

static int verify(
	struct flong_reader *reader, struct flong_digests *digests_out, struct flong_error *err)
{
	const struct reader_record *record = reader->record.found;
	SCOPED(claim_clear) struct claim block = {0};
	SCOPED(claim_clear) struct claim payload = {0};
	SCOPED(buf_clear) struct buf head = buf_with_max(LIMIT_HEAD_KEPT_BYTES);
	SCOPED(source_closep) struct source *body = open_rest(reader);
	claim_read(&block, record, "WARC-Block-Digest");
	claim_read(&payload, record, "WARC-Payload-Digest");
	if (record->type == RECORD_REVISIT || record->type == RECORD_OTHER) {
		claim_clear(&payload); /* the payload is in another record, or in several */
		payload = (struct claim){.verdict = payload.verdict == FLONG_DIGEST_ABSENT
							    ? FLONG_DIGEST_ABSENT
							    : FLONG_DIGEST_UNKNOWN};
	}
	struct payload_pass pass = {.block = block.digester,
		.payload = payload.digester,
		.is_chunked = reader->is_http && reader->http.is_chunked};
	if (pass.is_chunked && payload.digester != NULL) {
		payload.raw = digester_create(payload.stated.algorithm);
		pass.raw = payload.raw;
	}
	int rc = take_head(reader, &head, err);
	if (rc == FLONG_OK) {
		rc = payload_run(&pass, buf_bytes(&head), body, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	*digests_out = (struct flong_digests){.block = claim_end(&block),
		.payload = claim_end(&payload),
		.payload_length = pass.payload_bytes};
	return FLONG_OK;
}

int flong_reader_verify(
	struct flong_reader *reader, struct flong_digests *digests_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (digests_out == NULL) {
		return api_null("digests_out", err);
	}
	int rc = api_reserved(digests_out->reserved, "struct flong_digests", err);
	if (rc == FLONG_OK) {
		rc = walker_need_block(reader, err);
	}
	if (rc == FLONG_OK) {
		rc = read_http(reader, err);
	}
	return rc == FLONG_OK ? verify(reader, digests_out, err) : rc;
}
