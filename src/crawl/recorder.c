/* SPDX-License-Identifier: MIT */
/* recorder.c - exchanges become records on disk
 *
 * Worker threads compose the members of each exchange (record_job). The crawl thread appends them
 * to the open segment and writes their index rows beside it in state/. Rows, segment and state
 * become durable together: first the archive is synced, on threads of its own, then the state
 * commits with the archive's length, then the log is written. What was written is read again and
 * checked soon after. */
#include "crawl/recorder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/workers.h"
#include "crawl/recorder_private.h"

/* So many new bytes are handed to the check at once. */
#define CHECK_STEP_BYTES ((uint64_t)256 << 10)
/* Segment, rows, texts of pages and the log are synced at once. */
#define SYNC_THREADS 4

void recorded_close(struct recorded *recorded)
{
	if (recorded != NULL) {
		record_job_close(recorded->job);
		exchange_close(recorded->exchange);
		free(recorded);
	}
}

int recorder_create(const struct recorder_options *options, struct recorder **recorder_out,
	struct flong_error *err)
{
	SCOPED(recorder_closep) struct recorder *recorder = ALLOC(struct recorder);
	recorder->options = *options;
	recorder->archive_dir = files_join(options->dir, "archive");
	recorder->state_dir = files_join(options->dir, "state");
	if (options->deterministic_seed != NULL) {
		recorder->ids = (struct record_ids){
			.is_counted = true,
			.seed = (uint32_t)bytes_hash(bytes_of(options->deterministic_seed)),
		};
	}
	recorder->deflater_count = options->workers == 0 ? 1 : options->workers;
	recorder->deflaters = ALLOC_ARRAY(struct deflater *, recorder->deflater_count);
	for (size_t i = 0; options->compress_level > 0 && i < recorder->deflater_count; i++) {
		recorder->deflaters[i] = deflater_create(options->compress_level);
	}
	recorder->jobs = (struct record_job_context){
		.options = &recorder->options,
		.ids = recorder->ids.is_counted ? &recorder->ids : NULL,
		.spool_dir = recorder->state_dir,
		.deflaters = recorder->deflaters,
	};
	int rc = workers_create(options->workers, &recorder->workers, err);
	if (rc == FLONG_OK) {
		rc = syncs_create(options->workers == 0 ? 0 : SYNC_THREADS, &recorder->syncs, err);
	}
	if (rc == FLONG_OK) {
		rc = recorder_open_archive(recorder, err);
	}
	if (rc < 0) {
		return rc;
	}
	*recorder_out = TAKE(recorder);
	return FLONG_OK;
}

void recorder_close(struct recorder *recorder)
{
	if (recorder == NULL) {
		return;
	}
	if (recorder->workers != NULL) {
		for (struct worker_job *base = workers_wait(recorder->workers); base != NULL;
			base = workers_wait(recorder->workers)) {
			record_job_close((struct record_job *)base);
		}
	}
	while (recorder->held_first != NULL) {
		struct record_job *job = recorder->held_first;
		recorder->held_first = job->next;
		record_job_close(job);
	}
	workers_close(recorder->workers);
	syncs_close(recorder->syncs); /* before the files that are synced */
	for (size_t i = 0; i < recorder->deflater_count; i++) {
		deflater_close(recorder->deflaters[i]);
	}
	free(recorder->deflaters);
	segment_close(recorder->segment); /* ends the check, which reads the rows */
	rows_close(recorder->rows);
	crawl_log_close(recorder->log);
	free(recorder->archive_dir);
	free(recorder->state_dir);
	free(recorder);
}

static bool wants_rotation(const struct recorder *recorder)
{
	return recorder->options.single_name == NULL && recorder->options.segment_bytes > 0 &&
	       segment_size(recorder->segment) >= recorder->options.segment_bytes;
}

static void start_job(struct recorder *recorder, struct record_job *job)
{
	memcpy(job->warcinfo_id, segment_warcinfo_id(recorder->segment),
		strlen(segment_warcinfo_id(recorder->segment)) + 1);
	workers_submit(recorder->workers, &job->base);
}

/* Starts the job, or lets it wait for the next segment. */
static void submit(struct recorder *recorder, struct record_job *job)
{
	if (!wants_rotation(recorder) && recorder->held == 0) {
		start_job(recorder, job);
		return;
	}
	/* Records name the warcinfo of their own file, so jobs for the next file wait until the
	 * last one for this file is in it. */
	if (recorder->held_last == NULL) {
		recorder->held_first = job;
	} else {
		recorder->held_last->next = job;
	}
	recorder->held_last = job;
	recorder->held++;
}

