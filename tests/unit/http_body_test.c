/* SPDX-License-Identifier: MIT */
/* http_body_test.c - chunked bodies, wherever the reads cut them */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/http_body.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Feeds `text` in pieces of `step` bytes; returns how many belong to the body. */
static size_t feed(struct chunk_parser *parser, struct bytes text, size_t step, struct buf *payload)
{
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(payload);
	struct flong_error err = {0};
	size_t total = 0;
	*parser = (struct chunk_parser){0};
	for (size_t at = 0; at < text.len; at += step) {
		struct bytes piece = bytes_slice(text, at, at + step);
		size_t used = 0;
		assert_int_equal(chunk_parser_add(parser, piece, sink, &used, &err), FLONG_OK);
		total += used;
		if (used < piece.len) {
			break;
		}
	}
	return total;
}

TEST(chunks_are_undone_wherever_they_are_cut)
{
	static const struct {
		const char *text, *payload, *rest;
		enum chunk_state state;
		bool has_extension, has_trailer;
	} cases[] = {
		{"5\r\nhello\r\n0\r\n\r\n", "hello", "", CHUNK_DONE, false, false},
		{"5\nhello\n0\n\nnext", "hello", "next", CHUNK_DONE, false, false},
		{"A;x=y\r\n0123456789\r\n00\r\n\r\nx", "0123456789", "x", CHUNK_DONE, true, false},
		{"a  \r\n0123456789\r\n0\r\nT: v\r\n\r\nx", "0123456789", "x", CHUNK_DONE, false,
			true},
		{"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc", "", CHUNK_DONE, false, false},
		{"5\r\nhel", "hel", "", CHUNK_DATA, false, false},
		{"5\r\nhelloX", "hello", "X", CHUNK_BROKEN, false, false},
		{"zz\r\n", "", "zz\r\n", CHUNK_BROKEN, false, false},
		{"5 5\r\n", "", "5\r\n", CHUNK_BROKEN, false, false},
		{"12345678123456789\r\n", "", "9\r\n", CHUNK_BROKEN, false, false},
		{"ffffffffffffffff\r\n", "", "\r\n", CHUNK_BROKEN, false, false},
		{"\r\n", "", "\r\n", CHUNK_BROKEN, false, false},
		{"-1\r\n", "", "-1\r\n", CHUNK_BROKEN, false, false},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes text = bytes_of(cases[i].text);
		for (size_t step = 1; step <= text.len; step++) {
			SCOPED(buf_clear) struct buf payload = {0};
			struct chunk_parser parser;
			size_t used = feed(&parser, text, step, &payload);
			assert_string_equal(text.ptr + used, cases[i].rest);
			assert_string_equal(buf_text(&payload), cases[i].payload);
			assert_int_equal(parser.state, cases[i].state);
			assert_int_equal(parser.has_extension, cases[i].has_extension);
			assert_int_equal(parser.has_trailer, cases[i].has_trailer);
			assert_true(parser.payload_bytes == payload.len);
			assert_int_equal(parser.fault != NULL, parser.state == CHUNK_BROKEN);
		}
	}
}

TEST(endless_extensions_and_trailers_are_cut)
{
	SCOPED(buf_clear) struct buf text = {0};
	SCOPED(buf_clear) struct buf payload = {0};
	struct chunk_parser parser;
	buf_add_text(&text, "0\r\n");
	while (text.len < LIMIT_HEAD_KEPT_BYTES * 2) {
		buf_add_text(&text, "Trailer: value\r\n");
	}
	(void)feed(&parser, buf_bytes(&text), 65536, &payload);
	assert_int_equal(parser.state, CHUNK_BROKEN);
	assert_true(parser.trailer_bytes == LIMIT_HEAD_KEPT_BYTES);
}

TEST(a_nul_in_a_trailer_breaks_the_framing)
{
	SCOPED(buf_clear) struct buf payload = {0};
	struct chunk_parser parser;
	assert_int_equal(feed(&parser, BYTES("0\r\nA: \0b\r\n\r\n"), 99, &payload), 6);
	assert_int_equal(parser.state, CHUNK_BROKEN);
}

TEST(a_payload_source_undoes_chunks_or_gives_the_bytes)
{
	static const struct {
		const char *raw;
		bool is_chunked;
		const char *payload;
	} cases[] = {
		{"5\r\nhello\r\n0\r\n\r\ngarbage", true, "hello"},
		{"5\r\nhello\r\n3", true, "hello"},
		{"5\r\nhelloX\r\n", true, "hello"},
		{"5\r\nhello\r\n0\r\n\r\n", false, "5\r\nhello\r\n0\r\n\r\n"},
		{"<html>not chunked", true, "<html>not chunked"},
		{"a page without chunks", true, "a page without chunks"},
		{"abc", true, "abc"},
		{"", true, ""},
		{"0\r\n\r\n", true, ""},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(buf_clear) struct buf out = {0};
		struct flong_error err = {0};
		SCOPED(source_closep)
		struct source *source = http_body_open_payload(
			source_from_bytes(bytes_of(cases[i].raw)), cases[i].is_chunked);
		assert_int_equal(source_read_all(source, &out, &err), FLONG_OK);
		assert_string_equal(buf_text(&out), cases[i].payload);
	}
}

RUN_TESTS(CASE(chunks_are_undone_wherever_they_are_cut),
	CASE(endless_extensions_and_trailers_are_cut), CASE(a_nul_in_a_trailer_breaks_the_framing),
	CASE(a_payload_source_undoes_chunks_or_gives_the_bytes))
