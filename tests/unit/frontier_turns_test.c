/* SPDX-License-Identifier: MIT */
/* frontier_turns_test.c - hosts take turns, are spared when they ask for it, and cost little memory
 */
#include "frontier_kit.h"

#include "base/clock.h"
#include "base/limits.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static bool add_ranked(struct bench *bench, const char *url, int depth, int rank)
{
	struct flong_error err = {0};
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy(url);
	visit->depth = depth;
	visit->rank = rank;
	bool added = false;
	OK(frontier_add(bench->frontier, visit, &added, &err));
	return added;
}

static void add_numbered(struct bench *bench, const char *form, int count, enum visit_kind kind)
{
	char url[96];
	for (int i = 0; i < count; i++) {
		(void)snprintf(url, sizeof(url), "%s%d", form, i);
		assert_true(add(bench, url, kind, 0));
	}
}

TEST(hosts_take_turns)
{
	for (int resumed = 0; resumed < 2; resumed++) {
		SCOPED(bench_clear) struct bench bench = bench_make(eager);
		struct flong_error err = {0};
		add_numbered(&bench, "http://a.example/", 400, VISIT_PAGE);
		add_numbered(&bench, "http://b.example/", 2, VISIT_PAGE);
		add_numbered(&bench, "http://c.example/", 3, VISIT_PAGE);
		OK(state_commit(bench.state, &err));
		if (resumed == 1) {
			bench_reopen(&bench);
		}
		static const char order[] = "abcabcaca";
		for (size_t i = 0; i + 1 < sizeof(order); i++) {
			SCOPED(visit_closep) struct visit *visit = next(&bench, 0, NULL);
			assert_non_null(visit);
			assert_int_equal(visit->url[strlen("http://")], order[i]);
			finish(&bench, visit, 0);
		}
	}
}

TEST(pages_of_a_depth_go_by_rank)
{
	for (int resumed = 0; resumed < 2; resumed++) {
		SCOPED(bench_clear) struct bench bench = bench_make(eager);
		struct flong_error err = {0};
		char url[64];
		/* More than are held in memory, the best ones in between. */
		for (int i = 0; i < 300; i++) {
			(void)snprintf(url, sizeof(url), "http://a.example/%d", i);
			assert_true(add_ranked(&bench, url, 1, 1 + i * 7 % 300));
		}
		assert_true(add_ranked(&bench, "http://a.example/deeper", 2, 0));
		assert_true(add_ranked(&bench, "http://a.example/seed", 0, VISIT_RANK_LAST));
		OK(state_commit(bench.state, &err));
		if (resumed == 1) {
			bench_reopen(&bench);
		}
		int last_depth = 0;
		int last_rank = 0;
		for (int i = 0; i < 302; i++) {
			SCOPED(visit_closep) struct visit *visit = next(&bench, 0, NULL);
			assert_non_null(visit);
			assert_true(visit->depth > last_depth || visit->rank >= last_rank);
			assert_true(visit->depth >= last_depth);
			last_depth = visit->depth;
			last_rank = visit->depth == 0 ? 0 : visit->rank;
			finish(&bench, visit, 0);
		}
		assert_true(frontier_is_empty(bench.frontier));
	}
}

