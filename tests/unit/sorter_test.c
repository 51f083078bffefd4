/* SPDX-License-Identifier: MIT */
/* sorter_test.c - lines sorted by bytes in bounded memory */
#include "unit.h"

#include "base/files.h"
#include "base/limits.h"
#include "index/sorter.h"

static void add(struct sorter *sorter, const char *line)
{
	struct flong_error err = {0};
	assert_int_equal(sorter_add(sorter, bytes_of(line), &err), FLONG_OK);
}

static void assert_sorted(struct sorter *sorter, const char *want)
{
	struct flong_error err = {0};
	struct buf out = {0};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&out);
	assert_int_equal(sorter_write(sorter, sink, &err), FLONG_OK);
	assert_string_equal(buf_text(&out), want);
	buf_clear(&out);
}

TEST(sorts_by_bytes_and_drops_repeats)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", 0);
	add(sorter, "b");
	add(sorter, "a)/x 1\n");
	add(sorter, "\xc3\xa9");
	add(sorter, "a)/ 2");
	add(sorter, "b\n");
	add(sorter, "a)/x 1");
	add(sorter, "");
	add(sorter, "a");
	assert_sorted(sorter, "\na\na)/ 2\na)/x 1\nb\n\xc3\xa9\n");
	assert_sorted(sorter, "");
	add(sorter, "again");
	assert_sorted(sorter, "again\n");
}

/* Pseudo-random numbers below 5000, so that there are repeats in and across runs. */
static void expect_number_lines(bool seen[5000], struct buf *want)
{
	for (unsigned i = 0; i < 5000; i++) {
		if (seen[i]) {
			buf_addf(want, "%05u line\n", i);
		}
	}
}

static void check_with_memory(size_t memory_max, unsigned lines)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", memory_max);
	bool seen[5000] = {false};
	unsigned state = 1;
	for (unsigned i = 0; i < lines; i++) {
		state = state * 1103515245U + 12345U;
		unsigned number = (state >> 16) % 5000;
		seen[number] = true;
		char line[32];
		(void)snprintf(line, sizeof(line), "%05u line", number);
		add(sorter, line);
	}
	struct buf want = {0};
	expect_number_lines(seen, &want);
	assert_sorted(sorter, buf_text(&want));
	buf_clear(&want);
}

TEST(more_than_memory_goes_through_files)
{
	check_with_memory(1000, 4000);
	check_with_memory(100000, 4000);
}

TEST(more_runs_than_open_files_are_merged)
{
	/* Ten lines a run: over 400 runs. */
	check_with_memory(160, 4200);
}

TEST(a_line_over_the_memory_takes_part)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", 100);
	char *text = calloc(1, 5001);
	memset(text, 'm', 5000);
	add(sorter, "z");
	add(sorter, "a");
	add(sorter, text);
	add(sorter, "n");
	add(sorter, "b");
	struct buf want = {0};
	buf_addf(&want, "a\nb\n%s\nn\nz\n", text);
	assert_sorted(sorter, buf_text(&want));
	buf_clear(&want);
	free(text);
}

static bool is_row(struct bytes line)
{
	return line.len > 0 && line.ptr[0] != '!';
}

/* A file of this text that is gone with the directory. */
static char *put(const char *dir, const char *name, const char *text)
{
	char *path = files_join(dir, name);
	struct flong_error err = {0};
	assert_int_equal(files_replace(path, bytes_of(text), &err), FLONG_OK);
	return path;
}

TEST(sorted_files_are_merged_with_the_lines)
{
	char dir[] = "/tmp/sorter-XXXXXX";
	assert_non_null(mkdtemp(dir));
	SCOPED(free_textp) char *first = put(dir, "a", "!meta 0 {}\nb\r\nd\r\n\r\nf");
	SCOPED(free_textp) char *second = put(dir, "b", "a\nd\nz\n");
	struct flong_error err = {0};
	for (size_t memory = 32; memory <= 100000; memory *= 50) {
		SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", memory);
		assert_int_equal(sorter_add_file(sorter, first, is_row, &err), FLONG_OK);
		assert_int_equal(sorter_add_file(sorter, second, is_row, &err), FLONG_OK);
		for (unsigned i = 0; i < 200; i++) {
			char line[8];
			(void)snprintf(line, sizeof(line), "c%03u", 199 - i);
			add(sorter, line);
		}
		struct buf want = {0};
		buf_add_text(&want, "a\nb\n");
		for (unsigned i = 0; i < 200; i++) {
			buf_addf(&want, "c%03u\n", i);
		}
		buf_add_text(&want, "d\nf\nz\n");
		assert_sorted(sorter, buf_text(&want));
		assert_sorted(sorter, "");
		buf_clear(&want);
	}
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

TEST(a_file_that_is_not_sorted_and_one_too_many_are_told_apart)
{
	char dir[] = "/tmp/sorter-XXXXXX";
	assert_non_null(mkdtemp(dir));
	SCOPED(free_textp) char *path = put(dir, "a", "b\na\n");
	struct flong_error err = {0};
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", 0);
	for (size_t i = 0; i < SORTER_FILES_MAX; i++) {
		assert_int_equal(sorter_add_file(sorter, path, is_row, &err), FLONG_OK);
	}
	assert_int_equal(sorter_add_file(sorter, path, is_row, &err), FLONG_END);
	struct buf out = {0};
	SCOPED(sink_closep) struct sink *sink = sink_to_buf(&out);
	assert_int_equal(sorter_write(sorter, sink, &err), FLONG_E_DAMAGED);
	assert_non_null(strstr(err.message, "changed while it was read"));
	buf_clear(&out);
	SCOPED(sorter_closep) struct sorter *other = sorter_create("/tmp", 0);
	assert_int_equal(sorter_add_file(other, "/nonexistent", is_row, &err), FLONG_E_IO);
	assert_int_equal(files_remove_tree(dir, &err), FLONG_OK);
}

TEST(refuses_lines_that_are_no_line_or_too_long)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/tmp", 0);
	struct flong_error err = {0};
	assert_int_equal(sorter_add(sorter, BYTES("a\nb"), &err), FLONG_E_FORMAT);
	assert_int_equal(sorter_add(sorter, BYTES("a\0b"), &err), FLONG_E_FORMAT);
	char *text = calloc(1, LIMIT_INDEX_LINE_BYTES + 1);
	memset(text, 'x', LIMIT_INDEX_LINE_BYTES + 1);
	struct bytes line = bytes_from(text, LIMIT_INDEX_LINE_BYTES + 1);
	assert_int_equal(sorter_add(sorter, line, &err), FLONG_E_LIMIT);
	line.len--;
	assert_int_equal(sorter_add(sorter, line, &err), FLONG_OK);
	free(text);
}

TEST(a_missing_directory_is_an_error_and_not_a_loss)
{
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create("/nonexistent", 32);
	struct flong_error err = {0};
	add(sorter, "b");
	add(sorter, "a");
	assert_int_equal(sorter_add(sorter, BYTES("c"), &err), FLONG_E_IO);
}

RUN_TESTS(CASE(sorts_by_bytes_and_drops_repeats), CASE(more_than_memory_goes_through_files),
	CASE(more_runs_than_open_files_are_merged), CASE(a_line_over_the_memory_takes_part),
	CASE(sorted_files_are_merged_with_the_lines),
	CASE(a_file_that_is_not_sorted_and_one_too_many_are_told_apart),
	CASE(refuses_lines_that_are_no_line_or_too_long),
	CASE(a_missing_directory_is_an_error_and_not_a_loss))
