/* SPDX-License-Identifier: MIT */
/* recorder.c - exchanges become records on disk
 *
 * Worker threads compose the members of each exchange (record_job). The crawl thread appends them
 * to the open segment and writes their index rows beside it in state/. Rows, segment and state
 * become durable together: first the archive is synced, then the state commits with the archive's
 * length, then the log is written. What was written is read again and checked soon after. */
#include "crawl/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/workers.h"
#include "crawl/record_job.h"
#include "crawl/rows.h"

/* So many new bytes are handed to the check at once. */
#define CHECK_STEP_BYTES ((uint64_t)256 << 10)

struct recorder {
	struct recorder_options options;
	char *archive_dir, *state_dir; /* owned */
	struct workers *workers;
	struct record_job_context jobs;
	struct deflater **deflaters; /* owned: one a thread, NULL entries with plain records */
	size_t deflater_count;
	struct record_ids ids;                     /* counted with --deterministic */
	struct segment *segment;                   /* the open one */
	struct rows *rows;                         /* of the open segment */
	uint64_t checkable;                        /* bytes of it that the check may read */
	unsigned serial;                           /* of the next segment */
	uint64_t finished_bytes;                   /* of closed segments */
	struct record_job *held_first, *held_last; /* jobs that wait for the next segment */
	size_t held;
	struct buf log; /* lines since the last sync */
	int log_fd;
	uint64_t unsynced_bytes;
	int64_t unsynced_since_ms;
};

void recorded_close(struct recorded *recorded)
{
	if (recorded != NULL) {
		exchange_close(recorded->exchange);
		free(recorded);
	}
}

/* What the state must know of the open segment to cut it back after a crash. */
static int note_position(struct recorder *recorder, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf position = {0};
	if (recorder->segment != NULL) {
		buf_addf(&position, "%s %llu %llu", segment_name(recorder->segment),
			(unsigned long long)segment_size(recorder->segment),
			(unsigned long long)rows_size(recorder->rows));
	}
	int rc = state_set(recorder->options.state, "segment", buf_bytes(&position), err);
	SCOPED(buf_clear) struct buf serial = {0};
	buf_addf(&serial, "%u", recorder->serial);
	return rc == FLONG_OK
		       ? state_set(recorder->options.state, "serial", buf_bytes(&serial), err)
		       : rc;
}

static struct check_hooks hooks_of(struct recorder *recorder)
{
	return (struct check_hooks){.record = rows_check_record, .context = recorder->rows};
}

/* Each record of the segment is compared with its row as the file is read again: behind the writer
 * on a thread of its own, or with no threads all at once when the segment is finished. */
static int begin_check(struct recorder *recorder, struct flong_error *err)
{
	int rc = rows_begin_check(recorder->rows, err);
	recorder->checkable = 0;
	if (rc < 0 || recorder->options.workers == 0) {
		return rc;
	}
	const struct check_hooks hooks = hooks_of(recorder);
	return segment_begin_check(recorder->segment, &hooks, err);
}

static int open_segment(struct recorder *recorder, struct flong_error *err)
{
	const struct recorder_options *options = &recorder->options;
	const struct segment_options segment = {
		.exact_name = options->single_name,
		.prefix = options->prefix,
		.host = options->host,
		.serial = recorder->serial,
		.now_ms = options->now_ms(options->now_context),
		.level = options->compress_level,
		.algorithm = options->digest,
		.ids = recorder->ids.is_counted ? &recorder->ids : NULL,
		.info = &options->info,
	};
	int rc = segment_create(recorder->archive_dir, &segment, &recorder->segment, err);
	if (rc == FLONG_OK) {
		recorder->serial++;
		rc = rows_create(
			recorder->state_dir, segment_name(recorder->segment), &recorder->rows, err);
	}
	return rc == FLONG_OK ? begin_check(recorder, err) : rc;
}

