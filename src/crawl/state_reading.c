/* SPDX-License-Identifier: MIT */
/* state_reading.c - the documents of a run that were not read, or only in part */
#include "base/error.h"
#include "crawl/state_private.h"

int state_note_reading(struct state *state, const struct visit *visit, enum state_reading reading,
	struct bytes reason, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, NOTE_READING);
	state_bind_u64(s, 1, visit->id);
	(void)sqlite3_bind_int(s, 2, (int)reading);
	state_bind_bytes(s, 3, reason);
	/* What has become a page since is fetched and read again. */
	(void)sqlite3_bind_int(s, 4, (int)visit->kind);
	return state_run(state, NOTE_READING, err);
}

int state_forget_reading(struct state *state, uint64_t visit, struct flong_error *err)
{
	state_bind_u64(state_ready(state, FORGET_READING), 1, visit);
	return state_run(state, FORGET_READING, err);
}

int state_count_readings(struct state *state, enum state_reading reading, uint64_t *count_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, COUNT_READINGS);
	(void)sqlite3_bind_int(s, 1, (int)reading);
	*count_out = sqlite3_step(s) == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}

int state_each_reading(struct state *state, enum state_reading reading, size_t limit,
	void (*each)(void *, struct bytes, struct bytes), void *context, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_READING);
	(void)sqlite3_bind_int(s, 1, (int)reading);
	state_bind_u64(s, 2, limit);
	while (sqlite3_step(s) == SQLITE_ROW) {
		each(context, state_column_bytes(s, 0), state_column_bytes(s, 1));
	}
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}
