/* SPDX-License-Identifier: MIT */
/* stream_test.c - sources, sinks and spools give back what went in */
#include "unit.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/gzip.h"
#include "base/spool.h"
#include "base/stream.h"

static struct flong_error err;

TEST(reading_all_stops_at_the_limit_and_keeps_what_fits)
{
	SCOPED(source_closep) struct source *source = source_from_bytes(BYTES("abcdef"));
	struct buf out = buf_with_max(4);
	assert_int_equal(source_read_all(source, &out, &err), FLONG_E_LIMIT);
	assert_bytes(buf_bytes(&out), "abcd");
	buf_clear(&out);
}

TEST(a_limited_source_ends_early)
{
	SCOPED(source_closep) struct source *inner = source_from_bytes(BYTES("abcdef"));
	SCOPED(source_closep) struct source *limited = source_limit(inner, 3);
	struct buf out = {0};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&out);
	uint64_t moved;
	assert_int_equal(stream_copy(limited, sink, &moved, &err), FLONG_OK);
	assert_int_equal(moved, 3);
	assert_bytes(buf_bytes(&out), "abc");
	buf_clear(&out);
}

TEST(files_are_read_by_name_and_by_range)
{
	char path[] = "/tmp/stream-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	assert_int_equal(sink_write(sink, BYTES("0123456789"), &err), FLONG_OK);
	assert_int_equal(sink_finish(sink, &err), FLONG_OK);
	struct buf out = {0};
	SCOPED(source_closep) struct source *range = source_from_fd_range(fd, 7, 100);
	assert_int_equal(source_read_all(range, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "789");
	SCOPED(source_closep) struct source *named = NULL;
	assert_int_equal(source_open_file(path, &named, &err), FLONG_OK);
	assert_int_equal(source_read_all(named, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "7890123456789");
	buf_clear(&out);
	(void)close(fd);
	(void)unlink(path);
}

TEST(opening_what_is_not_a_file_says_so)
{
	struct source *source;
	assert_int_equal(source_open_file("/nonexistent", &source, &err), FLONG_E_NOT_FOUND);
	assert_non_null(strstr(err.message, "/nonexistent"));
	assert_int_equal(source_open_file("/tmp", &source, &err), FLONG_E_IO);
}

/* Bytes of which some repeat and some do not. */
static char *make_bytes(size_t size)
{
	char *bytes = alloc_zeroed(size, 1);
	uint32_t x = 12345;
	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = i % 1000 < 500 ? (char)(x >> 24) : (char)('a' + i % 7);
	}
	return bytes;
}

static void check_spool(enum spool_form form, size_t size, size_t memory_max, size_t step)
{
	char *content = make_bytes(size);
	SCOPED(spool_closep) struct spool *spool = spool_create("/tmp", memory_max, form, 6);
	for (size_t at = 0; at < size; at += step) {
		size_t count = size - at < step ? size - at : step;
		assert_int_equal(
			spool_write(spool, bytes_from(content + at, count), &err), FLONG_OK);
	}
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	assert_int_equal(spool_size(spool), size);
	assert_int_equal(spool_in_memory(spool), size <= memory_max);
	for (int round = 0; round < 2; round++) {
		SCOPED(source_closep) struct source *source = NULL;
		assert_int_equal(spool_open(spool, &source, &err), FLONG_OK);
		struct buf out = buf_with_max(size + 1);
		assert_int_equal(source_read_all(source, &out, &err), FLONG_OK);
		assert_int_equal(out.len, size);
		if (size > 0) {
			assert_memory_equal(out.ptr, content, size);
		}
		buf_clear(&out);
	}
	if (!spool_in_memory(spool)) {
		struct spool_file file = spool_file(spool);
		assert_int_equal(file.crc32, gzip_crc32(0, bytes_from(content, size)));
		assert_int_equal(file.form, form);
	}
	free(content);
}

TEST(a_spool_gives_back_its_bytes_in_every_form)
{
	static const enum spool_form forms[] = {SPOOL_PLAIN, SPOOL_DEFLATED, SPOOL_STORED};
	static const size_t sizes[] = {0, 1, 999, 1000, 1001, 65535, 65536, 300001};
	for (size_t f = 0; f < 3; f++) {
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			check_spool(forms[f], sizes[s], 1000, 7777);
			check_spool(forms[f], sizes[s], 100000, 300001);
			check_spool(forms[f], sizes[s], 0, 16384);
		}
	}
}

TEST(a_spool_can_be_shortened_only_in_memory)
{
	SCOPED(spool_closep) struct spool *spool = spool_create("/tmp", 8, SPOOL_PLAIN, 6);
	assert_int_equal(spool_write(spool, BYTES("abcdef"), &err), FLONG_OK);
	assert_true(spool_truncate(spool, 4));
	assert_bytes(spool_memory(spool), "abcd");
	assert_int_equal(spool_size(spool), 4);
	assert_int_equal(spool_write(spool, BYTES("0123456789"), &err), FLONG_OK);
	assert_false(spool_truncate(spool, 4));
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	assert_int_equal(spool_size(spool), 14);
}

TEST(a_spool_of_level_0_keeps_bytes_as_they_are)
{
	SCOPED(spool_closep) struct spool *spool = spool_create("/tmp", 2, SPOOL_DEFLATED, 0);
	assert_int_equal(spool_write(spool, BYTES("aaaa"), &err), FLONG_OK);
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	assert_int_equal(spool_file(spool).form, SPOOL_PLAIN);
	assert_int_equal(spool_file(spool).length, 4);
}

TEST(a_spool_without_a_directory_fails_when_it_needs_it)
{
	SCOPED(spool_closep)
	struct spool *spool = spool_create("/nonexistent", 4, SPOOL_PLAIN, 6);
	assert_int_equal(spool_write(spool, BYTES("abcd"), &err), FLONG_OK);
	assert_int_equal(spool_write(spool, BYTES("e"), &err), FLONG_E_IO);
	assert_non_null(strstr(err.message, "/nonexistent"));
}

RUN_TESTS(CASE(reading_all_stops_at_the_limit_and_keeps_what_fits),
	CASE(a_limited_source_ends_early), CASE(files_are_read_by_name_and_by_range),
	CASE(opening_what_is_not_a_file_says_so), CASE(a_spool_gives_back_its_bytes_in_every_form),
	CASE(a_spool_can_be_shortened_only_in_memory),
	CASE(a_spool_of_level_0_keeps_bytes_as_they_are),
	CASE(a_spool_without_a_directory_fails_when_it_needs_it))
