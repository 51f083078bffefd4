/* SPDX-License-Identifier: MIT */
/* job.c - one scheduled run, from the lock to the status file
 *
 * state/run.json marks a run under way and names the WARC files that were there before: what a
 * killed run has left is put in order by the next one and gets its own report. */
#include "crawl/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/log.h"
#include "crawl/job_alert.h"
#include "crawl/job_archive.h"
#include "crawl/job_history.h"
#include "crawl/job_mark.h"
#include "crawl/job_record.h"
#include "crawl/job_status.h"
#include "crawl/removal.h"
#include "crawl/report.h"
#include "crawl/retention.h"
#include "index/wacz.h"
#include "index/wacz_main.h"

/* How often a run that waits asks whether the other one has ended. */
#define LOCK_PAUSE_MS 200

struct run {
	const struct job_options *job; /* borrowed */
	struct crawl_options *crawl;   /* borrowed */
	struct job_history history;
	struct job_status status;
	struct job_record record; /* owned, as all below */
	struct job_mark mark;
	struct buf text; /* lines for people */
	char *report;    /* the crawl's own */
	char *report_path;
	int lock_fd;
	bool packs;
};

void job_options_clear(struct job_options *options)
{
	free(options->name);
	free(options->collection);
	free(options->alert);
	free(options->status_path);
	*options = (struct job_options){0};
}

int job_check(const struct job_options *job, struct crawl_options *crawl, struct flong_error *err)
{
	if (job->collection == NULL || job->collection[0] == '\0') {
		return error_set(err, FLONG_E_USAGE, "no collection is named");
	}
	struct bytes path = bytes_of(job->collection);
	if (bytes_ends(path, BYTES(".wacz")) || bytes_ends(path, BYTES(".warc.gz")) ||
		bytes_ends(path, BYTES(".warc"))) {
		return error_set(err, FLONG_E_USAGE,
			"collection '%s' looks like a file; runs are added to a directory",
			job->collection);
	}
	if (crawl->output != NULL) {
		return error_set(
			err, FLONG_E_USAGE, "a job writes to its collection, not to --output");
	}
	if (crawl->deterministic_seed != NULL) {
		return error_set(err, FLONG_E_USAGE,
			"--deterministic is for single crawls: all runs would have the same date");
	}
	if (crawl->seeds.count + crawl->feeds.count == 0) {
		return error_set(err, FLONG_E_USAGE, "no URL to archive");
	}
	return crawl_check(crawl, err);
}

/* A directory of ours is empty, or was locked by us before. */
static int check_directory(const char *dir, const char *lock, struct flong_error *err)
{
	if (!files_exists(dir)) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf names = {0};
	int rc = files_is_dir(dir) ? files_list(dir, "", &names, err) : FLONG_OK;
	if (rc < 0) {
		return rc;
	}
	if (!files_is_dir(dir) || (names.len > 0 && !files_exists(lock))) {
		return error_set(
			err, FLONG_E_EXISTS, "%s exists and is no collection of ours", dir);
	}
	return FLONG_OK;
}

/* Asks again and again: a lock that is waited for would miss a signal that comes just before. */
static int wait_for_lock(const char *lock, int *fd_out, struct flong_error *err)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
	int rc = FLONG_E_BUSY;
	while (rc == FLONG_E_BUSY) {
		if (crawl_stop_requested()) {
			return error_set(err, FLONG_E_STOPPED, "stopped by a signal while waiting");
		}
		(void)nanosleep(&pause, NULL);
		rc = files_lock(lock, fd_out, err);
	}
	return rc;
}

static int take_lock(struct run *run, struct flong_error *err)
{
	const char *dir = run->job->collection;
	SCOPED(free_textp) char *state = files_join(dir, "state");
	SCOPED(free_textp) char *lock = files_join(state, "lock");
	int rc = check_directory(dir, lock, err);
	if (rc == FLONG_OK) {
		rc = files_make_dir(dir, err);
	}
	if (rc == FLONG_OK) {
		rc = files_make_private_dir(state, err);
	}
	if (rc == FLONG_OK) {
		rc = files_lock(lock, &run->lock_fd, err);
	}
	if (rc != FLONG_E_BUSY) {
		return rc;
	}
	if (run->job->on_overlap == JOB_OVERLAP_WAIT) {
		log_warn("%s is in use: %s; waiting", dir, err->message);
		return wait_for_lock(lock, &run->lock_fd, err);
	}
	return error_context(err, "%s is in use, this run is skipped", dir);
}

