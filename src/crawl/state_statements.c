/* SPDX-License-Identifier: MIT */
/* state_statements.c - what the state asks of SQLite for each visit, page and payload, prepared
 * once: to read a statement costs more than to run it */
#include "base/error.h"
#include "crawl/state_private.h"

#define VISIT_COLUMNS                                                                              \
	"v.id, v.url, v.origin, v.kind, v.role, v.depth, v.embeds, v.redirects, v.tries, v.seed, " \
	"v.speculative, v.via, v.hops,"                                                            \
	" p.url, v.state, v.status, v.complete, v.reason, v.bytes, v.redirect, v.rank FROM "       \
	"visits v LEFT "                                                                           \
	"JOIN visits p ON p.id = v.via "

static const char *const statements[STATEMENTS] = {
	[SET_FACT] = "INSERT INTO facts VALUES(?,?) ON CONFLICT(name) DO UPDATE SET "
		     "value=excluded.value",
	[GET_FACT] = "SELECT value FROM facts WHERE name=?",
	[ADD_ORIGIN] = "INSERT OR IGNORE INTO origins(origin) VALUES(?)",
	[GET_ORIGIN] = "SELECT id FROM origins WHERE origin=?",
	[ORIGIN_TEXT] = "SELECT origin FROM origins WHERE id=?",
	[EACH_QUEUE] = "SELECT origin, kind>0, depth, count(*) FROM visits WHERE state=0 "
		       "GROUP BY 1, 2, 3",
	[ADD_VISIT] = "INSERT INTO visits(url, origin, kind, role, depth, embeds, redirects, "
		      "tries, seed, speculative, via,"
		      " hops, rank) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[GET_KNOWN] = "SELECT url, kind, state, speculative FROM visits WHERE id=?",
	[ADD_KEYS] = "INSERT INTO keys(entries) VALUES(?)",
	[EACH_KEYS] = "SELECT entries FROM keys ORDER BY n",
	[CLEAR_KEYS] = "DELETE FROM keys",
	[EACH_URL] = "SELECT id, url FROM visits ORDER BY id",
	[LAST_VISIT] = "SELECT max(id) FROM visits",
	[REVIVE] =
		"UPDATE visits SET origin=?2, kind=?3, role=?4, depth=?5, embeds=?6, "
		"redirects=?7, tries=?8, seed=?9,"
		" speculative=?10, via=?11, hops=?12, rank=?13, state=0, reason=NULL WHERE id=?14",
	[GET_VISIT] = "SELECT " VISIT_COLUMNS "WHERE v.id=?",
	[MAKE_SURE] = "UPDATE visits SET speculative=0 WHERE id=?1",
	[ADD_SKIPPED] = "INSERT INTO visits(url, origin, kind, role, depth, embeds, redirects, "
			"tries, seed, speculative,"
			" via, hops, rank, reason, state) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,3)",
	[EACH_SKIPPED] = "SELECT " VISIT_COLUMNS "WHERE v.state=3 ORDER BY v.id",
	[REQUEUE] =
		"UPDATE visits SET state=0, redirects=?2, tries=?3, via=?4, hops=?5 WHERE id=?1",
	[FINISH_VISIT] = "UPDATE visits SET state=?2, status=?3, complete=?4, reason=?5, bytes=?6, "
			 "redirect=?7, tries=?8 WHERE id=?1 AND kind=?9",
	[LOAD_PAGES] = "SELECT " VISIT_COLUMNS "WHERE v.state=0 AND v.origin=?1 AND (v.kind>0)=0 "
		       "ORDER BY v.depth, v.rank, v.id LIMIT ?2",
	[LOAD_OTHERS] = "SELECT " VISIT_COLUMNS "WHERE v.state=0 AND v.origin=?1 AND (v.kind>0)=1 "
			"ORDER BY v.depth, v.rank, v.id LIMIT ?2",
	[PARENT] = "SELECT via, url, redirects, role, origin, redirect FROM visits WHERE id=?",
	[ADD_IMPORT_MAP] = "INSERT OR REPLACE INTO import_maps VALUES(?,?)",
	[GET_IMPORT_MAP] = "SELECT map FROM import_maps WHERE visit=?",
	/* Counted by us: to group them SQLite would sort all rows in memory. */
	[COUNTS] = "SELECT kind, state, complete=1 AND status BETWEEN 200 AND 399, speculative "
		   "FROM visits WHERE NOT (state=1 AND complete=1 AND status BETWEEN 300 AND 399 "
		   "AND redirect<>'')",
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
	[FIND_ORIGINAL] =
		"SELECT url, record, coding, date FROM payloads " STATE_OF_PAYLOAD "ORDER BY n",
	[ADD_ORIGINAL] =
		"INSERT INTO payloads(digest, url, record, coding, date) "
		"SELECT ?1,?2,?3,?4,?5 WHERE NOT EXISTS (SELECT 1 FROM payloads " STATE_OF_PAYLOAD
		")",
	[ADD_MEDIA] = "INSERT INTO media " STATE_PAGE_OF_VISIT
		      " SELECT id, ?2 FROM up WHERE kind=0 LIMIT 1"
		      " ON CONFLICT(page) DO UPDATE SET bytes=bytes+excluded.bytes",
	[SET_CHARSET] = "INSERT OR REPLACE INTO charsets VALUES(?,?)",
	[GET_CHARSET] = "SELECT name FROM charsets WHERE visit=?",
	[SET_ROBOTS] = "INSERT OR REPLACE INTO robots VALUES(?,?,?,?)",
	[GET_ROBOTS] = "SELECT fetched, kind, rules FROM robots WHERE origin=?",
	[GET_TALLY] = "SELECT count FROM tallies WHERE name=?",
	[ADD_TALLY] =
		"INSERT INTO tallies VALUES(?,1) ON CONFLICT(name) DO UPDATE SET count=count+1",
	[EACH_REASON] = "SELECT reason FROM visits WHERE state=3 AND substr(reason, 1, "
			"length(?1))=?1", /* counted by us too */
	[NOTE_READING] = "INSERT OR REPLACE INTO readings SELECT ?1, ?2, ?3 FROM visits "
			 "WHERE id=?1 AND kind=?4",
	[FORGET_READING] = "DELETE FROM readings WHERE visit=?",
	[COUNT_READINGS] = "SELECT count(*) FROM readings WHERE kind=?",
	[EACH_READING] = "SELECT v.url, r.reason FROM readings r JOIN visits v ON v.id=r.visit "
			 "WHERE r.kind=?1 ORDER BY r.visit LIMIT ?2",
	[NOTE_STORY] = "INSERT INTO stories(url, born, last, same, digest) VALUES(?1,?2,?3,1,?4) "
		       "ON CONFLICT(url) DO UPDATE SET same=CASE WHEN digest=excluded.digest "
		       "THEN same+1 ELSE 1 END, digest=excluded.digest, last=excluded.last, "
		       "born=min(born, excluded.born)",
	[CHANGE_STORY] = "UPDATE stories SET same=CASE WHEN digest=?4 THEN same+1 ELSE 1 END, "
			 "digest=?4, last=?3 WHERE url=?1 AND ?2=?2",
	[FIND_STORY] = "SELECT born, last, same FROM stories WHERE url=?1",
	[GET_MEDIA] = STATE_PAGE_OF_VISIT " SELECT bytes FROM media JOIN up ON media.page=up.id",
};

sqlite3_stmt *state_ready(struct state *state, enum statement which)
{
	if (state->ready[which] == NULL) {
		(void)sqlite3_prepare_v3(state->db, statements[which], -1,
			SQLITE_PREPARE_PERSISTENT, &state->ready[which], NULL);
	}
	return state->ready[which];
}

int state_prepare(struct state *state, struct flong_error *err)
{
	for (size_t i = 0; i < STATEMENTS; i++) {
		if (state_ready(state, (enum statement)i) == NULL) {
			return state_fail(state, "is not one of ours", err);
		}
	}
	return FLONG_OK;
}
