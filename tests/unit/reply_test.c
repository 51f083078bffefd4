/* SPDX-License-Identifier: MIT */
/* reply_test.c - replies fed in every split: what is kept, what is judged */
#include "unit.h"

#include "base/limits.h"
#include "base/spool.h"
#include "crawl/reply.h"

#define OK_LINE "HTTP/1.1 200 OK\r\n"
/* BYTES for a static table. */
#define TEXT(literal)                                                                              \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

struct expectation {
	const char *name;
	struct bytes input;
	enum reply_end end;
	struct bytes interim, head, body;
	enum exchange_outcome outcome;
	enum exchange_truncation truncated;
	uint64_t payload_bytes, excess_bytes;
	const char *reason; /* part of it */
};

static const struct reply_options no_limits = {.spool_dir = "/tmp", .compress_level = 6};

static struct exchange *feed(
	const struct reply_options *options, struct bytes input, size_t piece, enum reply_end end)
{
	struct flong_error err = {0};
	struct reply reply;
	struct exchange *exchange = exchange_create(BYTES("http://a.example/"), "/tmp");
	reply_start(&reply, options, exchange, "a.example");
	for (size_t at = 0; at < input.len; at += piece) {
		assert_int_equal(
			reply_add(&reply, bytes_slice(input, at, at + piece), &err), FLONG_OK);
	}
	reply_end(&reply, end);
	assert_int_equal(reply_finish(&reply, &err), FLONG_OK);
	return exchange;
}

static void assert_same(const char *name, const char *part, struct bytes got, struct bytes wanted)
{
	if (!bytes_equal(got, wanted)) {
		fail_msg("%s: %s is '" BYTES_FMT "', not '" BYTES_FMT "'", name, part,
			BYTES_ARG(got), BYTES_ARG(wanted));
	}
}

static void assert_exchange(const struct expectation *wanted, const struct exchange *exchange)
{
	assert_same(wanted->name, "interim", buf_bytes(&exchange->interim), wanted->interim);
	assert_same(wanted->name, "head", buf_bytes(&exchange->head), wanted->head);
	assert_same(wanted->name, "body", spool_memory(exchange->body), wanted->body);
	assert_same(wanted->name, "outcome", bytes_of(exchange_outcome_name(exchange->outcome)),
		bytes_of(exchange_outcome_name(wanted->outcome)));
	assert_int_equal(exchange->truncated, wanted->truncated);
	assert_int_equal(exchange->payload_bytes, wanted->payload_bytes);
	assert_int_equal(exchange->excess_bytes, wanted->excess_bytes);
	if (wanted->reason != NULL && strstr(exchange->reason, wanted->reason) == NULL) {
		fail_msg("%s: reason '%s' lacks '%s'", wanted->name, exchange->reason,
			wanted->reason);
	}
}

