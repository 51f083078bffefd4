/* SPDX-License-Identifier: MIT */
/* state_upgrade.c - a state made by an older version of the program is brought to this one's tables
 *
 * 1 -> 2: visits have a rank, and no unique index over their URLs; payloads are found by a key. */
#include "base/error.h"
#include "crawl/state_private.h"

static const char from_1[] =
	"BEGIN;"
	"DROP INDEX IF EXISTS queued;"
	"ALTER TABLE visits RENAME TO visits_1;" STATE_VISITS_SCHEMA
	"INSERT INTO visits SELECT id, url, origin, kind, role, depth, embeds, redirects, tries, "
	"seed, speculative, via, hops, state, status, complete, reason, bytes, redirect, "
	"CASE kind WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 0 END FROM visits_1 ORDER BY id;"
	"DROP TABLE visits_1;" STATE_PAYLOADS_SCHEMA
	"INSERT INTO payloads(digest, url, record, coding, date) "
	"SELECT digest, url, record, coding, date FROM originals;"
	"DROP TABLE originals;"
	"UPDATE facts SET value='" STATE_VERSION "' WHERE name='version';"
	"COMMIT;";

/* The first column of the first row that a query gives, or nothing. */
static int read_text(
	struct state *state, const char *query, struct buf *text_out, struct flong_error *err)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(state->db, query, -1, &s, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot be opened", err);
	}
	if (sqlite3_step(s) == SQLITE_ROW) {
		buf_add(text_out, state_column_bytes(s, 0));
	}
	return sqlite3_finalize(s) == SQLITE_OK ? FLONG_OK
						: state_fail(state, "cannot be opened", err);
}

/* Asks for the version of a database whose tables are not known yet; empty when it has none. */
static int read_version(struct state *state, struct buf *version_out, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf tables = {0};
	int rc =
		read_text(state, "SELECT name FROM sqlite_master WHERE name='facts'", &tables, err);
	return rc < 0 || tables.len == 0
		       ? rc
		       : read_text(state, "SELECT value FROM facts WHERE name='version'",
				 version_out, err);
}

int state_upgrade(struct state *state, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf version = {0};
	int rc = read_version(state, &version, err);
	if (rc < 0 || version.len == 0 || bytes_equal(buf_bytes(&version), BYTES(STATE_VERSION))) {
		return rc;
	}
	if (!bytes_equal(buf_bytes(&version), BYTES("1"))) {
		return error_set(
			err, FLONG_E_FORMAT, "made by another version (%s)", buf_text(&version));
	}
	if (sqlite3_exec(state->db, from_1, NULL, NULL, NULL) != SQLITE_OK) {
		return state_fail(state, "cannot be brought to this version", err);
	}
	return FLONG_OK;
}
