/* SPDX-License-Identifier: MIT */
/* library_record.c - one record to be looked at: how it was fetched, its fields, its HTTP head,
 * whether its digests agree, and the records of the same exchange */
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "replay/library.h"
#include "replay/library_exchange.h"
#include "replay/view.h"
#include "warc/block_head.h"
#include "warc/payload.h"
#include "web/http_head.h"

/* --- digests -----------------------------------------------------------------------------------
 */

/* One digest of the record: what is written, and what its bytes have. */
struct verdict_of {
	const char *name;
	struct bytes written;
	struct digest expected;
	struct digester *digester; /* owned; NULL: nothing to compare with */
};

static void verdict_open(
	struct verdict_of *verdict, const struct reader_record *record, const char *field)
{
	struct flong_error ignored = {0};
	verdict->written = headers_first(&record->headers, field);
	if (verdict->written.ptr != NULL &&
		digest_parse(verdict->written, &verdict->expected, &ignored) == FLONG_OK) {
		verdict->digester = digester_create(verdict->expected.algorithm);
	}
}

static void add_verdict(struct verdict_of *verdict, const char *unread, struct buf *out)
{
	buf_addf(out, "<tr><th scope=\"row\">%s</th><td class=\"digest\">", verdict->name);
	view_add(out, verdict->written);
	buf_add_text(out, "</td><td>");
	if (verdict->written.ptr == NULL) {
		buf_add_text(out, "none is written</td></tr>\n");
	} else if (verdict->digester == NULL) {
		buf_add_text(out, "of a kind that is not known</td></tr>\n");
	} else if (unread != NULL) {
		buf_addf(out, "not verified: %s</td></tr>\n", unread);
	} else {
		struct digest found = digester_end(verdict->digester);
		bool is_same = digest_equal(&found, &verdict->expected);
		buf_addf(out, "<span class=\"verdict %s\">%s</span></td></tr>\n",
			is_same ? "good" : "bad",
			is_same ? "Verified" : "Damaged: the bytes have another digest");
	}
}

/* Whether the body has chunk framing, which is not part of the payload. */
static bool is_chunked(const struct reader_record *record, struct bytes head)
{
	struct flong_error ignored = {0};
	struct http_head reply = {0};
	struct headers headers = {0};
	struct bytes method;
	struct bytes target;
	bool result = false;
	if (record->type != RECORD_REQUEST) {
		result = http_head_parse_response(head, &reply, &ignored) == FLONG_OK &&
			 reply.framing == HTTP_BODY_CHUNKED;
		http_head_clear(&reply);
	} else if (http_head_parse_request(head, &method, &target, &headers, &ignored) ==
		   FLONG_OK) {
		result = http_head_ends_chunked(&headers);
	}
	headers_clear(&headers);
	return result;
}

/* Reads the block through, and tells of each digest. */
static void add_digests(struct reader *reader, const struct reader_record *record,
	struct bytes http_head, struct buf *out)
{
	struct verdict_of block = {.name = "Block"};
	struct verdict_of payload = {.name = "Payload"};
	struct flong_error err = {0};
	verdict_open(&block, record, "WARC-Block-Digest");
	verdict_open(&payload, record, "WARC-Payload-Digest");
	SCOPED(buf_clear) struct buf head = buf_with_max(LIMIT_HEAD_KEPT_BYTES * 2);
	buf_add(&head, http_head);
	char room[4096];
	size_t left = head.len;
	int rc = FLONG_OK;
	while (rc == FLONG_OK && left > 0) {
		size_t got = 0;
		rc = reader_read(
			reader, room, left < sizeof(room) ? left : sizeof(room), &got, &err);
		left -= rc == FLONG_OK ? got : 0;
	}
	SCOPED(source_closep) struct source *body = reader_block(reader);
	struct payload_pass pass = {.block = block.digester,
		.payload = payload.digester,
		.is_chunked = head.len > 0 && is_chunked(record, buf_bytes(&head))};
	if (rc == FLONG_OK) {
		rc = payload_run(&pass, buf_bytes(&head), body, &err);
	}
	buf_add_text(out, "<h2>Digests</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
			  "aria-label=\"Digests\"><table><tbody>\n");
	add_verdict(&block, rc < 0 ? err.message : NULL, out);
	add_verdict(&payload,
		record->type == RECORD_REVISIT ? "the payload is that of the capture it repeats"
		: rc < 0                       ? err.message
					       : NULL,
		out);
	buf_add_text(out, "</tbody></table></div>\n");
	digester_close(block.digester);
	digester_close(payload.digester);
}

/* --- the record --------------------------------------------------------------------------------
 */

static void add_fields(const struct headers *headers, struct buf *out)
{
	buf_add_text(out, "<dl class=\"fields\">\n");
	for (size_t i = 0; i < headers->count; i++) {
		buf_add_text(out, "<dt>");
		view_add(out, headers->fields[i].name);
		buf_add_text(out, "</dt><dd>");
		view_add(out, headers->fields[i].value);
		buf_add_text(out, "</dd>\n");
	}
	buf_add_text(out, "</dl>\n");
}

