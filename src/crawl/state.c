/* SPDX-License-Identifier: MIT */
/* state.c - what a crawl must remember, in SQLite
 *
 * Everything a visit costs here is one insert when it is found and one update when it is finished.
 * Write-ahead log with full sync: a commit is one more sync beside that of the archive, and both
 * are done for many exchanges at a time. */
#include "crawl/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "crawl/state_private.h"

#define STATE_VERSION "1"

static const char schema[] =
	"PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-4000;PRAGMA "
	"temp_store=MEMORY;"
	"BEGIN;"
	"CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS origins(id INTEGER PRIMARY KEY, origin TEXT UNIQUE);"
	"CREATE TABLE IF NOT EXISTS visits(id INTEGER PRIMARY KEY, url TEXT UNIQUE, origin INT, "
	"kind INT, role INT, depth INT,"
	" embeds INT, redirects INT, tries INT, seed INT, speculative INT, via INT, hops TEXT, "
	"state INT DEFAULT 0, status INT,"
	" complete INT, reason TEXT, bytes INT, redirect TEXT);"
	"CREATE INDEX IF NOT EXISTS queued ON visits(origin, kind, depth, id) WHERE state = 0;"
	"CREATE TABLE IF NOT EXISTS pages(id INTEGER PRIMARY KEY, visit INT, url TEXT, title TEXT, "
	"body_at INT, body_bytes INT, story_bytes INT, favicon TEXT, mime TEXT,"
	" headline TEXT, captured INT, status INT, depth INT, seed INT, scripts INT, "
	"stories INT, bytes INT);"
	"CREATE TABLE IF NOT EXISTS import_maps(visit INTEGER PRIMARY KEY, map TEXT);"
	"CREATE TABLE IF NOT EXISTS originals(digest TEXT PRIMARY KEY, url TEXT, record TEXT, "
	"coding TEXT, date INT) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS media(page INTEGER PRIMARY KEY, bytes INT);"
	"CREATE TABLE IF NOT EXISTS charsets(visit INTEGER PRIMARY KEY, name TEXT);"
	"COMMIT;BEGIN;";

/* The page that a visit belongs to: up along what named it. UNION, so that a loop ends. */
#define PAGE_OF_VISIT                                                                              \
	"WITH RECURSIVE up(id, via, kind) AS (SELECT id, via, kind FROM visits WHERE id=?1 UNION " \
	"SELECT v.id, v.via, v.kind FROM visits v JOIN up ON v.id=up.via WHERE up.kind<>0)"

#define VISIT_COLUMNS                                                                              \
	"v.id, v.url, v.origin, v.kind, v.role, v.depth, v.embeds, v.redirects, v.tries, v.seed, " \
	"v.speculative, v.via, v.hops,"                                                            \
	" p.url, v.state, v.status, v.complete, v.reason, v.bytes, v.redirect FROM visits v LEFT " \
	"JOIN visits p ON p.id = v.via "

