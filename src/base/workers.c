/* SPDX-License-Identifier: MIT */
/* workers.c - a fixed set of threads that run jobs handed over by pointer
 *
 * Two lists under one mutex: jobs to do, and jobs done. A worker takes the first of one and puts it
 * at the end of the other. The descriptor is readable exactly while the second is not empty. */
#include "base/workers.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

struct job_list {
	struct worker_job *first;
	struct worker_job *last; /* undefined when empty */
};

struct worker {
	struct workers *workers; /* borrowed */
	size_t number;
	pthread_t thread;
};

struct workers {
	struct worker *list; /* owned */
	size_t threads;      /* running */
	int wake_fd;
	atomic_size_t pending;
	pthread_mutex_t mutex; /* of all that follows */
	pthread_cond_t to_do_changed;
	pthread_cond_t done_changed;
	struct job_list to_do;
	struct job_list done;
	bool closing;
};

static void list_add(struct job_list *list, struct worker_job *job)
{
	job->next = NULL;
	if (list->first == NULL) {
		list->first = job;
	} else {
		list->last->next = job;
	}
	list->last = job;
}

static struct worker_job *list_take(struct job_list *list)
{
	struct worker_job *job = list->first;
	if (job != NULL) {
		list->first = job->next;
		job->next = NULL;
	}
	return job;
}

/* With the mutex held. Neither call can fail: the counter is 0 or 1. */
static void add_done(struct workers *workers, struct worker_job *job)
{
	bool first = workers->done.first == NULL;
	list_add(&workers->done, job);
	if (first && workers->wake_fd >= 0) {
		(void)eventfd_write(workers->wake_fd, 1);
	}
	(void)pthread_cond_signal(&workers->done_changed);
}

static struct worker_job *take_done(struct workers *workers)
{
	struct worker_job *job = list_take(&workers->done);
	if (job != NULL && workers->done.first == NULL && workers->wake_fd >= 0) {
		eventfd_t count;
		(void)eventfd_read(workers->wake_fd, &count);
	}
	if (job != NULL) {
		atomic_fetch_sub(&workers->pending, 1);
	}
	return job;
}

static void *run_jobs(void *context)
{
	const struct worker *worker = (const struct worker *)context;
	struct workers *workers = worker->workers;
	(void)pthread_mutex_lock(&workers->mutex);
	for (;;) {
		struct worker_job *job = list_take(&workers->to_do);
		if (job != NULL) {
			(void)pthread_mutex_unlock(&workers->mutex);
			job->run(job, worker->number);
			(void)pthread_mutex_lock(&workers->mutex);
			add_done(workers, job);
		} else if (workers->closing) {
			break;
		} else {
			(void)pthread_cond_wait(&workers->to_do_changed, &workers->mutex);
		}
	}
	(void)pthread_mutex_unlock(&workers->mutex);
	return NULL;
}

/* Signals stay with the thread that makes the workers. */
static int start_threads(struct workers *workers, size_t threads)
{
	sigset_t all;
	sigset_t before;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	int failure = 0;
	for (size_t i = 0; i < threads && failure == 0; i++) {
		struct worker *worker = &workers->list[i];
		*worker = (struct worker){.workers = workers, .number = i};
		failure = pthread_create(&worker->thread, NULL, run_jobs, worker);
		workers->threads += failure == 0;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failure;
}

int workers_create(size_t threads, struct workers **workers_out, struct flong_error *err)
{
	SCOPED(workers_closep) struct workers *workers = ALLOC(struct workers);
	workers->wake_fd = -1;
	(void)pthread_mutex_init(&workers->mutex, NULL);
	(void)pthread_cond_init(&workers->to_do_changed, NULL);
	(void)pthread_cond_init(&workers->done_changed, NULL);
	if (threads > 0) {
		workers->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (workers->wake_fd < 0) {
			return error_set_errno(
				err, FLONG_E_IO, errno, "cannot make an event descriptor");
		}
		workers->list = ALLOC_ARRAY(struct worker, threads);
		int failure = start_threads(workers, threads);
		if (failure != 0) {
			return error_set_errno(err, FLONG_E_INTERNAL, failure,
				"cannot start thread %zu of %zu", workers->threads + 1, threads);
		}
	}
	*workers_out = TAKE(workers);
	return FLONG_OK;
}

void workers_close(struct workers *workers)
{
	if (workers == NULL) {
		return;
	}
	(void)pthread_mutex_lock(&workers->mutex);
	workers->closing = true;
	(void)pthread_cond_broadcast(&workers->to_do_changed);
	(void)pthread_mutex_unlock(&workers->mutex);
	for (size_t i = 0; i < workers->threads; i++) {
		(void)pthread_join(workers->list[i].thread, NULL);
	}
	if (workers->wake_fd >= 0) {
		(void)close(workers->wake_fd);
	}
	(void)pthread_cond_destroy(&workers->done_changed);
	(void)pthread_cond_destroy(&workers->to_do_changed);
	(void)pthread_mutex_destroy(&workers->mutex);
	free(workers->list);
	free(workers);
}

void workers_submit(struct workers *workers, struct worker_job *job)
{
	assert(job->run != NULL);
	atomic_fetch_add(&workers->pending, 1);
	if (workers->threads == 0) {
		job->run(job, 0);
	}
	(void)pthread_mutex_lock(&workers->mutex);
	if (workers->threads == 0) {
		add_done(workers, job);
	} else {
		list_add(&workers->to_do, job);
		(void)pthread_cond_signal(&workers->to_do_changed);
	}
	(void)pthread_mutex_unlock(&workers->mutex);
}

struct worker_job *workers_take(struct workers *workers)
{
	(void)pthread_mutex_lock(&workers->mutex);
	struct worker_job *job = take_done(workers);
	(void)pthread_mutex_unlock(&workers->mutex);
	return job;
}

struct worker_job *workers_wait(struct workers *workers)
{
	(void)pthread_mutex_lock(&workers->mutex);
	struct worker_job *job = take_done(workers);
	while (job == NULL && atomic_load(&workers->pending) > 0) {
		(void)pthread_cond_wait(&workers->done_changed, &workers->mutex);
		job = take_done(workers);
	}
	(void)pthread_mutex_unlock(&workers->mutex);
	return job;
}

size_t workers_pending(const struct workers *workers)
{
	return atomic_load(&workers->pending);
}

int workers_wake_fd(const struct workers *workers)
{
	return workers->wake_fd;
}
