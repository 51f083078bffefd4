/* SPDX-License-Identifier: MIT */
/* syncs.c - several files made durable at once: each is a job for a set of workers */
#include "base/syncs.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/io.h"
#include "base/workers.h"

struct sync_job {
	struct worker_job base;
	struct syncs *syncs; /* borrowed */
	struct sync_file file;
	int failure; /* errno; 0 = durable */
};

struct syncs {
	struct workers *workers; /* owned */
	int wake_fd;
	atomic_size_t under_way;
	struct sync_job jobs[SYNCS_MAX];
};

static void run_job(struct worker_job *base, size_t thread)
{
	struct sync_job *job = (struct sync_job *)base;
	struct syncs *syncs = job->syncs;
	(void)thread;
	job->failure = io_sync_data(job->file.fd) == 0 ? 0 : errno;
	if (atomic_fetch_sub(&syncs->under_way, 1) == 1 && syncs->wake_fd >= 0) {
		(void)eventfd_write(syncs->wake_fd, 1); /* cannot fail: the counter was 0 */
	}
}

int syncs_create(size_t threads, struct syncs **syncs_out, struct flong_error *err)
{
	SCOPED(syncs_closep) struct syncs *syncs = ALLOC(struct syncs);
	syncs->wake_fd = threads == 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (threads > 0 && syncs->wake_fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "cannot make an event descriptor");
	}
	int rc = workers_create(threads, &syncs->workers, err);
	if (rc < 0) {
		return rc;
	}
	*syncs_out = TAKE(syncs);
	return FLONG_OK;
}

void syncs_close(struct syncs *syncs)
{
	if (syncs != NULL) {
		workers_close(syncs->workers);
		if (syncs->wake_fd >= 0) {
			(void)close(syncs->wake_fd);
		}
		free(syncs);
	}
}

void syncs_begin(struct syncs *syncs, const struct sync_file *files, size_t count)
{
	assert(count <= SYNCS_MAX && workers_pending(syncs->workers) == 0);
	atomic_store(&syncs->under_way, count);
	for (size_t i = 0; i < count; i++) {
		syncs->jobs[i] =
			(struct sync_job){.base.run = run_job, .syncs = syncs, .file = files[i]};
		workers_submit(syncs->workers, &syncs->jobs[i].base);
	}
}

bool syncs_are_done(const struct syncs *syncs)
{
	return atomic_load(&syncs->under_way) == 0;
}

int syncs_wake_fd(const struct syncs *syncs)
{
	return syncs->wake_fd;
}

int syncs_end(struct syncs *syncs, struct flong_error *err)
{
	int rc = FLONG_OK;
	for (struct worker_job *base = workers_wait(syncs->workers); base != NULL;
		base = workers_wait(syncs->workers)) {
		const struct sync_job *job = (const struct sync_job *)base;
		if (job->failure != 0 && rc == FLONG_OK) {
			rc = error_set_errno(
				err, FLONG_E_IO, job->failure, "syncing '%s'", job->file.path);
		}
	}
	eventfd_t count;
	if (syncs->wake_fd >= 0) {
		(void)eventfd_read(syncs->wake_fd, &count); /* EAGAIN when nothing was given */
	}
	return rc;
}
