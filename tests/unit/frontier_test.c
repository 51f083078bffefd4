/* SPDX-License-Identifier: MIT */
/* frontier_test.c - who is fetched next, and who waits */
#include "frontier_kit.h"

TEST(an_empty_frontier_has_nothing_to_wait_for)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	int64_t wait_ms = 0;
	assert_null(next(&bench, 0, &wait_ms));
	assert_int_equal(wait_ms, -1);
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(a_url_is_given_out_once)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/x", VISIT_PAGE, 0));
	assert_false(add(&bench, "http://a.example/x", VISIT_PAGE, 0));
	NEXT_IS(bench, 0, x);
	assert_null(next(&bench, 0, NULL));
	assert_false(frontier_is_empty(bench.frontier));
	assert_int_equal(frontier_queued(bench.frontier), 0);
	assert_int_equal(frontier_pages_given(bench.frontier), 1);
	finish(&bench, x, 0);
	assert_true(frontier_is_empty(bench.frontier));
	assert_int_equal(frontier_pages_given(bench.frontier), 0);
	assert_false(add(&bench, "http://a.example/x", VISIT_PAGE, 0));
}

TEST(requisites_come_before_pages)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/page", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://a.example/image", VISIT_REQUISITE, 0));
	NEXT_IS(bench, 0, image);
	NEXT_IS(bench, 0, page);
}

TEST(a_round_begins_when_the_last_is_finished_on_all_hosts)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/deep", VISIT_PAGE, 1));
	assert_true(add(&bench, "http://b.example/first", VISIT_PAGE, 0));
	NEXT_IS(bench, 0, first);
	assert_null(next(&bench, 0, NULL));
	assert_true(add(&bench, "http://a.example/late", VISIT_PAGE, 0));
	finish(&bench, first, 1);
	NEXT_IS(bench, 2, late);
	assert_null(next(&bench, 2, NULL));
	finish(&bench, late, 3);
	NEXT_IS(bench, 3, deep);
}

TEST(a_page_found_late_goes_before_those_of_later_rounds)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	char url[64];
	for (int i = 0; i < 200; i++) { /* more than are held in memory */
		(void)snprintf(url, sizeof(url), "http://a.example/deep-%d", i);
		assert_true(add(&bench, url, VISIT_PAGE, 2));
	}
	assert_true(add(&bench, "http://a.example/target", VISIT_PAGE, 1));
	NEXT_IS(bench, 0, target);
	assert_null(next(&bench, 0, NULL));
	finish(&bench, target, 0);
	int count = 0;
	for (struct visit *visit = next(&bench, 0, NULL); visit != NULL;
		visit = next(&bench, 0, NULL)) {
		assert_int_equal(visit->depth, 2);
		finish(&bench, visit, 0);
		visit_close(visit);
		count++;
	}
	assert_int_equal(count, 200);
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(what_does_not_fit_in_memory_comes_from_the_state_once)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	char url[64];
	for (int i = 0; i < 500; i++) {
		(void)snprintf(url, sizeof(url), "http://a.example/%d", i);
		assert_true(add(&bench, url, VISIT_REQUISITE, 0));
	}
	bool seen[500] = {false};
	struct visit *flying[4] = {NULL};
	for (int i = 0; i < 500 + 4; i++) {
		struct visit **slot = &flying[i % 4];
		if (*slot != NULL) {
			finish(&bench, *slot, 0);
			visit_close(*slot);
		}
		*slot = next(&bench, 0, NULL);
		if (*slot != NULL) {
			uint64_t number = 0;
			assert_true(bytes_to_u64(
				bytes_of(strrchr((*slot)->url, '/') + 1), 499, &number));
			assert_false(seen[number]);
			seen[number] = true;
		}
	}
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(a_redirected_robots_txt_knows_whom_it_is_for)
{
	struct frontier_options options = eager;
	options.memory_max = 4;
	SCOPED(bench_clear) struct bench bench = bench_make(options);
	struct flong_error err = {0};
	char url[64];
	for (int i = 0; i < 100; i++) {
		(void)snprintf(url, sizeof(url), "http://a.example/%d", i);
		assert_true(add(&bench, url, VISIT_REQUISITE, 0));
	}
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy("http://a.example/robots");
	visit->kind = VISIT_ROBOTS;
	visit->robots_for = 77;
	bool added = false;
	OK(frontier_add(bench.frontier, visit, &added, &err));
	assert_true(added);
	int count = 0;
	for (visit = next(&bench, 0, NULL); visit != NULL; visit = next(&bench, 0, NULL)) {
		if (visit->kind == VISIT_ROBOTS) {
			assert_int_equal(visit->robots_for, 77);
			count++;
		}
		finish(&bench, visit, 0);
		visit_close(visit);
	}
	assert_int_equal(count, 1);
}

