/* SPDX-License-Identifier: MIT */
/* state_rebuild.c - what is asked of a state that may be damaged, or is made anew */
#include "base/error.h"
#include "crawl/state_private.h"

int state_find_visit(struct state *state, struct bytes url, struct visit **visit_out,
	enum visit_state *state_out, struct flong_error *err)
{
	struct state_known known = {0};
	int rc = state_seen_find(state, url, seen_hash(state->seen_key, url), &known, err);
	if (rc < 0 || known.id == 0) {
		return rc < 0 ? rc : error_set(err, FLONG_E_NOT_FOUND, "crawl state: no visit");
	}
	sqlite3_stmt *s = state_ready(state, GET_VISIT);
	state_bind_u64(s, 1, known.id);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		*visit_out = state_read_visit(s);
		*state_out = (enum visit_state)sqlite3_column_int(s, 14);
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW ? FLONG_OK : state_fail(state, "lost a visit", err);
}

/* Prepares a statement that runs once. */
static int prepare(struct state *state, const char *text, sqlite3_stmt **statement_out,
	struct flong_error *err)
{
	return sqlite3_prepare_v2(state->db, text, -1, statement_out, NULL) == SQLITE_OK
		       ? FLONG_OK
		       : state_fail(state, "cannot be read", err);
}

int state_forget_facts(struct state *state, const char *prefix, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = prepare(state, "DELETE FROM facts WHERE substr(name, 1, length(?1))=?1", &s, err);
	if (rc < 0) {
		return rc;
	}
	state_bind_bytes(s, 1, bytes_of(prefix));
	rc = sqlite3_step(s) == SQLITE_DONE ? FLONG_OK
					    : state_fail(state, "cannot be written", err);
	(void)sqlite3_finalize(s);
	return rc;
}

int state_verify(struct state *state, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = prepare(state, "PRAGMA quick_check(1)", &s, err);
	if (rc < 0) {
		return rc;
	}
	if (sqlite3_step(s) != SQLITE_ROW) {
		rc = state_fail(state, "cannot be read", err);
	} else if (!bytes_equal(state_column_bytes(s, 0), BYTES("ok"))) {
		rc = error_set(err, FLONG_E_FORMAT, "crawl state: " BYTES_FMT,
			BYTES_ARG(state_column_bytes(s, 0)));
	}
	(void)sqlite3_finalize(s);
	return rc;
}
