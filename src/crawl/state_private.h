/* SPDX-License-Identifier: MIT */
/* state_private.h - what the files that own SQLite share: prepared statements and how rows are
 * read */
#ifndef CRAWL_STATE_PRIVATE_H
#define CRAWL_STATE_PRIVATE_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "crawl/seen.h"
#include "crawl/state.h"

#define STATE_VERSION "2"

/* Visits in the order of discovery. There is no index over the URLs: state_seen.c. The last two
 * columns of `queued` let its entries be counted without a look at the visits. */
#define STATE_VISITS_SCHEMA                                                                        \
	"CREATE TABLE IF NOT EXISTS visits(id INTEGER PRIMARY KEY, url TEXT, origin INT, "         \
	"kind INT, role INT, depth INT, embeds INT, redirects INT, tries INT, seed INT, "          \
	"speculative INT, via INT, hops TEXT, state INT DEFAULT 0, status INT, complete INT, "     \
	"reason TEXT, bytes INT, redirect TEXT, rank INT DEFAULT 0);"                              \
	"CREATE INDEX IF NOT EXISTS queued ON visits(origin, kind>0, depth, rank, id, kind, "      \
	"state) WHERE state = 0;"                                                                  \
	"CREATE INDEX IF NOT EXISTS seeds ON visits(id) WHERE seed = 1;"                           \
	"CREATE TABLE IF NOT EXISTS keys(n INTEGER PRIMARY KEY, entries BLOB);"

/* Digests come in no order: an index of whole ones would have a page of the database written anew
 * for nearly each payload. The keys of hundreds are in one page, and the rows follow each other. */
#define STATE_PAYLOAD_KEY(digest) "substr(" digest ", 8, 10)"
#define STATE_PAYLOADS_SCHEMA                                                                      \
	"CREATE TABLE IF NOT EXISTS payloads(n INTEGER PRIMARY KEY, digest TEXT, url TEXT, "       \
	"record TEXT, coding TEXT, date INT);"                                                     \
	"CREATE INDEX IF NOT EXISTS payload_keys ON payloads(" STATE_PAYLOAD_KEY("digest") ");"

/* Found by the key. Without the + SQLite takes the digest for known and no key for the search. */
#define STATE_OF_PAYLOAD                                                                           \
	"INDEXED BY payload_keys WHERE " STATE_PAYLOAD_KEY("digest") "=" STATE_PAYLOAD_KEY(        \
		"?1") " AND +digest=?1 "

/* The page that a visit belongs to: up along what named it. UNION, so that a loop ends. */
#define STATE_PAGE_OF_VISIT                                                                        \
	"WITH RECURSIVE up(id, via, kind) AS (SELECT id, via, kind FROM visits WHERE id=?1 UNION " \
	"SELECT v.id, v.via, v.kind FROM visits v JOIN up ON v.id=up.via WHERE up.kind<>0)"

/* state_make.c: makes the tables that are not there, in a transaction. */
extern const char state_tables[];
/* A new database at `path`, where none is: whole or not at all, and not synced (state_keep). A log
 * that lies there is another one's and removed. FLONG_E_IO. */
MUST_CHECK int state_make(const char *path, struct flong_error *err);

enum statement {
	SET_FACT,
	GET_FACT,
	ADD_ORIGIN,
	GET_ORIGIN,
	ORIGIN_TEXT,
	EACH_QUEUE,
	ADD_VISIT,
	GET_KNOWN,
	ADD_KEYS,
	EACH_KEYS,
	CLEAR_KEYS,
	EACH_URL,
	LAST_VISIT,
	GET_VISIT,
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
	GET_TALLY,
	ADD_TALLY,
	EACH_REASON,
	NOTE_READING,
	FORGET_READING,
	COUNT_READINGS,
	EACH_READING,
	SET_ROBOTS,
	GET_ROBOTS,
	NOTE_STORY,
	CHANGE_STORY,
	FIND_STORY,
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
	bool is_new; /* made, and not synced yet */
	struct state_texts
		texts; /* page texts: kept beside the database, which would copy them thrice */
	sqlite3_stmt *ready[STATEMENTS]; /* owned; NULL until state_ready */
	struct seen *seen;               /* owned: which visits may have a URL */
	unsigned char seen_key[SEEN_KEY_BYTES];
	struct buf keys; /* owned: entries of `seen` that are not written yet */
	pthread_mutex_t
		mutex; /* guards FIND_ORIGINAL, which workers use; the rest is the crawl thread's */
};

