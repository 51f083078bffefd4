/* SPDX-License-Identifier: MIT */
/* state_test.c - what a crawl remembers over a kill */
#include "unit.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "crawl/state.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct place {
	char dir[32];
	char path[48];
};

static struct place place_make(void)
{
	struct place place = {.dir = "/tmp/state_test.XXXXXX"};
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

/* A visit as a value: its texts are literals. */
static struct visit visit_of(char *url, enum visit_kind kind, int depth)
{
	return (struct visit){.url = url, .kind = kind, .depth = depth, .origin = 1};
}

static bool add(struct state *state, struct visit *visit)
{
	struct flong_error err = {0};
	bool added = false;
	OK(state_add_visit(state, visit, &added, &err));
	return added;
}

#define URL(text)                                                                                  \
	(char[])                                                                                   \
	{                                                                                          \
		"http://a.example/" text                                                           \
	}

struct listed {
	struct visit *items[16];
	size_t count;
};

static int list_visit(void *context, struct visit *visit_take, struct flong_error *err)
{
	(void)err;
	struct listed *listed = context;
	assert_true(listed->count < 16);
	listed->items[listed->count++] = visit_take;
	return FLONG_OK;
}

static void listed_clear(struct listed *listed)
{
	while (listed->count > 0) {
		visit_close(listed->items[--listed->count]);
	}
}

static void load(struct state *state, bool pages, struct listed *listed)
{
	struct flong_error err = {0};
	listed_clear(listed);
	const struct state_queue queue = {1, pages, 16};
	OK(state_load_queued(state, queue, list_visit, listed, &err));
}

static void finish(struct state *state, const struct visit *visit, enum visit_state end, int status)
{
	struct flong_error err = {0};
	const struct state_result result = {
		.state = end, .status = status, .is_complete = status > 0};
	OK(state_finish_visit(state, visit, &result, &err));
}

TEST(only_what_was_committed_is_there_again)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	struct state *state = open_at(&place);
	struct visit kept = visit_of(URL("kept"), VISIT_PAGE, 0);
	struct visit lost = visit_of(URL("lost"), VISIT_PAGE, 0);
	assert_true(add(state, &kept));
	OK(state_set(state, "fact", BYTES("old"), &err));
	OK(state_commit(state, &err));
	assert_true(add(state, &lost));
	OK(state_set(state, "fact", BYTES("new"), &err));
	state_close(state);
	state = open_at(&place);
	SCOPED(buf_clear) struct buf fact = {0};
	OK(state_get(state, "fact", &fact, &err));
	assert_bytes(fact, "old");
	assert_int_equal(state_get(state, "nothing", &fact, &err), FLONG_E_NOT_FOUND);
	SCOPED(listed_clear) struct listed listed = {0};
	load(state, true, &listed);
	assert_int_equal(listed.count, 1);
	assert_string_equal(listed.items[0]->url, "http://a.example/kept");
	state_close(state);
}

TEST(a_url_is_known_once)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct visit first = visit_of(URL("x"), VISIT_REQUISITE, 1);
	struct visit again = visit_of(URL("x"), VISIT_REQUISITE, 0);
	struct visit other = visit_of(URL("X"), VISIT_REQUISITE, 0);
	assert_true(add(state, &first));
	assert_false(add(state, &again));
	assert_true(first.id != 0 && again.id == first.id);
	assert_true(add(state, &other));
	assert_int_not_equal(other.id, first.id);
}

