/* SPDX-License-Identifier: MIT */
/* state_via.c - what led to a visit: its redirects, the page it belongs to, the document that names
 * it */
#include "base/error.h"
#include "base/limits.h"
#include "crawl/state_private.h"

int state_in_chain(struct state *state, const struct visit *visit, struct bytes url,
	bool *found_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[PARENT];
	uint64_t id = visit->id;
	*found_out = bytes_equal(bytes_of(visit->url), url);
	for (int hop = 0; hop < LIMIT_REDIRECTS && !*found_out && id != 0; hop++) {
		state_bind_u64(s, 1, id);
		int step = sqlite3_step(s);
		if (step == SQLITE_ROW) {
			*found_out = bytes_equal(state_column_bytes(s, 1), url);
			id = sqlite3_column_int(s, 2) > 0 ? state_column_u64(s, 0) : 0;
		}
		(void)sqlite3_reset(s);
		if (step != SQLITE_ROW) {
			return state_fail(state, "lost a redirect chain", err);
		}
	}
	return FLONG_OK;
}

int state_chain_start(struct state *state, const struct visit *visit, struct buf *url_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[PARENT];
	uint64_t id = visit->redirects > 0 ? visit->via : 0;
	for (int hop = 0; hop <= LIMIT_REDIRECTS && id != 0; hop++) {
		state_bind_u64(s, 1, id);
		int step = sqlite3_step(s);
		if (step == SQLITE_ROW) {
			buf_reset(url_out);
			buf_add(url_out, state_column_bytes(s, 1));
			id = sqlite3_column_int(s, 2) > 0 ? state_column_u64(s, 0) : 0;
		}
		(void)sqlite3_reset(s);
		if (step != SQLITE_ROW) {
			return state_fail(state, "lost a redirect chain", err);
		}
	}
	return FLONG_OK;
}

int state_add_import_map(struct state *state, const struct visit *visit, struct bytes import_map,
	struct flong_error *err)
{
	state_bind_u64(state->ready[ADD_IMPORT_MAP], 1, visit->id);
	state_bind_bytes(state->ready[ADD_IMPORT_MAP], 2, import_map);
	return state_run(state, ADD_IMPORT_MAP, err);
}

static int get_import_map(
	struct state *state, uint64_t visit, struct buf *map_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_IMPORT_MAP];
	state_bind_u64(s, 1, visit);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		buf_add(map_out, state_column_bytes(s, 0));
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE
		       ? FLONG_OK
		       : state_fail(state, "lost an import map", err);
}

int state_find_runner(struct state *state, const struct visit *visit,
	struct state_runner *runner_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[PARENT];
	uint64_t id = visit->via;
	for (int hop = 0; hop < LIMIT_EMBEDS * LIMIT_REDIRECTS && id != 0; hop++) {
		state_bind_u64(s, 1, id);
		int step = sqlite3_step(s);
		bool found = step == SQLITE_ROW && sqlite3_column_int(s, 3) != ROLE_SCRIPT;
		uint64_t parent = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
		if (found) {
			buf_add(&runner_out->url, state_column_bytes(s, 1));
		}
		(void)sqlite3_reset(s);
		if (step != SQLITE_ROW) {
			return state_fail(state, "lost what led to a script", err);
		}
		if (found) {
			return get_import_map(state, id, &runner_out->import_map, err);
		}
		id = parent;
	}
	return FLONG_OK;
}

void state_runner_clear(struct state_runner *runner)
{
	buf_clear(&runner->url);
	buf_clear(&runner->import_map);
}

int state_add_media(
	struct state *state, const struct visit *visit, uint64_t bytes, struct flong_error *err)
{
	state_bind_u64(state->ready[ADD_MEDIA], 1, visit->id);
	state_bind_u64(state->ready[ADD_MEDIA], 2, bytes);
	return state_run(state, ADD_MEDIA, err);
}

int state_media(struct state *state, const struct visit *visit, uint64_t *bytes_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_MEDIA];
	state_bind_u64(s, 1, visit->id);
	int step = sqlite3_step(s);
	uint64_t bytes = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	if (step != SQLITE_ROW && step != SQLITE_DONE) {
		return state_fail(state, "cannot be read", err);
	}
	*bytes_out = bytes;
	return FLONG_OK;
}

int state_set_charset(struct state *state, const struct visit *visit, const char *charset,
	struct flong_error *err)
{
	state_bind_u64(state->ready[SET_CHARSET], 1, visit->id);
	state_bind_bytes(state->ready[SET_CHARSET], 2, bytes_of(charset));
	return state_run(state, SET_CHARSET, err);
}

/* The charset of one visit, if it has any, and what named the visit. */
static int step_to_charset(
	struct state *state, uint64_t *id, struct buf *charset_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_CHARSET];
	state_bind_u64(s, 1, *id);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		buf_add(charset_out, state_column_bytes(s, 0));
	}
	(void)sqlite3_reset(s);
	if (step != SQLITE_DONE) {
		return step == SQLITE_ROW ? FLONG_OK : state_fail(state, "cannot be read", err);
	}
	s = state->ready[PARENT];
	state_bind_u64(s, 1, *id);
	step = sqlite3_step(s);
	*id = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}

int state_find_environment(struct state *state, const struct visit *visit, struct buf *charset_out,
	struct flong_error *err)
{
	uint64_t id = visit->via;
	int rc = FLONG_OK;
	for (int hop = 0;
		rc == FLONG_OK && hop <= LIMIT_REDIRECTS && charset_out->len == 0 && id != 0;
		hop++) {
		rc = step_to_charset(state, &id, charset_out, err);
	}
	return rc;
}
