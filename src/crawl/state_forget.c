/* SPDX-License-Identifier: MIT */
/* state_forget.c - captures that are not in the archive any more: no page list names them, and no
 * revisit refers to them */
#include "base/error.h"
#include "crawl/state_private.h"

static const char begin_sql[] =
	"CREATE TEMP TABLE IF NOT EXISTS gone(url TEXT, date INT, PRIMARY KEY(url, date)) WITHOUT "
	"ROWID";
static const char add_sql[] = "INSERT OR IGNORE INTO gone VALUES(?1,?2)";
static const char end_sql[] =
	"DELETE FROM payloads WHERE (url, date) IN (SELECT url, date FROM gone);"
	"DELETE FROM pages WHERE (url, captured) IN (SELECT url, date FROM gone);"
	"DELETE FROM gone;";

static int execute(struct state *state, const char *sql, struct flong_error *err)
{
	return sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? FLONG_OK
		       : state_fail(state, "cannot forget captures", err);
}

int state_forget(struct state *state, struct bytes url, int64_t date_ms, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = execute(state, begin_sql, err);
	if (rc < 0) {
		return rc;
	}
	if (sqlite3_prepare_v2(state->db, add_sql, -1, &s, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot forget captures", err);
	}
	state_bind_bytes(s, 1, url);
	(void)sqlite3_bind_int64(s, 2, date_ms);
	(void)sqlite3_step(s);
	return sqlite3_finalize(s) == SQLITE_OK ? FLONG_OK
						: state_fail(state, "cannot forget captures", err);
}

int state_forget_url(struct state *state, struct bytes url, struct flong_error *err)
{
	static const char *const sql[] = {
		"DELETE FROM payloads WHERE url=?1", "DELETE FROM pages WHERE url=?1"};
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(sql) / sizeof(sql[0]); i++) {
		sqlite3_stmt *s = NULL;
		if (sqlite3_prepare_v2(state->db, sql[i], -1, &s, NULL) != SQLITE_OK) {
			return state_fail(state, "cannot forget captures", err);
		}
		state_bind_bytes(s, 1, url);
		(void)sqlite3_step(s);
		rc = sqlite3_finalize(s) == SQLITE_OK
			     ? FLONG_OK
			     : state_fail(state, "cannot forget captures", err);
	}
	return rc;
}

int state_forget_end(struct state *state, struct flong_error *err)
{
	int rc = execute(state, begin_sql, err);
	return rc == FLONG_OK ? execute(state, end_sql, err) : rc;
}