/* Goes on with the segment that the state names, cut back to what was acknowledged. */
static int reopen_segment(struct recorder *recorder, struct bytes position, struct flong_error *err)
{
	struct bytes name, size_text, rows_text;
	uint64_t size = 0;
	uint64_t rows_bytes = 0;
	if (!bytes_cut(position, ' ', &name, &size_text) ||
		!bytes_cut(size_text, ' ', &size_text, &rows_text) ||
		!bytes_to_u64(size_text, UINT64_MAX, &size) ||
		!bytes_to_u64(rows_text, UINT64_MAX, &rows_bytes)) {
		return error_set(err, FLONG_E_FORMAT,
			"crawl state: '" BYTES_FMT "' names no segment", BYTES_ARG(position));
	}
	SCOPED(buf_clear) struct buf open_name = {0};
	buf_add(&open_name, name);
	buf_add_text(&open_name, ".open");
	SCOPED(free_textp) char *path = files_join(recorder->archive_dir, buf_text(&open_name));
	if (!files_exists(path)) {
		/* It was closed, but the state did not come to know: its rows are complete. */
		return open_segment(recorder, err);
	}
	int rc = segment_reopen(
		recorder->archive_dir, buf_text(&open_name), size, &recorder->segment, err);
	if (rc == FLONG_OK) {
		rc = rows_reopen(recorder->state_dir, segment_name(recorder->segment), rows_bytes,
			&recorder->rows, err);
	}
	return rc == FLONG_OK ? begin_check(recorder, err) : rc;
}

