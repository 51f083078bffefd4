/* SPDX-License-Identifier: MIT */
/* body.c - what a record holds for its reader: the HTTP head, and the body as a browser would see
 * it
 */
#include "warc/body.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "warc/block_head.h"
#include "web/content_coding.h"
#include "web/http_body.h"
#include "web/media_type.h"

/* --- the record's block as a source that keeps its failure -------------------------------------
 */

struct block {
	struct source source;
	struct source *inner; /* owned */
	struct body *body;    /* borrowed */
};

static int block_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct block *block = (struct block *)source;
	int rc = source_read(block->inner, room, max, got_out, err);
	if (rc < 0 && block->body->fault.code == 0) {
		block->body->fault = *err;
	}
	return rc;
}

static void block_close(struct source *source)
{
	struct block *block = (struct block *)source;
	source_close(block->inner);
	free(block);
}

static struct source *open_block(struct reader *reader, struct body *body)
{
	static const struct source_ops ops = {.read = block_read, .close = block_close};
	struct block *block = ALLOC(struct block);
	block->source.ops = &ops;
	block->inner = reader_block(reader);
	block->body = body;
	return &block->source;
}

/* --- first bytes that were looked at -----------------------------------------------------------
 */

struct looked {
	struct source source;
	struct source *inner; /* owned */
	char first[2];
	size_t length, given;
};

static int looked_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct looked *looked = (struct looked *)source;
	if (looked->given == looked->length) {
		return source_read(looked->inner, room, max, got_out, err);
	}
	size_t count = looked->length - looked->given;
	count = count < max ? count : max;
	memcpy(room, looked->first + looked->given, count);
	looked->given += count;
	*got_out = count;
	return FLONG_OK;
}

static void looked_close(struct source *source)
{
	struct looked *looked = (struct looked *)source;
	source_close(looked->inner);
	free(looked);
}

/* Reads the first two bytes ahead. What fails here fails again when it is read. */
static struct looked *look(struct source *inner_take)
{
	static const struct source_ops ops = {.read = looked_read, .close = looked_close};
	struct looked *looked = ALLOC(struct looked);
	looked->source.ops = &ops;
	looked->inner = inner_take;
	struct flong_error ignored = {0};
	int rc = FLONG_OK;
	while (rc == FLONG_OK && looked->length < sizeof(looked->first)) {
		size_t got = 0;
		rc = source_read(looked->inner, looked->first + looked->length,
			sizeof(looked->first) - looked->length, &got, &ignored);
		looked->length += got;
	}
	return looked;
}

static bool is_gzip(const struct looked *looked)
{
	return looked->length == 2 && memcmp(looked->first, "\x1f\x8b", 2) == 0;
}

/* --- the head ----------------------------------------------------------------------------------
 */

static bool may_be_http(const struct reader_record *record)
{
	struct bytes type = headers_first(&record->headers, "Content-Type");
	bool is_kind = record->type == RECORD_RESPONSE || record->type == RECORD_REQUEST ||
		       record->type == RECORD_REVISIT;
	return media_type_is(type, "application/http") || (is_kind && type.ptr == NULL);
}

/* Takes the bytes of a head off the block. */
static int take_head(struct reader *reader, size_t length, struct buf *out, struct flong_error *err)
{
	buf_reset(out);
	char *room = buf_reserve(out, length);
	size_t filled = 0;
	while (room != NULL && filled < length) {
		size_t got = 0;
		int rc = reader_read(reader, room + filled, length - filled, &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		filled += got;
		buf_commit(out, got);
	}
	return FLONG_OK;
}

static int parse_request(struct body *body)
{
	struct bytes method;
	struct bytes target;
	struct flong_error ignored = {0};
	body->is_http = http_head_parse_request(buf_bytes(&body->head), &method, &target,
				&body->http.headers, &ignored) == FLONG_OK;
	return FLONG_OK;
}

static int read_reply_head(struct reader *reader, struct body *body, struct flong_error *err)
{
	for (unsigned n = 0; n <= LIMIT_INTERIM_REPLIES; n++) {
		struct bytes head;
		int rc = block_head_peek(reader, &head, err);
		if (rc != FLONG_OK || !bytes_starts_nocase(head, BYTES("HTTP/"))) {
			return rc;
		}
		rc = take_head(reader, head.len, &body->head, err);
		http_head_clear(&body->http); /* of an interim reply */
		if (rc == FLONG_OK) {
			rc = http_head_parse_response(buf_bytes(&body->head), &body->http, err);
		}
		body->is_http = rc == FLONG_OK;
		bool is_interim = body->http.status >= 100 && body->http.status < 200 &&
				  body->http.status != 101;
		if (rc != FLONG_OK || !is_interim) {
			return rc;
		}
	}
	return FLONG_OK;
}

int body_open_head(struct reader *reader, const struct reader_record *record, struct body *body,
	struct flong_error *err)
{
	body->head.max = LIMIT_HEAD_KEPT_BYTES;
	if (!may_be_http(record)) {
		return FLONG_OK;
	}
	if (record->type != RECORD_REQUEST) {
		return read_reply_head(reader, body, err);
	}
	struct bytes head;
	int rc = block_head_peek(reader, &head, err);
	if (rc == FLONG_OK && head.len > 0) {
		rc = take_head(reader, head.len, &body->head, err);
	}
	return rc == FLONG_OK ? parse_request(body) : rc;
}

/* --- the body ----------------------------------------------------------------------------------
 */

/* Whether all codings are known: they are read before any byte. */
static bool knows_codings(struct bytes codings)
{
	struct flong_error ignored = {0};
	SCOPED(source_closep) struct source *source = NULL;
	return content_coding_open(source_from_bytes(BYTES("")), codings, &source, &ignored) ==
	       FLONG_OK;
}

static int open_decoded(struct source *payload_take, struct bytes codings, struct body *body,
	struct flong_error *err)
{
	if (!knows_codings(codings)) {
		buf_add(&body->unknown_coding, codings);
		body->content = payload_take;
		return FLONG_OK;
	}
	bool is_one_gzip = bytes_equal_nocase(codings, BYTES("gzip")) ||
			   bytes_equal_nocase(codings, BYTES("x-gzip"));
	if (!is_one_gzip) {
		return content_coding_open(payload_take, codings, &body->content, err);
	}
	struct looked *looked = look(payload_take);
	if (!is_gzip(looked)) {
		body->content = &looked->source;
		return FLONG_OK;
	}
	return content_coding_open(&looked->source, codings, &body->content, err);
}

int body_open(struct reader *reader, const struct reader_record *record, struct body *body,
	struct flong_error *err)
{
	int rc = body_open_head(reader, record, body, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	struct source *block = open_block(reader, body);
	if (!body->is_http) {
		body->content = block;
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf codings = buf_with_max(LIMIT_HEAD_KEPT_BYTES * 2);
	const struct headers *headers = &body->http.headers;
	content_coding_list(headers, &codings);
	bool is_chunked = http_head_ends_chunked(headers);
	struct source *payload = http_body_open_payload(block, is_chunked);
	return open_decoded(payload, buf_bytes(&codings), body, err);
}

void body_clear(struct body *body)
{
	source_close(body->content);
	buf_clear(&body->head);
	buf_clear(&body->unknown_coding);
	http_head_clear(&body->http);
	*body = (struct body){0};
}

struct bytes body_media_type(const struct body *body, const struct reader_record *record)
{
	const struct headers *headers = body->is_http ? &body->http.headers : &record->headers;
	return media_type_essence(headers_first(headers, "Content-Type"));
}
