/* SPDX-License-Identifier: MIT */
/* state_statements_test.c - what SQLite does for the statements of the state */
#include "unit.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/files.h"
#include "crawl/state_private.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

/* How SQLite would run a statement, a line a step. */
static void explain(sqlite3 *db, const char *sql, struct buf *plan_out)
{
	SCOPED(buf_clear) struct buf text = {0};
	sqlite3_stmt *s = NULL;
	buf_addf(&text, "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(db, buf_text(&text), -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		buf_addf(plan_out, "%s\n", (const char *)sqlite3_column_text(s, 3));
	}
	(void)sqlite3_finalize(s);
}

/* What is sorted is sorted in memory, where ten million visits do not belong. */
TEST(no_statement_sorts)
{
	char dir[] = "/tmp/statements-XXXXXX";
	struct flong_error err = {0};
	assert_non_null(mkdtemp(dir));
	SCOPED(free_textp) char *path = files_join(dir, "crawl.db");
	struct state *state = NULL;
	OK(state_open(path, &state, &err));
	for (size_t i = 0; i < STATEMENTS; i++) {
		SCOPED(buf_clear) struct buf plan = {0};
		const char *sql = sqlite3_sql(state_ready(state, (enum statement)i));
		explain(state->db, sql, &plan);
		if (strstr(buf_text(&plan), "TEMP B-TREE") != NULL) {
			fail_msg("%s\n%s", sql, buf_text(&plan));
		}
	}
	state_close(state);
	OK(files_remove_tree(dir, &err));
}

RUN_TESTS(CASE(no_statement_sorts))
