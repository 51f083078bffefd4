/* SPDX-License-Identifier: MIT */
/* block.c - a block that is to be written: taken from the caller, and digested */
#include "lib/block.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/limits.h"
#include "lib/adapter.h"
#include "lib/api.h"
#include "lib/message.h"
#include "warc/payload.h"
#include "web/http_head.h"

enum { READ_BYTES = 16384 };

int block_open(const struct block *block, struct source **source_out, struct flong_error *err)
{
	if (block->spool != NULL) {
		return spool_open(block->spool, source_out, err);
	}
	*source_out = source_from_bytes(block->memory);
	return FLONG_OK;
}

/* Takes all that the input gives into the spool. */
static int fill_spool(
	struct spool *spool, struct source *input, uint64_t expected, struct flong_error *err)
{
	char room[READ_BYTES];
	size_t got = 0;
	int rc;
	while ((rc = source_read(input, room, sizeof(room), &got, err)) == FLONG_OK) {
		rc = spool_write(spool, bytes_from(room, got), err);
		if (rc != FLONG_OK) {
			return rc;
		}
		if (spool_size(spool) > expected) {
			return error_set(err, FLONG_E_USAGE,
				"the input gives more than the %" PRIu64 " bytes told", expected);
		}
	}
	if (rc < 0) {
		return rc;
	}
	if (expected != FLONG_LENGTH_UNKNOWN && spool_size(spool) != expected) {
		return error_set(err, FLONG_E_USAGE,
			"the input gives %" PRIu64 " of the %" PRIu64 " bytes told",
			spool_size(spool), expected);
	}
	return spool_finish(spool, err);
}

int block_take(const struct flong_block *from, const struct block_room *room,
	struct block *block_out, struct flong_error *err)
{
	if (from->input == NULL) {
		if ((from->bytes == NULL && from->length > 0) || from->length > SIZE_MAX) {
			return error_set(err, FLONG_E_USAGE,
				"the block is NULL, or its length no length of memory");
		}
		*block_out = (struct block){.memory = bytes_from(from->bytes, (size_t)from->length),
			.length = from->length};
		return FLONG_OK;
	}
	SCOPED(source_closep) struct source *input = NULL;
	struct flong_input open = *from->input;
	open.close = NULL; /* the writer does that, whatever happens */
	int rc = adapter_source_open(&open, &input, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	SCOPED(spool_closep)
	struct spool *spool =
		spool_create(room->dir, LIMIT_SPOOL_MEMORY_BYTES, room->form, room->level);
	rc = fill_spool(spool, input, from->length, err);
	if (rc == FLONG_OK) {
		uint64_t length = spool_size(spool);
		*block_out = (struct block){.spool = TAKE(spool), .length = length};
	}
	return rc;
}

void block_clear(struct block *block)
{
	spool_close(block->spool);
	*block = (struct block){.length = 0};
}

/* Reads from a block up to `length` bytes, fewer when it has fewer. */
static int read_some(struct source *source, size_t length, struct buf *out, struct flong_error *err)
{
	char room[READ_BYTES];
	size_t left = length;
	while (left > 0) {
		size_t got = 0;
		int rc = source_read(
			source, room, left < sizeof(room) ? left : sizeof(room), &got, err);
		if (rc != FLONG_OK) {
			return rc == FLONG_END ? FLONG_OK : rc;
		}
		buf_add(out, bytes_from(room, got));
		left -= got;
	}
	return FLONG_OK;
}

/* Length of the HTTP head of a response, 0 when there is none; and how its body is framed. */
static int find_head(const struct block *block, size_t *length_out, bool *is_chunked_out,
	struct flong_error *err)
{
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf start = buf_with_max(LIMIT_HEAD_KEPT_BYTES + READ_BYTES);
	size_t length = 0;
	int rc = block_open(block, &source, err);
	while (rc == FLONG_OK && length == 0 && start.len < LIMIT_HEAD_KEPT_BYTES) {
		size_t before = start.len;
		rc = read_some(source, READ_BYTES, &start, err);
		length = http_head_length(buf_bytes(&start));
		if (start.len == before) {
			break;
		}
	}
	struct flong_error reason;
	struct flong_http http = {.kind = FLONG_HTTP_RESPONSE};
	length = length == 0 ? start.len : length;
	bool is_http = rc == FLONG_OK && bytes_starts(buf_bytes(&start), BYTES("HTTP/")) &&
		       message_read(&http, bytes_slice(buf_bytes(&start), 0, length),
			       FLONG_HTTP_RESPONSE, &reason) == FLONG_OK;
	*length_out = is_http ? length : 0;
	*is_chunked_out = is_http && http.is_chunked;
	message_clear(&http);
	return rc;
}

int block_digest(const struct block *block, enum digest_algorithm algorithm,
	enum block_payload kind, struct digest digests_out[2], struct flong_error *err)
{
	SCOPED(digester_closep) struct digester *whole = digester_create(algorithm);
	SCOPED(digester_closep) struct digester *payload = NULL;
	SCOPED(source_closep) struct source *body = NULL;
	SCOPED(buf_clear) struct buf head = buf_with_max(LIMIT_HEAD_KEPT_BYTES + READ_BYTES);
	struct payload_pass pass = {.block = whole};
	size_t head_length = 0;
	int rc = FLONG_OK;
	if (kind != BLOCK_PAYLOAD_NONE) {
		payload = digester_create(algorithm);
		pass.payload = payload;
	}
	if (kind == BLOCK_PAYLOAD_HTTP) {
		rc = find_head(block, &head_length, &pass.is_chunked, err);
	}
	if (rc == FLONG_OK) {
		rc = block_open(block, &body, err);
	}
	if (rc == FLONG_OK) {
		rc = read_some(body, head_length, &head, err);
	}
	if (rc == FLONG_OK) {
		rc = payload_run(&pass, buf_bytes(&head), body, err);
	}
	if (rc == FLONG_OK) {
		digests_out[0] = digester_end(whole);
		if (payload != NULL) {
			digests_out[1] = digester_end(payload);
		}
	}
	return rc;
}