static void add_variable(struct crawl_texts *variables, const char *name, const struct buf *value)
{
	SCOPED(buf_clear) struct buf text = {0};
	buf_addf(&text, "%s=", name);
	buf_add(&text, buf_bytes(value));
	crawl_texts_add(variables, buf_text(&text));
}

/* Runs the alert command, if there is one, about a run. */
static void tell(const struct run *run, const struct job_record *record)
{
	if (run->job->alert == NULL) {
		return;
	}
	SCOPED(crawl_texts_clear) struct crawl_texts variables = {0};
	const struct {
		const char *name, *value;
	} texts[] = {
		{"FLONG_JOB", run->job->name},
		{"FLONG_COLLECTION", run->job->collection},
		{"FLONG_STATE", job_state_name(record->state)},
		{"FLONG_RUN", record->id},
		{"FLONG_REASONS", buf_text(&record->reasons)},
	};
	SCOPED(buf_clear) struct buf value = {0};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&value);
		buf_add_text(&value, texts[i].value);
		add_variable(&variables, texts[i].name, &value);
	}
	buf_reset(&value);
	buf_addf(&value, "%d", (int)record->exit);
	add_variable(&variables, "FLONG_EXIT", &value);
	SCOPED(free_textp) char *status = files_join(run->job->collection, "status.json");
	struct flong_error fault = {0};
	if (job_alert_run(run->job->alert, status, variables.items, &fault) < 0) {
		log_error("%s: %s", run->job->name, fault.message);
	}
}

/* What the run before this one left: its segment is closed, index and pages are written, and it
 * gets its report. */
