/* SPDX-License-Identifier: MIT */
/* state_report.c - the state's other tables, and its questions: counts, what is missing, pages,
 * originals */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/stream.h"
#include "crawl/state_private.h"

/* Page texts are written to their file in pieces of this size, and at every commit. */
#define TEXTS_PENDING_BYTES ((size_t)1 << 20)

static struct state_result read_result(sqlite3_stmt *s)
{
	return (struct state_result){
		.state = (enum visit_state)sqlite3_column_int(s, 14),
		.status = sqlite3_column_int(s, 15),
		.is_complete = sqlite3_column_int(s, 16) != 0,
		.reason = state_column_bytes(s, 17),
		.payload_bytes = state_column_u64(s, 18),
		.redirect = state_column_bytes(s, 19),
	};
}

int state_counts(struct state *state, struct state_counts *counts_out, struct flong_error *err)
{
	struct state_counts counts = {0};
	sqlite3_stmt *s = state_ready(state, COUNTS);
	while (sqlite3_step(s) == SQLITE_ROW) {
		int kind = sqlite3_column_int(s, 0);
		int row_state = sqlite3_column_int(s, 1) & 3;
		bool is_ok = sqlite3_column_int(s, 2) > 0;
		bool is_guess = sqlite3_column_int(s, 3) > 0;
		if (kind == VISIT_PAGE) {
			counts.pages[row_state]++;
			counts.pages_ok += is_ok;
		} else if (kind == VISIT_REQUISITE && !is_guess) {
			counts.requisites[row_state]++;
			counts.requisites_ok += is_ok;
			counts.missing +=
				!is_ok && (row_state == VISIT_DONE || row_state == VISIT_FAILED);
		} else {
			counts.others[row_state]++;
		}
	}
	if (sqlite3_reset(s) != SQLITE_OK) {
		return state_fail(state, "cannot be counted", err);
	}
	*counts_out = counts;
	return FLONG_OK;
}

static void each_result(sqlite3_stmt *s,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context)
{
	while (sqlite3_step(s) == SQLITE_ROW) {
		SCOPED(visit_closep) struct visit *visit = state_read_visit(s);
		struct state_result result = read_result(s);
		each(context, visit, &result);
	}
}

int state_each_missing(struct state *state, enum visit_kind kind, size_t limit,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_MISSING);
	(void)sqlite3_bind_int(s, 1, (int)kind);
	state_bind_u64(s, 2, limit);
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_each_skipped(struct state *state,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_SKIPPED);
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_each_seed(struct state *state,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_SEED);
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

/* Page texts lie in a file of their own: a database would write each of them to its log, read it
 * back and write it again. The rows say where they are. */
int state_texts_open(struct state *state, const char *state_path, struct flong_error *err)
{
	struct state_texts *texts = &state->texts;
	SCOPED(buf_clear) struct buf path = {0};
	buf_addf(&path, "%s.texts", state_path);
	texts->path = buf_take(&path);
	texts->pending = buf_with_max(2 * LIMIT_DOCUMENT_BYTES);
	sqlite3_stmt *s = state_ready(state, TEXTS_END);
	if (sqlite3_step(s) == SQLITE_ROW) {
		texts->written = state_column_u64(s, 0);
	}
	if (sqlite3_reset(s) != SQLITE_OK) {
		return state_fail(state, "cannot be read", err);
	}
	texts->fd = io_open(texts->path, O_RDWR | O_CREAT, 0600);
	off_t size = texts->fd < 0 ? 0 : lseek(texts->fd, 0, SEEK_END);
	if (texts->fd >= 0 && size >= 0 && (uint64_t)size < texts->written) {
		return error_set(
			err, FLONG_E_FORMAT, "%s is shorter than the state says", texts->path);
	}
	if (texts->fd < 0 || io_truncate(texts->fd, texts->written) != 0 ||
		lseek(texts->fd, (off_t)texts->written, SEEK_SET) < 0) {
		return error_set_errno(err, FLONG_E_IO, errno, "%s", texts->path);
	}
	return FLONG_OK;
}

static int write_texts(struct state_texts *texts, struct flong_error *err)
{
	int rc = files_write_all(texts->fd, buf_bytes(&texts->pending), texts->path, err);
	if (rc == FLONG_OK) {
		texts->written += texts->pending.len;
		buf_reset(&texts->pending);
	}
	return rc;
}

int state_texts_sync(struct state *state, struct flong_error *err)
{
	struct state_texts *texts = &state->texts;
	if (!texts->is_unsynced) {
		return FLONG_OK;
	}
	int rc = write_texts(texts, err);
	if (rc == FLONG_OK) {
		rc = files_sync(texts->fd, texts->path, err);
	}
	texts->is_unsynced = rc != FLONG_OK;
	return rc;
}

int state_texts_blank(struct state *state, uint64_t at, uint64_t length, struct flong_error *err)
{
	static const char zeros[16384];
	struct state_texts *texts = &state->texts;
	int rc = write_texts(texts, err);
	while (rc == FLONG_OK && length > 0) {
		size_t count = length < sizeof(zeros) ? (size_t)length : sizeof(zeros);
		rc = files_write_all_at(texts->fd, bytes_from(zeros, count), at, texts->path, err);
		at += count;
		length -= count;
	}
	texts->is_unsynced = true;
	return rc;
}