static const char *const statements[STATEMENTS] = {
	[SET_FACT] = "INSERT INTO facts VALUES(?,?) ON CONFLICT(name) DO UPDATE SET "
		     "value=excluded.value",
	[GET_FACT] = "SELECT value FROM facts WHERE name=?",
	[ADD_ORIGIN] = "INSERT OR IGNORE INTO origins(origin) VALUES(?)",
	[GET_ORIGIN] = "SELECT id FROM origins WHERE origin=?",
	[EACH_ORIGIN] = "SELECT id, origin FROM origins WHERE id IN (SELECT DISTINCT origin FROM "
			"visits WHERE state=0) ORDER BY id",
	[ADD_VISIT] = "INSERT OR IGNORE INTO visits(url, origin, kind, role, depth, embeds, "
		      "redirects, tries, seed, speculative, via,"
		      " hops) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[GET_VISIT_ID] = "SELECT id, kind, state, speculative FROM visits WHERE url=?",
	[REVIVE] = "UPDATE visits SET origin=?2, kind=?3, role=?4, depth=?5, embeds=?6, "
		   "redirects=?7, tries=?8, seed=?9,"
		   " speculative=?10, via=?11, hops=?12, state=0, reason=NULL WHERE url=?1",
	[MAKE_SURE] = "UPDATE visits SET speculative=0 WHERE id=?1",
	[ADD_SKIPPED] = "INSERT OR IGNORE INTO visits(url, origin, kind, role, depth, embeds, "
			"redirects, tries, seed, speculative,"
			" via, hops, reason, state) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,3)",
	[EACH_SKIPPED] = "SELECT " VISIT_COLUMNS "WHERE v.state=3 ORDER BY v.id",
	[REQUEUE] =
		"UPDATE visits SET state=0, redirects=?2, tries=?3, via=?4, hops=?5 WHERE id=?1",
	[FINISH_VISIT] = "UPDATE visits SET state=?2, status=?3, complete=?4, reason=?5, bytes=?6, "
			 "redirect=?7, tries=?8 WHERE id=?1 AND kind=?9",
	[LOAD_PAGES] =
		"SELECT " VISIT_COLUMNS
		"WHERE v.state=0 AND v.origin=?1 AND v.kind=0 ORDER BY v.depth, v.id LIMIT ?2",
	[LOAD_OTHERS] = "SELECT " VISIT_COLUMNS "WHERE v.state=0 AND v.origin=?1 AND v.kind>0 "
			"ORDER BY v.kind DESC, v.depth, v.id LIMIT ?2",
	[PARENT] = "SELECT via, url, redirects, role FROM visits WHERE id=?",
	[ADD_IMPORT_MAP] = "INSERT OR REPLACE INTO import_maps VALUES(?,?)",
	[GET_IMPORT_MAP] = "SELECT map FROM import_maps WHERE visit=?",
	[COUNTS] = "SELECT kind, state, count(*), sum(complete=1 AND status BETWEEN 200 AND 399), "
		   "sum(speculative) FROM visits"
		   " WHERE NOT (state=1 AND complete=1 AND status BETWEEN 300 AND 399 AND "
		   "redirect<>'')"
		   " GROUP BY kind, state, speculative",
	[EACH_MISSING] = "SELECT " VISIT_COLUMNS
			 "WHERE v.kind=?1 AND v.state IN (1,2) AND v.speculative=0 AND"
			 " NOT (v.state=1 AND coalesce(v.complete,0)=1 AND v.status BETWEEN 200 "
			 "AND 399) ORDER BY v.id LIMIT ?2",
	[EACH_SEED] = "SELECT " VISIT_COLUMNS "WHERE v.seed=1 ORDER BY v.id",
	[ADD_PAGE] = "INSERT INTO pages(visit, url, title, favicon, mime, headline, captured, "
		     "status, depth, seed, scripts,"
		     " stories, bytes, body_at, body_bytes, story_bytes) "
		     "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[EACH_PAGE] = "SELECT visit, url, title, favicon, mime, headline, captured, status, depth, "
		      "seed, scripts, stories,"
		      " bytes, body_at, body_bytes, story_bytes FROM pages ORDER BY seed DESC, "
		      "depth, visit, id",
	[TEXTS_END] = "SELECT max(body_at + body_bytes + story_bytes) FROM pages",
	[FIND_ORIGINAL] = "SELECT url, record, coding, date FROM originals WHERE digest=?",
	[ADD_ORIGINAL] = "INSERT OR IGNORE INTO originals VALUES(?,?,?,?,?)",
	[ADD_MEDIA] =
		"INSERT INTO media " PAGE_OF_VISIT " SELECT id, ?2 FROM up WHERE kind=0 LIMIT 1"
		" ON CONFLICT(page) DO UPDATE SET bytes=bytes+excluded.bytes",
	[SET_CHARSET] = "INSERT OR REPLACE INTO charsets VALUES(?,?)",
	[GET_CHARSET] = "SELECT name FROM charsets WHERE visit=?",
	[GET_MEDIA] = PAGE_OF_VISIT " SELECT bytes FROM media JOIN up ON media.page=up.id",
};

