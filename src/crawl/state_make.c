/* SPDX-License-Identifier: MIT */
/* state_make.c - the tables of the state, and a new database that is there whole or not at all
 *
 * SQLite makes a database in its place, with eight syncs until the first table is there, and a
 * power cut between them leaves half of one. So it is made beside that, without a sync, and then
 * gets its name. It is synced once, before anything else is that needs it (state_keep): until then
 * nothing is lost with it. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/files.h"
#include "base/io.h"
#include "crawl/state_private.h"
#include "crawl/state_vfs.h"

const char state_tables[] =
	"BEGIN;"
	"CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS origins(id INTEGER PRIMARY KEY, origin TEXT "
	"UNIQUE);" STATE_VISITS_SCHEMA
	"CREATE TABLE IF NOT EXISTS pages(id INTEGER PRIMARY KEY, visit INT, url TEXT, title TEXT, "
	"body_at INT, body_bytes INT, story_bytes INT, favicon TEXT, mime TEXT,"
	" headline TEXT, captured INT, status INT, depth INT, seed INT, scripts INT, "
	"stories INT, bytes INT);"
	/* The order of the page lists; else SQLite would sort all rows in memory. */
	"CREATE INDEX IF NOT EXISTS page_order ON pages(seed DESC, depth, visit);"
	"CREATE TABLE IF NOT EXISTS import_maps(visit INTEGER PRIMARY KEY, map "
	"TEXT);" STATE_PAYLOADS_SCHEMA
	"CREATE TABLE IF NOT EXISTS media(page INTEGER PRIMARY KEY, bytes INT);"
	"CREATE TABLE IF NOT EXISTS charsets(visit INTEGER PRIMARY KEY, name TEXT);"
	"CREATE TABLE IF NOT EXISTS readings(visit INTEGER PRIMARY KEY, kind INT, reason TEXT);"
	"CREATE TABLE IF NOT EXISTS tallies(name INTEGER PRIMARY KEY, count INT);"
	"CREATE TABLE IF NOT EXISTS robots(origin INTEGER PRIMARY KEY, fetched INT, kind INT, "
	"rules BLOB);"
	"CREATE TABLE IF NOT EXISTS stories(url TEXT PRIMARY KEY, born INT, last INT, same INT, "
	"digest TEXT) WITHOUT ROWID;"
	"COMMIT;";

/* SQLite would take the log of another database of this name for that of the new one. */
static int remove_logs(const char *path, struct flong_error *err)
{
	static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
	bool was_there = false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		SCOPED(buf_clear) struct buf name = {0};
		buf_addf(&name, "%s%s", path, suffixes[i]);
		if (io_unlink(buf_text(&name)) == 0) {
			was_there = true;
		} else if (errno != ENOENT) {
			return error_set_errno(
				err, FLONG_E_IO, errno, "cannot remove %s", buf_text(&name));
		}
	}
	return was_there ? files_sync_parent(path, err) : FLONG_OK;
}

/* Nobody else has the file, and half of it would be made anew: so no log is written, no lock taken
 * and no memory shared. What opens it finds that a log belongs to it. */
static const char begin_making[] =
	"PRAGMA locking_mode=EXCLUSIVE;PRAGMA synchronous=OFF;PRAGMA journal_mode=OFF;";
static const char end_making[] = "PRAGMA journal_mode=WAL;";

static int make_tables(const char *path, struct flong_error *err)
{
	sqlite3 *db = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
	int rc = sqlite3_open_v2(path, &db, flags, state_vfs_name());
	if (rc == SQLITE_OK) {
		rc = sqlite3_exec(db, begin_making, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK) {
		rc = sqlite3_exec(db, state_tables, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK) {
		rc = sqlite3_exec(db, end_making, NULL, NULL, NULL);
	}
	int code = rc == SQLITE_OK
			   ? FLONG_OK
			   : error_set(err, FLONG_E_IO, "%s: crawl state: cannot be made: %s", path,
				     db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(db));
	int closed = sqlite3_close(db);
	if (code == FLONG_OK && closed != SQLITE_OK) {
		code = error_set(err, FLONG_E_IO, "%s: crawl state: cannot be made: %s", path,
			sqlite3_errstr(closed));
	}
	return code;
}

int state_make(const char *path, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf partial = {0};
	buf_addf(&partial, "%s.partial", path);
	const char *made = buf_text(&partial);
	int rc = remove_logs(path, err);
	if (rc == FLONG_OK) {
		rc = remove_logs(made, err);
	}
	if (rc == FLONG_OK && io_unlink(made) < 0 && errno != ENOENT) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "cannot remove %s", made);
	}
	if (rc == FLONG_OK) {
		rc = make_tables(made, err);
	}
	if (rc == FLONG_OK && io_rename(made, path) != 0) {
		rc = error_set_errno(err, FLONG_E_IO, errno, "renaming '%s' to '%s'", made, path);
	}
	return rc;
}

int state_keep(struct state *state, struct flong_error *err)
{
	if (!state->is_new) {
		return FLONG_OK;
	}
	/* By SQLite's own descriptor: to close another takes its locks away. */
	sqlite3_file *file = NULL;
	const char *path = sqlite3_db_filename(state->db, "main");
	int rc = sqlite3_file_control(state->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (rc == SQLITE_OK) {
		rc = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	}
	if (rc != SQLITE_OK) {
		return error_set(err, FLONG_E_IO, "%s: crawl state: cannot be synced: %s", path,
			sqlite3_errstr(rc));
	}
	int code = files_sync_parent(path, err);
	state->is_new = code != FLONG_OK;
	return code;
}
