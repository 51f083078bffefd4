/* SPDX-License-Identifier: MIT */
/* trap_test.c - which pages are one of an endless row */
#include "unit.h"

#include "base/files.h"
#include "base/limits.h"
#include "crawl/trap.h"
#include "crawl/trap_shape.h"

#define OK(call) assert_int_equal((call), FLONG_OK)
/* 2026-11-29T00:00:00Z */
#define NOW_MS INT64_C(1795910400000)

static void url_of(const char *text, struct url **url_out)
{
	struct flong_error err = {0};
	OK(url_parse(bytes_of(text), NULL, url_out, &err));
}

TEST(rules_of_shape)
{
	static const struct {
		const char *path, *rule;
	} cases[] = {
		/* Usual pages, among them old ones, numbers like dates, and repeats that mean
		   something. */
		{"/", NULL},
		{"/2026/11/29/world/a-story.html", NULL},
		{"/1987/02/01/archives/an-old-story.html", NULL},
		{"/archive/1851-09-18/page-1", NULL},
		{"/news/world-21051203", NULL},
		{"/news/21051203", NULL},
		{"/news?id=20991231", NULL},
		{"/forum/5123/12/", NULL},
		{"/2011/11/11/11/", NULL},
		{"/en/news/en/news/story", NULL},
		{"/a/a/story", NULL},
		{"/list?page=1&page=2&page=3", NULL},
		{"/2026/13/45/", NULL},
		{"/events/2026-12-24", NULL},
		{"/events/2027/12/", NULL},
		{"/calendar/2022/01/", NULL},
		/* Paths that repeat. */
		{"/a/b/a/b/a/b/", "trap: path that repeats"},
		{"/x/a/b/a/b/a/b/page.html", "trap: path that repeats"},
		{"/images/images/images/", "trap: path that repeats"},
		{"/a/b/c/d/e/a/b/c/d/e/a/b/c/d/e", "trap: path that repeats"},
		{"//////", "trap: path that repeats"},
		/* Calendars. */
		{"/2029/01/", "trap: calendar"},
		{"/2028-02-01/", "trap: calendar"},
		{"/program?day=2199-12-31", "trap: calendar"},
		{"/calendar/2031/05", "trap: calendar"},
		{"/calendar/20310501", "trap: calendar"},
		{"/calendar/2019/05", "trap: calendar"},
		{"/Kalender?month=201905", "trap: calendar"},
		{"/x?calendar=1&d=1969-12", "trap: calendar"},
		/* Deep ones. */
		{"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20", NULL},
		{"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21", "trap: deep path"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(url_closep) struct url *url = NULL;
		char text[256];
		(void)snprintf(text, sizeof(text), "https://a.example%s", cases[i].path);
		url_of(text, &url);
		const char *rule = trap_by_shape(url, NOW_MS);
		if (cases[i].rule == NULL ? rule != NULL
					  : rule == NULL || strcmp(rule, cases[i].rule) != 0) {
			fail_msg("%s: %s", text, rule == NULL ? "none" : rule);
		}
	}
}

TEST(long_urls_are_cut)
{
	SCOPED(buf_clear) struct buf text = {0};
	buf_add_text(&text, "https://a.example/");
	while (text.len < LIMIT_PAGE_URL_BYTES) {
		buf_add_char(&text, 'x');
	}
	SCOPED(url_closep) struct url *fits = NULL;
	url_of(buf_text(&text), &fits);
	assert_null(trap_by_shape(fits, NOW_MS));
	buf_add_char(&text, 'x');
	SCOPED(url_closep) struct url *is_long = NULL;
	url_of(buf_text(&text), &is_long);
	assert_string_equal(trap_by_shape(is_long, NOW_MS), "trap: long URL");
}

#define ID "0123456789abcdef"

TEST(session_ids_are_left_out)
{
	static const struct {
		const char *path, *without;
	} cases[] = {
		{"/story", NULL},
		{"/story?id=5", NULL},
		{"/story?sid=5", NULL}, /* too short to be one */
		{"/story?id=" ID, NULL},
		{"/story?PHPSESSID=" ID, "a.example/story"},
		{"/story?x=1&sid=" ID "&y=2", "a.example/story&x=1&y=2"},
		{"/story;jsessionid=" ID "?x=1", "a.example/story&x=1"},
		{"/story?ASPSESSIONIDQQ=" ID, "a.example/story"},
		{"/a;v=1/story", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED(url_closep) struct url *url = NULL;
		SCOPED(buf_clear) struct buf without = {0};
		char text[256];
		(void)snprintf(text, sizeof(text), "https://a.example%s", cases[i].path);
		url_of(text, &url);
		assert_int_equal(trap_without_session(url, &without), cases[i].without != NULL);
		assert_string_equal(
			buf_text(&without), cases[i].without == NULL ? "" : cases[i].without);
	}
}

struct bench {
	char dir[32];
	char path[48];
	struct state *state;
};

static void bench_open(struct bench *bench)
{
	struct flong_error err = {0};
	state_close(bench->state);
	OK(state_open(bench->path, &bench->state, &err));
}

static struct bench bench_make(void)
{
	struct bench bench = {.dir = "/tmp/trap_test.XXXXXX"};
	assert_non_null(mkdtemp(bench.dir));
	(void)snprintf(bench.path, sizeof(bench.path), "%s/crawl.db", bench.dir);
	bench_open(&bench);
	return bench;
}

static void bench_clear(struct bench *bench)
{
	struct flong_error err = {0};
	state_close(bench->state);
	OK(files_remove_tree(bench->dir, &err));
}

/* Follows URLs of a form until one is cut: how many were not, and by which rule. */
static int follow(struct bench *bench, const char *form, int from, int to, const char **rule_out)
{
	struct flong_error err = {0};
	*rule_out = NULL;
	for (int i = from; i < to; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		char text[256];
		(void)snprintf(text, sizeof(text), "%s%d", form, i);
		url_of(text, &url);
		OK(trap_by_count(bench->state, url, rule_out, &err));
		if (*rule_out != NULL) {
			return i - from;
		}
		OK(trap_count(bench->state, url, &err));
	}
	return to - from;
}

TEST(variants_of_one_path_are_counted)
{
	SCOPED(bench_clear) struct bench bench = bench_make();
	const char *rule = NULL;
	/* Filters: over three parameters. What has fewer, and other paths, are not cut for them. */
	assert_int_equal(follow(&bench, "https://a.example/shop?a=1&b=2&c=", 0, 5000, &rule),
		LIMIT_VARIANTS_MORE);
	assert_string_equal(rule, "trap: many variants of one path");
	assert_int_equal(follow(&bench, "https://a.example/shop?id=", 0, 500, &rule), 500);
	assert_int_equal(follow(&bench, "https://a.example/other?a=1&b=2&c=", 0, 5, &rule), 5);
	assert_int_equal(follow(&bench, "https://b.example/shop?a=1&b=2&c=", 0, 5, &rule), 5);
	assert_int_equal(follow(&bench, "https://a.example/story-", 0, 2000, &rule), 2000);
	/* A resumed crawl goes on counting; a new run begins anew. */
	struct flong_error err = {0};
	OK(state_commit(bench.state, &err));
	bench_open(&bench);
	assert_int_equal(follow(&bench, "https://a.example/shop?a=1&b=2&c=", 0, 5, &rule), 0);
	OK(state_start_run(bench.state, &err));
	assert_int_equal(follow(&bench, "https://a.example/shop?a=1&b=2&c=", 0, 5, &rule), 5);
}

TEST(one_session_of_each_page_is_enough)
{
	SCOPED(bench_clear) struct bench bench = bench_make();
	const char *rule = NULL;
	assert_int_equal(
		follow(&bench, "https://a.example/x?sid=aaaaaaaaaaaaaaaaaaaa", 0, 9, &rule), 1);
	assert_string_equal(rule, "trap: session id");
	assert_int_equal(
		follow(&bench, "https://a.example/y?sid=aaaaaaaaaaaaaaaaaaaa", 0, 9, &rule), 1);
}

TEST(hosts_of_one_domain_are_counted)
{
	SCOPED(bench_clear) struct bench bench = bench_make();
	struct flong_error err = {0};
	const char *rule = NULL;
	char host[64];
	int hosts = 0;
	for (; hosts < 2 * LIMIT_DOMAIN_HOSTS; hosts++) {
		(void)snprintf(host, sizeof(host), "https://x%d.trap.example/", hosts);
		if (follow(&bench, host, 0, 1, &rule) == 0) {
			break;
		}
	}
	assert_int_equal(hosts, LIMIT_DOMAIN_HOSTS);
	assert_string_equal(rule, "trap: many hosts of one domain");
	/* Those that are known go on. */
	assert_int_equal(follow(&bench, "https://x0.trap.example/", 1, 9, &rule), 8);
	assert_int_equal(follow(&bench, "https://x.other.example/", 1, 9, &rule), 8);
	OK(state_commit(bench.state, &err));
}

RUN_TESTS(CASE(rules_of_shape), CASE(long_urls_are_cut), CASE(session_ids_are_left_out),
	CASE(variants_of_one_path_are_counted), CASE(one_session_of_each_page_is_enough),
	CASE(hosts_of_one_domain_are_counted))
