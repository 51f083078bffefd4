/* SPDX-License-Identifier: MIT */
/* job_status.c - status.json of a collection */
#include "crawl/job_status.h"

#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"

static const char file_name[] = "status.json";

void job_status_read(const char *dir, struct job_status *status_out)
{
	*status_out = (struct job_status){0};
	SCOPED(free_textp) char *path = files_join(dir, file_name);
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	SCOPED(json_closep) struct json_document *document = NULL;
	struct flong_error fault = {0};
	if (!files_exists(path)) {
		return;
	}
	if (files_read(path, &text, &fault) < 0 ||
		json_parse(buf_bytes(&text), JSON_STRICT, &document, &fault) < 0) {
		log_warn("%s: %s; when its last good run was is not known", path, fault.message);
		return;
	}
	const struct json *root = json_root(document);
	const struct json *good = json_get(root, "lastGoodRun");
	struct bytes id = json_text(json_get(good, "run"));
	(void)snprintf(status_out->good.id, sizeof(status_out->good.id), BYTES_FMT, BYTES_ARG(id));
	(void)clock_parse_iso(json_text(json_get(good, "started")), &status_out->good.started_ms);
	(void)clock_parse_iso(json_text(json_get(good, "finished")), &status_out->good.finished_ms);
	status_out->good.stories = (uint64_t)json_int(json_get(good, "stories"));
	status_out->runs_since_good = (uint64_t)json_int(json_get(root, "runsSinceGood"));
	if (bytes_equal(
		    json_text(json_get(root, "state")), bytes_of(job_state_name(JOB_RUNNING)))) {
		struct bytes run = json_text(json_get(root, "run"));
		(void)snprintf(status_out->running, sizeof(status_out->running), BYTES_FMT,
			BYTES_ARG(run));
	}
}

void job_status_count(struct job_status *status, const struct job_record *record)
{
	if (record->state != JOB_GOOD) {
		status->runs_since_good++;
		return;
	}
	status->runs_since_good = 0;
	(void)snprintf(status->good.id, sizeof(status->good.id), "%s", record->id);
	status->good.started_ms = record->started_ms;
	status->good.finished_ms = record->finished_ms;
	status->good.stories = record->stories;
}

static void add_time(struct buf *json, const char *name, int64_t wall_ms)
{
	char text[CLOCK_ISO_SIZE];
	clock_format_iso_ms(wall_ms, text);
	json_add_member(json, name, bytes_of(text));
}

static void add_good(struct buf *json, const struct job_status *status)
{
	json_add_name(json, "lastGoodRun");
	if (status->good.finished_ms == 0) {
		buf_add_text(json, "null");
		return;
	}
	buf_add_char(json, '{');
	json_add_member(json, "run", bytes_of(status->good.id));
	add_time(json, "started", status->good.started_ms);
	add_time(json, "finished", status->good.finished_ms);
	json_add_member_u64(json, "stories", status->good.stories);
	buf_add_char(json, '}');
}

int job_status_write(const struct job_status *status, const struct job_record *record,
	const struct job_options *job, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf json = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	buf_add_char(&json, '{');
	json_add_member(&json, "software", BYTES("flong " FLONG_VERSION));
	json_add_member(&json, "job", bytes_of(job->name));
	json_add_member(&json, "collection", bytes_of(job->collection));
	job_record_add_members(record, &json);
	if (record->state == JOB_RUNNING) {
		json_add_member_u64(&json, "process", (uint64_t)getpid());
	} else {
		json_add_member_u64(&json, "removedRuns", status->removed_runs);
		json_add_member_u64(&json, "removedBytes", status->removed_bytes);
	}
	if (status->next_due_ms > 0) {
		add_time(&json, "nextDue", status->next_due_ms);
	}
	add_good(&json, status);
	json_add_member_u64(&json, "runsSinceGood", status->runs_since_good);
	buf_add_text(&json, "}\n");
	SCOPED(free_textp) char *path = files_join(job->collection, file_name);
	int rc = files_replace(path, buf_bytes(&json), err);
	if (rc == FLONG_OK && job->status_path != NULL) {
		rc = files_replace(job->status_path, buf_bytes(&json), err);
	}
	return rc;
}