static int repair(struct run *run, struct flong_error *err)
{
	const char *dir = run->job->collection;
	SCOPED(job_mark_clear) struct job_mark mark = {0};
	bool was_open = false;
	bool was_marked = false;
	int rc = removal_recover(dir, err);
	if (rc == FLONG_OK) {
		rc = job_mark_read(dir, &mark, &was_marked, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_close_earlier(dir, run->crawl, &was_open, err);
	}
	if (rc == FLONG_OK && was_open) {
		buf_addf(&run->text,
			"  repaired      the last %s had not ended; what it has is kept\n",
			was_marked ? "run" : "crawl");
		log_warn("%s: the last %s had not ended; what it has is kept", dir,
			was_marked ? "run" : "crawl");
	}
	if (rc < 0 || !was_marked) {
		return rc;
	}
	SCOPED(job_record_clear)
	struct job_record record = {
		.started_ms = mark.started_ms, .exit = CRAWL_EXIT_SIGNAL, .state = JOB_INTERRUPTED};
	memcpy(record.id, mark.id, sizeof(record.id));
	/* Its status says how a run ended, if that had the time to. */
	if (strcmp(run->status.running, record.id) == 0) {
		buf_add_text(
			&record.reasons, "it ended without a word: killed, or without memory\n");
		run->status.runs_since_good++;
		tell(run, &record);
	}
	rc = job_archive_new(dir, &mark.known, &record, err);
	if (rc == FLONG_OK && files_exists(run->report_path)) {
		rc = job_record_take_report(&record, run->report_path, err);
	}
	if (rc == FLONG_OK && record.segments.len > 0) {
		rc = job_record_write(&record, dir, run->job->name,
			files_exists(run->report_path) ? run->report_path : NULL, err);
	}
	return rc == FLONG_OK ? job_mark_remove(dir, err) : rc;
}

static int begin(struct run *run, struct flong_error *err)
{
	const char *dir = run->job->collection;
	int rc = job_history_read(dir, &run->history, err);
	run->record.started_ms = clock_wall_ms();
	clock_format_digits17(run->record.started_ms, run->record.id);
	run->record.state = JOB_RUNNING;
	if (run->job->every.count > 0) {
		run->status.next_due_ms =
			run->record.started_ms + run->job->every.steps[0].interval_ms;
	}
	run->mark.started_ms = run->record.started_ms;
	memcpy(run->mark.id, run->record.id, sizeof(run->mark.id));
	if (rc == FLONG_OK) {
		rc = job_archive_names(dir, &run->mark.known, err);
	}
	if (rc == FLONG_OK) {
		rc = job_mark_write(dir, &run->mark, err);
	}
	return rc == FLONG_OK ? job_status_write(&run->status, &run->record, run->job, err) : rc;
}

static int crawl(struct run *run, struct flong_error *err)
{
	struct crawl_options *options = run->crawl;
	options->output = alloc_copy(run->job->collection);
	options->has_lock = true;
	options->ends_at_limit = true;
	options->packs_wacz = false; /* done here, when old runs are gone */
	options->cadence = run->job->every.count > 0 ? &run->job->every : NULL;
	int rc = crawl_run(options, &run->record.exit, &run->report, err);
	options->cadence = NULL;
	return rc;
}

static enum crawl_exit exit_of(const struct flong_error *err)
{
	return err->code == FLONG_E_IO      ? CRAWL_EXIT_WRITE
	       : err->code == FLONG_E_USAGE ? CRAWL_EXIT_USAGE
					    : CRAWL_EXIT_FAILURE;
}

/* The figures of the run, whether they are what is usual, and its own report. */
static int judge(struct run *run, struct flong_error *err)
{
	const char *dir = run->job->collection;
	struct job_record *record = &run->record;
	int rc = job_record_take_report(record, run->report_path, err);
	if (rc == FLONG_OK) {
		rc = job_archive_new(dir, &run->mark.known, record, err);
	}
	if (rc < 0) {
		return rc;
	}
	job_history_judge(&run->history, run->crawl->seeds.count + run->crawl->feeds.count, record);
	record->finished_ms = clock_wall_ms();
	if (record->state == JOB_INTERRUPTED) {
		return FLONG_OK; /* the next run closes it and reports it */
	}
	rc = job_record_write(record, dir, run->job->name, run->report_path, err);
	return rc == FLONG_OK ? job_mark_remove(dir, err) : rc;
}

/* What the job keeps of old runs. */
static int retain(struct run *run, struct flong_error *err)
{
	const struct job_options *job = run->job;
	const struct job_keep *keep = &job->keep;
	SCOPED(removal_clear) struct removal removal = {0};
	uint64_t runs = 0;
	if (run->record.state != JOB_GOOD ||
		(keep->age_ms == 0 && keep->runs == 0 && keep->bytes == 0)) {
		return FLONG_OK;
	}
	const char *refusal = retention_refusal(&run->record, run->history.last_ms);
	if (refusal != NULL) {
		log_warn("%s: nothing is removed: %s", job->name, refusal);
		buf_addf(&run->text, "  kept          all old runs: %s\n", refusal);
		return FLONG_OK;
	}
	int rc = retention_plan(job->collection, keep, &run->record, &removal, &runs, err);
	if (rc < 0 || runs == 0) {
		return rc;
	}
	rc = removal_run(job->collection, &removal, err);
	if (rc < 0) {
		return rc;
	}
	char size[32];
	report_format_bytes(removal.removed_bytes, size);
	run->status.removed_runs = runs;
	run->status.removed_bytes = removal.removed_bytes;
	buf_addf(&run->text, "  removed       %llu old run%s (%s)", (unsigned long long)runs,
		runs == 1 ? "" : "s", size);
	if (removal.originals > 0) {
		buf_addf(&run->text, "; %llu originals that revisits need are kept",
			(unsigned long long)removal.originals);
	}
	buf_add_char(&run->text, '\n');
	return FLONG_OK;
}

/* COLLECTION.wacz, replaced at once when the new one is whole. */
static int pack(struct run *run, struct flong_error *err)
{
	const char *dir = run->job->collection;
	SCOPED(buf_clear) struct buf final = {0};
	struct bytes stem = bytes_of(dir);
	while (stem.len > 1 && stem.ptr[stem.len - 1] == '/') {
		stem.len--;
	}
	buf_add(&final, stem);
	buf_add_text(&final, ".wacz");
	SCOPED(free_textp) char *made = files_join(dir, "state/package.wacz");
	SCOPED(wacz_main_clear) struct wacz_main page = {0};
	int rc = wacz_main_read(dir, &page, err);
	if (rc < 0) {
		return rc;
	}
	const struct wacz_options options = {
		.title = run->crawl->title != NULL ? run->crawl->title : page.title,
		.description = run->crawl->description,
		.software = "flong " FLONG_VERSION,
		.created_ms = clock_wall_ms(),
		.main_url = page.url,
		.main_date_ms = page.date_ms,
		.sign_key = run->crawl->sign_key,
	};
	(void)io_unlink(made); /* of a run that was killed */
	rc = wacz_pack(dir, made, &options, err);
	if (rc == FLONG_OK) {
		rc = files_replace_by(made, buf_text(&final), err);
	}
	uint64_t size = 0;
	if (rc == FLONG_OK) {
		rc = files_size(buf_text(&final), &size, err);
	}
	if (rc == FLONG_OK) {
		char text[32];
		report_format_bytes(size, text);
		buf_addf(&run->text, "  packed        %s (%s)\n", buf_text(&final), text);
	}
	return rc;
}

static int crawl_and_pack(struct run *run, struct flong_error *err)
{
	int rc = crawl(run, err);
	if (rc == FLONG_OK) {
		rc = judge(run, err);
	}
	if (rc == FLONG_OK) {
		rc = retain(run, err);
	}
	if (rc == FLONG_OK && run->packs && run->record.state != JOB_INTERRUPTED) {
		rc = pack(run, err);
	}
	return rc;
}

/* The state of a run that could not be made is told all the same, as far as that can be written. */
static void note_failure(struct run *run, const struct flong_error *reason)
{
	struct job_record *record = &run->record;
	struct flong_error fault = {0};
	record->state = JOB_FAILED;
	record->exit = exit_of(reason);
	record->finished_ms = clock_wall_ms();
	buf_addf(&record->reasons, "%s\n", reason->message);
	job_status_count(&run->status, record);
	if (job_status_write(&run->status, record, run->job, &fault) < 0) {
		log_error("%s", fault.message);
	}
}

static void describe(struct run *run, struct buf *text)
{
	const struct job_record *record = &run->record;
	struct bytes rest = buf_bytes(&record->reasons);
	struct bytes line;
	if (run->report != NULL) {
		buf_add_text(text, run->report);
	}
	buf_addf(text, "  run           %s of %s: %s\n", record->id, run->job->name,
		job_state_name(record->state));
	while (bytes_next_line(&rest, &line)) {
		buf_addf(text, "                " BYTES_FMT "\n", BYTES_ARG(line));
	}
	buf_add(text, buf_bytes(&run->text));
	if (run->status.next_due_ms > 0) {
		char due[CLOCK_ISO_SIZE];
		clock_format_iso_s(run->status.next_due_ms, due);
		buf_addf(text, "  next due      %s\n", due);
	}
}

static int run_locked(struct run *run, struct flong_error *err)
{
	job_status_read(run->job->collection, &run->status);
	int rc = repair(run, err);
	if (rc == FLONG_OK) {
		rc = begin(run, err);
	}
	if (rc == FLONG_OK) {
		rc = crawl_and_pack(run, err);
	}
	if (rc < 0) {
		note_failure(run, err);
		return rc;
	}
	job_status_count(&run->status, &run->record);
	return job_status_write(&run->status, &run->record, run->job, err);
}

static void run_clear(struct run *run)
{
	files_close_fd(&run->lock_fd);
	job_record_clear(&run->record);
	job_mark_clear(&run->mark);
	buf_clear(&run->text);
	free(run->report);
	free(run->report_path);
}

int job_run(const struct job_options *job, struct crawl_options *options,
	struct job_result *result_out, struct flong_error *err)
{
	SCOPED(run_clear)
	struct run run = {
		.job = job, .crawl = options, .lock_fd = -1, .packs = options->packs_wacz};
	run.report_path = files_join(job->collection, "reports/report.json");
	int rc = take_lock(&run, err);
	if (rc < 0) {
		return rc;
	}
	rc = run_locked(&run, err);
	/* An alert that takes long keeps no other run. */
	files_close_fd(&run.lock_fd);
	run.lock_fd = -1;
	if (run.record.state == JOB_SUSPICIOUS || run.record.state == JOB_FAILED) {
		tell(&run, &run.record);
	}
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf text = {0};
	describe(&run, &text);
	*result_out = (struct job_result){.exit = run.record.exit, .report = buf_take(&text)};
	return FLONG_OK;
}