/* Ends a robots.txt with a redirect to `url`, for the origin it was asked for. */
static bool redirect(struct bench *bench, const struct visit *from, const char *url)
{
	struct flong_error err = {0};
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy(url);
	visit->kind = VISIT_ROBOTS;
	visit->is_speculative = true;
	visit->redirects = from->redirects + 1;
	visit->via = from->id;
	visit->robots_for = from->robots_for != 0 ? from->robots_for : from->origin;
	bool added = false;
	OK(frontier_add_robots(bench->frontier, visit, &added, &err));
	const struct state_result result = {
		.state = VISIT_DONE, .status = 301, .is_complete = true, .redirect = bytes_of(url)};
	answered(bench, from, 10, 0);
	OK(state_finish_visit(bench->state, from, &result, &err));
	frontier_finished(bench->frontier, from);
	return added;
}

static void set_rules(struct bench *bench, const struct visit *visit, const char *text)
{
	struct flong_error err = {0};
	const struct state_robots robots = {.kind = STATE_ROBOTS_RULES, .text = bytes_of(text)};
	OK(frontier_set_robots(bench->frontier, visit, &robots, 0, &err));
	finish(bench, visit, 0);
}

#define SECRET "User-agent: *\nDisallow: /secret\n"

static const struct frontier_options polite = {.per_host = 6, .needs_robots = true};

