/* SPDX-License-Identifier: MIT */
/* state_stories.c - what runs know of the stories of earlier runs: when they were captured, and
 * whether their text changes */
#include "base/error.h"
#include "crawl/state_private.h"

static const char add_sql[] =
	"INSERT INTO stories(url, born, last, same, digest) VALUES(?1,?2,?3,1,?4)"
	" ON CONFLICT(url) DO UPDATE SET same=CASE WHEN digest=excluded.digest THEN same+1 ELSE 1 "
	"END, digest=excluded.digest, last=excluded.last, born=min(born, excluded.born)";
static const char change_sql[] =
	"UPDATE stories SET same=CASE WHEN digest=?4 THEN same+1 ELSE 1 END, digest=?4, last=?3 "
	"WHERE url=?1 AND ?2=?2";
static const char find_sql[] = "SELECT born, last, same FROM stories WHERE url=?1";
static const char each_sql[] = "SELECT born, last, same, url FROM stories ORDER BY last, url";
/* Pages of runs that kept no stories, or of a state that was made anew. */
static const char fill_sql[] =
	"INSERT OR IGNORE INTO stories(url, born, last, same, digest)"
	" SELECT url, min(captured), max(captured), 1, '' FROM pages WHERE seed=0 GROUP BY url";

/* Prepares a statement; the caller finalizes it. */
static int prepare(
	struct state *state, const char *sql, sqlite3_stmt **s_out, struct flong_error *err)
{
	return sqlite3_prepare_v2(state->db, sql, -1, s_out, NULL) == SQLITE_OK
		       ? FLONG_OK
		       : state_fail(state, "stories", err);
}

int state_note_story(struct state *state, struct bytes url, const struct state_story *story,
	enum state_story_note note, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = prepare(state, note == STATE_STORY_SEEN ? add_sql : change_sql, &s, err);
	if (rc < 0) {
		return rc;
	}
	state_bind_bytes(s, 1, url);
	(void)sqlite3_bind_int64(s, 2, story->known.born_ms);
	(void)sqlite3_bind_int64(s, 3, story->known.last_ms);
	state_bind_bytes(s, 4, story->digest);
	(void)sqlite3_step(s);
	return sqlite3_finalize(s) == SQLITE_OK ? FLONG_OK : state_fail(state, "stories", err);
}

static struct cadence_story read_story(sqlite3_stmt *s)
{
	return (struct cadence_story){.born_ms = sqlite3_column_int64(s, 0),
		.last_ms = sqlite3_column_int64(s, 1),
		.unchanged = state_column_u64(s, 2)};
}

int state_find_story(struct state *state, struct bytes url, struct cadence_story *story_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	int rc = prepare(state, find_sql, &s, err);
	if (rc < 0) {
		return rc;
	}
	state_bind_bytes(s, 1, url);
	bool found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		*story_out = read_story(s);
	}
	if (sqlite3_finalize(s) != SQLITE_OK) {
		return state_fail(state, "stories", err);
	}
	return found ? FLONG_OK : error_set(err, FLONG_E_NOT_FOUND, "no story of an earlier run");
}

int state_each_story(struct state *state,
	int (*each)(void *context, struct bytes url, const struct cadence_story *story,
		struct flong_error *err),
	void *context, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_exec(state->db, fill_sql, NULL, NULL, NULL) != SQLITE_OK) {
		return state_fail(state, "stories", err);
	}
	int rc = prepare(state, each_sql, &s, err);
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		const struct cadence_story story = read_story(s);
		rc = each(context, state_column_bytes(s, 3), &story, err);
	}
	int code = sqlite3_finalize(s);
	return rc == FLONG_OK && code != SQLITE_OK ? state_fail(state, "stories", err) : rc;
}