static int open_archive(struct recorder *recorder, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf position = {0};
	SCOPED(buf_clear) struct buf serial = {0};
	struct flong_error ignored = {0};
	uint64_t number = 0;
	if (state_get(recorder->options.state, "serial", &serial, &ignored) == FLONG_OK &&
		bytes_to_u64(buf_bytes(&serial), UINT32_MAX, &number)) {
		recorder->serial = (unsigned)number;
	}
	int rc = segment_finished_bytes(recorder->archive_dir, &recorder->finished_bytes, err);
	if (rc < 0) {
		return rc;
	}
	if (state_get(recorder->options.state, "segment", &position, &ignored) == FLONG_OK &&
		position.len > 0) {
		rc = reopen_segment(recorder, buf_bytes(&position), err);
	} else {
		rc = open_segment(recorder, err);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(free_textp) char *logs = files_join(recorder->options.dir, "logs");
	SCOPED(free_textp) char *log = files_join(logs, "crawl.log");
	recorder->log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (recorder->log_fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", log);
	}
	rc = note_position(recorder, err);
	return rc == FLONG_OK ? state_commit(recorder->options.state, err) : rc;
}

int recorder_create(const struct recorder_options *options, struct recorder **recorder_out,
	struct flong_error *err)
{
	SCOPED(recorder_closep) struct recorder *recorder = ALLOC(struct recorder);
	recorder->options = *options;
	recorder->log_fd = -1;
	recorder->archive_dir = files_join(options->dir, "archive");
	recorder->state_dir = files_join(options->dir, "state");
	recorder->log = buf_with_max((size_t)1 << 30);
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
		rc = open_archive(recorder, err);
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
	for (size_t i = 0; i < recorder->deflater_count; i++) {
		deflater_close(recorder->deflaters[i]);
	}
	free(recorder->deflaters);
	segment_close(recorder->segment); /* ends the check, which reads the rows */
	rows_close(recorder->rows);
	files_close_fd(&recorder->log_fd);
	buf_clear(&recorder->log);
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

void recorder_submit(struct recorder *recorder, uint64_t ticket, struct exchange *exchange_take,
	struct bytes metadata)
{
	submit(recorder, record_job_create(&recorder->jobs, ticket, exchange_take, metadata));
}

void recorder_submit_story(struct recorder *recorder, const struct recorder_story *story)
{
	submit(recorder, record_job_create_story(&recorder->jobs, story));
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
	const struct check_hooks hooks = hooks_of(recorder);
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
		rc = open_segment(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = note_position(recorder, err);
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

/* Writes the records of a job and their rows. */
static int append_group(struct recorder *recorder, const struct capture_group *group,
	uint64_t *bytes_out, struct flong_error *err)
{
	*bytes_out = 0;
	if (group->count == 0) {
		return FLONG_OK;
	}
	struct segment_place *places = ALLOC_ARRAY(struct segment_place, group->count);
	int rc = segment_append(recorder->segment, group, places, err);
	for (size_t i = 0; rc == FLONG_OK && i < group->count; i++) {
		*bytes_out += places[i].length;
		rc = rows_add(recorder->rows, &group->members[i], &places[i], err);
	}
	free(places);
	recorder->unsynced_bytes += *bytes_out;
	if (recorder->unsynced_since_ms == 0) {
		recorder->unsynced_since_ms = clock_monotonic_ms();
	}
	if (rc == FLONG_OK &&
		segment_size(recorder->segment) - recorder->checkable >= CHECK_STEP_BYTES) {
		rc = let_check(recorder, err);
	}
	return rc;
}

static int append(struct recorder *recorder, struct record_job *job, struct flong_error *err)
{
	struct recorded *recorded = job->recorded;
	uint64_t bytes = 0;
	int rc = append_group(recorder, &job->group, &bytes, err);
	if (rc < 0 || recorded == NULL || job->group.count == 0) {
		return rc;
	}
	const struct member *first = &job->group.members[0];
	recorded->stored_bytes = bytes;
	recorded->has_record = true;
	recorded->is_revisit = first->type == RECORD_REVISIT;
	memcpy(recorded->payload_digest, first->digest, sizeof(recorded->payload_digest));
	memcpy(recorded->record_id, first->id, sizeof(recorded->record_id));
	return record_job_note_original(job, err);
}

/* The next job that is done, after a change of segments when only those for the next one are left;
 * NULL when none is. */
static int take_job(struct recorder *recorder, struct record_job **job_out, struct flong_error *err)
{
	struct worker_job *base = workers_take(recorder->workers);
	if (base == NULL && recorder->held > 0 && workers_pending(recorder->workers) == 0) {
		int rc = rotate(recorder, err);
		if (rc < 0) {
			return rc;
		}
		base = workers_take(recorder->workers);
	}
	*job_out = (struct record_job *)base;
	return FLONG_OK;
}

int recorder_take(
	struct recorder *recorder, struct recorded **recorded_out, struct flong_error *err)
{
	*recorded_out = NULL;
	for (;;) {
		SCOPED(record_job_closep) struct record_job *job = NULL;
		int rc = take_job(recorder, &job, err);
		if (rc < 0 || job == NULL) {
			return rc;
		}
		rc = job->err.code;
		if (rc < 0) {
			*err = job->err;
			return error_context(err, "%s",
				job->recorded == NULL ? job->url : job->recorded->exchange->url);
		}
		rc = append(recorder, job, err);
		if (rc < 0) {
			return rc;
		}
		if (job->recorded != NULL) { /* of a story nothing comes back */
			*recorded_out = TAKE(job->recorded);
			return FLONG_OK;
		}
	}
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
	buf_add(&recorder->log, line);
	buf_add_char(&recorder->log, '\n');
	if (recorder->unsynced_since_ms == 0) {
		recorder->unsynced_since_ms = clock_monotonic_ms();
	}
}

uint64_t recorder_unsynced(const struct recorder *recorder, int64_t *since_ms_out)
{
	*since_ms_out = recorder->unsynced_since_ms;
	return recorder->unsynced_bytes;
}

int recorder_sync(struct recorder *recorder, struct flong_error *err)
{
	int rc = segment_sync(recorder->segment, err);
	if (rc == FLONG_OK) {
		rc = rows_sync(recorder->rows, err);
	}
	if (rc == FLONG_OK) {
		rc = note_position(recorder, err);
	}
	if (rc == FLONG_OK) {
		rc = state_commit(recorder->options.state, err);
	}
	if (rc == FLONG_OK) {
		rc = files_write_all(
			recorder->log_fd, buf_bytes(&recorder->log), "logs/crawl.log", err);
	}
	if (rc == FLONG_OK) {
		buf_reset(&recorder->log);
		recorder->unsynced_bytes = 0;
		recorder->unsynced_since_ms = 0;
	}
	return rc;
}

int recorder_finish(struct recorder *recorder, struct flong_error *err)
{
	int rc = recorder_sync(recorder, err);
	if (rc == FLONG_OK) {
		rc = finish_segment(recorder, err);
	}
	return rc == FLONG_OK ? note_position(recorder, err) : rc;
}

uint64_t recorder_total_bytes(const struct recorder *recorder)
{
	return recorder->finished_bytes +
	       (recorder->segment == NULL ? 0 : segment_size(recorder->segment));
}
