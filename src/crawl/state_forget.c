/* SPDX-License-Identifier: MIT */
/* state_forget.c - captures that are not in the archive any more: no page list names them, no
 * revisit refers to them, and what they said is not here either: it may have been removed for what
 * it says */
#include "base/error.h"
#include "crawl/state_private.h"

static const char begin_sql[] =
	"CREATE TEMP TABLE IF NOT EXISTS gone(url TEXT, date INT, PRIMARY KEY(url, date)) WITHOUT "
	"ROWID";
static const char add_sql[] = "INSERT OR IGNORE INTO gone VALUES(?1,?2)";
static const char add_url_sql[] =
	"INSERT OR IGNORE INTO gone SELECT url, date FROM payloads WHERE url=?1 UNION SELECT url, "
	"captured FROM pages WHERE url=?1";
static const char texts_sql[] = "SELECT body_at, body_bytes + story_bytes FROM pages WHERE (url, "
				"captured) IN (SELECT url, date FROM gone)";
/* What is deleted is overwritten in the database too. */
static const char end_sql[] =
	"DELETE FROM import_maps WHERE visit IN (SELECT visit FROM pages WHERE (url, captured) IN "
	"(SELECT url, date FROM gone));"
	"DELETE FROM payloads WHERE (url, date) IN (SELECT url, date FROM gone);"
	"DELETE FROM pages WHERE (url, captured) IN (SELECT url, date FROM gone);"
	"DELETE FROM gone;";

static int execute(struct state *state, const char *sql, struct flong_error *err)
{
	return sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK
		       ? FLONG_OK
		       : state_fail(state, "cannot forget captures", err);
}

/* Runs a statement on a URL and, unless that is negative, a date. */
static int mark(struct state *state, const char *sql, struct bytes url, int64_t date_ms,
	struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = execute(state, begin_sql, err);
	if (rc < 0) {
		return rc;
	}
	if (sqlite3_prepare_v2(state->db, sql, -1, &s, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot forget captures", err);
	}
	state_bind_bytes(s, 1, url);
	if (date_ms >= 0) {
		(void)sqlite3_bind_int64(s, 2, date_ms);
	}
	(void)sqlite3_step(s);
	return sqlite3_finalize(s) == SQLITE_OK ? FLONG_OK
						: state_fail(state, "cannot forget captures", err);
}

int state_forget(struct state *state, struct bytes url, int64_t date_ms, struct flong_error *err)
{
	return mark(state, add_sql, url, date_ms, err);
}

int state_forget_url(struct state *state, struct bytes url, struct flong_error *err)
{
	return mark(state, add_url_sql, url, -1, err);
}

/* Overwrites the texts of the pages that are marked with zeros, before their rows go: after a kill
 * between the two they are found again. */
static int blank_texts(struct state *state, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(state->db, texts_sql, -1, &s, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot forget captures", err);
	}
	int rc = FLONG_OK;
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		rc = state_texts_blank(state, state_column_u64(s, 0), state_column_u64(s, 1), err);
	}
	if (sqlite3_finalize(s) != SQLITE_OK && rc == FLONG_OK) {
		rc = state_fail(state, "cannot forget captures", err);
	}
	return rc == FLONG_OK ? state_texts_sync(state, err) : rc;
}

int state_forget_end(struct state *state, struct flong_error *err)
{
	int rc = execute(state, "PRAGMA secure_delete=ON", err);
	if (rc == FLONG_OK) {
		rc = execute(state, begin_sql, err);
	}
	if (rc == FLONG_OK) {
		rc = blank_texts(state, err);
	}
	return rc == FLONG_OK ? execute(state, end_sql, err) : rc;
}