TEST(a_visit_comes_back_as_it_was)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct visit seed = visit_of(URL("seed"), VISIT_PAGE, 0);
	seed.is_seed = true;
	assert_true(add(state, &seed));
	struct visit visit = visit_of(URL("image"), VISIT_REQUISITE, 2);
	visit.role = ROLE_IMAGE;
	visit.embeds = 3;
	visit.redirects = 4;
	visit.tries = 5;
	visit.is_speculative = true;
	visit.via = seed.id;
	(void)snprintf(visit.hops, sizeof(visit.hops), "LLE");
	assert_true(add(state, &visit));
	SCOPED(listed_clear) struct listed listed = {0};
	load(state, false, &listed);
	assert_int_equal(listed.count, 1);
	const struct visit *back = listed.items[0];
	assert_int_equal(back->id, visit.id);
	assert_int_equal(back->origin, 1);
	assert_int_equal(back->kind, VISIT_REQUISITE);
	assert_int_equal(back->role, ROLE_IMAGE);
	assert_int_equal(back->depth, 2);
	assert_int_equal(back->embeds, 3);
	assert_int_equal(back->redirects, 4);
	assert_int_equal(back->tries, 5);
	assert_true(back->is_speculative);
	assert_false(back->is_seed);
	assert_string_equal(back->hops, "LLE");
	assert_string_equal(back->via_url, "http://a.example/seed");
}

TEST(pages_come_in_order_of_depth)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct visit visits[] = {visit_of(URL("2"), VISIT_PAGE, 2),
		visit_of(URL("1"), VISIT_PAGE, 1), visit_of(URL("1b"), VISIT_PAGE, 1),
		visit_of(URL("0"), VISIT_PAGE, 0), visit_of(URL("done"), VISIT_PAGE, 0)};
	for (size_t i = 0; i < 5; i++) {
		assert_true(add(state, &visits[i]));
	}
	finish(state, &visits[4], VISIT_DONE, 200);
	SCOPED(listed_clear) struct listed listed = {0};
	load(state, true, &listed);
	assert_int_equal(listed.count, 4);
	static const char *const order[] = {"0", "1", "1b", "2"};
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(strrchr(listed.items[i]->url, '/') + 1, order[i]);
	}
	load(state, false, &listed);
	assert_int_equal(listed.count, 0);
}

TEST(what_was_skipped_may_be_wanted_later)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit visit = visit_of(URL("story"), VISIT_PAGE, 3);
	OK(state_add_skipped(state, &visit, BYTES("over --depth"), &err));
	SCOPED(listed_clear) struct listed listed = {0};
	load(state, true, &listed);
	assert_int_equal(listed.count, 0);
	visit.depth = 1;
	assert_true(add(state, &visit));
	assert_false(add(state, &visit));
	load(state, true, &listed);
	assert_int_equal(listed.count, 1);
	assert_int_equal(listed.items[0]->depth, 1);
	/* What is wanted is not skipped any more. */
	OK(state_add_skipped(state, &visit, BYTES("too late"), &err));
	load(state, true, &listed);
	assert_int_equal(listed.count, 1);
}

static void count_missing(
	void *context, const struct visit *visit, const struct state_result *result)
{
	(void)visit;
	(void)result;
	++*(int *)context;
}

