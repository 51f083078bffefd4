/* SPDX-License-Identifier: MIT */
/* segment_check.c - a segment is checked while it is written */
#include "warc/segment_check.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/stream.h"
#include "base/workers.h"

/* How far the file may be read, and who waits for it. */
struct gate {
	pthread_mutex_t mutex; /* guards the rest */
	pthread_cond_t changed;
	uint64_t size;
	bool is_end;       /* no more will come */
	bool is_abandoned; /* nobody wants to know */
};

struct segment_check {
	struct worker_job base; /* first: it is what the thread gets */
	struct workers *workers;
	struct gate gate;
	struct source *file; /* until the job takes it */
	char *path, *name;   /* owned */
	struct check_hooks hooks;
	struct check_summary summary;
	struct flong_error err;
	int rc;
};

/* A file as far as the gate lets through. */
struct gated_source {
	struct source base;
	struct source *file; /* owned */
	struct gate *gate;   /* borrowed */
	uint64_t at;
};

/* Bytes that may be read at `at`, waiting for some; 0 at the end. */
static uint64_t gate_wait(struct gate *gate, uint64_t at, bool *is_abandoned_out)
{
	(void)pthread_mutex_lock(&gate->mutex);
	while (gate->size <= at && !gate->is_end && !gate->is_abandoned) {
		(void)pthread_cond_wait(&gate->changed, &gate->mutex);
	}
	uint64_t count = gate->size > at ? gate->size - at : 0;
	*is_abandoned_out = gate->is_abandoned;
	(void)pthread_mutex_unlock(&gate->mutex);
	return count;
}

static void gate_set(struct gate *gate, uint64_t size, bool is_end, bool is_abandoned)
{
	(void)pthread_mutex_lock(&gate->mutex);
	gate->size = size > gate->size ? size : gate->size;
	gate->is_end = gate->is_end || is_end;
	gate->is_abandoned = gate->is_abandoned || is_abandoned;
	(void)pthread_cond_signal(&gate->changed);
	(void)pthread_mutex_unlock(&gate->mutex);
}

static int gated_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct gated_source *s = (struct gated_source *)source;
	bool is_abandoned;
	uint64_t count = gate_wait(s->gate, s->at, &is_abandoned);
	*got_out = 0;
	if (is_abandoned) {
		return error_set(err, FLONG_E_IO, "the check was given up");
	}
	if (count == 0) {
		return FLONG_END;
	}
	int rc = source_read(s->file, room, count < max ? (size_t)count : max, got_out, err);
	s->at += *got_out;
	return rc;
}

static int gated_seek(struct source *source, int64_t by, struct flong_error *err)
{
	struct gated_source *s = (struct gated_source *)source;
	int rc = source_seek(s->file, by, err);
	if (rc == FLONG_OK) {
		s->at += (uint64_t)by;
	}
	return rc;
}

static void gated_close(struct source *source)
{
	struct gated_source *s = (struct gated_source *)source;
	source_close(s->file);
	free(s);
}

static struct source *gated_open(struct source *file_take, struct gate *gate)
{
	static const struct source_ops ops = {
		.read = gated_read, .close = gated_close, .seek = gated_seek};
	struct gated_source *s = ALLOC(struct gated_source);
	*s = (struct gated_source){.base = {&ops}, .file = file_take, .gate = gate};
	return &s->base;
}

static void run(struct worker_job *job, size_t thread)
{
	struct segment_check *check = (struct segment_check *)job;
	(void)thread;
	/* Ids are random numbers of 122 bits: to remember those of all records, which takes memory,
	 * would only test the system's source of them. flong check does. */
	const struct check_options options = {
		.is_ours = true, .name = check->name, .leaves_ids = true};
	struct source *source = gated_open(TAKE(check->file), &check->gate);
	check->rc = check_source(
		source, check->path, &options, &check->hooks, &check->summary, &check->err);
}

int segment_check_begin(const char *path, const char *name, const struct check_hooks *hooks,
	struct segment_check **check_out, struct flong_error *err)
{
	*check_out = NULL;
	SCOPED(segment_check_closep) struct segment_check *check = ALLOC(struct segment_check);
	(void)pthread_mutex_init(&check->gate.mutex, NULL);
	(void)pthread_cond_init(&check->gate.changed, NULL);
	check->base.run = run;
	check->path = alloc_copy(path);
	check->name = alloc_copy(name);
	if (hooks != NULL) {
		check->hooks = *hooks;
	}
	int rc = source_open_file(path, &check->file, err);
	if (rc == FLONG_OK) {
		rc = workers_create(1, &check->workers, err);
	}
	if (rc != FLONG_OK) {
		return rc;
	}
	workers_submit(check->workers, &check->base);
	*check_out = TAKE(check);
	return FLONG_OK;
}

void segment_check_advance(struct segment_check *check, uint64_t size)
{
	gate_set(&check->gate, size, false, false);
}

int segment_check_end(struct segment_check *check, uint64_t size, struct check_summary *summary_out,
	struct flong_error *err)
{
	gate_set(&check->gate, size, true, false);
	(void)workers_wait(check->workers);
	*summary_out = check->summary;
	if (check->rc != FLONG_OK) {
		*err = check->err;
	}
	return check->rc;
}

void segment_check_close(struct segment_check *check)
{
	if (check == NULL) {
		return;
	}
	gate_set(&check->gate, 0, true, true);
	workers_close(check->workers);
	(void)pthread_cond_destroy(&check->gate.changed);
	(void)pthread_mutex_destroy(&check->gate.mutex);
	source_close(check->file);
	free(check->path);
	free(check->name);
	free(check);
}
