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
#include "base/files.h"
#include "base/limits.h"
#include "crawl/state_private.h"
#include "crawl/state_vfs.h"

static const char begin_work[] =
	"PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-" LIMIT_STATE_CACHE_KIB
	";"
	"PRAGMA wal_autocheckpoint=" LIMIT_STATE_LOG_PAGES ";PRAGMA temp_store=MEMORY;";

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

void state_bind_blob(sqlite3_stmt *s, int at, struct bytes b)
{
	(void)sqlite3_bind_blob64(s, at, b.ptr == NULL ? "" : b.ptr, b.len, SQLITE_TRANSIENT);
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
	sqlite3_stmt *s = state_ready(state, which);
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
	bool was_there = files_exists(path);
	state->is_new = !was_there;
	if (!was_there && state_make(path, err) < 0) {
		return err->code;
	}
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX;
	if (sqlite3_open_v2(path, &state->db, flags, state_vfs_name()) != SQLITE_OK) {
		(void)state_fail(state, "cannot be opened", err);
		return error_context(err, "%s", path);
	}
	if (state_upgrade(state, err) < 0) {
		return error_context(err, "%s", path);
	}
	if (sqlite3_exec(state->db, begin_work, NULL, NULL, NULL) != SQLITE_OK ||
		(was_there &&
			sqlite3_exec(state->db, state_tables, NULL, NULL, NULL) != SQLITE_OK) ||
		sqlite3_exec(state->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
		(void)state_fail(state, "cannot be opened", err);
		return error_context(err, "%s", path);
	}
	if (was_there && state_prepare(state, err) < 0) {
		return error_context(err, "%s", path);
	}
	int rc = state_texts_open(state, path, err);
	if (rc == FLONG_OK) {
		rc = state_set(state, "version", BYTES(STATE_VERSION), err);
	}
	if (rc == FLONG_OK) {
		rc = state_seen_open(state, err);
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
	seen_close(state->seen);
	buf_clear(&state->keys);
	(void)pthread_mutex_destroy(&state->mutex);
	free(state);
}

int state_commit(struct state *state, struct flong_error *err)
{
	int rc = state_keep(state, err);
	if (rc == FLONG_OK) {
		rc = state_texts_sync(state, err);
	}
	if (rc == FLONG_OK) {
		rc = state_seen_flush(state, err);
	}
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
	sqlite3_stmt *s = state_ready(state, SET_FACT);
	state_bind_bytes(s, 1, bytes_of(name));
	state_bind_bytes(s, 2, value);
	return state_run(state, SET_FACT, err);
}

int state_get(struct state *state, const char *name, struct buf *value_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_FACT);
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

static int find_origin(
	struct state *state, struct bytes origin, uint64_t *id_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_ORIGIN);
	state_bind_bytes(s, 1, origin);
	int step = sqlite3_step(s);
	*id_out = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}

int state_origin(
	struct state *state, struct bytes origin, uint64_t *id_out, struct flong_error *err)
{
	int rc = find_origin(state, origin, id_out, err);
	if (rc < 0 || *id_out != 0) {
		return rc;
	}
	state_bind_bytes(state_ready(state, ADD_ORIGIN), 1, origin);
	rc = state_run(state, ADD_ORIGIN, err);
	*id_out = (uint64_t)sqlite3_last_insert_rowid(state->db);
	return rc;
}

int state_origin_text(
	struct state *state, uint64_t id, struct buf *text_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, ORIGIN_TEXT);
	state_bind_u64(s, 1, id);
	int step = sqlite3_step(s);
	if (step == SQLITE_ROW) {
		buf_add(text_out, state_column_bytes(s, 0));
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW    ? FLONG_OK
	       : step == SQLITE_DONE ? error_set(err, FLONG_E_NOT_FOUND, "crawl state: no origin")
				     : state_fail(state, "cannot be read", err);
}

int state_each_waiting(struct state *state,
	int (*each)(void *, const struct state_waiting *, struct flong_error *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_QUEUE);
	int rc = FLONG_OK;
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		const struct state_waiting waiting = {
			.origin = state_column_u64(s, 0),
			.pages = sqlite3_column_int(s, 1) == 0,
			.depth = sqlite3_column_int(s, 2),
			.count = state_column_u64(s, 3),
		};
		rc = each(context, &waiting, err);
	}
	if (sqlite3_reset(s) != SQLITE_OK && rc == FLONG_OK) {
		return state_fail(state, "cannot be read", err);
	}
	return rc;
}

