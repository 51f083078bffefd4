/* SPDX-License-Identifier: MIT */
/* job_record.c - what is known of one run of a job */
#include "crawl/job_record.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/limits.h"

static const char *const state_names[] = {
	[JOB_GOOD] = "good",
	[JOB_SUSPICIOUS] = "suspicious",
	[JOB_FAILED] = "failed",
	[JOB_INTERRUPTED] = "interrupted",
	[JOB_RUNNING] = "running",
};

const char *job_state_name(enum job_state state)
{
	return state_names[state];
}

void job_record_clear(struct job_record *record)
{
	buf_clear(&record->reasons);
	buf_clear(&record->segments);
	*record = (struct job_record){0};
}

static char *report_path_of(const char *dir, const char *name)
{
	SCOPED(free_textp) char *reports = files_join(dir, "reports");
	return files_join(reports, name);
}

static int read_object(
	const char *path, struct json_document **document_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	int rc = files_read(path, &text, err);
	if (rc == FLONG_OK) {
		rc = json_parse(buf_bytes(&text), JSON_STRICT, document_out, err);
	}
	return rc < 0 ? error_context(err, "%s", path) : rc;
}

static uint64_t number_of(const struct json *object, const char *name)
{
	int64_t number = json_int(json_get(object, name));
	return number < 0 ? 0 : (uint64_t)number;
}

int job_record_take_report(
	struct job_record *record, const char *report_path, struct flong_error *err)
{
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = read_object(report_path, &document, err);
	if (rc < 0) {
		return rc;
	}
	const struct json *report = json_root(document);
	record->stories = number_of(report, "storiesFound");
	record->pages = number_of(report, "pagesCaptured");
	record->pages_failed = number_of(report, "pagesFailed");
	record->exchanges = number_of(report, "exchanges");
	record->revisits = number_of(report, "revisits");
	record->bytes_received = number_of(report, "bytesReceived");
	const struct json *replaced = json_get(report, "pagesReplaced");
	record->vanished = number_of(report, "storiesVanished");
	record->walls = number_of(replaced, "challenge") + number_of(replaced, "consent-wall") +
			number_of(replaced, "login-wall");
	record->knows_clock = json_get(report, "clockOffMilliseconds") != NULL;
	record->clock_off_ms = json_int(json_get(report, "clockOffMilliseconds"));
	return FLONG_OK;
}

static void add_time(struct buf *json, const char *name, int64_t wall_ms)
{
	if (wall_ms > 0) {
		char text[CLOCK_ISO_SIZE];
		clock_format_iso_ms(wall_ms, text);
		json_add_member(json, name, bytes_of(text));
	}
}

void job_record_add_members(const struct job_record *record, struct buf *json)
{
	json_add_member(json, "state", bytes_of(job_state_name(record->state)));
	json_add_member(json, "run", bytes_of(record->id));
	add_time(json, "started", record->started_ms);
	if (record->state == JOB_RUNNING) {
		return;
	}
	add_time(json, "finished", record->finished_ms);
	json_add_member_u64(json, "exit", (uint64_t)record->exit);
	json_add_member_lines(json, "reasons", &record->reasons);
	json_add_member_u64(json, "stories", record->stories);
	json_add_member_u64(json, "storiesVanished", record->vanished);
	json_add_member_u64(json, "pages", record->pages);
	json_add_member_u64(json, "pagesFailed", record->pages_failed);
	json_add_member_u64(json, "exchanges", record->exchanges);
	json_add_member_u64(json, "revisits", record->revisits);
	json_add_member_u64(json, "bytesReceived", record->bytes_received);
	json_add_member_u64(json, "bytesStored", record->bytes_stored);
	json_add_member_lines(json, "segments", &record->segments);
}

int job_record_write(const struct job_record *record, const char *dir, const char *job,
	const char *report_path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf json = buf_with_max(2 * LIMIT_REPORT_JSON_BYTES);
	SCOPED(buf_clear) struct buf report = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	char name[64];
	(void)snprintf(name, sizeof(name), "run-%s.json", record->id);
	SCOPED(free_textp) char *path = report_path_of(dir, name);
	buf_add_char(&json, '{');
	json_add_member(&json, "software", BYTES("flong " FLONG_VERSION));
	json_add_member(&json, "job", bytes_of(job));
	job_record_add_members(record, &json);
	if (report_path != NULL) {
		int rc = files_read(report_path, &report, err);
		if (rc < 0) {
			return rc;
		}
		json_add_name(&json, "report");
		buf_add(&json, bytes_trim(buf_bytes(&report)));
	}
	buf_add_text(&json, "}\n");
	if (buf_failed(&json)) {
		return error_set(err, FLONG_E_LIMIT, "%s would be too long", path);
	}
	return files_replace(path, buf_bytes(&json), err);
}

static void take_list(const struct json *list, struct buf *lines)
{
	for (size_t i = 0; i < json_count(list); i++) {
		buf_add(lines, json_text(json_at(list, i)));
		buf_add_char(lines, '\n');
	}
}

static enum job_state state_of(struct bytes name)
{
	for (size_t i = 0; i < sizeof(state_names) / sizeof(state_names[0]); i++) {
		if (bytes_equal(name, bytes_of(state_names[i]))) {
			return (enum job_state)i;
		}
	}
	return JOB_FAILED;
}

int job_record_read(
	const char *dir, const char *name, struct job_record *record_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = report_path_of(dir, name);
	SCOPED(json_closep) struct json_document *document = NULL;
	int rc = read_object(path, &document, err);
	if (rc < 0) {
		return rc;
	}
	const struct json *root = json_root(document);
	struct job_record record = {
		.exit = (enum crawl_exit)number_of(root, "exit"),
		.state = state_of(json_text(json_get(root, "state"))),
		.stories = number_of(root, "stories"),
		.vanished = number_of(root, "storiesVanished"),
		.pages = number_of(root, "pages"),
		.pages_failed = number_of(root, "pagesFailed"),
		.exchanges = number_of(root, "exchanges"),
		.revisits = number_of(root, "revisits"),
		.bytes_received = number_of(root, "bytesReceived"),
		.bytes_stored = number_of(root, "bytesStored"),
	};
	struct bytes id = json_text(json_get(root, "run"));
	(void)snprintf(record.id, sizeof(record.id), BYTES_FMT, BYTES_ARG(id));
	(void)clock_parse_iso(json_text(json_get(root, "started")), &record.started_ms);
	(void)clock_parse_iso(json_text(json_get(root, "finished")), &record.finished_ms);
	take_list(json_get(root, "reasons"), &record.reasons);
	take_list(json_get(root, "segments"), &record.segments);
	*record_out = record;
	return FLONG_OK;
}

int job_record_names(const char *dir, struct buf *names_out, struct flong_error *err)
{
	SCOPED(free_textp) char *reports = files_join(dir, "reports");
	SCOPED(buf_clear) struct buf names = {0};
	if (!files_is_dir(reports)) {
		return FLONG_OK;
	}
	int rc = files_list(reports, ".json", &names, err);
	for (size_t at = 0; rc == FLONG_OK && at < names.len; at += strlen(names.ptr + at) + 1) {
		if (bytes_starts(bytes_of(names.ptr + at), BYTES("run-"))) {
			buf_add(names_out, bytes_from(names.ptr + at, strlen(names.ptr + at) + 1));
		}
	}
	return rc;
}
