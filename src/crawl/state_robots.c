/* SPDX-License-Identifier: MIT */
/* state_robots.c - what the robots.txt of an origin said, and when; where its redirects lead */
#include "base/error.h"
#include "base/limits.h"
#include "crawl/state_private.h"

static bool take_origin(void *context, sqlite3_stmt *s)
{
	uint64_t *origin = context;
	*origin = state_column_u64(s, 4);
	return true;
}

int state_robots_origin(struct state *state, const struct visit *visit, uint64_t *origin_out,
	struct flong_error *err)
{
	const struct state_walk walk = {
		state_redirected_from(visit), LIMIT_ROBOTS_REDIRECTS + 1, take_origin};
	*origin_out = visit->origin;
	return state_walk_redirects(state, &walk, origin_out, err);
}

/* Where a visit redirected to; empty when nowhere. */
static int read_redirect(
	struct state *state, uint64_t visit, struct buf *url_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, PARENT);
	buf_reset(url_out);
	state_bind_u64(s, 1, visit);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		buf_add(url_out, state_column_bytes(s, 5));
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}

int state_robots_on_way(
	struct state *state, uint64_t visit, bool *is_on_way_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf url = buf_with_max(LIMIT_URL_BYTES);
	*is_on_way_out = false;
	for (int hop = 0; hop <= LIMIT_ROBOTS_REDIRECTS; hop++) {
		SCOPED(visit_closep) struct visit *next = NULL;
		enum visit_state next_state = VISIT_QUEUED;
		int rc = read_redirect(state, visit, &url, err);
		if (rc < 0 || url.len == 0) {
			return rc;
		}
		rc = state_find_visit(state, buf_bytes(&url), &next, &next_state, err);
		if (rc < 0) {
			return rc == FLONG_E_NOT_FOUND ? FLONG_OK : rc;
		}
		if (next->kind != VISIT_ROBOTS || next->via != visit) {
			return FLONG_OK;
		}
		if (next_state == VISIT_QUEUED) {
			*is_on_way_out = true;
			return FLONG_OK;
		}
		visit = next->id;
	}
	return FLONG_OK;
}

int state_set_robots(struct state *state, uint64_t origin, const struct state_robots *robots,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, SET_ROBOTS);
	state_bind_u64(s, 1, origin);
	(void)sqlite3_bind_int64(s, 2, robots->fetched_ms);
	(void)sqlite3_bind_int(s, 3, (int)robots->kind);
	state_bind_blob(s, 4, robots->text);
	return state_run(state, SET_ROBOTS, err);
}

int state_get_robots(struct state *state, uint64_t origin, struct state_robots *robots_out,
	struct buf *text_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_ROBOTS);
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
