/* SPDX-License-Identifier: MIT */
/* library_reader_test.c - flong/reader.h, record.h and http.h through the shared library */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <flong/http.h>
#include <flong/reader.h>

#include "memory.h"
#include "sample.h"

TEST(tells_all_of_a_record)
{
	struct flong_reader *reader = open_text(file);
	const struct flong_record *record = next(reader);
	int64_t time = 0;
	struct flong_field field;
	assert_int_equal(flong_reader_form(reader), FLONG_PLAIN);
	assert_int_equal(flong_record_offset(record), 0);
	assert_int_equal(flong_record_length(record), 0);
	assert_int_equal(flong_record_block_length(record), strlen(BLOCK_1));
	assert_int_equal(flong_record_version(record), 10);
	assert_false(flong_record_is_arc(record));
	assert_int_equal(flong_record_type(record), FLONG_RECORD_RESPONSE);
	assert_string_equal(flong_record_type_text(record), "response");
	assert_string_equal(flong_record_id(record), "urn:uuid:1");
	assert_string_equal(flong_record_date(record), "2020-02-03T04:05:06.789Z");
	assert_true(flong_record_time(record, &time));
	assert_int_equal(time, 1580702706789);
	assert_string_equal(flong_record_uri(record), "http://a.example/x");
	assert_string_equal(flong_record_uri(record), "http://a.example/x");
	assert_string_equal(
		flong_record_content_type(record), "application/http; msgtype=response");
	assert_string_equal(flong_record_field(record, "X-MORE", 0), "one");
	assert_string_equal(flong_record_field(record, "X-More", 1), "two");
	assert_null(flong_record_field(record, "X-More", 2));
	assert_null(flong_record_field(record, NULL, 0));
	assert_int_equal(flong_record_field_count(record), 10);
	assert_true(flong_record_field_at(record, 5, &field));
	assert_string_equal(field.name, "x-more");
	assert_string_equal(field.value, "two");
	assert_false(flong_record_field_at(record, 10, &field));
	assert_int_equal(flong_reader_finish(reader, NULL), FLONG_OK);
	assert_int_equal(flong_reader_finish(reader, NULL), FLONG_OK);
	assert_int_equal(flong_record_length(record), strlen(RECORD_1));
	assert_int_equal(flong_record_oddities(record), 0);
	assert_int_equal(flong_reader_good_end(reader), strlen(RECORD_1));
	flong_reader_close(reader);
}

TEST(gives_nothing_of_no_record)
{
	int64_t time = 7;
	struct flong_field field;
	assert_int_equal(flong_record_offset(NULL) + flong_record_length(NULL), 0);
	assert_int_equal(flong_record_block_length(NULL), 0);
	assert_int_equal(flong_record_oddities(NULL), 0);
	assert_int_equal(flong_record_version(NULL), 0);
	assert_false(flong_record_is_arc(NULL));
	assert_int_equal(flong_record_type(NULL), FLONG_RECORD_OTHER);
	assert_null(flong_record_type_text(NULL));
	assert_null(flong_record_id(NULL));
	assert_null(flong_record_date(NULL));
	assert_false(flong_record_time(NULL, &time));
	assert_int_equal(time, 7);
	assert_null(flong_record_uri(NULL));
	assert_null(flong_record_content_type(NULL));
	assert_null(flong_record_field(NULL, "a", 0));
	assert_int_equal(flong_record_field_count(NULL), 0);
	assert_false(flong_record_field_at(NULL, 0, &field));
	assert_null(flong_oddity_text(0));
	assert_non_null(flong_oddity_text(FLONG_ODD_PADDING | 1U << 20));
	assert_null(flong_oddity_text(1U << 20));
}

