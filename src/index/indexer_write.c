/* SPDX-License-Identifier: MIT */
/* indexer_write.c - the sorted index of any number of files
 *
 * A file is one job. Jobs make lines and put them into one sorter, which has a lock. What is wrong
 * with a file is kept with its job and told in the order of the files. */
#include "index/indexer_write.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/workers.h"
#include "index/cdx.h"
#include "index/indexer.h"
#include "index/indexer_lines.h"
#include "index/indexer_paths.h"
#include "index/sorter.h"

/* Places of one file that are told of; who wants all asks flong check. */
#define FAULTS_MAX 20

struct fault {
	int code;
	char *message; /* owned */
};

struct shared {
	const struct indexer_form *form; /* borrowed */
	pthread_mutex_t mutex;           /* of what follows */
	struct sorter *sorter;           /* owned by indexer_write */
	struct flong_error failure;      /* of the sorter: it ends all */
};

struct job {
	struct worker_job job; /* first */
	struct shared *shared;
	const char *path; /* borrowed */
	struct buf line;
	struct fault *faults; /* owned */
	size_t fault_count;   /* also of those that are not kept */
	bool is_done;
};

static enum cdx_form cdx_form_of(const struct indexer_form *form)
{
	return form->format == INDEXER_CDX11 ? CDX_11 : CDX_9;
}

/* --- in a job --------------------------------------------------------------------------------- */

/* A full disk ends all; a line that is none, or too long, only itself. */
static int add_line(const struct job *job, struct bytes line, struct flong_error *err)
{
	struct shared *shared = job->shared;
	(void)pthread_mutex_lock(&shared->mutex);
	int rc = shared->failure.code;
	if (rc == FLONG_OK) {
		rc = sorter_add(shared->sorter, line, err);
		if (rc < 0 && rc != FLONG_E_LIMIT && rc != FLONG_E_FORMAT) {
			shared->failure = *err;
		}
	}
	(void)pthread_mutex_unlock(&shared->mutex);
	return rc;
}

static int add_entry(void *context, const struct cdxj_entry *entry, struct flong_error *err)
{
	struct job *job = (struct job *)context;
	const struct indexer_form *form = job->shared->form;
	buf_reset(&job->line);
	if (form->format == INDEXER_CDXJ) {
		cdxj_format(entry, &form->line, &job->line);
	} else {
		cdx_format(entry, cdx_form_of(form), &job->line);
	}
	if (buf_failed(&job->line)) {
		return error_set(err, FLONG_E_LIMIT,
			"the index line of '" BYTES_FMT "' is too long", BYTES_ARG(entry->url));
	}
	return add_line(job, buf_bytes(&job->line), err);
}

static int add_row(
	void *context, struct bytes line, const struct cdxj_entry *entry, struct flong_error *err)
{
	return entry == NULL ? add_line((const struct job *)context, line, err)
			     : add_entry(context, entry, err);
}

static void keep_fault(void *context, const struct flong_error *fault)
{
	struct job *job = (struct job *)context;
	if (job->fault_count < FAULTS_MAX) {
		job->faults = (struct fault *)alloc_resize(
			job->faults, job->fault_count + 1, sizeof(job->faults[0]));
		job->faults[job->fault_count] =
			(struct fault){fault->code, alloc_copy(fault->message)};
	}
	job->fault_count++;
}

static int run_records(struct job *job, struct flong_error *err)
{
	const struct indexer_form *form = job->shared->form;
	SCOPED(free_textp) char *name = NULL;
	int rc = form->dir_root == NULL
			 ? FLONG_OK
			 : indexer_paths_relative(job->path, form->dir_root, &name, err);
	const struct indexer_options options = {
		.record_digest = form->format == INDEXER_CDXJ && form->line.record_digest,
		.post = form->post,
		.fields = form->format == INDEXER_CDXJ ? form->fields : NULL,
		.records = form->records,
		.filename = name,
		.take = add_entry,
		.fault = form->fault == NULL ? NULL : keep_fault,
		.context = job,
	};
	return rc == FLONG_OK ? indexer_run(job->path, &options, err) : rc;
}

/* Lets a sorted file be merged as it is; FLONG_END when that cannot be. */
static int merge_file(struct job *job, const struct indexer_lines *lines, struct flong_error *err)
{
	bool is_sorted = false;
	int rc = indexer_lines_check(job->path, lines, &is_sorted, err);
	if (rc < 0 || !is_sorted) {
		return rc < 0 ? rc : FLONG_END;
	}
	struct shared *shared = job->shared;
	(void)pthread_mutex_lock(&shared->mutex);
	rc = sorter_add_file(shared->sorter, job->path, indexer_lines_is_row, err);
	(void)pthread_mutex_unlock(&shared->mutex);
	return rc;
}

static void ignore_fault(void *context, const struct flong_error *fault)
{
	(void)context;
	(void)fault;
}