TEST(a_redirected_robots_txt_is_gone_on_with_after_a_resume)
{
	SCOPED(bench_clear) struct bench bench = bench_make(polite);
	struct flong_error err = {0};
	assert_true(add(&bench, "http://a.example/page", VISIT_PAGE, 0));
	SCOPED(visit_closep) struct visit *first = next(&bench, 0, NULL);
	assert_string_equal(first->url, "http://a.example/robots.txt");
	assert_true(redirect(&bench, first, "http://b.example/hop"));
	OK(state_commit(bench.state, &err));
	bench_reopen(&bench);
	SCOPED(visit_closep) struct visit *hop = next(&bench, 0, NULL);
	assert_string_equal(hop->url, "http://b.example/hop");
	assert_int_equal(hop->robots_for, first->origin);
	assert_true(redirect(&bench, hop, "http://c.example/rules"));
	OK(state_commit(bench.state, &err));
	bench_reopen(&bench);
	NEXT_IS(bench, 0, rules);
	assert_int_equal(rules->robots_for, first->origin);
	assert_null(next(&bench, 0, NULL)); /* robots.txt is not asked for again */
	set_rules(&bench, rules, SECRET);
	NEXT_IS(bench, 0, page);
	assert_non_null(refusal(&bench, page, "/secret"));
	assert_null(refusal(&bench, page, "/open"));
	finish(&bench, page, 0);
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(one_robots_txt_may_be_that_of_many)
{
	for (int is_resumed = 0; is_resumed < 2; is_resumed++) {
		SCOPED(bench_clear) struct bench bench = bench_make(polite);
		struct flong_error err = {0};
		assert_true(add(&bench, "http://a.example/page", VISIT_PAGE, 0));
		assert_true(add(&bench, "http://b.example/page", VISIT_PAGE, 0));
		SCOPED(visit_closep) struct visit *of_a = next(&bench, 0, NULL);
		SCOPED(visit_closep) struct visit *of_b = next(&bench, 0, NULL);
		assert_true(redirect(&bench, of_a, "http://c.example/rules"));
		struct visit *rules = NULL;
		if (is_resumed) {
			OK(state_commit(bench.state, &err));
			bench_reopen(&bench);
			visit_close(of_b);
			of_b = next(&bench, 0, NULL);
			rules = next(&bench, 0, NULL);
		}
		assert_string_equal(of_b->url, "http://b.example/robots.txt");
		assert_true(redirect(&bench, of_b, "http://c.example/rules"));
		uint64_t origins[2] = {of_a->origin, of_b->origin};
		int count = 0;
		for (struct visit *visit = rules != NULL ? rules : next(&bench, 0, NULL);
			visit != NULL; visit = next(&bench, 0, NULL)) {
			if (visit->kind == VISIT_ROBOTS) {
				assert_true(visit->robots_for == origins[0] ||
					    visit->robots_for == origins[1]);
				set_rules(&bench, visit, SECRET);
			} else {
				assert_non_null(refusal(&bench, visit, "/secret"));
				finish(&bench, visit, 0);
				count++;
			}
			visit_close(visit);
		}
		assert_int_equal(count, 2);
		assert_true(frontier_is_empty(bench.frontier));
	}
}

TEST(what_is_no_robots_txt_is_none_by_a_redirect)
{
	SCOPED(bench_clear) struct bench bench = bench_make(polite);
	assert_true(add(&bench, "http://a.example/page", VISIT_PAGE, 0));
	SCOPED(visit_closep) struct visit *robots = next(&bench, 0, NULL);
	assert_false(redirect(&bench, robots, "http://a.example/page"));
}

TEST(a_host_has_so_many_at_a_time)
{
	SCOPED(bench_clear)
	struct bench bench = bench_make((struct frontier_options){.per_host = 2, .wait_ms = 0});
	static const char *const urls[] = {"http://a.example/1", "http://a.example/2",
		"http://a.example/3", "http://a.example:8080/4", "https://a.example/5"};
	for (size_t i = 0; i < 5; i++) {
		assert_true(add(&bench, urls[i], VISIT_REQUISITE, 0));
	}
	struct visit *given[5] = {NULL};
	size_t of_a = 0;
	for (size_t i = 0; i < 4; i++) {
		given[i] = next(&bench, 0, NULL);
		assert_non_null(given[i]);
		of_a += strstr(given[i]->url, "http://a.example/") != NULL;
	}
	assert_int_equal(of_a, 2);
	assert_null(next(&bench, 0, NULL));
	for (size_t i = 0; i < 4; i++) {
		finish(&bench, given[i], 0);
		visit_close(given[i]);
	}
	given[4] = next(&bench, 0, NULL);
	assert_non_null(given[4]);
	visit_close(given[4]);
}

TEST(pages_of_a_host_keep_their_distance)
{
	static const struct {
		int64_t wait_ms, response_ms, pause_ms;
	} cases[] = {
		{0, 700, 0}, {250, 700, 250}, {-1, 10, 100}, {-1, 700, 1400}, {-1, 60000, 5000}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(bench_clear)
		struct bench bench = bench_make(
			(struct frontier_options){.per_host = 6, .wait_ms = cases[i].wait_ms});
		assert_true(add(&bench, "http://a.example/1", VISIT_PAGE, 0));
		assert_true(add(&bench, "http://a.example/2", VISIT_PAGE, 0));
		SCOPED(visit_closep) struct visit *first = next(&bench, 1000, NULL);
		answered(&bench, first, cases[i].response_ms, 2000);
		frontier_finished(bench.frontier, first);
		int64_t wait_ms = 0;
		if (cases[i].pause_ms > 0) {
			assert_null(next(&bench, 2000, &wait_ms));
			assert_int_equal(wait_ms, cases[i].pause_ms);
			assert_true(add(&bench, "http://a.example/image", VISIT_REQUISITE, 0));
			NEXT_IS(bench, 2000, image);
			assert_null(next(&bench, 2000 + cases[i].pause_ms - 1, NULL));
		}
		SCOPED(visit_closep)
		struct visit *second = next(&bench, 2000 + cases[i].pause_ms, NULL);
		assert_non_null(second);
	}
}

TEST(robots_txt_is_asked_for_before_the_first_page)
{
	SCOPED(bench_clear)
	struct bench bench = bench_make((struct frontier_options){
		.per_host = 6, .wait_ms = 0, .needs_robots = true, .max_crawl_delay_ms = 3000});
	assert_true(add(&bench, "http://a.example/image", VISIT_REQUISITE, 0));
	assert_true(add(&bench, "http://a.example/1", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://a.example/2", VISIT_PAGE, 0));
	NEXT_IS(bench, 0, image);
	SCOPED(visit_closep) struct visit *robots = next(&bench, 0, NULL);
	assert_non_null(robots);
	assert_int_equal(robots->kind, VISIT_ROBOTS);
	assert_string_equal(robots->url, "http://a.example/robots.txt");
	assert_null(next(&bench, 0, NULL));
	struct flong_error err = {0};
	const struct state_robots rules = {.kind = STATE_ROBOTS_RULES,
		.text = BYTES("User-agent: *\nCrawl-delay: 30\nDisallow: /no\n")};
	OK(frontier_set_robots(bench.frontier, robots, &rules, 0, &err));
	finish(&bench, robots, 0);
	SCOPED(visit_closep) struct visit *first = next(&bench, 0, NULL);
	assert_string_equal(first->url, "http://a.example/1");
	assert_string_equal(refusal(&bench, first, "/no"), "refused by robots.txt");
	assert_null(refusal(&bench, first, "/yes"));
	finish(&bench, first, 0);
	int64_t wait_ms = 0;
	assert_null(next(&bench, 0, &wait_ms));
	assert_int_equal(wait_ms, 3000);
}

TEST(a_delayed_visit_comes_back_when_it_is_due)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/1", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://a.example/deeper", VISIT_PAGE, 1));
	struct visit *visit = next(&bench, 0, NULL);
	answered(&bench, visit, 10, 10);
	visit->due_ms = 5000;
	frontier_delay(bench.frontier, visit);
	int64_t wait_ms = 0;
	assert_null(next(&bench, 10, &wait_ms));
	assert_int_equal(wait_ms, 4990);
	assert_false(frontier_is_empty(bench.frontier));
	SCOPED(visit_closep) struct visit *again = next(&bench, 5000, NULL);
	assert_non_null(again);
	assert_string_equal(again->url, "http://a.example/1");
	assert_null(next(&bench, 5000, NULL));
}

