/* SPDX-License-Identifier: MIT */
/* http_head_test.c - what message heads mean, faults included */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/http_head.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OK "HTTP/1.1 200 OK\r\n"

TEST(a_head_ends_with_its_empty_line)
{
	assert_int_equal(http_head_length(BYTES("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")), 25);
	assert_int_equal(http_head_length(BYTES("HTTP/1.1 200 OK\nA: b\n\nbody\n\n")), 22);
	assert_int_equal(http_head_length(BYTES("HTTP/1.1 200 OK\nA: b\r\n\nbody")), 23);
	assert_int_equal(http_head_length(BYTES("\r\nHTTP/1.1 200 OK\r\n\r\n")), 21);
	assert_int_equal(http_head_length(BYTES("HTTP/1.1 200 OK\r\nA: b\r\n\r")), 0);
	assert_int_equal(http_head_length(BYTES("\r\n\r\n")), 0);
	assert_int_equal(http_head_length(BYTES("")), 0);
}

TEST(framing_follows_status_and_fields)
{
	static const struct {
		const char *head;
		enum http_framing framing;
		uint64_t length;
		bool keeps_alive;
	} cases[] = {
		{OK "Content-Length: 5\r\n", HTTP_BODY_LENGTH, 5, true},
		{OK "content-length:5\r\nCONTENT-LENGTH: 05, 5\r\n", HTTP_BODY_LENGTH, 5, true},
		{OK "Content-Length : 2\r\n", HTTP_BODY_LENGTH, 2, true},
		{OK "Transfer-Encoding: Chunked\r\n", HTTP_BODY_CHUNKED, 0, true},
		{OK "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", HTTP_BODY_CHUNKED,
			0, true},
		{OK "Transfer-Encoding: gzip, chunked\r\n", HTTP_BODY_CHUNKED, 0, true},
		{OK "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", HTTP_BODY_CHUNKED, 3,
			false},
		{OK "Transfer-Encoding: identity\r\nContent-Length: 3\r\n", HTTP_BODY_LENGTH, 3,
			true},
		{OK, HTTP_BODY_CLOSE, 0, false},
		{OK "Content-Length: 5\r\nConnection: foo, Close\r\n", HTTP_BODY_LENGTH, 5, false},
		{OK "Content-Length: 5\r\nConnection:  \r\n  close\r\n", HTTP_BODY_LENGTH, 5,
			false},
		{"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n", HTTP_BODY_LENGTH, 5, false},
		{"HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n",
			HTTP_BODY_LENGTH, 5, true},
		{"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n", HTTP_BODY_NONE, 5, true},
		{"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n", HTTP_BODY_NONE, 5, true},
		{"HTTP/1.1 100 Continue\r\n", HTTP_BODY_NONE, 0, false},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_head head;
		struct flong_error err = {0};
		assert_int_equal(
			http_head_parse_response(bytes_of(cases[i].head), &head, &err), FLONG_OK);
		assert_int_equal(head.framing, cases[i].framing);
		assert_true(head.length == cases[i].length);
		assert_int_equal(head.keeps_alive, cases[i].keeps_alive);
		assert_null(http_head_fault(&head));
		http_head_clear(&head);
	}
}

TEST(faults_are_named_and_the_rest_is_read)
{
	static const struct {
		const char *head;
		unsigned oddity;
		int status;
	} cases[] = {
		{"no headers\r\n", HTTP_ODD_NO_STATUS_LINE, 0},
		{"http/1.1 200 OK\r\n", HTTP_ODD_NO_STATUS_LINE, 0},
		{"\r\nHTTP/1.1 200 OK\r\n", HTTP_ODD_NO_STATUS_LINE, 200},
		{"ICY 200 OK\r\n", HTTP_ODD_NO_STATUS_LINE, 0},
		{"HTTP/1.2 200 OK\r\n", HTTP_ODD_VERSION, 200},
		{"HTTP/3 200 OK\r\n", HTTP_ODD_VERSION, 200},
		{"HTTP/1.1a 200 OK\r\n", HTTP_ODD_VERSION, 200},
		{"HTTP/1.1 20 OK\r\n", HTTP_ODD_STATUS, 0},
		{"HTTP/1.1 2000 OK\r\n", HTTP_ODD_STATUS, 0},
		{"HTTP/1.1 099 OK\r\n", HTTP_ODD_STATUS, 0},
		{"HTTP/1.1\r\n", HTTP_ODD_STATUS, 0},
		{OK "Server fake\r\n", HTTP_ODD_FIELD_LINE, 200},
		{OK "Content-Length: +5\r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: -1\r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: 0x10\r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: 12345678901234567890\r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: \r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: 5,\r\n", HTTP_ODD_LENGTH, 200},
		{OK "Content-Length: 5, 6\r\n", HTTP_ODD_TWO_LENGTHS, 200},
		{OK "Content-Length: 5\r\nContent-Length: 6\r\n", HTTP_ODD_TWO_LENGTHS, 200},
		{OK "Location: /a\r\nLocation: /b\r\n", HTTP_ODD_TWO_LOCATIONS, 200},
		{OK "Transfer-Encoding: chunked, another\r\n", HTTP_ODD_TRANSFER_CODING, 200},
		{OK "Transfer-Encoding: chunked, gzip\r\n", HTTP_ODD_TRANSFER_CODING, 200},
		{OK "Transfer-Encoding: identityx\r\nContent-Length: 6\r\n",
			HTTP_ODD_TRANSFER_CODING, 200},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_head head;
		struct flong_error err = {0};
		assert_int_equal(
			http_head_parse_response(bytes_of(cases[i].head), &head, &err), FLONG_OK);
		assert_int_equal(head.oddities, cases[i].oddity);
		assert_int_equal(head.status, cases[i].status);
		assert_non_null(http_head_fault(&head));
		assert_false(head.keeps_alive);
		http_head_clear(&head);
	}
}