int state_fail(struct state *state, const char *what, struct flong_error *err)
{
	int code = sqlite3_errcode(state->db);
	int result = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? FLONG_E_FORMAT : FLONG_E_IO;
	return error_set(err, result, "crawl state: %s: %s", what, sqlite3_errmsg(state->db));
}

void state_bind_bytes(sqlite3_stmt *s, int at, struct bytes b)
{
	int length = b.len > LIMIT_DOCUMENT_BYTES ? (int)LIMIT_DOCUMENT_BYTES : (int)b.len;
	(void)sqlite3_bind_text(s, at, b.ptr == NULL ? "" : b.ptr, length, SQLITE_TRANSIENT);
}

void state_bind_u64(sqlite3_stmt *s, int at, uint64_t number)
{
	(void)sqlite3_bind_int64(s, at, (sqlite3_int64)number);
}

struct bytes state_column_bytes(sqlite3_stmt *s, int at)
{
	const void *ptr = sqlite3_column_blob(s, at);
	return bytes_from(ptr, (size_t)sqlite3_column_bytes(s, at));
}

uint64_t state_column_u64(sqlite3_stmt *s, int at)
{
	return (uint64_t)sqlite3_column_int64(s, at);
}

/* Runs a statement that gives no rows. */
int state_run(struct state *state, enum statement which, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[which];
	int rc = sqlite3_step(s);
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	return rc == SQLITE_DONE ? FLONG_OK : state_fail(state, "cannot be written", err);
}

int state_open(const char *path, struct state **state_out, struct flong_error *err)
{
	SCOPED(state_closep) struct state *state = ALLOC(struct state);
	(void)pthread_mutex_init(&state->mutex, NULL);
	state->texts.fd = -1;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
	if (sqlite3_open_v2(path, &state->db, flags, NULL) != SQLITE_OK ||
		sqlite3_exec(state->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
		(void)state_fail(state, "cannot be opened", err);
		return error_context(err, "%s", path);
	}
	for (size_t i = 0; i < STATEMENTS; i++) {
		if (sqlite3_prepare_v3(state->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
			    &state->ready[i], NULL) != SQLITE_OK) {
			(void)state_fail(state, "is not one of ours", err);
			return error_context(err, "%s", path);
		}
	}
	SCOPED(buf_clear) struct buf version = {0};
	int rc = state_texts_open(state, path, err);
	if (rc < 0) {
		return rc;
	}
	rc = state_get(state, "version", &version, err);
	if (rc == FLONG_E_NOT_FOUND) {
		rc = state_set(state, "version", BYTES(STATE_VERSION), err);
	} else if (rc == FLONG_OK && !bytes_equal(buf_bytes(&version), BYTES(STATE_VERSION))) {
		rc = error_set(err, FLONG_E_FORMAT, "%s: made by another version (%s)", path,
			buf_text(&version));
	}
	if (rc < 0) {
		return rc;
	}
	*state_out = TAKE(state);
	return FLONG_OK;
}

void state_close(struct state *state)
{
	if (state == NULL) {
		return;
	}
	for (size_t i = 0; i < STATEMENTS; i++) {
		(void)sqlite3_finalize(state->ready[i]);
	}
	if (state->db != NULL) {
		(void)sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
		(void)sqlite3_close(state->db);
	}
	state_texts_close(state);
	(void)pthread_mutex_destroy(&state->mutex);
	free(state);
}

int state_commit(struct state *state, struct flong_error *err)
{
	int rc = state_texts_sync(state, err);
	if (rc < 0) {
		return rc;
	}
	if (sqlite3_exec(state->db, "COMMIT;BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot be committed", err);
	}
	return FLONG_OK;
}

int state_set(struct state *state, const char *name, struct bytes value, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[SET_FACT];
	state_bind_bytes(s, 1, bytes_of(name));
	state_bind_bytes(s, 2, value);
	return state_run(state, SET_FACT, err);
}

int state_get(struct state *state, const char *name, struct buf *value_out, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_FACT];
	state_bind_bytes(s, 1, bytes_of(name));
	int rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		buf_reset(value_out);
		buf_add(value_out, state_column_bytes(s, 0));
	}
	(void)sqlite3_reset(s);
	if (rc == SQLITE_ROW) {
		return FLONG_OK;
	}
	if (rc == SQLITE_DONE) {
		return error_set(err, FLONG_E_NOT_FOUND, "crawl state: no '%s'", name);
	}
	return state_fail(state, "cannot be read", err);
}

