/* SPDX-License-Identifier: MIT */
/* state_report.c - the state's other tables, and its questions: counts, what is missing, pages,
 * originals */
#include <stdlib.h>

#include "base/error.h"
#include "crawl/state_private.h"

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
	sqlite3_stmt *s = state->ready[COUNTS];
	while (sqlite3_step(s) == SQLITE_ROW) {
		int kind = sqlite3_column_int(s, 0);
		int row_state = sqlite3_column_int(s, 1) & 3;
		uint64_t number = state_column_u64(s, 2);
		uint64_t ok = state_column_u64(s, 3);
		bool is_guess = sqlite3_column_int(s, 4) > 0;
		if (kind == VISIT_PAGE) {
			counts.pages[row_state] += number;
			counts.pages_ok += ok;
		} else if (kind == VISIT_REQUISITE && !is_guess) {
			counts.requisites[row_state] += number;
			counts.requisites_ok += ok;
			counts.missing += row_state == VISIT_DONE || row_state == VISIT_FAILED
						  ? number - ok
						  : 0;
		} else {
			counts.others[row_state] += number;
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
	sqlite3_stmt *s = state->ready[EACH_MISSING];
	(void)sqlite3_bind_int(s, 1, (int)kind);
	state_bind_u64(s, 2, limit);
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_each_skipped(struct state *state,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[EACH_SKIPPED];
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_each_seed(struct state *state,
	void (*each)(void *, const struct visit *, const struct state_result *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[EACH_SEED];
	each_result(s, each, context);
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_add_page(struct state *state, const struct state_page *page, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[ADD_PAGE];
	state_bind_u64(s, 1, page->visit);
	const struct bytes texts[] = {
		page->url, page->title, page->text, page->favicon, page->mime, page->headline};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		state_bind_bytes(s, (int)i + 2, texts[i]);
	}
	(void)sqlite3_bind_int64(s, 8, page->captured_ms);
	const int numbers[] = {page->status, page->depth, page->is_seed, page->needs_scripts};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)sqlite3_bind_int(s, (int)i + 9, numbers[i]);
	}
	state_bind_u64(s, 13, page->stories);
	state_bind_u64(s, 14, page->payload_bytes);
	return state_run(state, ADD_PAGE, err);
}

int state_each_page(struct state *state,
	int (*each)(void *, const struct state_page *, struct flong_error *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[EACH_PAGE];
	int rc = FLONG_OK;
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		struct state_page page = {
			.visit = state_column_u64(s, 0),
			.url = state_column_bytes(s, 1),
			.title = state_column_bytes(s, 2),
			.text = state_column_bytes(s, 3),
			.favicon = state_column_bytes(s, 4),
			.mime = state_column_bytes(s, 5),
			.headline = state_column_bytes(s, 6),
			.captured_ms = sqlite3_column_int64(s, 7),
			.status = sqlite3_column_int(s, 8),
			.depth = sqlite3_column_int(s, 9),
			.is_seed = sqlite3_column_int(s, 10) != 0,
			.needs_scripts = sqlite3_column_int(s, 11) != 0,
			.stories = state_column_u64(s, 12),
			.payload_bytes = state_column_u64(s, 13),
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
	sqlite3_stmt *s = state->ready[FIND_ORIGINAL];
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
	sqlite3_stmt *s = state->ready[ADD_ORIGINAL];
	state_bind_bytes(s, 1, digest);
	state_bind_bytes(s, 2, bytes_of(original->url));
	state_bind_bytes(s, 3, bytes_of(original->record_id));
	state_bind_bytes(s, 4, bytes_of(original->transfer_encoding));
	(void)sqlite3_bind_int64(s, 5, original->date_ms);
	return state_run(state, ADD_ORIGINAL, err);
}
