/* SPDX-License-Identifier: MIT */
/* state_upgrade_test.c - states of other versions, and what they know of URLs when they are opened
 * again */
#include "unit.h"

#include <sqlite3.h>

#include "base/alloc.h"
#include "base/files.h"
#include "crawl/state.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct place {
	char dir[40];
	char path[56];
};

static struct place place_make(void)
{
	struct place place = {.dir = "/tmp/state_upgrade_test.XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	(void)snprintf(place.path, sizeof(place.path), "%s/crawl.db", place.dir);
	return place;
}

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	OK(files_remove_tree(place->dir, &err));
}

static struct state *open_at(const struct place *place)
{
	struct flong_error err = {0};
	struct state *state = NULL;
	OK(state_open(place->path, &state, &err));
	return state;
}

static void run_sql(const struct place *place, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static bool add(struct state *state, const char *url, enum visit_kind kind)
{
	struct flong_error err = {0};
	SCOPED(free_textp) char *text = alloc_copy(url);
	struct visit visit = {.url = text, .kind = kind, .origin = 1};
	bool added = false;
	OK(state_add_visit(state, &visit, &added, &err));
	assert_true(visit.id > 0);
	return added;
}

static void add_many(struct state *state, int first, int end, bool is_new)
{
	char url[64];
	for (int i = first; i < end; i++) {
		(void)snprintf(url, sizeof(url), "http://a.example/%d", i);
		assert_int_equal(add(state, url, VISIT_PAGE), is_new);
	}
}

TEST(known_urls_are_known_again)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	struct state *state = open_at(&place);
	add_many(state, 0, 10000, true); /* the table grows meanwhile */
	add_many(state, 0, 10000, false);
	OK(state_commit(state, &err));
	add_many(state, 10000, 10100, true);
	state_close(state);
	state = open_at(&place);
	add_many(state, 0, 10000, false);
	add_many(state, 10000, 10100, true);
	OK(state_start_run(state, &err));
	add_many(state, 0, 100, true);
	state_close(state);
}

/* The keys are derived: without them, or with some, they are made from the visits. */
TEST(lost_keys_are_made_again)
{
	static const char *const losses[] = {"DELETE FROM keys", "DELETE FROM keys WHERE n > 1",
		"DELETE FROM facts WHERE name='seen-key'",
		"UPDATE keys SET entries=substr(entries, 1, 13)"};
	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		SCOPED(place_clear) struct place place = place_make();
		struct flong_error err = {0};
		struct state *state = open_at(&place);
		add_many(state, 0, 9000, true);
		OK(state_commit(state, &err));
		state_close(state);
		run_sql(&place, losses[i]);
		state = open_at(&place);
		add_many(state, 0, 9000, false);
		add_many(state, 9000, 9100, true);
		state_close(state);
	}
}

static const char version_1[] =
	"CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE origins(id INTEGER PRIMARY KEY, origin TEXT UNIQUE);"
	"CREATE TABLE visits(id INTEGER PRIMARY KEY, url TEXT UNIQUE, origin INT, kind INT, role "
	"INT, "
	"depth INT, embeds INT, redirects INT, tries INT, seed INT, speculative INT, via INT, hops "
	"TEXT, "
	"state INT DEFAULT 0, status INT, complete INT, reason TEXT, bytes INT, redirect TEXT);"
	"CREATE INDEX queued ON visits(origin, kind, depth, id) WHERE state = 0;"
	"CREATE TABLE originals(digest TEXT PRIMARY KEY, url TEXT, record TEXT, coding TEXT, date "
	"INT) WITHOUT ROWID;"
	"INSERT INTO originals VALUES('sha256:cd', 'http://a.example/seed', 'urn:uuid:1', '', 7);"
	"INSERT INTO facts VALUES('version', '1'), ('options', 'depth = 2');"
	"INSERT INTO origins VALUES(1, 'http://a.example:80');"
	"INSERT INTO visits VALUES"
	"(1,'http://a.example/seed',1,0,0,0,0,0,1,1,0,0,'',1,200,1,NULL,5,''),"
	"(2,'http://a.example/next',1,0,0,1,0,0,0,0,0,1,'L',0,NULL,NULL,NULL,NULL,NULL),"
	"(3,'http://a.example/far',1,0,0,9,0,0,0,0,0,1,'L',3,NULL,NULL,'over --depth',NULL,NULL);";

static int count_waiting(
	void *context, const struct state_waiting *waiting, struct flong_error *err)
{
	(void)err;
	assert_true(waiting->pages && waiting->origin == 1 && waiting->depth == 1);
	*(uint64_t *)context += waiting->count;
	return FLONG_OK;
}

static void count_seed(void *context, const struct visit *visit, const struct state_result *result)
{
	assert_string_equal(visit->url, "http://a.example/seed");
	assert_int_equal(result->status, 200);
	++*(int *)context;
}

TEST(a_state_of_version_1_is_brought_up)
{
	SCOPED(place_clear) struct place place = place_make();
	run_sql(&place, version_1);
	for (int again = 0; again < 2; again++) {
		struct flong_error err = {0};
		struct state *state = open_at(&place);
		SCOPED(buf_clear) struct buf options = {0};
		OK(state_get(state, "options", &options, &err));
		assert_bytes(options, "depth = 2");
		assert_false(add(state, "http://a.example/seed", VISIT_PAGE));
		assert_false(add(state, "http://a.example/next", VISIT_PAGE));
		struct state_original original = {0};
		OK(state_find_original(state, BYTES("sha256:cd"), &original, &err));
		assert_string_equal(original.url, "http://a.example/seed");
		state_original_clear(&original);
		int seeds = 0;
		uint64_t waiting = 0;
		OK(state_each_seed(state, count_seed, &seeds, &err));
		OK(state_each_waiting(state, count_waiting, &waiting, &err));
		assert_int_equal(seeds, 1);
		assert_int_equal(waiting, 1);
		assert_true(again == 1 || add(state, "http://a.example/new", VISIT_REQUISITE));
		state_close(state); /* what is not committed is not there */
	}
}

TEST(a_newer_version_is_refused)
{
	SCOPED(place_clear) struct place place = place_make();
	run_sql(&place, version_1);
	run_sql(&place, "UPDATE facts SET value='99' WHERE name='version'");
	struct flong_error err = {0};
	struct state *state = NULL;
	assert_int_equal(state_open(place.path, &state, &err), FLONG_E_FORMAT);
	assert_non_null(strstr(err.message, "made by another version (99)"));
	assert_non_null(strstr(err.message, place.path));
}

RUN_TESTS(CASE(known_urls_are_known_again), CASE(lost_keys_are_made_again),
	CASE(a_state_of_version_1_is_brought_up), CASE(a_newer_version_is_refused))