/* What is asked first of a host and depth: robots.txt before what pages need before the rest. */
static int rank_of(const struct visit *visit)
{
	switch (visit->kind) {
	case VISIT_PAGE:
		return visit->rank;
	case VISIT_ROBOTS:
		return 0;
	case VISIT_REQUISITE:
		return 1;
	case VISIT_DISCOVERY:
		return 2;
	}
	return 0;
}

/* Binds parameters 1 to 13: the columns of a visit in the order of ADD_VISIT. */
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
	(void)sqlite3_bind_int(s, 13, rank_of(visit));
}

/* Runs a prepared insert of a visit and notes its URL as known. */
static int insert_visit(struct state *state, enum statement which, const struct visit *visit,
	uint64_t hash, uint64_t *id_out, struct flong_error *err)
{
	bind_visit(state_ready(state, which), visit);
	int rc = state_run(state, which, err);
	if (rc < 0) {
		return rc;
	}
	*id_out = (uint64_t)sqlite3_last_insert_rowid(state->db);
	return state_seen_note(state, hash, *id_out, err);
}

int state_add_visit(
	struct state *state, struct visit *visit, bool *added_out, struct flong_error *err)
{
	struct state_known known = {0};
	uint64_t hash = seen_hash(state->seen_key, bytes_of(visit->url));
	int rc = state_seen_find(state, bytes_of(visit->url), hash, &known, err);
	if (rc < 0) {
		return rc;
	}
	if (known.id == 0) {
		*added_out = true;
		return insert_visit(state, ADD_VISIT, visit, hash, &visit->id, err);
	}
	visit->id = known.id;
	bool becomes_page = visit->kind == VISIT_PAGE && known.kind != VISIT_PAGE;
	*added_out = known.state == VISIT_SKIPPED || becomes_page;
	visit->was_queued = becomes_page && known.state == VISIT_QUEUED;
	if (!*added_out) {
		if (visit->is_speculative || !known.is_speculative) {
			return FLONG_OK;
		}
		state_bind_u64(state_ready(state, MAKE_SURE), 1, known.id);
		return state_run(state, MAKE_SURE, err);
	}
	bind_visit(state_ready(state, REVIVE), visit);
	state_bind_u64(state_ready(state, REVIVE), 14, known.id);
	rc = state_run(state, REVIVE, err);
	return rc == FLONG_OK ? state_forget_reading(state, known.id, err) : rc;
}

int state_add_skipped(struct state *state, const struct visit *visit, struct bytes reason,
	struct flong_error *err)
{
	struct state_known known = {0};
	uint64_t hash = seen_hash(state->seen_key, bytes_of(visit->url));
	int rc = state_seen_find(state, bytes_of(visit->url), hash, &known, err);
	if (rc < 0 || known.id != 0) {
		return rc;
	}
	state_bind_bytes(state_ready(state, ADD_SKIPPED), 14, reason);
	return insert_visit(state, ADD_SKIPPED, visit, hash, &known.id, err);
}

int state_requeue(struct state *state, const struct visit *visit, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, REQUEUE);
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
	sqlite3_stmt *s = state_ready(state, FINISH_VISIT);
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
	visit->rank = sqlite3_column_int(s, 20);
	return visit;
}

int state_load_queued(struct state *state, struct state_queue queue,
	int (*each)(void *, struct visit *, struct flong_error *), void *context,
	struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, queue.pages ? LOAD_PAGES : LOAD_OTHERS);
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
		    "DELETE FROM charsets; DELETE FROM readings; DELETE FROM tallies; "
		    "DELETE FROM robots; UPDATE pages SET visit=0;",
		    NULL, NULL, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot start a new run", err);
	}
	return state_seen_reset(state, err);
}
