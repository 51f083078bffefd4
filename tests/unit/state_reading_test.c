/* SPDX-License-Identifier: MIT */
/* state_reading_test.c - documents that were not read, or in part, are known over a kill */
#include "unit.h"

#include "base/buf.h"
#include "base/files.h"
#include "crawl/state.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct place {
	char dir[40];
	char path[56];
	struct state *state;
};

static void place_open(struct place *place)
{
	struct flong_error err = {0};
	OK(state_open(place->path, &place->state, &err));
}

static struct place place_make(void)
{
	struct place place = {.dir = "/tmp/state_reading_test.XXXXXX"};
	assert_non_null(mkdtemp(place.dir));
	(void)snprintf(place.path, sizeof(place.path), "%s/crawl.db", place.dir);
	place_open(&place);
	return place;
}

static void place_clear(struct place *place)
{
	struct flong_error err = {0};
	state_close(place->state);
	OK(files_remove_tree(place->dir, &err));
}

static struct visit add(struct place *place, const char *url, enum visit_kind kind)
{
	struct flong_error err = {0};
	struct visit visit = {.url = (char *)(uintptr_t)url, .kind = kind, .origin = 1};
	bool added;
	OK(state_add_visit(place->state, &visit, &added, &err));
	return visit;
}

static void note(struct place *place, const struct visit *visit, enum state_reading reading,
	const char *reason)
{
	struct flong_error err = {0};
	OK(state_note_reading(place->state, visit, reading, bytes_of(reason), &err));
}

static void add_line(void *context, struct bytes url, struct bytes reason)
{
	struct buf *lines = context;
	buf_add(lines, url);
	buf_add_char(lines, ' ');
	buf_add(lines, reason);
	buf_add_char(lines, '\n');
}

static void expect(
	struct place *place, enum state_reading reading, uint64_t count, const char *lines)
{
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf found = {0};
	uint64_t counted;
	OK(state_each_reading(place->state, reading, 2, add_line, &found, &err));
	OK(state_count_readings(place->state, reading, &counted, &err));
	assert_int_equal(counted, count);
	assert_string_equal(buf_text(&found), lines);
}

TEST(readings_outlive_the_process)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	expect(&place, STATE_NOT_READ, 0, "");
	struct visit long_one = add(&place, "http://a.example/long", VISIT_PAGE);
	struct visit dead = add(&place, "http://a.example/dead", VISIT_REQUISITE);
	note(&place, &dead, STATE_NOT_READ, "the parser died");
	note(&place, &long_one, STATE_READ_IN_PART, "too long");
	OK(state_commit(place.state, &err));
	note(&place, &dead, STATE_READ_IN_PART, "not committed");
	state_close(place.state);
	place_open(&place);
	expect(&place, STATE_READ_IN_PART, 1, "http://a.example/long too long\n");
	expect(&place, STATE_NOT_READ, 1, "http://a.example/dead the parser died\n");
}

TEST(all_are_counted_and_the_first_are_listed)
{
	SCOPED(place_clear) struct place place = place_make();
	static const char *const urls[] = {
		"http://a.example/1", "http://a.example/2", "http://a.example/3"};
	for (size_t i = 0; i < 3; i++) {
		struct visit visit = add(&place, urls[i], VISIT_PAGE);
		note(&place, &visit, STATE_READ_IN_PART, "first");
		note(&place, &visit, STATE_READ_IN_PART, "last");
	}
	expect(&place, STATE_READ_IN_PART, 3, "http://a.example/1 last\nhttp://a.example/2 last\n");
}

TEST(what_is_fetched_anew_is_read_anew)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	struct visit frame = add(&place, "http://a.example/frame", VISIT_REQUISITE);
	note(&place, &frame, STATE_NOT_READ, "the parser died");
	(void)add(&place, "http://a.example/frame", VISIT_REQUISITE);
	expect(&place, STATE_NOT_READ, 1, "http://a.example/frame the parser died\n");
	(void)add(&place, "http://a.example/frame", VISIT_PAGE);
	expect(&place, STATE_NOT_READ, 0, "");
	note(&place, &frame, STATE_NOT_READ, "what was under way before it became a page");
	expect(&place, STATE_NOT_READ, 0, "");
	struct visit page = add(&place, "http://a.example/page", VISIT_PAGE);
	note(&place, &page, STATE_NOT_READ, "the parser died");
	OK(state_start_run(place.state, &err));
	expect(&place, STATE_NOT_READ, 0, "");
}

RUN_TESTS(CASE(readings_outlive_the_process), CASE(all_are_counted_and_the_first_are_listed),
	CASE(what_is_fetched_anew_is_read_anew))
