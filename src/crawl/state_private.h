/* SPDX-License-Identifier: MIT */
/* state_private.h - what the two files that own SQLite share: prepared statements and how rows are
 * read */
#ifndef CRAWL_STATE_PRIVATE_H
#define CRAWL_STATE_PRIVATE_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "crawl/state.h"

enum statement {
	SET_FACT,
	GET_FACT,
	ADD_ORIGIN,
	GET_ORIGIN,
	EACH_ORIGIN,
	ADD_VISIT,
	GET_VISIT_ID,
	REVIVE,
	MAKE_SURE,
	ADD_SKIPPED,
	EACH_SKIPPED,
	REQUEUE,
	FINISH_VISIT,
	LOAD_PAGES,
	LOAD_OTHERS,
	PARENT,
	ADD_IMPORT_MAP,
	GET_IMPORT_MAP,
	COUNTS,
	EACH_MISSING,
	EACH_SEED,
	ADD_PAGE,
	EACH_PAGE,
	TEXTS_END,
	FIND_ORIGINAL,
	ADD_ORIGINAL,
	ADD_MEDIA,
	GET_MEDIA,
	SET_CHARSET,
	GET_CHARSET,
	STATEMENTS
};

/* Where the text of the next page goes; see state_texts in state_report.c. */
struct state_texts {
	char *path; /* owned */
	int fd;
	struct buf pending; /* owned: not written yet */
	uint64_t written;   /* bytes in the file */
	bool is_unsynced;
};

struct state {
	sqlite3 *db; /* owned */
	struct state_texts
		texts; /* page texts: kept beside the database, which would copy them thrice */
	sqlite3_stmt *ready[STATEMENTS]; /* owned, prepared */
	pthread_mutex_t
		mutex; /* guards FIND_ORIGINAL, which workers use; the rest is the crawl thread's */
};

/* Opens STATE-PATH.texts and cuts it behind the last text that the state knows. */
int state_texts_open(struct state *state, const char *state_path, struct flong_error *err);
/* Writes and syncs what was added since the last call; before the commit that speaks of it. */
int state_texts_sync(struct state *state, struct flong_error *err);
void state_texts_close(struct state *state);

/* Fills *err from the database's last failure. */
int state_fail(struct state *state, const char *what, struct flong_error *err);
/* Runs a statement that gives no rows, then clears it. */
int state_run(struct state *state, enum statement which, struct flong_error *err);
void state_bind_bytes(sqlite3_stmt *s, int at, struct bytes b);
void state_bind_u64(sqlite3_stmt *s, int at, uint64_t number);
/* Borrowed until the statement's next step. */
struct bytes state_column_bytes(sqlite3_stmt *s, int at);
/* Owned by the caller; NULL for NULL. */
char *state_column_copy(sqlite3_stmt *s, int at);
uint64_t state_column_u64(sqlite3_stmt *s, int at);
/* A visit from the columns of a visit query; the caller closes it. */
struct visit *state_read_visit(sqlite3_stmt *s);

#endif
