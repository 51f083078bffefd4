/* SPDX-License-Identifier: MIT */
/* exchange_test.c - the exchange value and its body in three depths */
#include "unit.h"

#include "web/exchange.h"

static struct exchange *exchange_with(const char *head, struct bytes body)
{
	struct flong_error err = {0};
	struct exchange *exchange = exchange_create(BYTES("http://x/"), "/tmp");
	buf_add_text(&exchange->head, head);
	assert_int_equal(
		http_head_parse_response(buf_bytes(&exchange->head), &exchange->parsed, &err),
		FLONG_OK);
	assert_int_equal(spool_write(exchange->body, body, &err), FLONG_OK);
	assert_int_equal(spool_finish(exchange->body, &err), FLONG_OK);
	return exchange;
}

TEST(payload_and_document_peel_the_body)
{
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf out = {0};
	SCOPED(exchange_closep)
	struct exchange *exchange =
		exchange_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
			      "Content-Encoding: br\r\n\r\n",
			BYTES("6\r\n\x30\x00\x10hey\r\n2\r\n!\x03\r\n0\r\n\r\n"));
	SCOPED(source_closep) struct source *payload = NULL;
	SCOPED(source_closep) struct source *document = NULL;
	assert_int_equal(exchange_open_payload(exchange, &payload, &err), FLONG_OK);
	assert_int_equal(source_read_all(payload, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "\x30\x00\x10hey!\x03");
	buf_reset(&out);
	assert_int_equal(exchange_open_document(exchange, &document, &err), FLONG_OK);
	assert_int_equal(source_read_all(document, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "hey!");
	assert_int_equal(exchange_status(exchange), 200);
}

TEST(an_unknown_coding_is_named_with_its_url)
{
	struct flong_error err = {0};
	struct source *document = NULL;
	SCOPED(exchange_closep)
	struct exchange *exchange = exchange_with(
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: rot13\r\n\r\n",
		BYTES("x"));
	assert_int_equal(exchange_open_document(exchange, &document, &err), FLONG_E_UNSUPPORTED);
	assert_string_equal(err.message, "body of http://x/: content coding 'rot13' is not known");
}

TEST(words_are_those_of_warc_and_the_reports)
{
	assert_string_equal(exchange_outcome_name(EXCHANGE_OK), "ok");
	assert_string_equal(exchange_outcome_name(EXCHANGE_ABORTED), "aborted");
	assert_null(exchange_truncation_name(TRUNCATED_NOT));
	assert_string_equal(exchange_truncation_name(TRUNCATED_DISCONNECT), "disconnect");
	exchange_close(NULL);
}

RUN_TESTS(CASE(payload_and_document_peel_the_body), CASE(an_unknown_coding_is_named_with_its_url),
	CASE(words_are_those_of_warc_and_the_reports))
