/* SPDX-License-Identifier: MIT */
/* workers.h - a fixed set of threads that run jobs handed over by pointer, and a bounded way back
 *
 * Whoever hands a job over does not touch it until it comes back. With 0 threads jobs run inside
 * workers_submit, so that tests are deterministic. */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/scoped.h"
#include "flong/error.h"

struct workers;

/* Embedded first in the caller's job struct. */
struct worker_job {
	/* Runs on a worker thread; `thread` is 0..threads-1 (for per-thread state such as a
	 * compressor). */
	void (*run)(struct worker_job *job, size_t thread);
	struct worker_job *next; /* the queue's own */
};

/* `threads` may be 0 (inline). *wake_fd gets a readable descriptor (eventfd) whenever a job has
 * finished; see workers_wake_fd. */
MUST_CHECK int workers_create(
	size_t threads, struct workers **workers_out, struct flong_error *err);
/* Waits for running and queued jobs, joins the threads. Finished jobs not taken are lost to the
 * caller: take them first. */
void workers_close(struct workers *workers);
SCOPED_CLOSE(struct workers *, workers_close)
/* Queues a job. The caller bounds how many it hands over (workers_pending). */
void workers_submit(struct workers *workers, struct worker_job *job);
/* A finished job, in order of finishing, or NULL. Clears the wake descriptor when none is left. */
struct worker_job *workers_take(struct workers *workers);
/* As workers_take, but waits for one; NULL only when nothing is pending. */
struct worker_job *workers_wait(struct workers *workers);
/* Jobs handed over and not yet taken back. */
size_t workers_pending(const struct workers *workers);
/* Becomes readable when a finished job waits to be taken; for poll(). -1 with 0 threads. Borrowed.
 */
int workers_wake_fd(const struct workers *workers);

#endif
