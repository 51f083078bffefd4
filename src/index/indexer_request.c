/* SPDX-License-Identifier: MIT */
/* indexer_request.c - the query text of a request record */
#include "index/indexer_request.h"

#include "base/limits.h"
#include "base/stream.h"
#include "index/http_summary.h"
#include "index/request_query.h"
#include "web/content_coding.h"
#include "web/http_body.h"

/* What cdxj-indexer reads of a body without Content-Length. */
#define UNKNOWN_LENGTH 8192

/* A field's value, trimmed; borrows from `room`. */
static struct bytes field(struct bytes head, const char *name, struct buf *room, bool *is_found)
{
	buf_reset(room);
	*is_found = http_summary_field(head, bytes_of(name), room);
	return bytes_trim(buf_bytes(room));
}

/* How many bytes of the body count; false when Content-Length is no number: then there is no query
 * text. */
static bool wanted_length(struct bytes head, struct buf *room, uint64_t *length_out)
{
	bool is_found;
	struct bytes text = field(head, "Content-Length", room, &is_found);
	if (!is_found) {
		*length_out = UNKNOWN_LENGTH;
		return true;
	}
	return bytes_to_u64(text, INT64_MAX, length_out);
}

static int skip_head(struct reader *reader, size_t length, struct flong_error *err)
{
	char room[4096];
	while (length > 0) {
		size_t got = 0;
		int rc = reader_read(
			reader, room, length < sizeof(room) ? length : sizeof(room), &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		length -= got;
	}
	return FLONG_OK;
}

/* Reads the raw body, or the beginning of it that counts. */
static int read_raw(
	struct reader *reader, struct digester *payload, struct buf *raw, struct flong_error *err)
{
	char room[16384];
	for (;;) {
		size_t left = LIMIT_REQUEST_BODY_BYTES - raw->len;
		size_t got = 0;
		int rc = left == 0 ? FLONG_END
				   : reader_read(reader, room,
					     left < sizeof(room) ? left : sizeof(room), &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		buf_add(raw, bytes_from(room, got));
		if (payload != NULL) {
			digester_add(payload, bytes_from(room, got));
		}
	}
}

/* Undoes the codings. One that is not known is left in place; what is broken ends the body, as it
 * does for players. */
static void decode(struct bytes head, struct bytes raw, uint64_t length, struct buf *body_out)
{
	SCOPED(buf_clear) struct buf room = {0};
	bool is_found;
	bool is_chunked =
		bytes_equal(field(head, "Transfer-Encoding", &room, &is_found), BYTES("chunked"));
	SCOPED(source_closep)
	struct source *body = http_body_open_payload(source_from_bytes(raw), is_chunked);
	struct bytes coding = field(head, "Content-Encoding", &room, &is_found);
	struct flong_error ignored = {0};
	if (bytes_equal_nocase(coding, BYTES("gzip")) ||
		bytes_equal_nocase(coding, BYTES("deflate")) ||
		bytes_equal_nocase(coding, BYTES("br"))) {
		struct source *encoded = TAKE(body);
		(void)!content_coding_open(encoded, coding, &body, &ignored);
	}
	if (body != NULL) {
		SCOPED(source_closep) struct source *limited = source_limit(body, length);
		(void)!source_read_all(limited, body_out, &ignored);
	}
}

int indexer_request_query(struct reader *reader, struct bytes head, struct digester *payload,
	struct buf *query_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf room = {0};
	uint64_t length = 0;
	if (!wanted_length(head, &room, &length)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf raw = buf_with_max(LIMIT_REQUEST_BODY_BYTES);
	int rc = skip_head(reader, head.len, err);
	if (rc == FLONG_OK) {
		rc = read_raw(reader, payload, &raw, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf body = buf_with_max(LIMIT_REQUEST_BODY_BYTES);
	decode(head, buf_bytes(&raw), length, &body);
	buf_reset(&room);
	bool is_found = http_summary_field(head, BYTES("Content-Type"), &room);
	bool is_whole = raw.len < LIMIT_REQUEST_BODY_BYTES && body.len < LIMIT_REQUEST_BODY_BYTES;
	request_query_add(
		is_found ? buf_bytes(&room) : BYTES(""), buf_bytes(&body), is_whole, query_out);
	return FLONG_OK;
}