TEST(a_nul_and_too_many_fields_and_too_many_bytes_are_faults)
{
	struct http_head head;
	struct flong_error err = {0};
	assert_int_equal(
		http_head_parse_response(BYTES(OK "A: b\0c\r\n\r\n"), &head, &err), FLONG_OK);
	assert_int_equal(head.oddities, HTTP_ODD_NUL);
	assert_bytes(headers_first(&head.headers, "a"), "b\0c");
	http_head_clear(&head);

	SCOPED(buf_clear) struct buf many = {0};
	buf_add_text(&many, OK);
	for (int i = 0; i <= LIMIT_HEAD_FIELDS; i++) {
		buf_add_text(&many, "A: b\r\n");
	}
	assert_int_equal(http_head_parse_response(buf_bytes(&many), &head, &err), FLONG_OK);
	assert_int_equal(head.oddities, HTTP_ODD_FIELDS);
	assert_int_equal(head.headers.count, LIMIT_HEAD_FIELDS);
	http_head_clear(&head);

	buf_reset(&many);
	buf_add_text(&many, OK "A: ");
	while (many.len <= LIMIT_HEAD_BYTES) {
		buf_add_text(&many, "0123456789abcdef");
	}
	assert_int_equal(http_head_parse_response(buf_bytes(&many), &head, &err), FLONG_OK);
	assert_int_equal(head.oddities, HTTP_ODD_SIZE);
	assert_true(headers_first(&head.headers, "A").len > LIMIT_HEAD_BYTES - 32);
	http_head_clear(&head);
}

TEST(fields_keep_order_and_repeats_and_folds_become_one_space)
{
	struct http_head head;
	struct flong_error err = {0};
	assert_int_equal(
		http_head_parse_response(
			BYTES("HTTP/1.1 404 Not  Here \r\nSet-Cookie: a=1\r\nTabs: x/\t\r\n"
			      "\t\tonly\r\n \r\nset-cookie:b=2 \r\nEmpty:\r\n\r\nX: y\r\n"),
			&head, &err),
		FLONG_OK);
	struct bytes value;
	assert_bytes(head.reason, "Not  Here");
	assert_int_equal(headers_count(&head.headers, "SET-COOKIE"), 2);
	assert_true(headers_nth(&head.headers, "Set-Cookie", 1, &value));
	assert_bytes(value, "b=2");
	assert_false(headers_nth(&head.headers, "Set-Cookie", 2, &value));
	assert_bytes(headers_first(&head.headers, "tabs"), "x/ only");
	assert_true(headers_has(&head.headers, "empty"));
	assert_non_null(headers_first(&head.headers, "empty").ptr);
	assert_null(headers_first(&head.headers, "x").ptr);
	http_head_clear(&head);
	assert_int_equal(head.headers.count, 0);
}

TEST(requests_have_a_method_and_a_target)
{
	static const struct {
		const char *text, *method, *target;
	} cases[] = {
		{"GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a?b"},
		{"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a b"},
		{"POST http://x/ HTTP/1.0\nHost: x\n\n", "POST", "http://x/"},
		{"\r\nGET /old\r\nHost: x\r\n", "GET", "/old"},
	};
	struct flong_error err = {0};
	struct bytes method;
	struct bytes target;
	struct headers headers;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(http_head_parse_request(
					 bytes_of(cases[i].text), &method, &target, &headers, &err),
			FLONG_OK);
		assert_true(bytes_equal(method, bytes_of(cases[i].method)));
		assert_true(bytes_equal(target, bytes_of(cases[i].target)));
		assert_bytes(headers_first(&headers, "host"), "x");
		headers_clear(&headers);
	}
	static const char *const bad[] = {"", "GET\r\n", "\x16\x03\x01 x y\r\n", "Host: x y"};
	for (size_t i = 0; i < COUNT(bad); i++) {
		int rc =
			http_head_parse_request(bytes_of(bad[i]), &method, &target, &headers, &err);
		if (i != 2) {
			assert_int_equal(rc, FLONG_E_FORMAT);
		}
		headers_clear(&headers);
	}
}

RUN_TESTS(CASE(a_head_ends_with_its_empty_line), CASE(framing_follows_status_and_fields),
	CASE(faults_are_named_and_the_rest_is_read),
	CASE(a_nul_and_too_many_fields_and_too_many_bytes_are_faults),
	CASE(fields_keep_order_and_repeats_and_folds_become_one_space),
	CASE(requests_have_a_method_and_a_target))
