/* SPDX-License-Identifier: MIT */
/* job_mark.c - state/run.json */
#include "crawl/job_mark.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"

void job_mark_clear(struct job_mark *mark)
{
	buf_clear(&mark->known);
	*mark = (struct job_mark){0};
}

static char *mark_path(const char *dir)
{
	return files_join(dir, "state/run.json");
}

int job_mark_read(
	const char *dir, struct job_mark *mark_out, bool *found_out, struct flong_error *err)
{
	SCOPED(free_textp) char *path = mark_path(dir);
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	SCOPED(json_closep) struct json_document *document = NULL;
	*found_out = files_exists(path);
	if (!*found_out) {
		return FLONG_OK;
	}
	int rc = files_read(path, &text, err);
	if (rc == FLONG_OK) {
		rc = json_parse(buf_bytes(&text), JSON_STRICT, &document, err);
	}
	if (rc < 0) {
		return error_context(err, "%s", path);
	}
	const struct json *root = json_root(document);
	const struct json *known = json_get(root, "known");
	struct bytes id = json_text(json_get(root, "run"));
	(void)snprintf(mark_out->id, sizeof(mark_out->id), BYTES_FMT, BYTES_ARG(id));
	mark_out->started_ms = json_int(json_get(root, "started"));
	for (size_t i = 0; i < json_count(known); i++) {
		buf_add(&mark_out->known, json_text(json_at(known, i)));
		buf_add_char(&mark_out->known, '\n');
	}
	return FLONG_OK;
}

int job_mark_write(const char *dir, const struct job_mark *mark, struct flong_error *err)
{
	SCOPED(free_textp) char *path = mark_path(dir);
	SCOPED(buf_clear) struct buf json = buf_with_max(LIMIT_REPORT_JSON_BYTES);
	struct bytes rest = buf_bytes(&mark->known);
	struct bytes line;
	buf_add_char(&json, '{');
	json_add_member(&json, "run", bytes_of(mark->id));
	json_add_member_u64(&json, "started", (uint64_t)mark->started_ms);
	json_add_name(&json, "known");
	buf_add_char(&json, '[');
	for (bool is_first = true; bytes_next_line(&rest, &line); is_first = false) {
		buf_add_text(&json, is_first ? "" : ",");
		json_add_string(&json, line);
	}
	buf_add_text(&json, "]}\n");
	return files_replace_private(path, buf_bytes(&json), err);
}

int job_mark_remove(const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *path = mark_path(dir);
	if (io_unlink(path) != 0 && errno != ENOENT) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", path);
	}
	return FLONG_OK;
}