void recorder_submit(struct recorder *recorder, struct exchange *exchange_take,
	const struct recorder_notes *notes)
{
	submit(recorder, record_job_create(&recorder->jobs, exchange_take, notes));
}

/* The check reads what was written so far, once its rows are written too. */
static int let_check(struct recorder *recorder, struct flong_error *err)
{
	int rc = rows_flush(recorder->rows, err);
	if (rc == FLONG_OK) {
		segment_let_check(recorder->segment);
		recorder->checkable = segment_size(recorder->segment);
	}
	return rc;
}

static int finish_segment(struct recorder *recorder, struct flong_error *err)
{
	const struct check_hooks hooks = recorder_check_hooks(recorder);
	int rc = let_check(recorder, err);
	if (rc < 0) {
		return rc;
	}
	rc = segment_finish(recorder->segment, &hooks, err);
	if (rc == FLONG_OK) {
		rc = rows_end_check(recorder->rows, err);
	}
	if (rc < 0) {
		return rc;
	}
	recorder->finished_bytes += segment_size(recorder->segment);
	segment_close(recorder->segment);
	recorder->segment = NULL;
	rows_close(recorder->rows);
	recorder->rows = NULL;
	return FLONG_OK;
}

static int rotate(struct recorder *recorder, struct flong_error *err)
{
	int rc = recorder_sync(recorder, err);
	if (rc == FLONG_OK) {
		rc = finish_segment(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = recorder_open_segment(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = recorder_note_position(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = state_commit(recorder->options.state, err);
	}
	while (rc == FLONG_OK && recorder->held_first != NULL) {
		struct record_job *job = recorder->held_first;
		recorder->held_first = job->next;
		if (recorder->held_first == NULL) {
			recorder->held_last = NULL;
		}
		recorder->held--;
		start_job(recorder, job);
	}
	return rc;
}

static void note_unsynced(struct recorder *recorder)
{
	if (recorder->unsynced.since_ms == 0) {
		recorder->unsynced.since_ms = clock_monotonic_ms();
	}
}

/* Writes the records of a job and their rows. */
static int append_group(
	struct recorder *recorder, const struct capture_group *group, struct flong_error *err)
{
	if (group->count == 0) {
		return FLONG_OK;
	}
	struct segment_place *places = ALLOC_ARRAY(struct segment_place, group->count);
	int rc = segment_append(recorder->segment, group, places, err);
	for (size_t i = 0; rc == FLONG_OK && i < group->count; i++) {
		recorder->unsynced.bytes += places[i].length;
		rc = rows_add(recorder->rows, &group->members[i], &places[i], err);
	}
	free(places);
	note_unsynced(recorder);
	if (rc == FLONG_OK &&
		segment_size(recorder->segment) - recorder->checkable >= CHECK_STEP_BYTES) {
		rc = let_check(recorder, err);
	}
	return rc;
}

int recorder_append(struct recorder *recorder, struct recorded *recorded, struct flong_error *err)
{
	struct capture_group *group = &recorded->job->group;
	assert(!recorder->is_syncing);
	recorder->composed--;
	int rc = append_group(recorder, group, err);
	return rc == FLONG_OK && group->count > 0
		       ? record_job_note_original(recorded->job, recorded->exchange, err)
		       : rc;
}

/* The next job that is done, after a change of segments when only those for the next one are left;
 * NULL when none is. */
static int take_job(struct recorder *recorder, struct record_job **job_out, struct flong_error *err)
{
	struct worker_job *base = workers_take(recorder->workers);
	if (base == NULL && recorder->held > 0 && recorder->composed == 0 &&
		workers_pending(recorder->workers) == 0) {
		int rc = rotate(recorder, err);
		if (rc < 0) {
			return rc;
		}
		base = workers_take(recorder->workers);
	}
	*job_out = (struct record_job *)base;
	return FLONG_OK;
}

/* What is known of the exchange once its records are composed. */
static void describe(struct recorded *recorded)
{
	const struct capture_group *group = &recorded->job->group;
	if (group->count > 0) {
		const struct member *first = &group->members[0];
		recorded->has_record = true;
		recorded->is_revisit = first->type == RECORD_REVISIT;
		memcpy(recorded->payload_digest, first->digest, sizeof(recorded->payload_digest));
		memcpy(recorded->record_id, first->id, sizeof(recorded->record_id));
	}
}

int recorder_take(
	struct recorder *recorder, struct recorded **recorded_out, struct flong_error *err)
{
	*recorded_out = NULL;
	SCOPED(record_job_closep) struct record_job *job = NULL;
	int rc = take_job(recorder, &job, err);
	if (rc < 0 || job == NULL) {
		return rc;
	}
	if (job->err.code < 0) {
		*err = job->err;
		return error_context(err, "%s", job->recorded->exchange->url);
	}
	recorder->composed++;
	struct recorded *recorded = TAKE(job->recorded);
	recorded->job = TAKE(job);
	describe(recorded);
	*recorded_out = recorded;
	return FLONG_OK;
}

size_t recorder_pending(const struct recorder *recorder)
{
	return workers_pending(recorder->workers) + recorder->held;
}

int recorder_wake_fd(const struct recorder *recorder)
{
	return workers_wake_fd(recorder->workers);
}

void recorder_log(struct recorder *recorder, struct bytes line)
{
	crawl_log_add(recorder->log, line);
	note_unsynced(recorder);
}

struct recorder_unsynced recorder_unsynced(const struct recorder *recorder)
{
	struct recorder_unsynced unsynced = recorder->unsynced;
	unsynced.exchanges = crawl_log_waiting(recorder->log);
	return unsynced;
}

const struct recorder_resumed *recorder_resumed(const struct recorder *recorder)
{
	return &recorder->resumed;
}

int recorder_begin_sync(struct recorder *recorder, struct flong_error *err)
{
	struct sync_file files[4];
	size_t count = 0;
	bool is_wanted = false;
	assert(!recorder->is_syncing);
	int rc = rows_flush(recorder->rows, err);
	if (rc == FLONG_OK) {
		files[count++] = segment_file(recorder->segment);
		files[count++] = rows_file(recorder->rows);
		rc = state_begin_sync(recorder->options.state, &files[count], &is_wanted, err);
	}
	if (rc < 0) {
		return rc;
	}
	count += is_wanted;
	count += crawl_log_begin_sync(recorder->log, &files[count]);
	syncs_begin(recorder->syncs, files, count);
	recorder->is_syncing = true;
	return FLONG_OK;
}

bool recorder_is_syncing(const struct recorder *recorder)
{
	return recorder->is_syncing;
}

int recorder_sync_fd(const struct recorder *recorder)
{
	return syncs_wake_fd(recorder->syncs);
}

/* The archive is durable: the state may say so, then the log. */
static int acknowledge(struct recorder *recorder, struct flong_error *err)
{
	int rc = recorder_note_position(recorder, err);
	if (rc == FLONG_OK) {
		rc = crawl_log_note(recorder->log, recorder->options.state, err);
	}
	if (rc == FLONG_OK) {
		rc = state_commit(recorder->options.state, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_log_write(recorder->log, err);
	}
	if (rc == FLONG_OK) {
		recorder->unsynced = (struct recorder_unsynced){0};
	}
	return rc;
}

int recorder_end_sync(struct recorder *recorder, bool waits, struct flong_error *err)
{
	if (!recorder->is_syncing || (!waits && !syncs_are_done(recorder->syncs))) {
		return FLONG_OK;
	}
	int rc = syncs_end(recorder->syncs, err);
	recorder->is_syncing = false;
	return rc == FLONG_OK ? acknowledge(recorder, err) : rc;
}

int recorder_sync(struct recorder *recorder, struct flong_error *err)
{
	int rc = recorder_end_sync(recorder, true, err);
	if (rc == FLONG_OK) {
		rc = recorder_begin_sync(recorder, err);
	}
	return rc == FLONG_OK ? recorder_end_sync(recorder, true, err) : rc;
}

int recorder_finish(struct recorder *recorder, struct flong_error *err)
{
	int rc = recorder_sync(recorder, err);
	if (rc == FLONG_OK) {
		rc = crawl_log_sync(recorder->log, err);
	}
	if (rc == FLONG_OK) {
		rc = finish_segment(recorder, err);
	}
	return rc == FLONG_OK ? recorder_note_position(recorder, err) : rc;
}

uint64_t recorder_total_bytes(const struct recorder *recorder)
{
	return recorder->finished_bytes +
	       (recorder->segment == NULL ? 0 : segment_size(recorder->segment));
}
