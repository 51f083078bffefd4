/* SPDX-License-Identifier: MIT */
/* frontier_kit.h - a frontier on a state in a temporary folder, as its tests use it */
#ifndef UNIT_FRONTIER_KIT_H
#define UNIT_FRONTIER_KIT_H

#include "unit.h"

#include "base/alloc.h"
#include "base/files.h"
#include "crawl/frontier.h"

#define OK(call) assert_int_equal((call), FLONG_OK)

struct bench {
	char dir[36], path[56];
	struct state *state;
	struct frontier *frontier;
	struct frontier_options options;
};

static inline void bench_reopen(struct bench *bench)
{
	struct flong_error err = {0};
	frontier_close(bench->frontier);
	state_close(bench->state);
	OK(state_open(bench->path, &bench->state, &err));
	bench->options.state = bench->state;
	OK(frontier_create(&bench->options, &bench->frontier, &err));
	OK(frontier_load(bench->frontier, &err));
}

static inline struct bench bench_make(struct frontier_options options)
{
	struct bench bench = {.dir = "/tmp/frontier_test.XXXXXX", .options = options};
	assert_non_null(mkdtemp(bench.dir));
	(void)snprintf(bench.path, sizeof(bench.path), "%s/crawl.db", bench.dir);
	bench_reopen(&bench);
	return bench;
}

static inline void bench_clear(struct bench *bench)
{
	struct flong_error err = {0};
	frontier_close(bench->frontier);
	state_close(bench->state);
	OK(files_remove_tree(bench->dir, &err));
}

__attribute__((unused)) static const struct frontier_options eager = {.per_host = 6, .wait_ms = 0};

static inline bool add(struct bench *bench, const char *url, enum visit_kind kind, int depth)
{
	struct flong_error err = {0};
	struct visit *visit = ALLOC(struct visit);
	visit->url = alloc_copy(url);
	visit->kind = kind;
	visit->depth = depth;
	bool added = false;
	OK(frontier_add(bench->frontier, visit, &added, &err));
	return added;
}

/* The next visit at a moment; *wait_ms_out may be NULL. */
static inline struct visit *next(struct bench *bench, int64_t now_ms, int64_t *wait_ms_out)
{
	struct flong_error err = {0};
	struct visit *visit = NULL;
	int64_t wait_ms = 0;
	OK(frontier_next(bench->frontier, now_ms, &visit, &wait_ms, &err));
	if (wait_ms_out != NULL) {
		*wait_ms_out = wait_ms;
	}
	return visit;
}

#define NEXT_IS(bench, now, expected)                                                              \
	SCOPED(visit_closep) struct visit *expected = next(&(bench), now, NULL);                   \
	assert_non_null(expected);                                                                 \
	assert_string_equal(strrchr(expected->url, '/') + 1, #expected)

static inline void answered(
	struct bench *bench, const struct visit *visit, int64_t response_ms, int64_t now_ms)
{
	const struct frontier_answer answer = {
		.was_asked = true, .is_reply = true, .response_ms = response_ms};
	frontier_answered(bench->frontier, visit, &answer, now_ms);
}

static inline void finish(struct bench *bench, const struct visit *visit, int64_t now_ms)
{
	struct flong_error err = {0};
	const struct state_result result = {
		.state = VISIT_DONE, .status = 200, .is_complete = true};
	answered(bench, visit, 10, now_ms);
	OK(state_finish_visit(bench->state, visit, &result, &err));
	frontier_finished(bench->frontier, visit);
}

static inline const char *refusal(struct bench *bench, const struct visit *visit, const char *path)
{
	struct flong_error err = {0};
	const char *reason = NULL;
	const struct frontier_target target = {visit->origin, bytes_of(path), true};
	OK(frontier_robots_refusal(bench->frontier, &target, &reason, &err));
	return reason;
}

#endif
