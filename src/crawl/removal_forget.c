/* SPDX-License-Identifier: MIT */
/* removal_forget.c - index, page lists and state forget captures */
#include "crawl/removal_forget.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/stream.h"
#include "crawl/job_archive.h"
#include "crawl/state.h"
#include "index/cdxj.h"
#include "index/line_file.h"
#include "index/lookup.h"
#include "index/pages_indexed.h"
#include "index/sorter.h"

struct forgetting {
	const struct removal *removal; /* borrowed */
	struct sorter *sorter;         /* of the new index */
	struct lookup *index;          /* the new index */
	struct state *state;
	struct sink *out;
};

/* Writes PATH.partial with `produce`, then replaces PATH. */
static int replace(const char *path,
	int (*produce)(struct forgetting *, const char *path, struct flong_error *),
	struct forgetting *forgetting, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	buf_addf(&partial, "%s.partial", path);
	SCOPED(files_close_fd)
	int fd = io_open(buf_text(&partial), O_WRONLY | O_CREAT | O_TRUNC, 0640);
	if (fd < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", buf_text(&partial));
	}
	SCOPED(sink_closep) struct sink *sink = sink_to_fd(fd);
	forgetting->out = sink;
	int rc = produce(forgetting, path, err);
	forgetting->out = NULL;
	if (rc == FLONG_OK) {
		rc = sink_finish(sink, err);
	}
	if (rc == FLONG_OK) {
		rc = files_finish(&fd, buf_text(&partial), err);
	}
	return rc == FLONG_OK ? files_replace_by(buf_text(&partial), path, err) : rc;
}

static int take_row(void *context, struct bytes line, struct flong_error *err)
{
	struct forgetting *forgetting = context;
	struct cdxj_row row = {0};
	int rc = cdxj_parse(line, &row, err);
	const struct removal *removal = forgetting->removal;
	bool goes =
		rc == FLONG_OK && (job_archive_lists(&removal->files, row.entry.filename) ||
					  job_archive_lists(&removal->renewed, row.entry.filename));
	cdxj_clear(&row);
	return rc < 0 || goes ? rc : sorter_add(forgetting->sorter, line, err);
}

static int write_index(struct forgetting *forgetting, const char *path, struct flong_error *err)
{
	int rc = line_file_each_of(path, take_row, forgetting, err);
	return rc == FLONG_OK ? sorter_write(forgetting->sorter, forgetting->out, err) : rc;
}

static int add_row(void *context, struct bytes line, struct flong_error *err)
{
	struct forgetting *forgetting = context;
	return sorter_add(forgetting->sorter, line, err);
}

/* DIR/state/NAME.rows, owned. */
static char *rows_path(const char *dir, struct bytes name)
{
	SCOPED(buf_clear) struct buf base = {0};
	SCOPED(free_textp) char *state = files_join(dir, "state");
	buf_add(&base, name);
	buf_add_text(&base, ".rows");
	return files_join(state, buf_text(&base));
}

static int renew_index(struct forgetting *forgetting, const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, "indexes/index.cdx");
	int rc = FLONG_OK;
	if (forgetting->removal->segment.len > 0) {
		SCOPED(free_textp)
		char *rows = rows_path(dir, buf_bytes(&forgetting->removal->segment));
		rc = line_file_each_of(rows, add_row, forgetting, err);
	}
	struct bytes rest = buf_bytes(&forgetting->removal->renewed);
	struct bytes name;
	while (rc == FLONG_OK && bytes_next_line(&rest, &name)) {
		SCOPED(free_textp) char *rows = rows_path(dir, name);
		rc = line_file_each_of(rows, add_row, forgetting, err);
	}
	if (rc == FLONG_OK) {
		rc = replace(path, write_index, forgetting, err);
	}
	return rc == FLONG_OK ? lookup_open(path, &forgetting->index, err) : rc;
}

static int renew_lists(struct forgetting *forgetting, const char *dir, struct flong_error *err)
{
	static const char *const names[] = {
		"pages/pages.jsonl", "pages/extraPages.jsonl", "stories/stories.jsonl"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		SCOPED(free_textp) char *path = files_join(dir, names[i]);
		rc = files_exists(path) ? pages_indexed_copy(forgetting->index, path, path, err)
					: FLONG_OK;
	}
	return rc;
}

/* A row of a file that goes: what the new index has no more is forgotten. */
static int forget_row(void *context, struct bytes line, struct flong_error *err)
{
	struct forgetting *forgetting = context;
	struct cdxj_row row = {0};
	int64_t date_ms = 0;
	bool stays = true;
	int rc = cdxj_parse(line, &row, err);
	if (rc == FLONG_OK && clock_parse_digits(row.entry.timestamp, &date_ms)) {
		rc = pages_indexed_has(forgetting->index, row.entry.url, date_ms, &stays, err);
	}
	if (rc == FLONG_OK && !stays) {
		rc = state_forget(forgetting->state, row.entry.url, date_ms, err);
	}
	cdxj_clear(&row);
	return rc;
}

static int renew_state(struct forgetting *forgetting, const char *dir, struct flong_error *err)
{
	SCOPED(free_textp) char *path = files_join(dir, "state/crawl.db");
	struct bytes rest = buf_bytes(&forgetting->removal->files);
	struct bytes name;
	if (forgetting->removal->url.len > 0 && !files_exists(path)) {
		return FLONG_OK; /* a collection that no crawl of ours has made */
	}
	int rc = state_open(path, &forgetting->state, err);
	while (rc == FLONG_OK && bytes_next_line(&rest, &name)) {
		SCOPED(free_textp) char *rows = rows_path(dir, name);
		rc = files_exists(rows) ? line_file_each_of(rows, forget_row, forgetting, err)
					: FLONG_OK;
	}
	if (rc == FLONG_OK && forgetting->removal->url.len > 0) {
		rc = state_forget_url(forgetting->state, buf_bytes(&forgetting->removal->url), err);
	}
	if (rc == FLONG_OK) {
		rc = state_forget_end(forgetting->state, err);
	}
	return rc == FLONG_OK ? state_commit(forgetting->state, err) : rc;
}

int removal_forget(const char *dir, const struct removal *removal, struct flong_error *err)
{
	SCOPED(free_textp) char *temp_dir = files_join(dir, "state");
	struct forgetting forgetting = {.removal = removal, .sorter = sorter_create(temp_dir, 0)};
	int rc = renew_index(&forgetting, dir, err);
	if (rc == FLONG_OK) {
		rc = renew_lists(&forgetting, dir, err);
	}
	if (rc == FLONG_OK) {
		rc = renew_state(&forgetting, dir, err);
	}
	state_close(forgetting.state);
	lookup_close(forgetting.index);
	sorter_close(forgetting.sorter);
	return rc;
}
