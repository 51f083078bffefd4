/* SPDX-License-Identifier: MIT */
/* sample.h - a file of four records, and the steps that tests of libflong's reader share */
#ifndef TESTS_LIB_SAMPLE_H
#define TESTS_LIB_SAMPLE_H

#include "unit.h"

#include <flong/reader.h>

#define BLOCK_1                                                                                    \
	"HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nVia: a\r\nTransfer-Encoding: "           \
	"chunked\r\nvia: b\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"
#define RECORD_1                                                                                   \
	"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: "           \
	"2020-02-03T04:05:06.789Z\r\nWARC-Target-URI: <http://a.example/x>\r\nX-More: "            \
	"one\r\nx-more:\ttwo \r\nContent-Type: application/http; "                                 \
	"msgtype=response\r\nWARC-Payload-Digest: "                                                \
	"sha1:W7RD5QU26IVQWTSB3IY6Q2GVOITBEHEE\r\nWARC-Block-Digest: "                             \
	"md5:00000000000000000000000000000000\r\nContent-Length: 118\r\n\r\n" BLOCK_1 "\r\n\r\n"
#define BLOCK_2 "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n"
#define RECORD_2                                                                                   \
	"WARC/1.1\r\nWARC-Type: request\r\nContent-Type: "                                         \
	"application/http;msgtype=request\r\nContent-Length: 36\r\n\r\n" BLOCK_2 "\r\n\r\n"
#define RECORD_3                                                                                   \
	"WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nWARC-Block-Digest: "       \
	"blake9:00\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"
#define RECORD_4                                                                                   \
	"WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Payload-Digest: sha1:X\r\nContent-Length: "        \
	"0\r\n\r\n\r\n\r\n"
static const char file[] __attribute__((unused)) = RECORD_1 RECORD_2 RECORD_3 RECORD_4;

static inline struct flong_reader *open_text(const char *text)
{
	struct flong_reader *reader = NULL;
	struct flong_error err = {0};
	assert_int_equal(
		flong_reader_open_memory(text, strlen(text), "text", &reader, &err), FLONG_OK);
	assert_int_equal(err.code, 0);
	return reader;
}

static inline const struct flong_record *next(struct flong_reader *reader)
{
	const struct flong_record *record = NULL;
	struct flong_error err;
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_OK);
	return record;
}

/* All bytes of the payload as text, in a room of the thread's own. */
static inline const char *payload(struct flong_reader *reader, unsigned flags)
{
	static _Thread_local char room[4096];
	struct flong_stream *stream;
	struct flong_error err;
	size_t length = 0;
	size_t got;
	assert_int_equal(flong_reader_open_payload(reader, flags, &stream, &err), FLONG_OK);
	while (flong_stream_read(stream, room + length, 3, &got, &err) == FLONG_OK) {
		length += got;
	}
	assert_int_equal(flong_stream_read(stream, room, 3, &got, &err), FLONG_END);
	assert_int_equal(got, 0);
	flong_stream_close(stream);
	room[length] = '\0';
	return room;
}

#endif