/* Opens STATE-PATH.texts and cuts it behind the last text that the state knows. */
int state_texts_open(struct state *state, const char *state_path, struct flong_error *err);
/* Writes and syncs what was added since the last call; before the commit that speaks of it. */
int state_texts_sync(struct state *state, struct flong_error *err);
/* Overwrites a stretch of the texts with zeros; state_texts_sync makes that durable. */
MUST_CHECK int state_texts_blank(
	struct state *state, uint64_t at, uint64_t length, struct flong_error *err);
void state_texts_close(struct state *state);

/* state_reading.c: a visit that is fetched anew is read anew. */
MUST_CHECK int state_forget_reading(struct state *state, uint64_t visit, struct flong_error *err);

/* What the state has for a URL; id 0 when it is not known. */
struct state_known {
	uint64_t id;
	enum visit_kind kind;
	enum visit_state state;
	bool is_speculative;
};
/* Makes the table of known URLs from what is stored. */
int state_seen_open(struct state *state, struct flong_error *err);
int state_seen_find(struct state *state, struct bytes url, uint64_t hash,
	struct state_known *known_out, struct flong_error *err);
/* Notes a visit that was inserted. FLONG_E_LIMIT when its row number is over 32 bits. */
int state_seen_note(struct state *state, uint64_t hash, uint64_t row, struct flong_error *err);
/* Writes what is pending; before a commit. */
int state_seen_flush(struct state *state, struct flong_error *err);
/* Forgets all. */
int state_seen_reset(struct state *state, struct flong_error *err);

/* A way back along redirects. */
struct state_walk {
	uint64_t from;                                  /* the visit it begins with; 0: nowhere */
	int most;                                       /* visits that are looked at */
	bool (*each)(void *context, sqlite3_stmt *row); /* of PARENT; false ends it */
};
/* Shows each visit to `each`, the last one that was not redirected to included. */
int state_walk_redirects(
	struct state *state, const struct state_walk *walk, void *context, struct flong_error *err);
/* The visit that redirected to this one; 0 for none. */
uint64_t state_redirected_from(const struct visit *visit);

/* Brings the tables of an older version to this one's, in one transaction. Nothing for a new
 * database and for one of this version. */
int state_upgrade(struct state *state, struct flong_error *err);

/* A statement, prepared when it is first wanted: to prepare all takes as long as to make the
 * tables. NULL, which SQLite's functions take, when it cannot be; the database says why. */
sqlite3_stmt *state_ready(struct state *state, enum statement which);
/* Prepares all of them: whether the tables of a state that was there are ours. */
int state_prepare(struct state *state, struct flong_error *err);

/* Fills *err from the database's last failure. */
int state_fail(struct state *state, const char *what, struct flong_error *err);
/* Runs a statement that gives no rows, then clears it. */
int state_run(struct state *state, enum statement which, struct flong_error *err);
void state_bind_bytes(sqlite3_stmt *s, int at, struct bytes b);
void state_bind_blob(sqlite3_stmt *s, int at, struct bytes b);
void state_bind_u64(sqlite3_stmt *s, int at, uint64_t number);
/* Borrowed until the statement's next step. */
struct bytes state_column_bytes(sqlite3_stmt *s, int at);
/* Owned by the caller; NULL for NULL. */
char *state_column_copy(sqlite3_stmt *s, int at);
uint64_t state_column_u64(sqlite3_stmt *s, int at);
/* A visit from the columns of a visit query; the caller closes it. */
struct visit *state_read_visit(sqlite3_stmt *s);

#endif
