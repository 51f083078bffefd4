/* SPDX-License-Identifier: MIT */
/* sorter_test.c - lines sorted by bytes in bounded memory */
#include "unit.h"

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
	CASE(more_runs_than_open_files_are_merged),
	CASE(refuses_lines_that_are_no_line_or_too_long),
	CASE(a_missing_directory_is_an_error_and_not_a_loss))