static void add_row(const char *name, struct bytes value, struct buf *out)
{
	if (value.len > 0) {
		buf_addf(out, "<dt>%s</dt><dd>", name);
		view_add(out, value);
		buf_add_text(out, "</dd>\n");
	}
}

/* "http/1.1", "tls/1.3" and the cipher: of both fields WARC-Protocol. */
static void add_connection(const struct headers *headers, struct buf *out)
{
	SCOPED(buf_clear) struct buf text = {0};
	for (size_t i = 0; i < headers->count; i++) {
		if (bytes_equal_nocase(headers->fields[i].name, BYTES("WARC-Protocol"))) {
			buf_add_text(&text, text.len > 0 ? ", " : "");
			buf_add(&text, headers->fields[i].value);
		}
	}
	add_row("Protocol", buf_bytes(&text), out);
	add_row("Cipher", headers_first(headers, "WARC-Cipher-Suite"), out);
	add_row("Address of the server", headers_first(headers, "WARC-IP-Address"), out);
}

static void add_summary(const struct site_call *call, const struct reader_record *record,
	struct bytes file, struct buf *out)
{
	struct bytes url = reader_uri(record, "WARC-Target-URI");
	int64_t time_ms = 0;
	buf_add_text(out, "<dl class=\"fields\">\n");
	add_row("Type", headers_first(&record->headers, "WARC-Type"), out);
	if (url.len > 0) {
		buf_add_text(out, "<dt>URL</dt><dd><a href=\"");
		bool has_time =
			clock_parse_iso(headers_first(&record->headers, "WARC-Date"), &time_ms);
		library_add_address(call->holding, has_time ? time_ms : 0, url, out);
		buf_add_text(out, "\">");
		view_add(out, url);
		buf_add_text(out, "</a></dd>\n");
	}
	if (time_ms != 0) {
		buf_add_text(out, "<dt>Captured</dt><dd>");
		view_add_second(out, time_ms);
		buf_add_text(out, "</dd>\n");
	}
	add_connection(&record->headers, out);
	buf_add_text(out, "<dt>Kept in</dt><dd>");
	view_add(out, file);
	buf_addf(out, ", from byte %llu on</dd>\n</dl>\n", (unsigned long long)record->offset);
}

static int open_record(const struct site_call *call, struct bytes file, struct reader **reader_out,
	const struct reader_record **record_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = {0};
	uint64_t offset = 0;
	(void)route_parameter(call->route->query, "offset", 0, &text);
	if (!bytes_to_u64(buf_bytes(&text), INT64_MAX, &offset)) {
		return error_set(err, FLONG_E_USAGE, "offset: which record?");
	}
	int rc = holding_open_records(call->holding, file, offset, reader_out, err);
	if (rc == FLONG_OK) {
		rc = reader_next(*reader_out, record_out, err);
	}
	return rc == FLONG_END ? error_set(err, FLONG_E_NOT_FOUND, "no record is there") : rc;
}

void library_record(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf file = {0};
	SCOPED(buf_clear) struct buf id = {0};
	struct flong_error err = {0};
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	(void)route_parameter(call->route->query, "file", 0, &file);
	int rc = open_record(call, buf_bytes(&file), &reader, &record, &err);
	if (rc < 0) {
		library_answer_error(call, rc == FLONG_E_USAGE ? 400 : 404, "No such record",
			buf_bytes(&file), err.message, reply);
		return;
	}
	struct buf *out = &reply->body;
	const struct library_page page = {.title = "Record"};
	struct bytes head = {NULL, 0};
	library_begin(call, &page, reply);
	buf_add_text(out, "<h1>Record</h1>\n");
	add_summary(call, record, buf_bytes(&file), out);
	buf_add_text(out, "<h2>Fields</h2>\n");
	add_fields(&record->headers, out);
	buf_add(&id, headers_first(&record->headers, "WARC-Record-ID"));
	bool is_http = bytes_starts(
		headers_first(&record->headers, "Content-Type"), BYTES("application/http"));
	if (is_http && block_head_peek(reader, &head, &err) == FLONG_OK && head.len > 0) {
		buf_add_text(out, "<h2>HTTP head</h2><pre tabindex=\"0\">");
		view_add(out, head);
		buf_add_text(out, "</pre>\n");
	}
	const struct exchange_view view = {call, buf_bytes(&file), buf_bytes(&id), reader};
	if (exchange_view_is_fields(record)) {
		buf_add_text(out, "<h2>What it says</h2>\n");
		exchange_view_add_fields(&view, record, out);
	} else {
		add_digests(reader, record, head, out);
	}
	exchange_view_add_others(&view, out);
	library_end(reply);
}