TEST(counts_tell_what_is_missing)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit fine = visit_of(URL("fine"), VISIT_REQUISITE, 0);
	struct visit moved = visit_of(URL("moved"), VISIT_REQUISITE, 0);
	struct visit gone = visit_of(URL("gone"), VISIT_REQUISITE, 0);
	struct visit failed = visit_of(URL("failed"), VISIT_REQUISITE, 0);
	struct visit guess = visit_of(URL("favicon.ico"), VISIT_REQUISITE, 0);
	struct visit queued = visit_of(URL("queued"), VISIT_REQUISITE, 0);
	struct visit page = visit_of(URL("page"), VISIT_PAGE, 0);
	guess.is_speculative = true;
	struct visit *const all[] = {&fine, &moved, &gone, &failed, &guess, &queued, &page};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_true(add(state, all[i]));
	}
	finish(state, &fine, VISIT_DONE, 200);
	finish(state, &moved, VISIT_DONE, 301);
	finish(state, &gone, VISIT_DONE, 410);
	finish(state, &failed, VISIT_FAILED, -1);
	finish(state, &guess, VISIT_DONE, 404);
	finish(state, &page, VISIT_DONE, 200);
	struct state_counts counts = {0};
	OK(state_counts(state, &counts, &err));
	assert_int_equal(counts.pages[VISIT_DONE], 1);
	assert_int_equal(counts.pages_ok, 1);
	assert_int_equal(counts.requisites_ok, 2);
	assert_int_equal(counts.requisites[VISIT_QUEUED], 1);
	assert_int_equal(counts.requisites[VISIT_FAILED], 1);
	assert_int_equal(counts.missing, 2);
	int listed = 0;
	OK(state_each_missing(state, VISIT_REQUISITE, 100, count_missing, &listed, &err));
	assert_int_equal(listed, 2);
	listed = 0;
	OK(state_each_missing(state, VISIT_REQUISITE, 1, count_missing, &listed, &err));
	assert_int_equal(listed, 1);
	listed = 0;
	OK(state_each_missing(state, VISIT_PAGE, 100, count_missing, &listed, &err));
	assert_int_equal(listed, 0);
}

TEST(a_redirect_chain_knows_its_links)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit page = visit_of(URL("page"), VISIT_PAGE, 0);
	struct visit first = visit_of(URL("1"), VISIT_PAGE, 1);
	struct visit second = visit_of(URL("2"), VISIT_PAGE, 1);
	assert_true(add(state, &page));
	first.via = page.id;
	assert_true(add(state, &first));
	second.via = first.id;
	second.redirects = 1;
	assert_true(add(state, &second));
	static const struct {
		const char *url;
		bool found;
	} cases[] = {{"http://a.example/2", true}, {"http://a.example/1", true},
		{"http://a.example/page", false}, {"http://a.example/other", false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = !cases[i].found;
		OK(state_in_chain(state, &second, bytes_of(cases[i].url), &found, &err));
		assert_int_equal(found, cases[i].found);
	}
}

TEST(the_first_original_of_a_payload_stays)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct state_original first = {
		URL("first"), (char[]){"urn:uuid:1"}, (char[]){"chunked"}, 1234};
	struct state_original later = {URL("later"), (char[]){"urn:uuid:2"}, (char[]){""}, 5678};
	struct state_original found = {0};
	assert_int_equal(
		state_find_original(state, BYTES("sha256:x"), &found, &err), FLONG_E_NOT_FOUND);
	OK(state_add_original(state, BYTES("sha256:x"), &first, &err));
	OK(state_add_original(state, BYTES("sha256:x"), &later, &err));
	OK(state_find_original(state, BYTES("sha256:x"), &found, &err));
	assert_string_equal(found.url, "http://a.example/first");
	assert_string_equal(found.transfer_encoding, "chunked");
	assert_int_equal(found.date_ms, 1234);
	state_original_clear(&found);
}

TEST(a_new_run_forgets_visits_and_keeps_originals)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit visit = visit_of(URL("x"), VISIT_PAGE, 0);
	assert_true(add(state, &visit));
	finish(state, &visit, VISIT_DONE, 200);
	struct state_original original = {URL("x"), (char[]){"urn:uuid:1"}, (char[]){""}, 1};
	OK(state_add_original(state, BYTES("sha256:x"), &original, &err));
	OK(state_start_run(state, &err));
	assert_true(add(state, &visit));
	struct state_original found = {0};
	OK(state_find_original(state, BYTES("sha256:x"), &found, &err));
	state_original_clear(&found);
}