TEST(reads_blocks_and_ends)
{
	struct flong_reader *reader = open_text(file);
	const struct flong_record *record = next(reader);
	char room[200];
	size_t got = 9;
	assert_int_equal(flong_reader_read(reader, room, 0, &got, NULL), FLONG_OK);
	assert_int_equal(got, 0);
	assert_int_equal(flong_reader_read(reader, room, 8, &got, NULL), FLONG_OK);
	assert_int_equal(got, 8);
	assert_memory_equal(room, "HTTP/1.1", 8);
	(void)next(reader);
	(void)next(reader);
	assert_int_equal(flong_reader_read(reader, room, sizeof(room), &got, NULL), FLONG_OK);
	assert_int_equal(got, 4);
	assert_int_equal(flong_reader_read(reader, room, sizeof(room), &got, NULL), FLONG_END);
	assert_int_equal(got, 0);
	record = next(reader);
	assert_int_equal(flong_record_type(record), FLONG_RECORD_REVISIT);
	assert_int_equal(flong_reader_next(reader, &record, NULL), FLONG_END);
	assert_null(record);
	assert_int_equal(flong_reader_next(reader, &record, NULL), FLONG_END);
	assert_int_equal(flong_reader_read(reader, room, 1, &got, NULL), FLONG_E_USAGE);
	assert_int_equal(flong_reader_finish(reader, NULL), FLONG_E_USAGE);
	flong_reader_close(reader);
}

TEST(seeks_in_memory_files_and_inputs)
{
	char path[] = "/tmp/flong-XXXXXX";
	int fd = mkstemp(path);
	assert_int_equal(write(fd, "junk" RECORD_1 RECORD_2 RECORD_3 RECORD_4, sizeof(file) + 3),
		sizeof(file) + 3);
	struct memory memory = {.piece = 7};
	memory_set(&memory, file);
	struct flong_input input = memory_input(&memory);
	struct flong_reader *readers[3];
	readers[0] = open_text(file);
	assert_int_equal(flong_reader_open_input(&input, NULL, &readers[1], NULL), FLONG_OK);
	assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
	assert_int_equal(flong_reader_open_fd(fd, "four", &readers[2], NULL), FLONG_OK);
	const uint64_t third = strlen(RECORD_1 RECORD_2);
	for (size_t i = 0; i < 3; i++) {
		const struct flong_record *record;
		struct flong_error err;
		assert_int_equal(flong_reader_seek(readers[i], third, &err), FLONG_OK);
		record = next(readers[i]);
		assert_int_equal(flong_record_offset(record), third);
		assert_int_equal(flong_record_type(record), FLONG_RECORD_RESOURCE);
		assert_int_equal(flong_reader_seek(readers[i], 100000, &err), FLONG_OK);
		assert_int_equal(flong_reader_next(readers[i], &record, &err), FLONG_END);
		assert_int_equal(flong_reader_seek(readers[i], 0, &err), FLONG_OK);
		assert_string_equal(flong_record_id(next(readers[i])), "urn:uuid:1");
		/* No record begins there; one is found behind it. */
		assert_int_equal(flong_reader_seek(readers[i], 3, &err), FLONG_OK);
		assert_int_equal(flong_reader_next(readers[i], &record, &err), FLONG_E_FORMAT);
		assert_int_equal(flong_reader_resync(readers[i], NULL, &err), FLONG_OK);
		assert_int_equal(flong_record_offset(next(readers[i])), strlen(RECORD_1));
		assert_int_equal(flong_reader_seek(readers[i], UINT64_MAX, &err), FLONG_E_USAGE);
		assert_int_equal(flong_reader_next(readers[i], &record, &err), FLONG_END);
		assert_int_equal(flong_reader_resync(readers[i], NULL, &err), FLONG_E_USAGE);
		assert_int_equal(flong_reader_seek(readers[i], third, &err), FLONG_OK);
		(void)next(readers[i]);
		flong_reader_close(readers[i]);
	}
	assert_int_equal(memory.closings, 1);
	memory_clear(&memory);
	(void)close(fd);
	(void)unlink(path);
}

TEST(reads_pipes_but_does_not_seek_them)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], file, sizeof(file) - 1), sizeof(file) - 1);
	(void)close(ends[1]);
	struct flong_reader *reader;
	struct flong_error err;
	assert_int_equal(flong_reader_open_fd(ends[0], "pipe", &reader, &err), FLONG_OK);
	assert_string_equal(flong_record_id(next(reader)), "urn:uuid:1");
	(void)next(reader);
	assert_int_equal(flong_reader_seek(reader, 0, &err), FLONG_E_UNSUPPORTED);
	flong_reader_close(reader);
	assert_int_equal(fcntl(ends[0], F_GETFD), 0); /* still the caller's */
	(void)close(ends[0]);
	assert_int_equal(flong_reader_open_fd(-1, NULL, &reader, &err), FLONG_E_IO);
	assert_null(reader);
}

