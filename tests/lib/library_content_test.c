/* SPDX-License-Identifier: MIT */
/* library_content_test.c - what is in a record, through the shared library: HTTP heads, payloads,
 * digests */
#include "unit.h"

#include <flong/http.h>
#include <flong/reader.h>
#include <flong/writer.h>

#include "memory.h"
#include "sample.h"

TEST(reads_http_heads)
{
	struct flong_reader *reader = open_text(file);
	const struct flong_http *http = NULL;
	const struct flong_http *again = NULL;
	struct flong_field field;
	(void)next(reader);
	assert_int_equal(flong_reader_http(reader, &http, NULL), FLONG_OK);
	assert_int_equal(flong_http_kind(http), FLONG_HTTP_RESPONSE);
	assert_int_equal(flong_http_status(http), 200);
	assert_string_equal(flong_http_reason(http), "Fine");
	assert_int_equal(flong_http_version(http), 11);
	assert_null(flong_http_method(http));
	assert_null(flong_http_target(http));
	assert_int_equal(flong_http_length(http), 91);
	assert_string_equal(flong_http_field(http, "VIA", 1), "b");
	assert_null(flong_http_field(http, "Via", 2));
	assert_int_equal(flong_http_field_count(http), 4);
	assert_true(flong_http_field_at(http, 3, &field));
	assert_string_equal(field.name, "via");
	assert_false(flong_http_field_at(http, 4, &field));
	assert_string_equal(payload(reader, FLONG_PAYLOAD_AS_SENT), "hello, world");
	assert_int_equal(flong_reader_http(reader, &again, NULL), FLONG_OK);
	assert_ptr_equal(again, http);
	(void)next(reader);
	assert_int_equal(flong_reader_http(reader, &http, NULL), FLONG_OK);
	assert_int_equal(flong_http_kind(http), FLONG_HTTP_REQUEST);
	assert_string_equal(flong_http_method(http), "GET");
	assert_string_equal(flong_http_target(http), "/x");
	assert_null(flong_http_reason(http));
	assert_int_equal(flong_http_status(http), 0);
	assert_string_equal(payload(reader, FLONG_PAYLOAD_DECODED), "");
	(void)next(reader);
	assert_int_equal(flong_reader_http(reader, &http, NULL), FLONG_OK);
	assert_null(http);
	assert_string_equal(payload(reader, FLONG_PAYLOAD_DECODED), "abcd");
	flong_reader_close(reader);
	assert_int_equal(flong_http_status(NULL), 0);
	assert_null(flong_http_field(NULL, "a", 0));
	assert_int_equal(flong_http_field_count(NULL), 0);
}