static int run_lines(struct job *job, enum indexer_input kind, struct flong_error *err)
{
	const struct indexer_form *form = job->shared->form;
	struct indexer_lines lines = {
		.take = add_row,
		.fault = keep_fault,
		.context = job,
		.with_entries = form->format != INDEXER_CDXJ,
		.needs_length = form->format != INDEXER_CDX9,
	};
	if (kind == INDEXER_INPUT_CDXJ && form->format == INDEXER_CDXJ) {
		int rc = merge_file(job, &lines, err);
		if (rc != FLONG_END) {
			return rc;
		}
		lines.fault = ignore_fault; /* they were told of */
	}
	return indexer_lines_read(job->path, kind, &lines, err);
}

static void run_job(struct worker_job *worker_job, size_t thread)
{
	struct job *job = (struct job *)worker_job;
	(void)thread;
	struct flong_error err = {0};
	enum indexer_input kind = indexer_lines_kind(job->path);
	int rc =
		kind == INDEXER_INPUT_RECORDS ? run_records(job, &err) : run_lines(job, kind, &err);
	buf_clear(&job->line);
	if (rc < 0 && err.code != FLONG_OK) {
		keep_fault(job, &err);
	}
}

/* --- in the caller's thread ------------------------------------------------------------------- */

static void tell(const struct indexer_form *form, int code, const char *message)
{
	struct flong_error err = {0};
	(void)error_set(&err, code, "%s", message);
	form->fault(form->context, &err);
}

/* Tells of the faults of a finished job; when nobody asked to be told, the first is an error. */
static int end_job(struct job *job, struct flong_error *err)
{
	const struct indexer_form *form = job->shared->form;
	int rc = FLONG_OK;
	size_t kept = job->fault_count < FAULTS_MAX ? job->fault_count : FAULTS_MAX;
	for (size_t i = 0; i < kept; i++) {
		struct fault *fault = &job->faults[i];
		if (form->fault != NULL) {
			tell(form, fault->code, fault->message);
		} else if (rc == FLONG_OK) {
			rc = error_set(err, fault->code, "%s", fault->message);
		}
		free(fault->message);
	}
	if (job->fault_count > kept && form->fault != NULL) {
		struct buf text = {0};
		buf_addf(&text, "%s: %zu more places cannot be indexed", job->path,
			job->fault_count - kept);
		tell(form, FLONG_E_FORMAT, buf_text(&text));
		buf_clear(&text);
	}
	free(job->faults);
	return rc;
}

static int run_jobs(struct job *jobs, size_t count, size_t threads, struct flong_error *err)
{
	SCOPED(workers_closep) struct workers *workers = NULL;
	int rc = workers_create(threads < 2 ? 0 : threads, &workers, err);
	if (rc < 0) {
		return rc;
	}
	struct flong_error first = {0};
	size_t submitted = 0;
	size_t ended = 0;
	while (ended < count) {
		/* Without threads a job runs at once: one at a time, so that it is told of. */
		size_t ahead = threads < 2 ? 1 : count;
		while (submitted < count && submitted - ended < ahead) {
			workers_submit(workers, &jobs[submitted].job);
			submitted++;
		}
		struct job *job = (struct job *)workers_wait(workers);
		job->is_done = true;
		for (; ended < count && jobs[ended].is_done; ended++) {
			struct flong_error failure = {0};
			if (end_job(&jobs[ended], &failure) < 0 && first.code == FLONG_OK) {
				first = failure;
			}
		}
	}
	*err = first;
	return first.code;
}

static int write_sorted(const struct indexer_form *form, struct sorter *sorter, struct sink *out,
	struct flong_error *err)
{
	int rc = FLONG_OK;
	if (form->format != INDEXER_CDXJ) {
		rc = sink_write(out, bytes_of(cdx_header(cdx_form_of(form))), err);
	}
	return rc == FLONG_OK ? sorter_write(sorter, out, err) : rc;
}

int indexer_write(const char *const *paths, size_t count, const struct indexer_form *form,
	struct sink *out, struct flong_error *err)
{
	SCOPED(indexer_paths_clear) struct indexer_paths all = {0};
	int rc = indexer_paths_expand(paths, count, &all, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(sorter_closep) struct sorter *sorter = sorter_create(form->temp_dir, 0);
	struct shared shared = {.form = form, .sorter = sorter};
	(void)pthread_mutex_init(&shared.mutex, NULL);
	struct job *jobs = ALLOC_ARRAY(struct job, all.count + 1);
	for (size_t i = 0; i < all.count; i++) {
		jobs[i] = (struct job){
			.job = {.run = run_job}, .shared = &shared, .path = all.list[i]};
	}
	rc = run_jobs(jobs, all.count, form->threads, err);
	free(jobs);
	if (shared.failure.code != FLONG_OK) {
		*err = shared.failure;
		rc = err->code;
	}
	(void)pthread_mutex_destroy(&shared.mutex);
	return rc == FLONG_OK ? write_sorted(form, sorter, out, err) : rc;
}