static const struct expectation expectations[] = {
	{"length", TEXT(OK_LINE "Content-Length: 2\r\n\r\nhi"), REPLY_END_CLOSE, {NULL, 0},
		TEXT(OK_LINE "Content-Length: 2\r\n\r\n"), TEXT("hi"), EXCHANGE_OK, TRUNCATED_NOT,
		2, 0, NULL},
	{"excess", TEXT(OK_LINE "Content-Length: 2\r\n\r\nhi there"), REPLY_END_CLOSE, {NULL, 0},
		TEXT(OK_LINE "Content-Length: 2\r\n\r\n"), TEXT("hi"), EXCHANGE_OK, TRUNCATED_NOT,
		2, 6, NULL},
	{"short", TEXT(OK_LINE "Content-Length: 9\r\n\r\nhi"), REPLY_END_CLOSE, {NULL, 0},
		TEXT(OK_LINE "Content-Length: 9\r\n\r\n"), TEXT("hi"), EXCHANGE_DISCONNECT,
		TRUNCATED_DISCONNECT, 2, 0, "a.example closed the connection after 2 of 9"},
	{"late", TEXT(OK_LINE "Content-Length: 9\r\n\r\nhi"), REPLY_END_TIME, {NULL, 0},
		TEXT(OK_LINE "Content-Length: 9\r\n\r\n"), TEXT("hi"), EXCHANGE_TIMEOUT,
		TRUNCATED_TIME, 2, 0, "too slow"},
	{"to the close", TEXT(OK_LINE "\r\nhi"), REPLY_END_CLOSE, {NULL, 0}, TEXT(OK_LINE "\r\n"),
		TEXT("hi"), EXCHANGE_OK, TRUNCATED_NOT, 2, 0, NULL},
	{"to the close, reset", TEXT(OK_LINE "\r\nhi"), REPLY_END_RESET, {NULL, 0},
		TEXT(OK_LINE "\r\n"), TEXT("hi"), EXCHANGE_DISCONNECT, TRUNCATED_DISCONNECT, 2, 0,
		"broke off"},
	{"chunks", TEXT(OK_LINE "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nX"),
		REPLY_END_CLOSE, {NULL, 0}, TEXT(OK_LINE "Transfer-Encoding: chunked\r\n\r\n"),
		TEXT("2\r\nhi\r\n0\r\n\r\n"), EXCHANGE_OK, TRUNCATED_NOT, 2, 1, NULL},
	{"broken chunk", TEXT(OK_LINE "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n"),
		REPLY_END_CLOSE, {NULL, 0}, TEXT(OK_LINE "Transfer-Encoding: chunked\r\n\r\n"),
		TEXT("2\r\nhi\r\nzz\r\n"), EXCHANGE_PROTOCOL, TRUNCATED_NOT, 2, 0, "chunk size"},
	{"hints", TEXT("HTTP/1.1 103 Hints\r\nA: b\r\n\r\n" OK_LINE "\r\nhi"), REPLY_END_CLOSE,
		TEXT("HTTP/1.1 103 Hints\r\nA: b\r\n\r\n"), TEXT(OK_LINE "\r\n"), TEXT("hi"),
		EXCHANGE_OK, TRUNCATED_NOT, 2, 0, NULL},
	{"hints only", TEXT("HTTP/1.1 103 Hints\r\n\r\n"), REPLY_END_CLOSE,
		TEXT("HTTP/1.1 103 Hints\r\n\r\n"), {NULL, 0}, {NULL, 0}, EXCHANGE_DISCONNECT,
		TRUNCATED_NOT, 0, 0, "before a final reply"},
	{"different lengths", TEXT(OK_LINE "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi you"),
		REPLY_END_CLOSE, {NULL, 0},
		TEXT(OK_LINE "Content-Length: 2\r\nContent-Length: 3\r\n\r\n"), TEXT("hi you"),
		EXCHANGE_PROTOCOL, TRUNCATED_NOT, 6, 0, "different Content-Length"},
	{"HTTP/0.9", TEXT("<p>hi"), REPLY_END_CLOSE, {NULL, 0}, {NULL, 0}, TEXT("<p>hi"),
		EXCHANGE_PROTOCOL, TRUNCATED_NOT, 5, 0, "status line"},
	{"empty line first", TEXT("\r\n" OK_LINE "\r\nhi"), REPLY_END_CLOSE, {NULL, 0},
		TEXT("\r\n" OK_LINE "\r\n"), TEXT("hi"), EXCHANGE_PROTOCOL, TRUNCATED_NOT, 2, 0,
		"status line"},
	{"head cut", TEXT(OK_LINE "Content-Le"), REPLY_END_CLOSE, {NULL, 0},
		TEXT(OK_LINE "Content-Le"), {NULL, 0}, EXCHANGE_DISCONNECT, TRUNCATED_DISCONNECT, 0,
		0, "in the reply's head"},
	{"nothing", {NULL, 0}, REPLY_END_CLOSE, {NULL, 0}, {NULL, 0}, {NULL, 0},
		EXCHANGE_DISCONNECT, TRUNCATED_NOT, 0, 0, "before any reply"},
	{"204", TEXT("HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\nhi"), REPLY_END_CLOSE,
		{NULL, 0}, TEXT("HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n"), {NULL, 0},
		EXCHANGE_OK, TRUNCATED_NOT, 0, 2, NULL},
};

