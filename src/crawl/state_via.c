/* SPDX-License-Identifier: MIT */
/* state_via.c - what led to a visit: its redirects, the page it belongs to, the document that names
 * it */
#include "base/error.h"
#include "base/limits.h"
#include "crawl/state_private.h"

int state_walk_redirects(
	struct state *state, const struct state_walk *walk, void *context, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, PARENT);
	uint64_t id = walk->from;
	for (int hop = 0; hop < walk->most && id != 0; hop++) {
		state_bind_u64(s, 1, id);
		int step = sqlite3_step(s);
		if (step == SQLITE_ROW) {
			bool goes_on = walk->each(context, s) && sqlite3_column_int(s, 2) > 0;
			id = goes_on ? state_column_u64(s, 0) : 0;
		}
		(void)sqlite3_reset(s);
		if (step != SQLITE_ROW) {
			return state_fail(state, "lost a redirect chain", err);
		}
	}
	return FLONG_OK;
}

uint64_t state_redirected_from(const struct visit *visit)
{
	return visit->redirects > 0 ? visit->via : 0;
}

struct chain_search {
	struct bytes url;
	bool is_found;
};

static bool is_another(void *context, sqlite3_stmt *s)
{
	struct chain_search *search = context;
	search->is_found = bytes_equal(state_column_bytes(s, 1), search->url);
	return !search->is_found;
}

int state_in_chain(struct state *state, const struct visit *visit, struct bytes url,
	bool *found_out, struct flong_error *err)
{
	struct chain_search search = {url, bytes_equal(bytes_of(visit->url), url)};
	const struct state_walk walk = {
		search.is_found ? 0 : visit->id, LIMIT_REDIRECTS, is_another};
	int rc = state_walk_redirects(state, &walk, &search, err);
	*found_out = search.is_found;
	return rc;
}

static bool take_url(void *context, sqlite3_stmt *s)
{
	struct buf *url = context;
	buf_reset(url);
	buf_add(url, state_column_bytes(s, 1));
	return true;
}

int state_chain_start(struct state *state, const struct visit *visit, struct buf *url_out,
	struct flong_error *err)
{
	const struct state_walk walk = {
		state_redirected_from(visit), LIMIT_REDIRECTS + 1, take_url};
	return state_walk_redirects(state, &walk, url_out, err);
}

int state_add_import_map(struct state *state, const struct visit *visit, struct bytes import_map,
	struct flong_error *err)
{
	state_bind_u64(state_ready(state, ADD_IMPORT_MAP), 1, visit->id);
	state_bind_bytes(state_ready(state, ADD_IMPORT_MAP), 2, import_map);
	return state_run(state, ADD_IMPORT_MAP, err);
}

static int get_import_map(
	struct state *state, uint64_t visit, struct buf *map_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_IMPORT_MAP);
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
	sqlite3_stmt *s = state_ready(state, PARENT);
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
	state_bind_u64(state_ready(state, ADD_MEDIA), 1, visit->id);
	state_bind_u64(state_ready(state, ADD_MEDIA), 2, bytes);
	return state_run(state, ADD_MEDIA, err);
}

int state_media(struct state *state, const struct visit *visit, uint64_t *bytes_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_MEDIA);
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
	state_bind_u64(state_ready(state, SET_CHARSET), 1, visit->id);
	state_bind_bytes(state_ready(state, SET_CHARSET), 2, bytes_of(charset));
	return state_run(state, SET_CHARSET, err);
}

/* The charset of one visit, if it has any, and what named the visit. */
static int step_to_charset(
	struct state *state, uint64_t *id, struct buf *charset_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_CHARSET);
	state_bind_u64(s, 1, *id);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		buf_add(charset_out, state_column_bytes(s, 0));
	}
	(void)sqlite3_reset(s);
	if (step != SQLITE_DONE) {
		return step == SQLITE_ROW ? FLONG_OK : state_fail(state, "cannot be read", err);
	}
	s = state_ready(state, PARENT);
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