TEST(refuses_a_file_that_is_not_ours)
{
	SCOPED(place_clear) struct place place = place_make();
	FILE *file = fopen(place.path, "w");
	assert_true(
		fputs("this is a letter, and no database at all, as anyone can see\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	struct flong_error err = {0};
	struct state *state = NULL;
	assert_int_equal(state_open(place.path, &state, &err), FLONG_E_FORMAT);
	assert_non_null(strstr(err.message, place.path));
	assert_null(state);
}

TEST(a_guess_that_is_named_for_sure_is_missed)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct state_counts counts = {0};
	struct visit guess = visit_of(URL("a.png"), VISIT_REQUISITE, 0);
	guess.is_speculative = true;
	assert_true(add(state, &guess));
	finish(state, &guess, VISIT_DONE, 404);
	assert_false(add(state, &guess));
	OK(state_counts(state, &counts, &err));
	assert_int_equal(counts.missing, 0);
	struct visit sure = visit_of(URL("a.png"), VISIT_REQUISITE, 0);
	assert_false(add(state, &sure));
	assert_false(add(state, &guess));
	OK(state_counts(state, &counts, &err));
	assert_int_equal(counts.missing, 1);
}

/* The script of a script belongs to the page, that of a worker to the worker. */
TEST(a_script_knows_what_runs_it)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit page = visit_of(URL("page"), VISIT_PAGE, 0);
	struct visit moved = visit_of(URL("moved.js"), VISIT_REQUISITE, 0);
	struct visit script = visit_of(URL("s.js"), VISIT_REQUISITE, 0);
	struct visit worker = visit_of(URL("w.js"), VISIT_REQUISITE, 0);
	struct visit part = visit_of(URL("p.js"), VISIT_REQUISITE, 0);
	page.role = ROLE_DOCUMENT;
	moved.role = script.role = part.role = ROLE_SCRIPT;
	worker.role = ROLE_WORKER;
	struct visit *const chain[] = {&page, &moved, &script, &worker, &part};
	static const char *const runners[] = {"", "page", "page", "page", "w.js"};
	for (size_t i = 0; i < sizeof(chain) / sizeof(chain[0]); i++) {
		SCOPED(state_runner_clear) struct state_runner runner = {0};
		chain[i]->via = i == 0 ? 0 : chain[i - 1]->id;
		assert_true(add(state, chain[i]));
		OK(state_find_runner(state, chain[i], &runner, &err));
		assert_true(bytes_ends(buf_bytes(&runner.url), bytes_of(runners[i])));
		assert_int_equal(runner.url.len == 0, i == 0);
		/* The map of the page, and none for what a worker runs. */
		assert_string_equal(buf_text(&runner.import_map), i > 0 && i < 4 ? "[1]" : "");
		if (i == 0) {
			OK(state_add_import_map(state, &page, BYTES("[0]"), &err));
			OK(state_add_import_map(state, &page, BYTES("[1]"), &err));
		}
	}
}

TEST(a_style_sheet_knows_the_charset_of_what_names_it)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit page = visit_of(URL("page"), VISIT_PAGE, 0);
	struct visit moved = visit_of(URL("moved.css"), VISIT_REQUISITE, 0);
	struct visit sheet = visit_of(URL("s.css"), VISIT_REQUISITE, 0);
	struct visit inner = visit_of(URL("i.css"), VISIT_REQUISITE, 0);
	struct visit *const chain[] = {&page, &moved, &sheet, &inner};
	static const char *const environments[] = {"", "windows-1251", "windows-1251", "utf-8"};
	for (size_t i = 0; i < sizeof(chain) / sizeof(chain[0]); i++) {
		SCOPED(buf_clear) struct buf charset = {0};
		chain[i]->via = i == 0 ? 0 : chain[i - 1]->id;
		assert_true(add(state, chain[i]));
		OK(state_find_environment(state, chain[i], &charset, &err));
		assert_string_equal(buf_text(&charset), environments[i]);
		if (chain[i] == &page) {
			OK(state_set_charset(state, &page, "shift_jis", &err));
			OK(state_set_charset(state, &page, "windows-1251", &err));
		} else if (chain[i] == &sheet) {
			OK(state_set_charset(state, &sheet, "utf-8", &err));
		}
	}
}

