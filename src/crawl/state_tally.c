/* SPDX-License-Identifier: MIT */
/* state_tally.c - what is counted by name in a run, and what was skipped by reason */
#include "base/error.h"
#include "crawl/state_private.h"

/* A name is kept as its hash of 64 bits: two of a million names are one in forty million crawls. */
static void bind_name(struct state *state, enum statement which, struct bytes name)
{
	state_bind_u64(state->ready[which], 1, seen_hash(state->seen_key, name));
}

int state_tally(
	struct state *state, struct bytes name, uint64_t *count_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_TALLY];
	bind_name(state, GET_TALLY, name);
	int step = sqlite3_step(s);
	*count_out = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}

int state_tally_add(struct state *state, struct bytes name, struct flong_error *err)
{
	bind_name(state, ADD_TALLY, name);
	return state_run(state, ADD_TALLY, err);
}

int state_each_reason(struct state *state, const char *prefix,
	void (*each)(void *, struct bytes, uint64_t), void *context, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[EACH_REASON];
	state_bind_bytes(s, 1, bytes_of(prefix));
	while (sqlite3_step(s) == SQLITE_ROW) {
		each(context, state_column_bytes(s, 0), state_column_u64(s, 1));
	}
	return sqlite3_reset(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "cannot be read", err);
}
