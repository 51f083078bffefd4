/* SPDX-License-Identifier: MIT */
/* library_record.c - one record to be looked at: its fields, its HTTP head, whether its digests
 * agree */
#include "base/digest.h"
#include "base/error.h"
#include "base/limits.h"
#include "replay/site.h"
#include "replay/view.h"
#include "warc/block_head.h"
#include "warc/body.h"

static void add_fields(const struct reader_record *record, struct buf *out)
{
	buf_add_text(out, "<dl class=\"fields\">\n");
	for (size_t i = 0; i < record->headers.count; i++) {
		buf_add_text(out, "<dt>");
		view_add(out, record->headers.fields[i].name);
		buf_add_text(out, "</dt><dd>");
		view_add(out, record->headers.fields[i].value);
		buf_add_text(out, "</dd>\n");
	}
	buf_add_text(out, "</dl>\n");
}

/* Compares the block with its digest while it is read. */
static void add_verdict(struct reader *reader, const struct reader_record *record, struct buf *out)
{
	struct bytes wanted = headers_first(&record->headers, "WARC-Block-Digest");
	struct flong_error err = {0};
	struct digest expected;
	if (wanted.ptr == NULL || digest_parse(wanted, &expected, &err) < 0) {
		buf_addf(out, "<p class=\"verdict\">The record has no block digest%s.</p>\n",
			wanted.ptr == NULL ? "" : " of a known kind");
		return;
	}
	SCOPED(digester_closep) struct digester *digester = digester_create(expected.algorithm);
	char room[16384];
	size_t got = 0;
	int rc;
	while ((rc = reader_read(reader, room, sizeof(room), &got, &err)) == FLONG_OK) {
		digester_add(digester, bytes_from(room, got));
	}
	struct digest found = digester_end(digester);
	bool is_same = rc == FLONG_END && digest_equal(&found, &expected);
	buf_addf(out, "<p class=\"verdict %s\">%s</p>\n", is_same ? "good" : "bad",
		is_same ? "Verified: the block has the digest that was written with it."
			: "Damaged: the block does not have the digest that was written with it.");
}

static int open_record(const struct site_call *call, struct reader **reader_out,
	const struct reader_record **record_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf file = {0};
	SCOPED(buf_clear) struct buf text = {0};
	uint64_t offset = 0;
	(void)route_parameter(call->route->query, "file", 0, &file);
	(void)route_parameter(call->route->query, "offset", 0, &text);
	if (!bytes_to_u64(buf_bytes(&text), INT64_MAX, &offset)) {
		return error_set(err, FLONG_E_USAGE, "offset: which record?");
	}
	int rc = holding_open_records(call->holding, buf_bytes(&file), offset, reader_out, err);
	if (rc == FLONG_OK) {
		rc = reader_next(*reader_out, record_out, err);
	}
	return rc == FLONG_END ? error_set(err, FLONG_E_NOT_FOUND, "no record is there") : rc;
}

void site_record(const struct site_call *call, struct reply *reply)
{
	struct flong_error err = {0};
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	int rc = open_record(call, &reader, &record, &err);
	if (rc < 0) {
		reply_plain(reply, rc == FLONG_E_USAGE ? 400 : 404, "flong: %s", err.message);
		return;
	}
	struct buf *out = &reply->body;
	reply->status = 200;
	out->max = LIMIT_VIEW_BYTES;
	reply_field(reply, "Content-Type", BYTES("text/html; charset=utf-8"));
	view_begin(out, "Record");
	buf_addf(out,
		"<header class=\"masthead\"><a class=\"name\" href=\"/\">flong</a>"
		"<nav aria-label=\"Collection\"><a href=\"/%s/\">%s</a></nav></header>\n"
		"<main id=\"main\"><h1>Record</h1>\n",
		holding_name(call->holding), holding_name(call->holding));
	struct bytes head = {NULL, 0};
	add_fields(record, out);
	if (block_head_peek(reader, &head, &err) == FLONG_OK && head.len > 0) {
		buf_add_text(out, "<h2>HTTP head</h2><pre tabindex=\"0\">");
		view_add(out, head);
		buf_add_text(out, "</pre>\n");
	}
	add_verdict(reader, record, out);
	buf_add_text(out, "</main>\n");
	view_end(out);
}
