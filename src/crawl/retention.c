/* SPDX-License-Identifier: MIT */
/* retention.c - which old runs of a job go */
#include "crawl/retention.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "crawl/job_archive.h"

struct old_run {
	char id[CLOCK_DIGITS_SIZE];
	int64_t ended_ms;
	uint64_t bytes;      /* of its files that are there */
	struct buf segments; /* owned */
	bool goes;
};

struct plan {
	struct old_run *runs; /* owned; oldest first */
	size_t count;
	uint64_t total_bytes; /* of all WARC files */
};

static void plan_clear(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		buf_clear(&plan->runs[i].segments);
	}
	free(plan->runs);
}

const char *retention_refusal(const struct job_record *run, int64_t last_ms)
{
	if (last_ms > run->started_ms) {
		return "the clock is behind the last run";
	}
	if (last_ms > 0 && run->started_ms - last_ms > RETENTION_GAP_MS) {
		return "the last run is more than a year ago, or the clock is wrong";
	}
	if (run->knows_clock && (run->clock_off_ms > RETENTION_CLOCK_MS ||
					run->clock_off_ms < -RETENTION_CLOCK_MS)) {
		return "the clock is more than a day off that of the servers";
	}
	return NULL;
}

/* Bytes of these files, as far as they are there. */
static uint64_t size_of(const char *dir, const struct buf *names)
{
	SCOPED(free_textp) char *archive = files_join(dir, "archive");
	struct bytes rest = buf_bytes(names);
	struct bytes line;
	uint64_t bytes = 0;
	while (bytes_next_line(&rest, &line)) {
		SCOPED(free_textp) char *name = alloc_text(line.ptr, line.len);
		SCOPED(free_textp) char *path = files_join(archive, name);
		struct flong_error gone = {0};
		uint64_t size = 0;
		if (files_size(path, &size, &gone) == FLONG_OK) {
			bytes += size;
		}
	}
	return bytes;
}

static int read_runs(const char *dir, struct plan *plan, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf names = {0};
	int rc = job_record_names(dir, &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		SCOPED(job_record_clear) struct job_record record = {0};
		struct flong_error fault = {0};
		if (job_record_read(dir, names.ptr + at, &record, &fault) < 0) {
			log_warn("%s; its files are kept", fault.message);
			continue;
		}
		plan->runs = alloc_resize(plan->runs, plan->count + 1, sizeof(plan->runs[0]));
		struct old_run *run = &plan->runs[plan->count++];
		*run = (struct old_run){
			.ended_ms = record.finished_ms > 0 ? record.finished_ms : record.started_ms,
			.bytes = size_of(dir, &record.segments)};
		memcpy(run->id, record.id, sizeof(run->id));
		buf_add(&run->segments, buf_bytes(&record.segments));
	}
	return rc;
}

/* Chooses the runs that go; the newest, `id`, never does. */
static void choose(struct plan *plan, const struct job_keep *keep, const char *id, int64_t now_ms)
{
	size_t left = plan->count;
	uint64_t bytes = plan->total_bytes;
	for (size_t i = 0; i < plan->count; i++) {
		struct old_run *run = &plan->runs[i];
		bool is_old = keep->age_ms > 0 && run->ended_ms < now_ms - keep->age_ms;
		bool is_one_too_many = keep->runs > 0 && left > keep->runs;
		bool is_too_much = keep->bytes > 0 && bytes > keep->bytes && run->bytes > 0;
		run->goes = strcmp(run->id, id) != 0 && (is_old || is_one_too_many || is_too_much);
		left -= run->goes;
		bytes -= run->goes ? run->bytes : 0;
	}
}

/* Originals that were taken over before: revisits that need them may go. */
static void add_originals(const struct buf *names, struct removal *removal)
{
	struct bytes rest = buf_bytes(names);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (bytes_starts(line, BYTES(REMOVAL_PREFIX))) {
			buf_add(&removal->files, line);
			buf_add_char(&removal->files, '\n');
		}
	}
}

static void add_present(const struct buf *names, const struct buf *segments, struct buf *files)
{
	struct bytes rest = buf_bytes(segments);
	struct bytes line;
	while (bytes_next_line(&rest, &line)) {
		if (job_archive_lists(names, line)) {
			buf_add(files, line);
			buf_add_char(files, '\n');
		}
	}
}

int retention_plan(const char *dir, const struct job_keep *keep, const struct job_record *run,
	struct removal *removal, uint64_t *runs_out, struct flong_error *err)
{
	SCOPED(plan_clear) struct plan plan = {0};
	SCOPED(buf_clear) struct buf names = {0};
	*runs_out = 0;
	int rc = job_archive_names(dir, &names, err);
	if (rc == FLONG_OK) {
		rc = read_runs(dir, &plan, err);
	}
	if (rc < 0) {
		return rc;
	}
	plan.total_bytes = size_of(dir, &names);
	choose(&plan, keep, run->id, run->finished_ms);
	for (size_t i = 0; i < plan.count; i++) {
		if (plan.runs[i].goes) {
			buf_addf(&removal->runs, "%s\n", plan.runs[i].id);
			add_present(&names, &plan.runs[i].segments, &removal->files);
			(*runs_out)++;
		}
	}
	if (*runs_out > 0) {
		add_originals(&names, removal);
	}
	return FLONG_OK;
}