int state_origin(
	struct state *state, struct bytes origin, uint64_t *id_out, struct flong_error *err)
{
	state_bind_bytes(state->ready[ADD_ORIGIN], 1, origin);
	int rc = state_run(state, ADD_ORIGIN, err);
	if (rc < 0) {
		return rc;
	}
	sqlite3_stmt *s = state->ready[GET_ORIGIN];
	state_bind_bytes(s, 1, origin);
	bool found = sqlite3_step(s) == SQLITE_ROW;
	uint64_t id = found ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	if (!found) {
		return state_fail(state, "cannot be read", err);
	}
	*id_out = id;
	return FLONG_OK;
}

int state_each_origin(struct state *state,
	int (*each)(void *, uint64_t, struct bytes, struct flong_error *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[EACH_ORIGIN];
	int rc = FLONG_OK;
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		rc = each(context, state_column_u64(s, 0), state_column_bytes(s, 1), err);
	}
	(void)sqlite3_reset(s);
	return rc;
}

/* What the state has for a URL. */
struct known_visit {
	uint64_t id;
	enum visit_kind kind;
	enum visit_state state;
	bool is_speculative;
};

static int find_visit(struct state *state, const char *url, struct known_visit *known_out,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[GET_VISIT_ID];
	state_bind_bytes(s, 1, bytes_of(url));
	bool found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		known_out->id = state_column_u64(s, 0);
		known_out->kind = (enum visit_kind)sqlite3_column_int(s, 1);
		known_out->state = (enum visit_state)sqlite3_column_int(s, 2);
		known_out->is_speculative = sqlite3_column_int(s, 3) != 0;
	}
	(void)sqlite3_reset(s);
	return found ? FLONG_OK : state_fail(state, "lost a visit", err);
}

/* Binds parameters 1 to 12: the columns of a visit in the order of ADD_VISIT. */
static void bind_visit(sqlite3_stmt *s, const struct visit *visit)
{
	state_bind_bytes(s, 1, bytes_of(visit->url));
	state_bind_u64(s, 2, visit->origin);
	const int numbers[] = {(int)visit->kind, (int)visit->role, visit->depth, visit->embeds,
		visit->redirects, visit->tries, visit->is_seed, visit->is_speculative};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)sqlite3_bind_int(s, (int)i + 3, numbers[i]);
	}
	state_bind_u64(s, 11, visit->via);
	state_bind_bytes(s, 12, bytes_of(visit->hops));
}

int state_add_visit(
	struct state *state, struct visit *visit, bool *added_out, struct flong_error *err)
{
	bind_visit(state->ready[ADD_VISIT], visit);
	int rc = state_run(state, ADD_VISIT, err);
	if (rc < 0) {
		return rc;
	}
	if (sqlite3_changes(state->db) > 0) {
		visit->id = (uint64_t)sqlite3_last_insert_rowid(state->db);
		*added_out = true;
		return FLONG_OK;
	}
	struct known_visit known = {0};
	rc = find_visit(state, visit->url, &known, err);
	if (rc < 0) {
		return rc;
	}
	visit->id = known.id;
	bool becomes_page = visit->kind == VISIT_PAGE && known.kind != VISIT_PAGE;
	*added_out = known.state == VISIT_SKIPPED || becomes_page;
	visit->was_queued = becomes_page && known.state == VISIT_QUEUED;
	if (!*added_out) {
		if (visit->is_speculative || !known.is_speculative) {
			return FLONG_OK;
		}
		state_bind_u64(state->ready[MAKE_SURE], 1, known.id);
		return state_run(state, MAKE_SURE, err);
	}
	bind_visit(state->ready[REVIVE], visit);
	return state_run(state, REVIVE, err);
}

