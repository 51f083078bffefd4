/* SPDX-License-Identifier: MIT */
/* ahead_test.c - a source that is read ahead of its reader */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/ahead.h"
#include "base/error.h"
#include "base/limits.h"

/* Gives `size` bytes, each made of its place, in reads of at most `step`; then `rc`. */
struct counted {
	struct source source;
	size_t size, step, at;
	int rc;
	unsigned *closed; /* counts; borrowed */
};

static unsigned char byte_at(size_t at)
{
	return (unsigned char)(at * 7 + at / 251);
}

static int counted_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct counted *counted = (struct counted *)source;
	size_t length = counted->size - counted->at;
	length = length > max ? max : length;
	length = length > counted->step ? counted->step : length;
	*got_out = length;
	if (length == 0) {
		return counted->rc < 0 ? error_set(err, counted->rc, "byte %zu", counted->at)
				       : FLONG_END;
	}
	for (size_t i = 0; i < length; i++) {
		((unsigned char *)room)[i] = byte_at(counted->at + i);
	}
	counted->at += length;
	return FLONG_OK;
}

static void counted_close(struct source *source)
{
	*((struct counted *)source)->closed += 1;
	free(source);
}

static struct source *counted_open(size_t size, size_t step, int rc, unsigned *closed)
{
	static const struct source_ops ops = {.read = counted_read, .close = counted_close};
	struct counted *counted = calloc(1, sizeof(*counted));
	assert_non_null(counted);
	*counted = (struct counted){{&ops}, size, step, 0, rc, closed};
	return &counted->source;
}

/* Reads to the end in reads of at most `max`, which is returned; each byte is what it should be. */
static int read_to_end(struct source *source, size_t size, size_t max, struct flong_error *err)
{
	unsigned char room[4096];
	size_t total = 0;
	size_t got = 0;
	int rc;
	while ((rc = source_read(source, room, max, &got, err)) == FLONG_OK) {
		assert_in_range(got, 1, max);
		for (size_t i = 0; i < got; i++) {
			assert_int_equal(room[i], byte_at(total + i));
		}
		total += got;
	}
	assert_int_equal(got, 0);
	assert_int_equal(total, size);
	return rc;
}

TEST(all_bytes_come_in_their_order)
{
	static const size_t sizes[] = {0, 1, 4096, LIMIT_AHEAD_BYTES - 1, LIMIT_AHEAD_BYTES,
		LIMIT_AHEAD_BYTES + 1, 2 * LIMIT_AHEAD_BYTES, 5 * LIMIT_AHEAD_BYTES + 3};
	static const size_t steps[] = {SIZE_MAX, 1000};
	unsigned closed = 0;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (size_t k = 0; k < 2; k++) {
			struct flong_error err = {0};
			struct source *source =
				source_ahead(counted_open(sizes[i], steps[k], FLONG_OK, &closed));
			assert_int_equal(
				read_to_end(source, sizes[i], 4096 - k * 95, &err), FLONG_END);
			/* The end stays the end. */
			assert_int_equal(read_to_end(source, 0, 10, &err), FLONG_END);
			source_close(source);
			assert_int_equal(closed, i * 2 + k + 1);
		}
	}
}

TEST(what_came_before_a_failure_is_given)
{
	static const size_t sizes[] = {0, 5, LIMIT_AHEAD_BYTES, 3 * LIMIT_AHEAD_BYTES + 7};
	unsigned closed = 0;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct flong_error err = {0};
		char wanted[40];
		(void)snprintf(wanted, sizeof(wanted), "byte %zu", sizes[i]);
		struct source *source =
			source_ahead(counted_open(sizes[i], SIZE_MAX, FLONG_E_DAMAGED, &closed));
		/* What came before it is given first; then it is told again and again. */
		assert_int_equal(read_to_end(source, sizes[i], 4096, &err), FLONG_E_DAMAGED);
		assert_string_equal(err.message, wanted);
		assert_int_equal(read_to_end(source, 0, 10, &err), FLONG_E_DAMAGED);
		source_close(source);
	}
	assert_int_equal(closed, sizeof(sizes) / sizeof(sizes[0]));
}

/* Closed before, at and after its first read: nothing is left running, nothing leaks. */
TEST(closed_early_leaves_nothing_running)
{
	unsigned closed = 0;
	for (size_t reads = 0; reads < 3; reads++) {
		struct source *source = source_ahead(
			counted_open(100 * LIMIT_AHEAD_BYTES, SIZE_MAX, FLONG_OK, &closed));
		for (size_t i = 0; i < reads; i++) {
			char room[100];
			size_t got = 0;
			struct flong_error err;
			assert_int_equal(
				source_read(source, room, sizeof(room), &got, &err), FLONG_OK);
		}
		source_close(source);
	}
	assert_int_equal(closed, 3);
}

RUN_TESTS(CASE(all_bytes_come_in_their_order), CASE(what_came_before_a_failure_is_given),
	CASE(closed_early_leaves_nothing_running))