TEST(keeps_block_and_payload_apart)
{
	struct flong_reader *reader = open_text(file);
	const struct flong_http *http;
	struct flong_stream *stream = (struct flong_stream *)&http;
	struct flong_digests digests = {0};
	char room[8];
	size_t got;
	struct flong_error err;
	(void)next(reader);
	assert_int_equal(flong_reader_read(reader, room, 1, &got, NULL), FLONG_OK);
	assert_int_equal(flong_reader_http(reader, &http, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_open_payload(reader, 0, &stream, &err), FLONG_E_USAGE);
	assert_null(stream);
	assert_int_equal(flong_reader_verify(reader, &digests, &err), FLONG_E_USAGE);
	(void)next(reader);
	assert_int_equal(flong_reader_open_payload(reader, 2, &stream, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_open_payload(reader, 0, &stream, &err), FLONG_OK);
	assert_int_equal(flong_reader_read(reader, room, 1, &got, &err), FLONG_E_USAGE);
	flong_stream_close(stream);
	flong_reader_close(reader);
}

TEST(ends_streams_with_their_record)
{
	struct flong_reader *reader = open_text(file);
	struct flong_stream *first;
	struct flong_stream *second;
	struct flong_error err;
	char room[8];
	size_t got;
	(void)next(reader);
	assert_int_equal(flong_reader_open_payload(reader, 0, &first, &err), FLONG_OK);
	(void)next(reader);
	assert_int_equal(flong_stream_read(first, room, 8, &got, &err), FLONG_E_USAGE);
	(void)next(reader);
	assert_int_equal(flong_reader_open_payload(reader, 0, &second, &err), FLONG_OK);
	assert_int_equal(flong_stream_read(second, room, 8, &got, &err), FLONG_OK);
	assert_int_equal(got, 4);
	flong_stream_close(first);
	flong_reader_close(reader);
	assert_int_equal(flong_stream_read(second, room, 8, &got, &err), FLONG_E_USAGE);
	flong_stream_close(second);
	flong_stream_close(NULL);
	assert_int_equal(flong_stream_read(NULL, room, 8, &got, NULL), FLONG_E_USAGE);
}

TEST(judges_digests)
{
	struct flong_reader *reader = open_text(file);
	struct flong_digests digests = {0};
	(void)next(reader);
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
	assert_int_equal(digests.block, FLONG_DIGEST_DIFFERS);
	assert_int_equal(digests.payload, FLONG_DIGEST_MATCHES);
	assert_int_equal(digests.payload_length, 12);
	(void)next(reader);
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
	assert_int_equal(digests.block, FLONG_DIGEST_ABSENT);
	assert_int_equal(digests.payload, FLONG_DIGEST_ABSENT);
	(void)next(reader);
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
	assert_int_equal(digests.block, FLONG_DIGEST_UNKNOWN);
	(void)next(reader);
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
	assert_int_equal(digests.payload, FLONG_DIGEST_UNKNOWN);
	digests.reserved[2] = reader;
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_E_USAGE);
	flong_reader_close(reader);
}

TEST(repeats_a_streams_failure)
{
	struct flong_reader *reader =
		open_text("WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 9\r\n\r\nabcd");
	struct flong_stream *stream;
	struct flong_error err;
	char room[16];
	size_t got;
	(void)next(reader);
	assert_int_equal(flong_reader_open_payload(reader, 0, &stream, &err), FLONG_OK);
	int rc;
	while ((rc = flong_stream_read(stream, room, 16, &got, &err)) == FLONG_OK) {
	}
	assert_int_equal(rc, FLONG_E_FORMAT);
	err = (struct flong_error){0};
	assert_int_equal(flong_stream_read(stream, room, 16, &got, &err), FLONG_E_FORMAT);
	assert_int_equal(err.code, FLONG_E_FORMAT);
	assert_int_not_equal(err.message[0], '\0');
	flong_stream_close(stream);
	flong_reader_close(reader);
}

TEST(parses_heads_from_bytes)
{
	static const char head[] = "HTTP/1.0 301 Moved\nLocation: /a\n\nbody";
	struct flong_http *http;
	struct flong_error err;
	assert_int_equal(flong_http_head_length(head, sizeof(head) - 1), 33);
	assert_int_equal(flong_http_head_length(head, 20), 0);
	assert_int_equal(flong_http_head_length(NULL, 0), 0);
	assert_int_equal(flong_http_parse(head, sizeof(head) - 1, FLONG_HTTP_RESPONSE, &http, &err),
		FLONG_OK);
	assert_int_equal(flong_http_status(http), 301);
	assert_int_equal(flong_http_version(http), 10);
	assert_int_equal(flong_http_length(http), 33);
	assert_string_equal(flong_http_field(http, "location", 0), "/a");
	flong_http_close(http);
	assert_int_equal(
		flong_http_parse("POST /b?c HTTP/1.1", 18, FLONG_HTTP_REQUEST, &http, &err),
		FLONG_OK);
	assert_string_equal(flong_http_method(http), "POST");
	assert_string_equal(flong_http_target(http), "/b?c");
	assert_int_equal(flong_http_field_count(http), 0);
	flong_http_close(http);
	assert_int_equal(
		flong_http_parse("hello", 5, FLONG_HTTP_RESPONSE, &http, &err), FLONG_E_FORMAT);
	assert_null(http);
	assert_int_equal(flong_http_parse("", 0, FLONG_HTTP_REQUEST, &http, &err), FLONG_E_FORMAT);
	assert_int_equal(
		flong_http_parse(NULL, 0, FLONG_HTTP_RESPONSE, &http, &err), FLONG_E_FORMAT);
	assert_int_equal(
		flong_http_parse(NULL, 1, FLONG_HTTP_RESPONSE, &http, &err), FLONG_E_USAGE);
	assert_int_equal(
		flong_http_parse("", 0, (enum flong_http_kind)2, &http, &err), FLONG_E_USAGE);
	char *large = calloc(1, (1 << 20) + 1);
	memcpy(large, "HTTP/1.1 200 OK", 15);
	assert_int_equal(flong_http_parse(large, (1 << 20) + 1, FLONG_HTTP_RESPONSE, &http, &err),
		FLONG_E_LIMIT);
	free(large);
	flong_http_close(NULL);
}

/* A reader at a response with this head and body. */
static struct flong_reader *open_response(
	struct memory *memory, const char *fields, const char *body, size_t length)
{
	char block[512];
	size_t head = (size_t)snprintf(block, sizeof(block), "HTTP/1.1 200 OK\r\n%s\r\n", fields);
	memcpy(block + head, body, length);
	const struct flong_draft draft = {.type = FLONG_RECORD_RESPONSE,
		.uri = "http://a.example/",
		.block = {.bytes = block, .length = head + length}};
	struct flong_output output = memory_output(memory);
	struct flong_writer *writer;
	struct flong_reader *reader;
	assert_int_equal(flong_writer_create_output(&output, NULL, &writer, NULL), FLONG_OK);
	assert_int_equal(flong_writer_add(writer, &draft, NULL, NULL), FLONG_OK);
	flong_writer_close(writer);
	assert_int_equal(
		flong_reader_open_memory(memory->bytes, memory->length, NULL, &reader, NULL),
		FLONG_OK);
	(void)next(reader);
	return reader;
}

TEST(undoes_content_codings)
{
	static const struct {
		const char *fields;
		const char *body;
		size_t length;
	} cases[] = {
		{"Content-Encoding: gzip\r\n",
			"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xd7\x51"
			"\x28\xcf\x2f\xca\x49\x01\x00\x3a\x72\xab\xff\x0c\x00\x00\x00",
			32},
		{"content-encoding: Deflate\r\n",
			"\x78\x9c\xcb\x48\xcd\xc9\xc9\xd7\x51\x28\xcf\x2f\xca\x49\x01\x00\x1d\x54"
			"\x04\x89",
			20},
		{"Content-Encoding: deflate\r\n",
			"\xcb\x48\xcd\xc9\xc9\xd7\x51\x28\xcf\x2f\xca\x49\x01\x00", 14},
		{"Content-Encoding: br\r\n", "\x8b\x05\x80hello, world\x03", 16},
		{"Content-Encoding: zstd\r\n",
			"\x28\xb5\x2f\xfd\x20\x0c\x61\x00\x00"
			"hello, world",
			21},
		{"Content-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
			"c;a=b\r\nhello, world\r\n0\r\nT: 1\r\n\r\n", 32},
		{"", "hello, world", 12},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory memory = {0};
		struct flong_reader *reader =
			open_response(&memory, cases[i].fields, cases[i].body, cases[i].length);
		assert_string_equal(payload(reader, FLONG_PAYLOAD_DECODED), "hello, world");
		flong_reader_close(reader);
		memory_clear(&memory);
	}
}

TEST(keeps_a_payload_whose_coding_is_unknown_or_broken)
{
	struct memory memory = {0};
	struct flong_stream *stream;
	struct flong_error err;
	char room[64];
	size_t got;
	struct flong_reader *reader =
		open_response(&memory, "Content-Encoding: rot13\r\n", "uryyb", 5);
	assert_int_equal(flong_reader_open_payload(reader, FLONG_PAYLOAD_DECODED, &stream, &err),
		FLONG_E_UNSUPPORTED);
	assert_non_null(strstr(err.message, "rot13"));
	assert_null(stream);
	assert_string_equal(payload(reader, FLONG_PAYLOAD_AS_SENT), "uryyb");
	flong_reader_close(reader);
	memory_clear(&memory);
	reader = open_response(&memory, "Content-Encoding: br\r\n", "\x8b\x05\x80hello", 8);
	assert_int_equal(
		flong_reader_open_payload(reader, FLONG_PAYLOAD_DECODED, &stream, &err), FLONG_OK);
	int rc;
	while ((rc = flong_stream_read(stream, room, sizeof(room), &got, &err)) == FLONG_OK) {
	}
	assert_int_equal(rc, FLONG_E_DAMAGED);
	flong_stream_close(stream);
	/* The record itself is whole: nothing has to be gone on from. */
	assert_int_equal(flong_reader_resync(reader, NULL, &err), FLONG_E_USAGE);
	const struct flong_record *record;
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_END);
	flong_reader_close(reader);
	memory_clear(&memory);
}

TEST(tells_digests_of_the_framing)
{
	static const char record[] =
		"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n"
		"WARC-Payload-Digest: "
		"sha1:42599bce47219535442fe10a6255c58df52f3635\r\nContent-Length: 59\r\n\r\n"
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		"2\r\nhi\r\n0\r\n\r\n\r\n\r\n";
	struct flong_reader *reader = open_text(record);
	struct flong_digests digests = {0};
	(void)next(reader);
	assert_int_equal(flong_reader_verify(reader, &digests, NULL), FLONG_OK);
	assert_int_equal(digests.payload, FLONG_DIGEST_OF_FRAMING);
	assert_int_equal(digests.payload_length, 2);
	flong_reader_close(reader);
}

RUN_TESTS(CASE(reads_http_heads), CASE(keeps_block_and_payload_apart),
	CASE(ends_streams_with_their_record), CASE(judges_digests), CASE(repeats_a_streams_failure),
	CASE(parses_heads_from_bytes), CASE(undoes_content_codings),
	CASE(keeps_a_payload_whose_coding_is_unknown_or_broken), CASE(tells_digests_of_the_framing))