TEST(media_is_counted_for_its_page)
{
	SCOPED(place_clear) struct place place = place_make();
	SCOPED(state_closep) struct state *state = open_at(&place);
	struct flong_error err = {0};
	struct visit page = visit_of(URL("page"), VISIT_PAGE, 0);
	struct visit other = visit_of(URL("other"), VISIT_PAGE, 0);
	assert_true(add(state, &page) && add(state, &other));
	struct visit playlist = visit_of(URL("m.m3u8"), VISIT_REQUISITE, 0);
	playlist.via = page.id;
	assert_true(add(state, &playlist));
	struct visit segment = visit_of(URL("s.ts"), VISIT_REQUISITE, 0);
	segment.via = playlist.id;
	assert_true(add(state, &segment));
	uint64_t bytes = 7;
	OK(state_media(state, &segment, &bytes, &err));
	assert_int_equal(bytes, 0);
	OK(state_add_media(state, &segment, 5, &err));
	OK(state_add_media(state, &playlist, UINT64_C(1) << 40, &err));
	OK(state_media(state, &segment, &bytes, &err));
	assert_true(bytes == (UINT64_C(1) << 40) + 5);
	OK(state_media(state, &other, &bytes, &err));
	assert_int_equal(bytes, 0);
	/* Also in the next session; a new run starts anew. */
	OK(state_commit(state, &err));
	state_close(state);
	state = open_at(&place);
	OK(state_media(state, &playlist, &bytes, &err));
	assert_true(bytes == (UINT64_C(1) << 40) + 5);
	OK(state_start_run(state, &err));
	OK(state_media(state, &playlist, &bytes, &err));
	assert_int_equal(bytes, 0);
}

/* The log of a database that is gone, and what a kill left of one being made, are no part of a new
 * one. */
TEST(a_new_one_takes_no_log_of_another)
{
	SCOPED(place_clear) struct place place = place_make();
	struct flong_error err = {0};
	SCOPED(buf_clear) struct buf log = {0};
	SCOPED(buf_clear) struct buf value = {0};
	SCOPED(buf_clear) struct buf log_path = {0};
	SCOPED(buf_clear) struct buf partial_path = {0};
	buf_addf(&log_path, "%s-wal", place.path);
	buf_addf(&partial_path, "%s.partial", place.path);
	struct state *state = open_at(&place);
	OK(state_set(state, "old", BYTES("1"), &err));
	OK(state_commit(state, &err));
	OK(files_read(buf_text(&log_path), &log, &err));
	assert_true(log.len > 0);
	state_close(state);
	assert_int_equal(unlink(place.path), 0);
	OK(files_replace(buf_text(&log_path), buf_bytes(&log), &err));
	OK(files_replace(buf_text(&partial_path), BYTES("half of a database"), &err));
	state = open_at(&place);
	assert_int_equal(state_get(state, "old", &value, &err), FLONG_E_NOT_FOUND);
	OK(state_verify(state, &err));
	state_close(state);
	assert_false(files_exists(buf_text(&partial_path)));
}

RUN_TESTS(CASE(only_what_was_committed_is_there_again), CASE(a_url_is_known_once),
	CASE(a_visit_comes_back_as_it_was), CASE(pages_come_in_order_of_depth),
	CASE(what_was_skipped_may_be_wanted_later), CASE(counts_tell_what_is_missing),
	CASE(a_redirect_chain_knows_its_links), CASE(the_first_original_of_a_payload_stays),
	CASE(a_new_run_forgets_visits_and_keeps_originals), CASE(refuses_a_file_that_is_not_ours),
	CASE(a_guess_that_is_named_for_sure_is_missed), CASE(a_script_knows_what_runs_it),
	CASE(a_style_sheet_knows_the_charset_of_what_names_it), CASE(media_is_counted_for_its_page),
	CASE(a_new_one_takes_no_log_of_another))
