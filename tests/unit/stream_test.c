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

/* Bytes that do not compress. */
static void add_noise(struct buf *out, size_t size)
{
	uint64_t x = 88172645463325252U; /* xorshift */
	for (size_t i = 0; i < size; i += sizeof(x)) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		buf_add(out, bytes_from((const char *)&x, sizeof(x)));
	}
}

static void add_words(struct buf *out, size_t size)
{
	for (size_t i = 0; i < size / 64; i++) {
		buf_addf(out, "line %-20zu of a text that says the same again and \n", i % 1000);
	}
}

/* A spool of the content, which comes in steps; its file in `file`. */
static void fill(const struct buf *content, size_t memory_max, size_t step, struct buf *file)
{
	SCOPED(spool_closep)
	struct spool *spool = spool_create("/tmp", memory_max, SPOOL_DEFLATED, 6);
	for (size_t at = 0; at < content->len; at += step) {
		size_t count = step < content->len - at ? step : content->len - at;
		assert_int_equal(
			spool_write(spool, bytes_from(content->ptr + at, count), &err), FLONG_OK);
	}
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf back = buf_with_max(content->len + 1);
	assert_int_equal(spool_open(spool, &source, &err), FLONG_OK);
	assert_int_equal(source_read_all(source, &back, &err), FLONG_OK);
	assert_true(bytes_equal(buf_bytes(&back), buf_bytes(content)));
	struct spool_file kept = spool_file(spool);
	assert_int_equal(kept.crc32, gzip_crc32(0, buf_bytes(content)));
	SCOPED(source_closep) struct source *raw = source_from_fd_range(kept.fd, 0, kept.length);
	assert_int_equal(source_read_all(raw, file, &err), FLONG_OK);
}

/* How often a largest stored block begins: zlib's own have at most 16 K. */
static size_t count_stored(const struct buf *file)
{
	size_t count = 0;
	for (size_t at = bytes_find(buf_bytes(file), BYTES("\0\377\377\0\0"), 0); at != SIZE_MAX;
		at = bytes_find(buf_bytes(file), BYTES("\0\377\377\0\0"), at + 5)) {
		count++;
	}
	return count;
}

#define MB ((size_t)1 << 20)

TEST(a_spool_does_not_deflate_what_does_not_compress)
{
	SCOPED(buf_clear) struct buf noise = buf_with_max(16 * MB);
	SCOPED(buf_clear) struct buf file = buf_with_max(16 * MB);
	add_noise(&noise, 10 * MB);
	fill(&noise, 0, 100000, &file);
	/* Twice four pieces are tried, all others are stored as they are. */
	assert_in_range(count_stored(&file), 10 * MB / 65535 - 8, 10 * MB / 65535);
	assert_true(file.len < noise.len + noise.len / 1000);
}

TEST(a_spool_deflates_again_what_compresses)
{
	SCOPED(buf_clear) struct buf content = buf_with_max(64 * MB);
	SCOPED(buf_clear) struct buf file = buf_with_max(64 * MB);
	add_noise(&content, 2 * MB);
	add_words(&content, 16 * MB);
	fill(&content, MB, 65536, &file);
	/* 2 MB of noise and what is left of the stored stretch, then a tenth of the rest at most.
	 */
	assert_in_range(file.len, 4 * MB, 5 * MB + 12 * MB / 10);
	buf_reset(&file);
	buf_reset(&content);
	add_words(&content, 16 * MB);
	fill(&content, MB, 65536, &file);
	assert_true(file.len < 16 * MB / 10);
	assert_int_equal(count_stored(&file), 0);
}

TEST(a_spool_file_does_not_depend_on_how_the_bytes_came)
{
	static const size_t steps[] = {777, 65535, 65536, 1000000, 100000000};
	SCOPED(buf_clear) struct buf content = buf_with_max(16 * MB);
	SCOPED(buf_clear) struct buf first = buf_with_max(16 * MB);
	add_words(&content, MB + 12345);
	add_noise(&content, 6 * MB);
	add_words(&content, 2 * MB);
	fill(&content, 100000, 30000, &first);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		SCOPED(buf_clear) struct buf file = buf_with_max(16 * MB);
		fill(&content, 100000, steps[i], &file);
		assert_true(bytes_equal(buf_bytes(&file), buf_bytes(&first)));
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

TEST(a_spool_that_is_forgotten_has_its_size_and_no_memory)
{
	SCOPED(spool_closep) struct spool *spool = spool_create("/tmp", 8, SPOOL_PLAIN, 6);
	assert_int_equal(spool_write(spool, BYTES("abcdef"), &err), FLONG_OK);
	assert_int_equal(spool_finish(spool, &err), FLONG_OK);
	spool_forget(spool);
	assert_int_equal(spool_size(spool), 6);
	assert_true(spool_in_memory(spool));

	SCOPED(spool_closep) struct spool *file = spool_create("/tmp", 2, SPOOL_PLAIN, 6);
	assert_int_equal(spool_write(file, BYTES("abcdef"), &err), FLONG_OK);
	assert_int_equal(spool_finish(file, &err), FLONG_OK);
	spool_forget(file); /* it costs no memory: it can be read still */
	SCOPED(source_closep) struct source *source = NULL;
	SCOPED(buf_clear) struct buf out = {0};
	assert_int_equal(spool_open(file, &source, &err), FLONG_OK);
	assert_int_equal(source_read_all(source, &out, &err), FLONG_OK);
	assert_bytes(buf_bytes(&out), "abcdef");
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
	CASE(a_spool_does_not_deflate_what_does_not_compress),
	CASE(a_spool_deflates_again_what_compresses),
	CASE(a_spool_file_does_not_depend_on_how_the_bytes_came),
	CASE(a_spool_can_be_shortened_only_in_memory),
	CASE(a_spool_that_is_forgotten_has_its_size_and_no_memory),
	CASE(a_spool_of_level_0_keeps_bytes_as_they_are),
	CASE(a_spool_without_a_directory_fails_when_it_needs_it))