TEST(a_held_host_is_left_alone)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/1", VISIT_REQUISITE, 0));
	assert_true(add(&bench, "http://a.example/2", VISIT_REQUISITE, 0));
	assert_true(add(&bench, "http://b.example/other", VISIT_REQUISITE, 0));
	SCOPED(visit_closep) struct visit *first = next(&bench, 0, NULL);
	frontier_hold(bench.frontier, first, 60000);
	finish(&bench, first, 0);
	NEXT_IS(bench, 0, other);
	int64_t wait_ms = 0;
	assert_null(next(&bench, 0, &wait_ms));
	assert_int_equal(wait_ms, 60000);
	SCOPED(visit_closep) struct visit *second = next(&bench, 60000, NULL);
	assert_non_null(second);
}

TEST(held_pages_wait_while_requisites_go_on)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/page", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://a.example/image", VISIT_REQUISITE, 0));
	frontier_hold_pages(bench.frontier, true);
	NEXT_IS(bench, 0, image);
	assert_null(next(&bench, 0, NULL));
	assert_false(frontier_has_only_pages(bench.frontier));
	finish(&bench, image, 0);
	assert_true(frontier_has_only_pages(bench.frontier));
	frontier_hold_pages(bench.frontier, false);
	NEXT_IS(bench, 0, page);
}

