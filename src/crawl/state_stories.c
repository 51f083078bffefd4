/* SPDX-License-Identifier: MIT */
/* state_stories.c - what runs know of the stories of earlier runs: when they were captured, and
 * whether their text changes */
#include "base/error.h"
#include "crawl/state_private.h"

static const char each_sql[] = "SELECT born, last, same, url FROM stories ORDER BY last, url";
/* Pages of runs that kept no stories, or of a state that was made anew. */
static const char fill_sql[] =
	"INSERT OR IGNORE INTO stories(url, born, last, same, digest)"
	" SELECT url, min(captured), max(captured), 1, '' FROM pages WHERE seed=0 GROUP BY url";

int state_note_story(struct state *state, struct bytes url, const struct state_story *story,
	enum state_story_note note, struct flong_error *err)
{
	enum statement which = note == STATE_STORY_SEEN ? NOTE_STORY : CHANGE_STORY;
	sqlite3_stmt *s = state_ready(state, which);
	state_bind_bytes(s, 1, url);
	(void)sqlite3_bind_int64(s, 2, story->known.born_ms);
	(void)sqlite3_bind_int64(s, 3, story->known.last_ms);
	state_bind_bytes(s, 4, story->digest);
	return state_run(state, which, err);
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
	sqlite3_stmt *s = state_ready(state, FIND_STORY);
	state_bind_bytes(s, 1, url);
	bool found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		*story_out = read_story(s);
	}
	if (sqlite3_reset(s) != SQLITE_OK) {
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
	int rc = sqlite3_prepare_v2(state->db, each_sql, -1, &s, NULL) == SQLITE_OK
			 ? FLONG_OK
			 : state_fail(state, "stories", err);
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		const struct cadence_story story = read_story(s);
		rc = each(context, state_column_bytes(s, 3), &story, err);
	}
	int code = sqlite3_finalize(s);
	return rc == FLONG_OK && code != SQLITE_OK ? state_fail(state, "stories", err) : rc;
}