TEST(many_hosts_cost_little_memory)
{
	enum { HOSTS = 3000, EACH = 4, MEMORY = 200 };
	SCOPED(bench_clear)
	struct bench bench = bench_make(
		(struct frontier_options){.per_host = 6, .wait_ms = 0, .memory_max = MEMORY});
	char form[64];
	for (int i = 0; i < HOSTS; i++) {
		(void)snprintf(form, sizeof(form), "http://h%d.example/", i);
		add_numbered(&bench, form, EACH, i % 2 == 0 ? VISIT_PAGE : VISIT_REQUISITE);
		assert_true(frontier_visits_held(bench.frontier) <= MEMORY + 2 * (size_t)i + 2);
	}
	int given = 0;
	struct visit *flying[8] = {NULL};
	for (int turn = 0; given < HOSTS * EACH || turn % 8 != 0; turn++) {
		struct visit **slot = &flying[turn % 8];
		if (*slot != NULL) {
			finish(&bench, *slot, 0);
			visit_close(*slot);
		}
		*slot = next(&bench, 0, NULL);
		given += *slot != NULL;
	}
	for (size_t i = 0; i < 8; i++) {
		if (flying[i] != NULL) {
			finish(&bench, flying[i], 0);
			visit_close(flying[i]);
		}
	}
	assert_int_equal(given, HOSTS * EACH);
	assert_true(frontier_is_empty(bench.frontier));
	assert_int_equal(frontier_visits_held(bench.frontier), 0);
	assert_true(frontier_origins_held(bench.frontier) <= LIMIT_IDLE_ORIGINS + 1);
	/* Those that are forgotten are known when they are named again. */
	assert_false(add(&bench, "http://h0.example/0", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://h0.example/new", VISIT_PAGE, 0));
	NEXT_IS(bench, 0, new);
}

TEST(a_page_waits_for_the_answer_to_the_last)
{
	SCOPED(bench_clear)
	struct bench bench = bench_make((struct frontier_options){.per_host = 6, .wait_ms = 100});
	add_numbered(&bench, "http://a.example/", 2, VISIT_PAGE);
	assert_true(add(&bench, "http://a.example/image", VISIT_REQUISITE, 0));
	NEXT_IS(bench, 0, image);
	SCOPED(visit_closep) struct visit *first = next(&bench, 0, NULL);
	int64_t wait_ms = 0;
	assert_null(next(&bench, 5000, &wait_ms));
	assert_int_equal(wait_ms, -1);
	answered(&bench, first, 5000, 5000);
	assert_null(next(&bench, 5000, &wait_ms));
	assert_int_equal(wait_ms, 100);
	SCOPED(visit_closep) struct visit *second = next(&bench, 5100, NULL);
	assert_non_null(second);
}

TEST(a_page_that_was_not_asked_for_costs_no_pause)
{
	SCOPED(bench_clear)
	struct bench bench = bench_make((struct frontier_options){.per_host = 6, .wait_ms = 100});
	add_numbered(&bench, "http://a.example/", 3, VISIT_PAGE);
	const struct frontier_answer unasked = {.was_asked = false};
	for (int i = 0; i < 3; i++) {
		SCOPED(visit_closep) struct visit *visit = next(&bench, 0, NULL);
		assert_non_null(visit);
		frontier_answered(bench.frontier, visit, &unasked, 0);
		frontier_finished(bench.frontier, visit);
	}
}

/* The pause behind an answer. */
static int64_t pause_behind(struct bench *bench, bool is_busy, int64_t *now_ms)
{
	const struct frontier_answer answer = {
		.was_asked = true, .is_reply = true, .is_busy = is_busy, .response_ms = 50};
	SCOPED(visit_closep) struct visit *visit = next(bench, *now_ms, NULL);
	assert_non_null(visit);
	frontier_answered(bench->frontier, visit, &answer, *now_ms);
	frontier_finished(bench->frontier, visit);
	int64_t wait_ms = 0;
	assert_null(next(bench, *now_ms, &wait_ms));
	*now_ms += wait_ms;
	return wait_ms;
}

TEST(a_busy_server_is_spared_until_it_answers)
{
	SCOPED(bench_clear)
	struct bench bench = bench_make((struct frontier_options){.per_host = 6, .wait_ms = -1});
	add_numbered(&bench, "http://a.example/", 40, VISIT_PAGE);
	int64_t now_ms = 1000;
	static const struct {
		bool is_busy;
		int64_t pause_ms;
	} cases[] = {{false, 100}, {true, 200}, {true, 400}, {true, 800}, {false, 400}, {true, 800},
		{false, 400}, {false, 200}, {false, 100}, {false, 100}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			pause_behind(&bench, cases[i].is_busy, &now_ms), cases[i].pause_ms);
	}
	for (int i = 0; i < 12; i++) {
		assert_in_range(pause_behind(&bench, true, &now_ms), 200, 60000);
	}
	assert_int_equal(pause_behind(&bench, true, &now_ms), 6400);
}

TEST(a_busy_server_has_fewer_fetches_at_a_time)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	add_numbered(&bench, "http://a.example/", 20, VISIT_REQUISITE);
	const struct frontier_answer busy = {.was_asked = true, .is_reply = true, .is_busy = true};
	SCOPED(visit_closep) struct visit *first = next(&bench, 0, NULL);
	frontier_answered(bench.frontier, first, &busy, 0);
	frontier_finished(bench.frontier, first);
	struct visit *flying[3] = {NULL};
	for (size_t i = 0; i < 3; i++) {
		flying[i] = next(&bench, 0, NULL);
		assert_non_null(flying[i]);
	}
	assert_null(next(&bench, 0, NULL));
	for (size_t i = 0; i < 3; i++) {
		frontier_answered(bench.frontier, flying[i], &busy, 0);
		frontier_finished(bench.frontier, flying[i]);
		visit_close(flying[i]);
	}
	SCOPED(visit_closep) struct visit *only = next(&bench, 0, NULL);
	assert_non_null(only);
	assert_null(next(&bench, 0, NULL));
}

static const struct frontier_options asking = {.per_host = 6,
	.wait_ms = 0,
	.needs_robots = true,
	.max_crawl_delay_ms = 3000,
	.wall_offset_ms = 1795910400000};

/* Gives out robots.txt of a host and answers for it. */
static void answer_robots(
	struct bench *bench, enum state_robots_kind kind, const char *text, int64_t now_ms)
{
	struct flong_error err = {0};
	SCOPED(visit_closep) struct visit *visit = next(bench, now_ms, NULL);
	assert_non_null(visit);
	assert_int_equal(visit->kind, VISIT_ROBOTS);
	const struct state_robots robots = {.kind = kind, .text = bytes_of(text)};
	OK(frontier_set_robots(bench->frontier, visit, &robots, now_ms, &err));
	finish(bench, visit, now_ms);
}

