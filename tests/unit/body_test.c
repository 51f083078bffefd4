/* SPDX-License-Identifier: MIT */
/* body_test.c - the body of a record as a browser would see it */
#include "unit.h"

#include "warc/body.h"

#define REPLY "Content-Type: application/http;msgtype=response\r\n"

/* A record of that type with these fields and that block; the caller clears it. */
static void make_record(struct buf *out, const char *type, const char *fields, struct bytes block)
{
	buf_addf(out, "WARC/1.1\r\nWARC-Type: %s\r\n%sContent-Length: %zu\r\n\r\n", type, fields,
		block.len);
	buf_add(out, block);
	buf_add_text(out, "\r\n\r\n");
}

static void expect(const char *type, const char *fields, struct bytes block, const char *content,
	const char *media_type)
{
	struct flong_error err = {0};
	struct buf warc = {0};
	struct buf out = {0};
	make_record(&warc, type, fields, block);
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	struct body body = {0};
	assert_int_equal(reader_create(source_from_bytes(buf_bytes(&warc)), 0, "x", &reader, &err),
		FLONG_OK);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	assert_int_equal(body_open(reader, record, &body, &err), FLONG_OK);
	assert_int_equal(source_read_all(body.content, &out, &err), FLONG_OK);
	assert_string_equal(buf_text(&out), content);
	struct bytes found = body_media_type(&body, record);
	assert_true(bytes_equal(found, bytes_of(media_type)));
	assert_int_equal(body.fault.code, 0);
	body_clear(&body);
	buf_clear(&warc);
	buf_clear(&out);
}

TEST(undoes_chunks)
{
	expect("response", REPLY,
		BYTES("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\n"
		      "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
		      "1\r\n\r\n"),
		"abcde", "text/html");
	expect("response", REPLY,
		BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot chunked"),
		"not chunked", "");
}

TEST(undoes_gzip_where_there_is_some)
{
	const char gzip[] =
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x4c\x4a\x06\x00\xc2\x41\x24"
		"\x35\x03\x00\x00\x00";
	struct buf block = {0};
	buf_add_text(&block, "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n\r\n");
	buf_add(&block, bytes_from(gzip, sizeof(gzip) - 1));
	expect("response", REPLY, buf_bytes(&block), "abc", "");
	buf_clear(&block);
	expect("response", REPLY,
		BYTES("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text"), "plain text",
		"");
	expect("response", REPLY, BYTES("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"), "",
		"");
}

TEST(keeps_what_it_does_not_know)
{
	expect("response", REPLY, BYTES("HTTP/1.1 200 OK\r\nContent-Encoding: odd\r\n\r\nabc"),
		"abc", "");
}

TEST(passes_over_interim_replies)
{
	expect("response", REPLY,
		BYTES("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: "
		      "a/b\r\n\r\nabc"),
		"abc", "a/b");
}

TEST(takes_blocks_that_are_no_http)
{
	expect("resource", "Content-Type: text/plain\r\n", BYTES("HTTP/1.1 200 OK\r\n\r\nabc"),
		"HTTP/1.1 200 OK\r\n\r\nabc", "text/plain");
	expect("response", REPLY, BYTES("no head at all"), "no head at all", "application/http");
	expect("response", REPLY, BYTES(""), "", "application/http");
}

TEST(knows_damage_from_bad_codings)
{
	struct flong_error err = {0};
	const struct bytes warc = BYTES("WARC/1.1\r\nWARC-Type: response\r\n" REPLY
					"Content-Length: 99\r\n\r\nHTTP/1.1 200 OK\r\n\r\ncut");
	struct buf out = {0};
	SCOPED(reader_closep) struct reader *reader = NULL;
	const struct reader_record *record = NULL;
	struct body body = {0};
	assert_int_equal(reader_create(source_from_bytes(warc), 0, "x", &reader, &err), FLONG_OK);
	assert_int_equal(reader_next(reader, &record, &err), FLONG_OK);
	int rc = body_open(reader, record, &body, &err);
	if (rc == FLONG_OK) {
		rc = source_read_all(body.content, &out, &err);
		assert_int_equal(body.fault.code, rc);
	}
	assert_int_equal(rc, FLONG_E_FORMAT);
	body_clear(&body);
	buf_clear(&out);
}

RUN_TESTS(CASE(undoes_chunks), CASE(undoes_gzip_where_there_is_some),
	CASE(keeps_what_it_does_not_know), CASE(passes_over_interim_replies),
	CASE(takes_blocks_that_are_no_http), CASE(knows_damage_from_bad_codings))
