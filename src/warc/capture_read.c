/* SPDX-License-Identifier: MIT */
/* capture_read.c - records become an exchange again */
#include "warc/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "warc/block_head.h"

static void copy_text(char *out, size_t size, struct bytes text)
{
	(void)snprintf(out, size, "%.*s", (int)(text.len < size ? text.len : size - 1),
		text.len == 0 ? "" : text.ptr);
}

static void read_connection(const struct reader_record *record, struct exchange *exchange)
{
	struct exchange_connection *connection = &exchange->connection;
	struct bytes protocol;
	copy_text(connection->ip, sizeof(connection->ip),
		headers_first(&record->headers, "WARC-IP-Address"));
	copy_text(connection->tls_cipher, sizeof(connection->tls_cipher),
		headers_first(&record->headers, "WARC-Cipher-Suite"));
	for (size_t n = 0; headers_nth(&record->headers, "WARC-Protocol", n, &protocol); n++) {
		if (bytes_starts_nocase(protocol, BYTES("tls/")) ||
			bytes_starts_nocase(protocol, BYTES("ssl/"))) {
			connection->is_tls = true;
			copy_text(
				connection->tls_version, sizeof(connection->tls_version), protocol);
		}
	}
}

static enum exchange_truncation read_truncation(const struct reader_record *record)
{
	struct bytes value = headers_first(&record->headers, "WARC-Truncated");
	if (value.ptr == NULL || record->type == RECORD_REVISIT) {
		return TRUNCATED_NOT; /* a revisit's body is elsewhere, not lost */
	}
	for (int i = TRUNCATED_LENGTH; i < TRUNCATED_UNSPECIFIED; i++) {
		enum exchange_truncation truncation = (enum exchange_truncation)i;
		if (bytes_equal_nocase(value, bytes_of(exchange_truncation_name(truncation)))) {
			return truncation;
		}
	}
	return TRUNCATED_UNSPECIFIED;
}

/* Moves the HTTP head of the block into the exchange. */
static int read_head(struct reader *reader, struct exchange *exchange, struct flong_error *err)
{
	struct bytes head;
	int rc = block_head_peek(reader, &head, err);
	if (rc != FLONG_OK || !bytes_starts(head, BYTES("HTTP/"))) {
		return rc;
	}
	size_t length = head.len;
	char *room = buf_reserve(&exchange->head, length);
	size_t filled = 0;
	while (room != NULL && filled < length) {
		size_t got;
		rc = reader_read(reader, room + filled, length - filled, &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		filled += got;
		buf_commit(&exchange->head, got);
	}
	exchange->has_response = true;
	return http_head_parse_response(buf_bytes(&exchange->head), &exchange->parsed, err);
}

static int read_body(struct reader *reader, struct exchange *exchange, struct flong_error *err)
{
	char *room = alloc_zeroed(16384, 1);
	int rc;
	size_t got;
	while ((rc = reader_read(reader, room, 16384, &got, err)) == FLONG_OK) {
		rc = spool_write(exchange->body, bytes_from(room, got), err);
		if (rc != FLONG_OK) {
			break;
		}
	}
	free(room);
	return rc == FLONG_END ? spool_finish(exchange->body, err) : rc;
}

int capture_read(struct reader *reader, const struct reader_record *record, const char *spool_dir,
	struct exchange **exchange_out, struct flong_error *err)
{
	*exchange_out = NULL;
	enum record_type type = record->type;
	if (type != RECORD_RESPONSE && type != RECORD_REVISIT && type != RECORD_RESOURCE) {
		return error_set(
			err, FLONG_E_USAGE, "a %s record is no reply", record_type_name(type));
	}
	SCOPED(exchange_closep)
	struct exchange *exchange =
		exchange_create(reader_uri(record, "WARC-Target-URI"), spool_dir);
	spool_set_form(exchange->body, SPOOL_PLAIN);
	(void)clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &exchange->started_ms);
	read_connection(record, exchange);
	exchange->truncated = read_truncation(record);
	int rc = type == RECORD_RESOURCE ? FLONG_OK : read_head(reader, exchange, err);
	if (rc == FLONG_OK) {
		rc = read_body(reader, exchange, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	exchange->has_response = true;
	*exchange_out = TAKE(exchange);
	return FLONG_OK;
}

static int read_block(struct reader *reader, struct buf *out, struct flong_error *err)
{
	SCOPED(source_closep) struct source *block = reader_block(reader);
	return source_read_all(block, out, err);
}

int capture_read_request(struct reader *reader, struct exchange *exchange, struct flong_error *err)
{
	buf_reset(&exchange->request);
	return read_block(reader, &exchange->request, err);
}

static enum exchange_outcome outcome_of(struct bytes name)
{
	for (int i = EXCHANGE_OK; i <= EXCHANGE_ABORTED; i++) {
		if (bytes_equal(name, bytes_of(exchange_outcome_name((enum exchange_outcome)i)))) {
			return (enum exchange_outcome)i;
		}
	}
	return EXCHANGE_OK;
}

int capture_read_metadata(struct reader *reader, struct exchange *exchange, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf block = {0};
	int rc = read_block(reader, &block, err);
	struct bytes rest = buf_bytes(&block);
	struct bytes line;
	while (rc == FLONG_OK && bytes_next_line(&rest, &line)) {
		struct bytes name;
		struct bytes value;
		if (!bytes_cut(line, ':', &name, &value)) {
			continue;
		}
		value = bytes_trim(value);
		if (bytes_equal_nocase(name, BYTES("outcome"))) {
			exchange->outcome = outcome_of(value);
		} else if (bytes_equal_nocase(name, BYTES("reason"))) {
			copy_text(exchange->reason, sizeof(exchange->reason), value);
		} else if (bytes_equal_nocase(name, BYTES("http-1xx-base64"))) {
			(void)base64_decode(value, &exchange->interim);
		}
	}
	return rc;
}
