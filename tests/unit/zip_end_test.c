/* SPDX-License-Identifier: MIT */
/* zip_end_test.c - the end of a ZIP file is refused when it can be read in two ways, or lies */
#include "unit.h"

#include "base/limits.h"
#include "zip_build.h"

TEST(refuses_a_directory_that_does_not_fit)
{
	struct zip_build build = zip_build_two();
	zip_build_patch(&build, build.end + 8, 3, 2);
	zip_build_patch(&build, build.end + 10, 3, 2);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "cannot have 3 entries in");
	build = zip_build_two();
	zip_build_patch(&build, build.end + 8, 1, 2);
	zip_build_patch(&build, build.end + 10, 1, 2);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "more than its 1 entries");
	build = zip_build_two();
	zip_build_patch(&build, build.end + 16, build.central[0] - 1, 4);
	zip_build_refuse(&build, FLONG_E_REFUSED, "something was put in front of it");
	build = zip_build_two();
	zip_build_patch(&build, build.end + 4, 1, 2);
	zip_build_refuse(&build, FLONG_E_UNSUPPORTED, "several disks");
	build = zip_build_two();
	zip_build_patch(&build, build.central[0] + 28, 999, 2);
	zip_build_refuse(&build, FLONG_E_DAMAGED, "damaged at its entry 1 of 2");
}

TEST(refuses_bytes_around_the_file)
{
	struct zip_build build = zip_build_two();
	buf_add(&build.zip, BYTES("garbage"));
	zip_build_refuse(&build, FLONG_E_REFUSED, "7 bytes follow the end of the ZIP file");
	struct zip_build whole = zip_build_two();
	struct zip_build front = {0};
	buf_add(&front.zip, BYTES("#!/bin/sh\n"));
	buf_add(&front.zip, buf_bytes(&whole.zip));
	buf_clear(&whole.zip);
	zip_build_refuse(&front, FLONG_E_REFUSED, "put in front");
}

TEST(refuses_a_second_end_in_the_comment)
{
	struct zip_build hidden = {0};
	zip_build_finish(&hidden);
	struct zip_build build = {0};
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("x"));
	size_t start = build.zip.len;
	zip_build_directory(&build);
	zip_build_end(&build, start, buf_bytes(&hidden.zip));
	buf_clear(&hidden.zip);
	zip_build_refuse(&build, FLONG_E_REFUSED, "can be read in 2 ways");
}

TEST(takes_a_long_comment)
{
	struct zip_build build = {0};
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("x"));
	size_t start = build.zip.len;
	zip_build_directory(&build);
	static char comment[65535];
	memset(comment, 'x', sizeof(comment));
	zip_build_end(&build, start, bytes_from(comment, sizeof(comment)));
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_count(reader), 1);
}

TEST(refuses_what_is_cut_or_no_zip)
{
	struct zip_build whole = zip_build_two();
	for (size_t length = 0; length < whole.zip.len; length++) {
		struct zip_build build = {0};
		buf_add(&build.zip, bytes_slice(buf_bytes(&whole.zip), 0, length));
		zip_build_refuse(&build, FLONG_E_FORMAT, "ZIP file");
	}
	buf_clear(&whole.zip);
	struct zip_build text = {0};
	buf_add_text(&text.zip, "this is a text and nothing else at all");
	zip_build_refuse(&text, FLONG_E_FORMAT, "no ZIP file");
}

/* --- ZIP64 --- */

static void add_end64(struct zip_build *build, uint64_t entries, uint64_t size, uint64_t start)
{
	size_t at = build->zip.len;
	zip_build_number(&build->zip, 0x06064b50, 4);
	zip_build_number(&build->zip, 44, 8);
	zip_build_number(&build->zip, 0x2d002d, 4);
	zip_build_number(&build->zip, 0, 8);
	zip_build_number(&build->zip, entries, 8);
	zip_build_number(&build->zip, entries, 8);
	zip_build_number(&build->zip, size, 8);
	zip_build_number(&build->zip, start, 8);
	zip_build_number(&build->zip, 0x07064b50, 4);
	zip_build_number(&build->zip, 0, 4);
	zip_build_number(&build->zip, at, 8);
	zip_build_number(&build->zip, 1, 4);
}

/* A file whose end is told by ZIP64 records, with its number of entries off by `lie`. */
static struct zip_build wide_end(uint64_t lie)
{
	struct zip_build build = {0};
	zip_build_file(&build, ZIP_BUILD_WARC, BYTES("x"));
	size_t start = build.zip.len;
	zip_build_directory(&build);
	size_t size = build.zip.len - start;
	add_end64(&build, build.count + lie, size, start);
	zip_build_end(&build, start, BYTES(""));
	zip_build_patch(&build, build.end + 12, size, 4);
	return build;
}

TEST(reads_zip64_ends)
{
	struct zip_build build = wide_end(0);
	SCOPED(zip_reader_closep) struct zip_reader *reader = NULL;
	zip_build_accept(&build, &reader);
	assert_int_equal(zip_reader_count(reader), 1);
	struct zip_build other = wide_end(0);
	zip_build_patch(&other, other.end + 8, 0xFFFF, 2);
	zip_build_patch(&other, other.end + 10, 0xFFFF, 2);
	zip_build_patch(&other, other.end + 12, 0xFFFFFFFF, 4);
	zip_build_patch(&other, other.end + 16, 0xFFFFFFFF, 4);
	SCOPED(zip_reader_closep) struct zip_reader *second = NULL;
	zip_build_accept(&other, &second);
	assert_int_equal(zip_reader_count(second), 1);
}

TEST(refuses_zip64_ends_that_lie)
{
	struct zip_build build = wide_end(1);
	zip_build_refuse(
		&build, FLONG_E_REFUSED, "the ZIP64 end record contradicts the end record");
	build = wide_end(0);
	zip_build_patch(&build, build.end - 20 + 8, 5, 8);
	zip_build_refuse(&build, FLONG_E_REFUSED, "the ZIP64 end record is not at offset 5");
	build = wide_end(0);
	zip_build_patch(&build, build.end - 20 + 8, UINT64_MAX - 3, 8);
	zip_build_refuse(&build, FLONG_E_REFUSED, "the ZIP64 end record is not at offset");
	build = zip_build_two();
	zip_build_patch(&build, build.end + 16, 0xFFFFFFFF, 4);
	zip_build_refuse(&build, FLONG_E_REFUSED, "points to a ZIP64 record that is not there");
}

TEST(refuses_too_many_entries)
{
	struct zip_build build = wide_end(LIMIT_ZIP_ENTRIES);
	zip_build_patch(&build, build.end + 8, 0xFFFF, 2);
	zip_build_patch(&build, build.end + 10, 0xFFFF, 2);
	zip_build_refuse(&build, FLONG_E_LIMIT, "has 50001 entries");
}

RUN_TESTS(CASE(refuses_a_directory_that_does_not_fit), CASE(refuses_bytes_around_the_file),
	CASE(refuses_a_second_end_in_the_comment), CASE(takes_a_long_comment),
	CASE(refuses_what_is_cut_or_no_zip), CASE(reads_zip64_ends),
	CASE(refuses_zip64_ends_that_lie), CASE(refuses_too_many_entries))