static int bad_read(void *context, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	(void)room;
	(void)err;
	*got_out = max + 1;
	return *(int *)context;
}

TEST(doubts_what_inputs_return)
{
	struct flong_reader *reader;
	struct flong_error err;
	static const int cases[][2] = {
		{FLONG_OK, FLONG_E_USAGE}, {7, FLONG_E_USAGE}, {FLONG_E_BUSY, FLONG_E_BUSY}};
	for (size_t i = 0; i < 3; i++) {
		int result = cases[i][0];
		struct flong_input input = {.read = bad_read, .context = &result};
		assert_int_equal(
			flong_reader_open_input(&input, "bad", &reader, &err), cases[i][1]);
		assert_int_equal(err.code, cases[i][1]);
		assert_int_not_equal(err.message[0], '\0');
		assert_null(reader);
	}
	struct memory memory = {.piece = 7};
	memory_set(&memory, file);
	memory.fails_after = 60;
	struct flong_input input = memory_input(&memory);
	const struct flong_record *record;
	int rc = flong_reader_open_input(&input, "cable", &reader, &err);
	while (rc == FLONG_OK) {
		rc = flong_reader_next(reader, &record, &err);
	}
	assert_int_equal(rc, FLONG_E_NETWORK);
	assert_non_null(strstr(err.message, "the cable is out"));
	flong_reader_close(reader);
	assert_int_equal(memory.closings, 1);
	input.reserved[0] = &memory;
	assert_int_equal(flong_reader_open_input(&input, NULL, &reader, &err), FLONG_E_USAGE);
	assert_int_equal(memory.closings, 2);
	memory_clear(&memory);
}