TEST(a_resumed_frontier_has_what_was_queued_and_under_way)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	struct flong_error err = {0};
	assert_true(add(&bench, "http://a.example/done", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://b.example/flying", VISIT_PAGE, 0));
	assert_true(add(&bench, "http://c.example/deeper", VISIT_PAGE, 1));
	NEXT_IS(bench, 0, done);
	finish(&bench, done, 0);
	SCOPED(visit_closep) struct visit *under_way = next(&bench, 0, NULL);
	assert_non_null(under_way);
	OK(state_commit(bench.state, &err));
	bench_reopen(&bench);
	assert_int_equal(frontier_pages_queued(bench.frontier), 2);
	NEXT_IS(bench, 0, flying);
	assert_null(next(&bench, 0, NULL));
	finish(&bench, flying, 0);
	NEXT_IS(bench, 0, deeper);
	finish(&bench, deeper, 0);
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(a_page_that_was_a_requisite_becomes_a_page)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/story", VISIT_REQUISITE, 0));
	(void)add(&bench, "http://a.example/story", VISIT_PAGE, 1);
	NEXT_IS(bench, 0, story);
	assert_int_equal(story->kind, VISIT_PAGE);
	assert_int_equal(story->depth, 1);
	assert_null(next(&bench, 0, NULL));
	finish(&bench, story, 0);
	assert_true(frontier_is_empty(bench.frontier));
}

TEST(a_fetched_requisite_is_fetched_again_as_a_page)
{
	SCOPED(bench_clear) struct bench bench = bench_make(eager);
	assert_true(add(&bench, "http://a.example/story", VISIT_REQUISITE, 0));
	SCOPED(visit_closep) struct visit *requisite = next(&bench, 0, NULL);
	finish(&bench, requisite, 0);
	assert_true(add(&bench, "http://a.example/story", VISIT_PAGE, 1));
	NEXT_IS(bench, 0, story);
	assert_int_equal(story->kind, VISIT_PAGE);
	finish(&bench, story, 0);
	assert_true(frontier_is_empty(bench.frontier));
}

RUN_TESTS(CASE(an_empty_frontier_has_nothing_to_wait_for), CASE(a_url_is_given_out_once),
	CASE(requisites_come_before_pages),
	CASE(a_round_begins_when_the_last_is_finished_on_all_hosts),
	CASE(a_page_found_late_goes_before_those_of_later_rounds),
	CASE(what_does_not_fit_in_memory_comes_from_the_state_once),
	CASE(a_redirected_robots_txt_knows_whom_it_is_for),
	CASE(a_redirected_robots_txt_is_gone_on_with_after_a_resume),
	CASE(one_robots_txt_may_be_that_of_many), CASE(what_is_no_robots_txt_is_none_by_a_redirect),
	CASE(a_host_has_so_many_at_a_time), CASE(pages_of_a_host_keep_their_distance),
	CASE(robots_txt_is_asked_for_before_the_first_page),
	CASE(a_delayed_visit_comes_back_when_it_is_due), CASE(a_held_host_is_left_alone),
	CASE(held_pages_wait_while_requisites_go_on),
	CASE(a_resumed_frontier_has_what_was_queued_and_under_way),
	CASE(a_page_that_was_a_requisite_becomes_a_page),
	CASE(a_fetched_requisite_is_fetched_again_as_a_page))
