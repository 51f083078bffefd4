/* SPDX-License-Identifier: MIT */
/* crawl_log_test.c - lines of the crawl log after a kill between any two steps */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/files.h"
#include "crawl/crawl_log.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct place {
	char dir[40];
	char db[64];
	char log[64];
};

static struct place place_make(void)
{
	struct place place = {.dir = "/tmp/crawl_log_test.XXXXXX"};
	struct flong_error err = {0};
	assert_non_null(mkdtemp(place.dir));
	(void)snprintf(place.db, sizeof(place.db), "%s/crawl.db", place.dir);
	(void)snprintf(place.log, sizeof(place.log), "%s/logs", place.dir);
	OK(files_make_dir(place.log, &err));
	(void)snprintf(place.log, sizeof(place.log), "%s/logs/crawl.log", place.dir);
	return place;
}

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	OK(files_remove_tree(place->dir, &err));
}

/* Both as a process has them. */
struct session {
	struct state *state;
	struct crawl_log *log;
};

static int begin(const struct place *place, struct session *session, struct flong_error *err)
{
	*session = (struct session){0};
	OK(state_open(place->db, &session->state, err));
	return crawl_log_open(place->dir, session->state, &session->log, err);
}

/* As a kill would. */
static void end(struct session *session)
{
	crawl_log_close(session->log);
	state_close(session->state);
}

static void add(struct session *session, const char *line)
{
	crawl_log_add(session->log, bytes_of(line));
}

static void commit(struct session *session)
{
	struct flong_error err = {0};
	OK(crawl_log_note(session->log, session->state, &err));
	OK(state_commit(session->state, &err));
}

static void acknowledge(struct session *session, const char *line)
{
	struct flong_error err = {0};
	add(session, line);
	commit(session);
	OK(crawl_log_write(session->log, &err));
}

static void assert_log(const struct place *place, const char *text)
{
	SCOPED(buf_clear) struct buf content = {0};
	struct flong_error err = {0};
	OK(files_read(place->log, &content, &err));
	assert_string_equal(buf_text(&content), text);
}

static void write_log(const struct place *place, const char *text)
{
	struct flong_error err = {0};
	OK(files_replace(place->log, bytes_of(text), &err));
}

TEST(a_line_is_written_once_whenever_the_kill_comes)
{
	SCOPED(place_clear) struct place place = place_make();
	struct session session;
	struct flong_error err = {0};
	OK(begin(&place, &session, &err));
	acknowledge(&session, "one");
	assert_log(&place, "one\n");
	add(&session, "never committed");
	assert_int_equal(crawl_log_waiting(session.log), 1);
	end(&session);
	OK(begin(&place, &session, &err));
	assert_log(&place, "one\n");
	add(&session, "two");
	add(&session, "three");
	commit(&session);
	end(&session); /* committed, not written */
	assert_log(&place, "one\n");
	OK(begin(&place, &session, &err));
	assert_log(&place, "one\ntwo\nthree\n");
	end(&session); /* before the next commit */
	OK(begin(&place, &session, &err));
	assert_log(&place, "one\ntwo\nthree\n");
	acknowledge(&session, "four");
	end(&session);
	assert_log(&place, "one\ntwo\nthree\nfour\n");
	OK(begin(&place, &session, &err));
	assert_log(&place, "one\ntwo\nthree\nfour\n");
	end(&session);
}

TEST(a_half_line_is_made_whole)
{
	SCOPED(place_clear) struct place place = place_make();
	struct session session;
	struct flong_error err = {0};
	OK(begin(&place, &session, &err));
	acknowledge(&session, "one");
	acknowledge(&session, "two");
	end(&session);
	write_log(&place, "one\nt");
	OK(begin(&place, &session, &err));
	assert_log(&place, "one\ntwo\n");
	end(&session);
	/* Older lines are gone, as after a power cut: what is there stays whole. */
	write_log(&place, "on");
	OK(begin(&place, &session, &err));
	assert_log(&place, "two\n");
	end(&session);
}

TEST(a_state_that_is_older_than_the_log_is_found_out)
{
	SCOPED(place_clear) struct place place = place_make();
	struct session session;
	struct flong_error err = {0};
	OK(begin(&place, &session, &err));
	acknowledge(&session, "one");
	end(&session);
	write_log(&place, "one\ntwo\n");
	assert_int_equal(begin(&place, &session, &err), FLONG_E_DAMAGED);
	assert_non_null(strstr(err.message, "4 bytes before logs/crawl.log"));
	assert_int_equal(crawl_log_check(place.dir, session.state, &err), FLONG_E_DAMAGED);
	end(&session);
	assert_log(&place, "one\ntwo\n");
	write_log(&place, "one\n");
	OK(begin(&place, &session, &err));
	OK(crawl_log_check(place.dir, session.state, &err));
	end(&session);
}

TEST(a_new_state_takes_over_whole_lines)
{
	SCOPED(place_clear) struct place place = place_make();
	struct session session;
	struct flong_error err = {0};
	write_log(&place, "of another state\nhalf");
	OK(begin(&place, &session, &err));
	assert_log(&place, "of another state\n");
	assert_int_equal(crawl_log_check(place.dir, session.state, &err), FLONG_E_DAMAGED);
	acknowledge(&session, "one");
	OK(crawl_log_check(place.dir, session.state, &err));
	end(&session);
	assert_log(&place, "of another state\none\n");
}

RUN_TESTS(CASE(a_line_is_written_once_whenever_the_kill_comes), CASE(a_half_line_is_made_whole),
	CASE(a_state_that_is_older_than_the_log_is_found_out),
	CASE(a_new_state_takes_over_whole_lines))
