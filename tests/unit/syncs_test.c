/* SPDX-License-Identifier: MIT */
/* syncs_test.c - several files made durable at once */
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/io.h"
#include "base/syncs.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

static atomic_uint synced;    /* descriptors that were synced, as bits */
static atomic_uint at_once;   /* syncs that have begun and wait for each other */
static unsigned awaited;      /* so many must be under way before one ends */
static atomic_int failing_fd; /* -1: none */

/* Stands for fdatasync: ends when as many as awaited are under way. */
static int fake_sync(int fd)
{
	atomic_fetch_add(&at_once, 1);
	while (atomic_load(&at_once) < awaited) {
		(void)sched_yield();
	}
	atomic_fetch_or(&synced, 1U << fd);
	errno = EIO;
	return fd == atomic_load(&failing_fd) ? -1 : 0;
}

static struct io_calls calls;

static void set_up(void)
{
	calls = io_system;
	calls.sync_data = fake_sync;
	(void)io_use(&calls);
	atomic_store(&synced, 0);
	atomic_store(&at_once, 0);
	atomic_store(&failing_fd, -1);
	awaited = 0;
}

static const struct sync_file files[] = {{3, "three"}, {5, "five"}, {7, "seven"}, {9, "nine"}};
#define FILES (sizeof(files) / sizeof(files[0]))
#define ALL_BITS (1U << 3 | 1U << 5 | 1U << 7 | 1U << 9)

static void begin(size_t threads, struct syncs **syncs_out)
{
	struct flong_error err = {0};
	OK(syncs_create(threads, syncs_out, &err));
	syncs_begin(*syncs_out, files, FILES);
}

TEST(all_run_at_once_and_end_together)
{
	set_up();
	struct flong_error err = {0};
	SCOPED(syncs_closep) struct syncs *syncs = NULL;
	awaited = FILES; /* one after the other they would never end */
	begin(FILES, &syncs);
	struct pollfd wait = {.fd = syncs_wake_fd(syncs), .events = POLLIN};
	assert_int_equal(poll(&wait, 1, -1), 1);
	assert_true(syncs_are_done(syncs));
	OK(syncs_end(syncs, &err));
	assert_int_equal(atomic_load(&synced), ALL_BITS);
	assert_int_equal(poll(&wait, 1, 0), 0);
}

TEST(without_threads_all_is_done_at_once)
{
	set_up();
	struct flong_error err = {0};
	SCOPED(syncs_closep) struct syncs *syncs = NULL;
	begin(0, &syncs);
	assert_int_equal(syncs_wake_fd(syncs), -1);
	assert_true(syncs_are_done(syncs));
	assert_int_equal(atomic_load(&synced), ALL_BITS);
	OK(syncs_end(syncs, &err));
}

TEST(one_that_fails_is_named)
{
	set_up();
	for (size_t threads = 0; threads < 3; threads++) {
		struct flong_error err = {0};
		SCOPED(syncs_closep) struct syncs *syncs = NULL;
		atomic_store(&failing_fd, 7);
		begin(threads, &syncs);
		assert_int_equal(syncs_end(syncs, &err), FLONG_E_IO);
		assert_non_null(strstr(err.message, "seven"));
		/* The others were not given up for it, and it does not come back. */
		assert_int_equal(atomic_load(&synced), ALL_BITS);
		atomic_store(&failing_fd, -1);
		syncs_begin(syncs, files, FILES);
		OK(syncs_end(syncs, &err));
	}
}

TEST(nothing_given_is_done)
{
	struct flong_error err = {0};
	SCOPED(syncs_closep) struct syncs *syncs = NULL;
	OK(syncs_create(1, &syncs, &err));
	assert_true(syncs_are_done(syncs));
	OK(syncs_end(syncs, &err));
}

TEST(closing_waits_for_those_under_way)
{
	set_up();
	struct syncs *syncs = NULL;
	begin(2, &syncs);
	syncs_close(syncs);
	assert_int_equal(atomic_load(&synced), ALL_BITS);
}

RUN_TESTS(CASE(all_run_at_once_and_end_together), CASE(without_threads_all_is_done_at_once),
	CASE(one_that_fails_is_named), CASE(nothing_given_is_done),
	CASE(closing_waits_for_those_under_way))
