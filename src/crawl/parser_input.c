/* SPDX-License-Identifier: MIT */
/* parser_input.c - a document as a parser process gets it */
#include "crawl/parser_input.h"

#include "base/limits.h"
#include "base/spool.h"
#include "base/stream.h"
#include "crawl/parser_process.h"

int parser_input_add(
	const struct parsers_document *wanted, struct buf *input, struct flong_error *err)
{
	const struct exchange *exchange = wanted->exchange;
	const struct headers *fields = &exchange->parsed.headers;
	struct bytes url = bytes_of(exchange->url);
	struct bytes type = headers_first(fields, "content-type");
	struct bytes coding = headers_first(fields, "content-encoding");
	struct bytes interim = buf_bytes(&exchange->interim); /* early hints count too */
	struct bytes head = buf_bytes(&exchange->head);
	bool is_chunked = exchange->parsed.framing == HTTP_BODY_CHUNKED;
	uint64_t body_length = spool_size(exchange->body);
	bool is_cut = body_length > LIMIT_DOCUMENT_BYTES;
	if (is_cut) {
		body_length = LIMIT_DOCUMENT_BYTES;
	}
	const struct parser_document document = {
		.ticket = wanted->ticket,
		.captured_ms = exchange->started_ms,
		.role = (uint32_t)wanted->role,
		.is_chunked = is_chunked,
		.is_cut = is_cut,
		.url_length = url.len,
		.page_length = wanted->page.len,
		.map_length = wanted->import_map.len,
		.environment_length = wanted->environment.len,
		.type_length = type.len,
		.coding_length = coding.len,
		.head_length = interim.len + head.len,
		.body_length = body_length,
	};
	/* Room at once for all that is held already. */
	bool is_held = spool_in_memory(exchange->body);
	(void)buf_reserve(input, sizeof(document) + url.len + wanted->page.len +
					 wanted->import_map.len + wanted->environment.len +
					 type.len + coding.len + interim.len + head.len +
					 (is_held ? (size_t)body_length : 0));
	buf_add(input, bytes_from(&document, sizeof(document)));
	buf_add(input, url);
	buf_add(input, wanted->page);
	buf_add(input, wanted->import_map);
	buf_add(input, wanted->environment);
	buf_add(input, type);
	buf_add(input, coding);
	buf_add(input, interim);
	buf_add(input, head);
	if (is_held) {
		buf_add(input, bytes_slice(spool_memory(exchange->body), 0, (size_t)body_length));
		return FLONG_OK;
	}
	SCOPED(source_closep) struct source *source = NULL;
	int rc = spool_open(exchange->body, &source, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(source_closep) struct source *limited = source_limit(source, body_length);
	return source_read_all(limited, input, err);
}