TEST(replies_are_split_and_judged_alike_in_every_piece_size)
{
	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
		const struct expectation *wanted = &expectations[i];
		for (size_t piece = 1; piece <= wanted->input.len + 1; piece++) {
			struct exchange *exchange =
				feed(&no_limits, wanted->input, piece, wanted->end);
			assert_exchange(wanted, exchange);
			exchange_close(exchange);
		}
	}
}

TEST(a_body_over_the_limit_is_cut_there)
{
	const struct reply_options options = {.spool_dir = "/tmp", .body_max_bytes = 4};
	for (size_t piece = 1; piece < 40; piece++) {
		struct exchange *exchange = feed(&options,
			BYTES(OK_LINE "Content-Length: 8\r\n\r\n12345678"), piece, REPLY_END_CLOSE);
		assert_bytes(spool_memory(exchange->body), "1234");
		assert_int_equal(exchange->outcome, EXCHANGE_LIMIT);
		assert_int_equal(exchange->truncated, TRUNCATED_LENGTH);
		exchange_close(exchange);
	}
}

TEST(a_body_that_is_known_to_be_large_needs_no_memory)
{
	static const struct bytes small = TEXT(OK_LINE "Content-Length: 524288\r\n\r\nhi");
	static const struct bytes large = TEXT(OK_LINE "Content-Length: 524289\r\n\r\nhi");
	static_assert(LIMIT_SPOOL_MEMORY_BYTES == 524288, "the limit of a body in memory");
	SCOPED(exchange_closep)
	struct exchange *held = feed(&no_limits, small, 1000, REPLY_END_CLOSE);
	SCOPED(exchange_closep)
	struct exchange *filed = feed(&no_limits, large, 1000, REPLY_END_CLOSE);
	assert_true(spool_in_memory(held->body));
	assert_false(spool_in_memory(filed->body));
	assert_int_equal(spool_size(filed->body), 2);
}

TEST(over_tls_only_a_farewell_ends_a_body_without_length)
{
	for (int has_farewell = 0; has_farewell < 2; has_farewell++) {
		struct flong_error err = {0};
		struct reply reply;
		struct exchange *exchange = exchange_create(BYTES("https://a.example/"), "/tmp");
		reply_start(&reply, &no_limits, exchange, "a.example");
		reply.needs_farewell = true;
		reply.has_farewell = has_farewell != 0;
		assert_int_equal(reply_add(&reply, BYTES(OK_LINE "\r\nhi"), &err), FLONG_OK);
		reply_end(&reply, REPLY_END_CLOSE);
		assert_int_equal(reply_finish(&reply, &err), FLONG_OK);
		assert_int_equal(
			exchange->outcome, has_farewell ? EXCHANGE_OK : EXCHANGE_DISCONNECT);
		exchange_close(exchange);
	}
}

TEST(reasons_hold_no_control_bytes)
{
	struct exchange *exchange = exchange_create(BYTES("http://a.example/"), "/tmp");
	reply_blame(exchange, EXCHANGE_TLS, "%s", "a\nb\x1b[1m");
	assert_string_equal(exchange->reason, "a?b?[1m");
	reply_blame(exchange, EXCHANGE_DNS, "later");
	assert_int_equal(exchange->outcome, EXCHANGE_TLS);
	exchange_close(exchange);
}

RUN_TESTS(CASE(replies_are_split_and_judged_alike_in_every_piece_size),
	CASE(a_body_over_the_limit_is_cut_there),
	CASE(a_body_that_is_known_to_be_large_needs_no_memory),
	CASE(over_tls_only_a_farewell_ends_a_body_without_length),
	CASE(reasons_hold_no_control_bytes))