int state_add_skipped(struct state *state, const struct visit *visit, struct bytes reason,
	struct flong_error *err)
{
	bind_visit(state->ready[ADD_SKIPPED], visit);
	state_bind_bytes(state->ready[ADD_SKIPPED], 13, reason);
	return state_run(state, ADD_SKIPPED, err);
}

int state_requeue(struct state *state, const struct visit *visit, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[REQUEUE];
	state_bind_u64(s, 1, visit->id);
	(void)sqlite3_bind_int(s, 2, visit->redirects);
	(void)sqlite3_bind_int(s, 3, visit->tries);
	state_bind_u64(s, 4, visit->via);
	state_bind_bytes(s, 5, bytes_of(visit->hops));
	return state_run(state, REQUEUE, err);
}

int state_finish_visit(struct state *state, const struct visit *visit,
	const struct state_result *result, struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[FINISH_VISIT];
	state_bind_u64(s, 1, visit->id);
	(void)sqlite3_bind_int(s, 2, (int)result->state);
	(void)sqlite3_bind_int(s, 3, result->status);
	(void)sqlite3_bind_int(s, 4, result->is_complete);
	state_bind_bytes(s, 5, result->reason);
	state_bind_u64(s, 6, result->payload_bytes);
	state_bind_bytes(s, 7, result->redirect);
	(void)sqlite3_bind_int(s, 8, visit->tries);
	/* What has become a page since is not finished as a requisite. */
	(void)sqlite3_bind_int(s, 9, (int)visit->kind);
	return state_run(state, FINISH_VISIT, err);
}

char *state_column_copy(sqlite3_stmt *s, int at)
{
	struct bytes b = state_column_bytes(s, at);
	return sqlite3_column_type(s, at) == SQLITE_NULL ? NULL : alloc_text(b.ptr, b.len);
}

/* A visit from VISIT_COLUMNS; the caller closes it. */
struct visit *state_read_visit(sqlite3_stmt *s)
{
	struct visit *visit = ALLOC(struct visit);
	visit->id = state_column_u64(s, 0);
	visit->url = state_column_copy(s, 1);
	visit->origin = state_column_u64(s, 2);
	visit->kind = (enum visit_kind)sqlite3_column_int(s, 3);
	visit->role = (enum link_role)sqlite3_column_int(s, 4);
	visit->depth = sqlite3_column_int(s, 5);
	visit->embeds = sqlite3_column_int(s, 6);
	visit->redirects = sqlite3_column_int(s, 7);
	visit->tries = sqlite3_column_int(s, 8);
	visit->is_seed = sqlite3_column_int(s, 9) != 0;
	visit->is_speculative = sqlite3_column_int(s, 10) != 0;
	visit->via = state_column_u64(s, 11);
	struct bytes hops = bytes_slice(state_column_bytes(s, 12), 0, VISIT_HOPS_MAX);
	if (hops.len > 0) {
		memcpy(visit->hops, hops.ptr, hops.len);
	}
	visit->via_url = state_column_copy(s, 13);
	return visit;
}

int state_load_queued(struct state *state, struct state_queue queue,
	int (*each)(void *, struct visit *, struct flong_error *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state->ready[queue.pages ? LOAD_PAGES : LOAD_OTHERS];
	state_bind_u64(s, 1, queue.origin);
	state_bind_u64(s, 2, queue.limit);
	int rc = FLONG_OK;
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		rc = each(context, state_read_visit(s), err);
	}
	(void)sqlite3_reset(s);
	return rc;
}

int state_start_run(struct state *state, struct flong_error *err)
{
	if (sqlite3_exec(state->db,
		    "DELETE FROM visits; DELETE FROM import_maps; DELETE FROM media; "
		    "DELETE FROM charsets; UPDATE pages SET visit=0;",
		    NULL, NULL, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot start a new run", err);
	}
	return FLONG_OK;
}