TEST(refuses_null)
{
	static int untouched;
	struct flong_reader *reader = (struct flong_reader *)(void *)&untouched;
	const struct flong_record *record;
	const struct flong_http *http;
	struct flong_stream *stream;
	struct flong_digests digests = {0};
	struct flong_error err;
	char room[1];
	size_t got;
	assert_int_equal(flong_reader_open(NULL, &reader, NULL), FLONG_E_USAGE);
	assert_null(reader);
	assert_int_equal(flong_reader_open("x", NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_open_memory(NULL, 1, NULL, &reader, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_open_input(NULL, NULL, &reader, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_next(NULL, &record, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_read(NULL, room, 1, &got, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_finish(NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_seek(NULL, 0, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_resync(NULL, NULL, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_http(NULL, &http, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_open_payload(NULL, 0, &stream, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_verify(NULL, &digests, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_form(NULL), FLONG_PLAIN);
	assert_int_equal(flong_reader_good_end(NULL), 0);
	flong_reader_close(NULL);
}

TEST(says_what_it_cannot_open)
{
	struct flong_reader *reader;
	struct flong_error err;
	assert_int_equal(flong_reader_open("/nonexistent/x", &reader, &err), FLONG_E_NOT_FOUND);
	assert_non_null(strstr(err.message, "/nonexistent/x"));
	assert_int_equal(flong_reader_open("/", &reader, &err), FLONG_E_IO);
	assert_int_equal(flong_reader_open_memory("nothing like it", 15, "m", &reader, &err),
		FLONG_E_FORMAT);
	assert_int_equal(flong_reader_open_memory("PK\3\4.......", 11, "m", &reader, &err),
		FLONG_E_UNSUPPORTED);
}

TEST(goes_on_behind_damage)
{
	struct memory memory = {0};
	memory_set(&memory, RECORD_1 "WARC/1.1\r\nContent-Length: x\r\n\r\nabc" RECORD_3 RECORD_4);
	struct flong_reader *reader = open_text(memory.bytes);
	const struct flong_record *record;
	struct flong_error err;
	struct flong_gap gap = {0};
	size_t got;
	char room[1];
	(void)next(reader);
	assert_int_equal(flong_reader_resync(reader, &gap, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_E_FORMAT);
	assert_non_null(strstr(err.message, "offset"));
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_END);
	assert_int_equal(flong_reader_read(reader, room, 1, &got, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_resync(reader, &gap, &err), FLONG_OK);
	assert_int_equal(gap.from, strlen(RECORD_1));
	assert_int_equal(gap.to, memory.length - strlen(RECORD_3 RECORD_4));
	assert_int_equal(flong_record_type(next(reader)), FLONG_RECORD_RESOURCE);
	(void)next(reader);
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_END);
	flong_reader_close(reader);
	/* Cut inside the last block: there is nothing behind it. */
	reader = open_text("WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 9\r\n\r\nabcd");
	(void)next(reader);
	assert_int_equal(flong_reader_finish(reader, &err), FLONG_E_FORMAT);
	assert_int_equal(flong_reader_finish(reader, &err), FLONG_E_USAGE);
	assert_int_equal(flong_reader_resync(reader, &gap, &err), FLONG_END);
	assert_int_equal(gap.from, 0);
	assert_int_equal(flong_reader_next(reader, &record, &err), FLONG_END);
	flong_reader_close(reader);
	memory_clear(&memory);
}

TEST(reads_arc)
{
	struct flong_reader *reader =
		open_text("filedesc://x.arc 0.0.0.0 20200203040506 text/plain 62\n1 0 X\nURL "
			  "IP-address Archive-date Content-type Archive-length\n\n"
			  "http://a.example/ 1.2.3.4 20200203040506 text/html 21\n"
			  "HTTP/1.0 404 No\r\n\r\nhi\n");
	const struct flong_record *record = next(reader);
	assert_true(flong_record_is_arc(record));
	assert_int_equal(flong_record_version(record), 0);
	record = next(reader);
	const struct flong_http *http;
	assert_string_equal(flong_record_uri(record), "http://a.example/");
	assert_string_equal(flong_record_field(record, "WARC-IP-Address", 0), "1.2.3.4");
	assert_int_equal(flong_reader_http(reader, &http, NULL), FLONG_OK);
	assert_int_equal(flong_http_status(http), 404);
	assert_string_equal(payload(reader, 0), "hi");
	flong_reader_close(reader);
}

static void *read_in_a_thread(void *result)
{
	for (size_t i = 0; i < 50; i++) {
		struct flong_reader *reader = open_text(file);
		(void)next(reader);
		if (strcmp(payload(reader, FLONG_PAYLOAD_DECODED), "hello, world") == 0) {
			++*(size_t *)result;
		}
		flong_reader_close(reader);
	}
	return NULL;
}

TEST(serves_threads_with_readers_of_their_own)
{
	pthread_t threads[4];
	size_t results[4] = {0};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(
			pthread_create(&threads[i], NULL, read_in_a_thread, &results[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(results[i], 50);
	}
}

TEST(survives_every_cut_and_flip)
{
	char room[sizeof(file)];
	for (size_t i = 0; i < sizeof(file) - 1; i++) {
		for (int flip = 0; flip < 2; flip++) {
			struct flong_reader *reader;
			const struct flong_record *record;
			struct flong_error err;
			size_t records = 0;
			memcpy(room, file, sizeof(file));
			room[i] = (char)(room[i] ^ (flip << (i % 8)));
			int rc = flong_reader_open_memory(
				room, flip == 0 ? i : sizeof(file) - 1, "cut", &reader, &err);
			while (rc == FLONG_OK && records < 10) {
				struct flong_digests digests = {0};
				rc = flong_reader_next(reader, &record, &err);
				if (rc == FLONG_OK) {
					rc = flong_reader_verify(reader, &digests, &err);
					records++;
				}
				if (rc < 0) {
					rc = flong_reader_resync(reader, NULL, &err);
				}
			}
			assert_true(records < 10);
			flong_reader_close(reader);
		}
	}
}

RUN_TESTS(CASE(tells_all_of_a_record), CASE(gives_nothing_of_no_record),
	CASE(reads_blocks_and_ends), CASE(seeks_in_memory_files_and_inputs),
	CASE(reads_pipes_but_does_not_seek_them), CASE(doubts_what_inputs_return),
	CASE(refuses_null), CASE(says_what_it_cannot_open), CASE(goes_on_behind_damage),
	CASE(reads_arc), CASE(serves_threads_with_readers_of_their_own),
	CASE(survives_every_cut_and_flip))
