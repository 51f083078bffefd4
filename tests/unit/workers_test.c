/* SPDX-License-Identifier: MIT */
/* workers_test.c - jobs handed to threads and taken back */
#include "unit.h"

#include <poll.h>

#include "base/workers.h"

#define JOBS 500
#define THREADS 3

struct square {
	struct worker_job job;
	size_t input;
	size_t result;
	size_t thread;
};

static void run_square(struct worker_job *job, size_t thread)
{
	struct square *square = (struct square *)job;
	square->result = square->input * square->input;
	square->thread = thread;
}

static void submit_all(struct workers *workers, struct square *squares, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		squares[i] = (struct square){.job = {.run = run_square}, .input = i};
		workers_submit(workers, &squares[i].job);
	}
}

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	return poll(&wait, 1, timeout_ms) == 1;
}

TEST(every_job_comes_back_once)
{
	struct flong_error err = {0};
	SCOPED(workers_closep) struct workers *workers = NULL;
	assert_int_equal(workers_create(THREADS, &workers, &err), FLONG_OK);
	static struct square squares[JOBS];
	submit_all(workers, squares, JOBS);
	assert_int_equal(workers_pending(workers), JOBS);
	bool seen[JOBS] = {false};
	for (size_t i = 0; i < JOBS; i++) {
		struct square *square = (struct square *)workers_wait(workers);
		assert_non_null(square);
		assert_false(seen[square->input]);
		seen[square->input] = true;
		assert_int_equal(square->result, square->input * square->input);
		assert_true(square->thread < THREADS);
	}
	assert_int_equal(workers_pending(workers), 0);
	assert_null(workers_wait(workers));
	assert_null(workers_take(workers));
}

TEST(the_descriptor_is_readable_while_a_finished_job_waits)
{
	struct flong_error err = {0};
	SCOPED(workers_closep) struct workers *workers = NULL;
	assert_int_equal(workers_create(1, &workers, &err), FLONG_OK);
	assert_false(is_readable(workers_wake_fd(workers), 0));
	struct square squares[4];
	submit_all(workers, squares, 4);
	for (size_t taken = 0; taken < 4;) {
		assert_true(is_readable(workers_wake_fd(workers), -1));
		struct square *square = (struct square *)workers_take(workers);
		assert_non_null(square);
		assert_int_equal(square->input, taken); /* one thread keeps the order */
		taken++;
	}
	assert_false(is_readable(workers_wake_fd(workers), 0));
}

TEST(with_no_threads_jobs_run_inside_submit)
{
	struct flong_error err = {0};
	SCOPED(workers_closep) struct workers *workers = NULL;
	assert_int_equal(workers_create(0, &workers, &err), FLONG_OK);
	assert_int_equal(workers_wake_fd(workers), -1);
	struct square squares[3];
	submit_all(workers, squares, 3);
	assert_int_equal(squares[2].result, 4);
	assert_ptr_equal(workers_take(workers), &squares[0].job);
	assert_ptr_equal(workers_wait(workers), &squares[1].job);
	assert_int_equal(workers_pending(workers), 1);
	assert_ptr_equal(workers_take(workers), &squares[2].job);
	assert_null(workers_wait(workers));
}

TEST(close_finishes_what_is_queued)
{
	struct flong_error err = {0};
	struct workers *workers = NULL;
	assert_int_equal(workers_create(2, &workers, &err), FLONG_OK);
	static struct square squares[JOBS];
	submit_all(workers, squares, JOBS);
	workers_close(workers);
	for (size_t i = 0; i < JOBS; i++) {
		assert_int_equal(squares[i].result, i * i);
	}
	workers_close(NULL);
}

RUN_TESTS(CASE(every_job_comes_back_once),
	CASE(the_descriptor_is_readable_while_a_finished_job_waits),
	CASE(with_no_threads_jobs_run_inside_submit), CASE(close_finishes_what_is_queued))