int state_begin_sync(
	struct state *state, struct sync_file *file_out, bool *wanted_out, struct flong_error *err)
{
	struct state_texts *texts = &state->texts;
	*file_out = (struct sync_file){texts->fd, texts->path};
	*wanted_out = texts->is_unsynced;
	int rc = texts->is_unsynced ? write_texts(texts, err) : FLONG_OK;
	texts->is_unsynced = rc != FLONG_OK;
	return rc;
}

void state_texts_close(struct state *state)
{
	files_close_fd(&state->texts.fd);
	buf_clear(&state->texts.pending);
	free(state->texts.path);
}

int state_add_page(struct state *state, const struct state_page *page, struct flong_error *err)
{
	struct state_texts *texts = &state->texts;
	if (texts->pending.len + page->text.len + page->story.len > TEXTS_PENDING_BYTES) {
		int rc = write_texts(texts, err);
		if (rc < 0) {
			return rc;
		}
	}
	sqlite3_stmt *s = state_ready(state, ADD_PAGE);
	state_bind_u64(s, 1, page->visit);
	const struct bytes columns[] = {
		page->url, page->title, page->favicon, page->mime, page->headline};
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		state_bind_bytes(s, (int)i + 2, columns[i]);
	}
	(void)sqlite3_bind_int64(s, 7, page->captured_ms);
	/* One column for both: scripts. */
	const int numbers[] = {
		page->status, page->depth, page->is_seed, page->verdict * 2 + page->needs_scripts};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)sqlite3_bind_int(s, (int)i + 8, numbers[i]);
	}
	state_bind_u64(s, 12, page->stories);
	state_bind_u64(s, 13, page->payload_bytes);
	state_bind_u64(s, 14, texts->written + texts->pending.len);
	state_bind_u64(s, 15, page->text.len);
	state_bind_u64(s, 16, page->story.len);
	buf_add(&texts->pending, page->text);
	buf_add(&texts->pending, page->story);
	texts->is_unsynced = true;
	return state_run(state, ADD_PAGE, err);
}

/* Reads `length` bytes of the texts at `at` into `text`. */
static int read_text(struct state_texts *texts, uint64_t at, uint64_t length, struct buf *text,
	struct flong_error *err)
{
	buf_reset(text);
	SCOPED(source_closep)
	struct source *source = source_from_fd_range(texts->fd, (off_t)at, length);
	int rc = source_read_all(source, text, err);
	return rc < 0 ? error_context(err, "%s", texts->path) : rc;
}

int state_each_page(struct state *state, enum state_texts_wanted wanted,
	int (*each)(void *, const struct state_page *, struct flong_error *), void *context,
	struct flong_error *err)
{
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_DOCUMENT_BYTES);
	sqlite3_stmt *s = state_ready(state, EACH_PAGE);
	int rc = write_texts(&state->texts, err);
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		uint64_t length = wanted == STATE_TEXTS ? state_column_u64(s, 14) : 0;
		uint64_t story = wanted == STATE_TEXTS ? state_column_u64(s, 15) : 0;
		rc = read_text(&state->texts, state_column_u64(s, 13), length + story, &text, err);
		if (rc < 0) {
			break;
		}
		struct state_page page = {
			.visit = state_column_u64(s, 0),
			.url = state_column_bytes(s, 1),
			.title = state_column_bytes(s, 2),
			.text = bytes_slice(buf_bytes(&text), 0, length),
			.story = bytes_slice(buf_bytes(&text), length, length + story),
			.favicon = state_column_bytes(s, 3),
			.mime = state_column_bytes(s, 4),
			.headline = state_column_bytes(s, 5),
			.captured_ms = sqlite3_column_int64(s, 6),
			.status = sqlite3_column_int(s, 7),
			.depth = sqlite3_column_int(s, 8),
			.is_seed = sqlite3_column_int(s, 9) != 0,
			.needs_scripts = (sqlite3_column_int(s, 10) & 1) != 0,
			.verdict = sqlite3_column_int(s, 10) / 2,
			.stories = state_column_u64(s, 11),
			.payload_bytes = state_column_u64(s, 12),
		};
		rc = each(context, &page, err);
	}
	(void)sqlite3_reset(s);
	return rc;
}

void state_original_clear(struct state_original *original)
{
	free(original->url);
	free(original->record_id);
	free(original->transfer_encoding);
	*original = (struct state_original){0};
}

int state_find_original(struct state *state, struct bytes digest,
	struct state_original *original_out, struct flong_error *err)
{
	(void)pthread_mutex_lock(&state->mutex);
	sqlite3_stmt *s = state_ready(state, FIND_ORIGINAL);
	state_bind_bytes(s, 1, digest);
	bool found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		*original_out = (struct state_original){
			.url = state_column_copy(s, 0),
			.record_id = state_column_copy(s, 1),
			.transfer_encoding = state_column_copy(s, 2),
			.date_ms = sqlite3_column_int64(s, 3),
		};
	}
	(void)sqlite3_reset(s);
	(void)pthread_mutex_unlock(&state->mutex);
	return found ? FLONG_OK : error_set(err, FLONG_E_NOT_FOUND, "no original");
}

int state_add_original(struct state *state, struct bytes digest,
	const struct state_original *original, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, ADD_ORIGINAL);
	state_bind_bytes(s, 1, digest);
	state_bind_bytes(s, 2, bytes_of(original->url));
	state_bind_bytes(s, 3, bytes_of(original->record_id));
	state_bind_bytes(s, 4, bytes_of(original->transfer_encoding));
	(void)sqlite3_bind_int64(s, 5, original->date_ms);
	return state_run(state, ADD_ORIGINAL, err);
}