#define PAGE_IS_NEXT(bench, now)                                                                   \
	do {                                                                                       \
		SCOPED(visit_closep) struct visit *page_ = next(&(bench), now, NULL);              \
		assert_non_null(page_);                                                            \
		assert_int_equal(page_->kind, VISIT_PAGE);                                         \
		finish(&(bench), page_, now);                                                      \
	} while (0)

TEST(robots_txt_is_valid_for_a_day)
{
	SCOPED(bench_clear) struct bench bench = bench_make(asking);
	struct flong_error err = {0};
	add_numbered(&bench, "http://a.example/", 5, VISIT_PAGE);
	answer_robots(&bench, STATE_ROBOTS_RULES, "User-agent: *\nDisallow: /no", 0);
	PAGE_IS_NEXT(bench, 0);
	PAGE_IS_NEXT(bench, DAY_MS - 1000);
	OK(state_commit(bench.state, &err));
	/* Also in a crawl that is resumed. */
	bench_reopen(&bench);
	SCOPED(visit_closep) struct visit *page = next(&bench, 0, NULL);
	assert_int_equal(page->kind, VISIT_PAGE);
	assert_string_equal(refusal(&bench, page, "/no"), "refused by robots.txt");
	assert_null(refusal(&bench, page, "/yes"));
	finish(&bench, page, 0);
	answer_robots(&bench, STATE_ROBOTS_NONE, "", 2 * DAY_MS);
	PAGE_IS_NEXT(bench, 2 * DAY_MS);
}

TEST(an_unreachable_robots_txt_forbids_for_a_while)
{
	SCOPED(bench_clear) struct bench bench = bench_make(asking);
	add_numbered(&bench, "http://a.example/", 5, VISIT_PAGE);
	answer_robots(&bench, STATE_ROBOTS_UNREACHABLE, "", 0);
	SCOPED(visit_closep) struct visit *page = next(&bench, 0, NULL);
	assert_string_equal(refusal(&bench, page, "/"), "robots.txt could not be fetched");
	/* A seed given by hand is not blocked by it. */
	struct flong_error err = {0};
	const char *reason = NULL;
	const struct frontier_target by_hand = {page->origin, BYTES("/"), false};
	OK(frontier_robots_refusal(bench.frontier, &by_hand, &reason, &err));
	assert_null(reason);
	finish(&bench, page, 0);
	PAGE_IS_NEXT(bench, 1000);
	answer_robots(&bench, STATE_ROBOTS_RULES, "User-agent: *\nDisallow: /no", 3600 * 1000);
	SCOPED(visit_closep) struct visit *later = next(&bench, 3600 * 1000, NULL);
	assert_null(refusal(&bench, later, "/"));
	assert_string_equal(refusal(&bench, later, "/no"), "refused by robots.txt");
	finish(&bench, later, 3600 * 1000);
	/* Rules that were known stay in force when it cannot be reached any more. */
	answer_robots(&bench, STATE_ROBOTS_UNREACHABLE, "", 2 * DAY_MS);
	SCOPED(visit_closep) struct visit *last = next(&bench, 2 * DAY_MS, NULL);
	assert_null(refusal(&bench, last, "/"));
	assert_string_equal(refusal(&bench, last, "/no"), "refused by robots.txt");
}

TEST(rules_of_many_hosts_are_read_again)
{
	SCOPED(bench_clear) struct bench bench = bench_make(asking);
	enum { HOSTS = 3 * LIMIT_ROBOTS_READ };
	char text[64];
	struct visit *pages[HOSTS] = {NULL};
	for (int i = 0; i < HOSTS; i++) {
		(void)snprintf(text, sizeof(text), "http://h%d.example/x", i);
		assert_true(add(&bench, text, VISIT_PAGE, 0));
		(void)snprintf(text, sizeof(text), "User-agent: *\nDisallow: /no-%d", i);
		answer_robots(&bench, STATE_ROBOTS_RULES, text, 0);
		pages[i] = next(&bench, 0, NULL);
		assert_non_null(pages[i]);
	}
	for (int i = 0; i < HOSTS; i++) {
		(void)snprintf(text, sizeof(text), "/no-%d", i);
		assert_string_equal(refusal(&bench, pages[i], text), "refused by robots.txt");
		assert_null(refusal(&bench, pages[i], "/x"));
		visit_close(pages[i]);
	}
}

RUN_TESTS(CASE(hosts_take_turns), CASE(pages_of_a_depth_go_by_rank),
	CASE(many_hosts_cost_little_memory), CASE(a_page_waits_for_the_answer_to_the_last),
	CASE(a_page_that_was_not_asked_for_costs_no_pause),
	CASE(a_busy_server_is_spared_until_it_answers),
	CASE(a_busy_server_has_fewer_fetches_at_a_time), CASE(robots_txt_is_valid_for_a_day),
	CASE(an_unreachable_robots_txt_forbids_for_a_while),
	CASE(rules_of_many_hosts_are_read_again))
