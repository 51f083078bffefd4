/* SPDX-License-Identifier: MIT */
/* state_robots.c - what the robots.txt of an origin said, and when */
#include "base/error.h"
#include "crawl/state_private.h"

int state_set_robots(struct state *state, uint64_t origin, const struct state_robots *robots,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[SET_ROBOTS];
	state_bind_u64(s, 1, origin);
	(void)sqlite3_bind_int64(s, 2, robots->fetched_ms);
	(void)sqlite3_bind_int(s, 3, (int)robots->kind);
	state_bind_blob(s, 4, robots->text);
	return state_run(state, SET_ROBOTS, err);
}

int state_get_robots(struct state *state, uint64_t origin, struct state_robots *robots_out,
	struct buf *text_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_ROBOTS];
	state_bind_u64(s, 1, origin);
	int step = sqlite3_step(s);
	*robots_out = (struct state_robots){0};
	if (step == SQLITE_ROW) {
		buf_add(text_out, state_column_bytes(s, 2));
		*robots_out = (struct state_robots){
			.fetched_ms = sqlite3_column_int64(s, 0),
			.kind = (enum state_robots_kind)sqlite3_column_int(s, 1),
			.text = buf_bytes(text_out),
		};
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}
