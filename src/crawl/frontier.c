/* SPDX-License-Identifier: MIT */
/* frontier.c - URLs waiting to be fetched, by origin */
#include "crawl/frontier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "crawl/frontier_private.h"
#include "web/url.h"

static struct origin *add_origin(struct frontier *frontier, uint64_t id, struct bytes text)
{
	struct origin *origin = origins_add(&frontier->origins, id, text);
	origin->pages.held = origin->others.held = &frontier->held;
	origin->robots_state = frontier->options.needs_robots ? ROBOTS_UNKNOWN : ROBOTS_KNOWN;
	origin->robots_kind = STATE_ROBOTS_NONE;
	origin->robots_until_ms = frontier->options.needs_robots ? 0 : INT64_MAX;
	return origin;
}

static int origin_of_url(struct frontier *frontier, struct bytes href, struct origin **origin_out,
	struct flong_error *err)
{
	SCOPED(url_closep) struct url *url = NULL;
	int rc = url_parse(href, NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
	buf_add(&text, url->scheme);
	buf_add_text(&text, "://");
	buf_add(&text, url->host);
	buf_add_char(&text, ':');
	buf_add_u64(&text, url_port(url));
	struct origin *origin = origins_find(&frontier->origins, buf_bytes(&text));
	if (origin == NULL) {
		uint64_t id = 0;
		rc = state_origin(frontier->options.state, buf_bytes(&text), &id, err);
		if (rc < 0) {
			return rc;
		}
		origin = add_origin(frontier, id, buf_bytes(&text));
	}
	*origin_out = origin;
	return FLONG_OK;
}

size_t frontier_round_of(int depth)
{
	return depth < 0 ? 0 : depth > LIMIT_DEPTH ? LIMIT_DEPTH : (size_t)depth;
}

static void count_queued(struct frontier *frontier, const struct visit *visit)
{
	frontier->queued++;
	if (visit->kind == VISIT_PAGE) {
		frontier->pages_queued++;
		frontier->depth_pages[frontier_round_of(visit->depth)]++;
	}
}

/* Puts a visit that the state has as queued in its origin's queue. Takes it. */
static void enqueue(struct frontier *frontier, struct origin *origin, struct visit *visit_take)
{
	count_queued(frontier, visit_take);
	queue_add(origin_queue(origin, visit_take), visit_take, frontier_queue_room(frontier));
	schedule_wake(&frontier->schedule, origin);
}

int frontier_create(const struct frontier_options *options, struct frontier **frontier_out,
	struct flong_error *err)
{
	(void)err;
	struct frontier *frontier = ALLOC(struct frontier);
	frontier->options = *options;
	if (options->memory_max == 0) {
		frontier->options.memory_max = LIMIT_FRONTIER_VISITS;
	}
	frontier->robots.state = options->state;
	frontier->robots.wall_offset_ms = options->wall_offset_ms;
	*frontier_out = frontier;
	return FLONG_OK;
}

void frontier_close(struct frontier *frontier)
{
	if (frontier == NULL) {
		return;
	}
	schedule_clear(&frontier->schedule);
	origins_clear(&frontier->origins);
	free(frontier);
}

static int load_waiting(void *context, const struct state_waiting *waiting, struct flong_error *err)
{
	struct frontier *frontier = context;
	struct origin *origin = origins_by_id(&frontier->origins, waiting->origin);
	if (origin == NULL) {
		SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
		int rc = state_origin_text(frontier->options.state, waiting->origin, &text, err);
		if (rc < 0) {
			return rc;
		}
		origin = add_origin(frontier, waiting->origin, buf_bytes(&text));
	}
	(waiting->pages ? &origin->pages : &origin->others)->in_state += waiting->count;
	schedule_wake(&frontier->schedule, origin);
	frontier->queued += waiting->count;
	if (waiting->pages) {
		frontier->pages_queued += waiting->count;
		frontier->depth_pages[frontier_round_of(waiting->depth)] += waiting->count;
	}
	return FLONG_OK;
}

int frontier_load(struct frontier *frontier, struct flong_error *err)
{
	return state_each_waiting(frontier->options.state, load_waiting, frontier, err);
}

/* A requisite that waits is to be a page: its place among the requisites is given up. One that is
 * under way ends as a requisite, and is fetched again. */
static void give_up_place(struct frontier *frontier, struct origin *origin, uint64_t id)
{
	if (origin_has_given(origin, id)) {
		return;
	}
	if (!queue_remove(&origin->others, id) && !origin_remove_delayed(origin, id)) {
		assert(origin->others.in_state > 0);
		origin->others.in_state--;
	}
	frontier->queued--;
}

int frontier_add(struct frontier *frontier, struct visit *visit_take, bool *added_out,
	struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	struct origin *origin = NULL;
	int rc = origin_of_url(frontier, bytes_of(visit->url), &origin, err);
	if (rc < 0) {
		return rc;
	}
	visit->origin = origin->id;
	bool added = false;
	rc = state_add_visit(frontier->options.state, visit, &added, err);
	if (rc < 0) {
		return rc;
	}
	if (added_out != NULL) {
		*added_out = added;
	}
	if (frontier->options.only_state) {
		return FLONG_OK;
	}
	if (added && visit->was_queued) {
		give_up_place(frontier, origin, visit->id);
	}
	if (added) {
		enqueue(frontier, origin, TAKE(visit));
	}
	return FLONG_OK;
}

/* A visit that was given out is no longer. */
static void take_back(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	if (origin_take_back(origin, visit->id)) {
		frontier->given--;
		frontier->pages_given -= visit->kind == VISIT_PAGE;
	}
}

void frontier_delay(struct frontier *frontier, struct visit *visit_take)
{
	if (frontier->options.only_state) {
		visit_close(visit_take);
		return;
	}
	struct origin *origin = origins_by_id(&frontier->origins, visit_take->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit_take);
	frontier->queued++;
	if (visit_take->kind == VISIT_PAGE) {
		frontier->pages_queued++;
	}
	origin_delay(origin, visit_take);
	schedule_wake(&frontier->schedule, origin);
}

int frontier_requeue(struct frontier *frontier, struct visit *visit_take, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	struct origin *origin = NULL;
	int rc = origin_of_url(frontier, bytes_of(visit->url), &origin, err);
	if (rc < 0) {
		return rc;
	}
	visit->origin = origin->id;
	rc = state_requeue(frontier->options.state, visit, err);
	if (rc < 0 || frontier->options.only_state) {
		return rc;
	}
	enqueue(frontier, origin, TAKE(visit));
	return FLONG_OK;
}

int frontier_add_robots(struct frontier *frontier, struct visit *visit_take, bool *added_out,
	struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	SCOPED(visit_closep) struct visit *known = NULL;
	enum visit_state known_state = VISIT_SKIPPED;
	int rc = state_find_visit(
		frontier->options.state, bytes_of(visit->url), &known, &known_state, err);
	if (rc < 0 && rc != FLONG_E_NOT_FOUND) {
		return rc;
	}
	if (known != NULL && known_state != VISIT_SKIPPED) {
		visit->id = known->id;
		*added_out = known->kind == VISIT_ROBOTS;
		return *added_out ? frontier_requeue(frontier, TAKE(visit), err) : FLONG_OK;
	}
	return frontier_add(frontier, TAKE(visit), added_out, err);
}

/* Nothing is queued for an origin or under way: it is remembered for a while, for its pauses. */
void frontier_retire(struct frontier *frontier, struct origin *origin)
{
	if (!origin_is_unused(origin)) {
		return;
	}
	schedule_idle(&frontier->schedule, origin);
	struct origin_list *idle = &frontier->schedule.idle;
	for (size_t i = 0; i < 2 && idle->count > LIMIT_IDLE_ORIGINS; i++) {
		struct origin *oldest = idle->first;
		schedule_remove(&frontier->schedule, oldest);
		if (oldest->hold_ms > frontier->now_ms || oldest->next_page_ms > frontier->now_ms) {
			schedule_idle(&frontier->schedule, oldest);
			continue;
		}
		robots_cache_forget(&frontier->robots, oldest);
		origins_remove(&frontier->origins, oldest);
	}
}

void frontier_answered(struct frontier *frontier, const struct visit *visit,
	const struct frontier_answer *answer, int64_t now_ms)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	assert(origin != NULL && origin->in_flight > 0);
	frontier->now_ms = now_ms;
	origin->in_flight--;
	origin->pages_in_flight -= visit->kind == VISIT_PAGE;
	schedule_wake(&frontier->schedule, origin);
	if (!answer->was_asked) {
		if (visit->kind == VISIT_PAGE) {
			origin->next_page_ms = origin->earlier_page_ms;
		}
		return;
	}
	if (answer->is_reply) {
		origin_note_answer(origin, answer->is_busy);
		frontier->answered += !origin->has_answered;
		origin->has_answered = true;
	}
	if (visit->kind == VISIT_PAGE) {
		origin->response_ms = answer->response_ms;
		origin->next_page_ms = now_ms + frontier_pause_of(frontier, origin);
	}
}

void frontier_finished(struct frontier *frontier, const struct visit *visit)
{
	if (frontier->options.only_state) {
		return;
	}
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit);
	if (visit->kind == VISIT_PAGE) {
		size_t round = frontier_round_of(visit->depth);
		assert(frontier->depth_pages[round] > 0);
		frontier->depth_pages[round]--;
		if (frontier->depth_pages[round] == 0) {
			schedule_wake_parked(&frontier->schedule);
		}
	}
	frontier_retire(frontier, origin);
}

void frontier_hold(struct frontier *frontier, const struct visit *visit, int64_t until_ms)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	if (origin != NULL && until_ms > origin->hold_ms) {
		origin->hold_ms = until_ms;
	}
}

int frontier_set_robots(struct frontier *frontier, const struct visit *visit,
	const struct state_robots *robots, int64_t now_ms, struct flong_error *err)
{
	struct origin *origin = origins_by_id(
		&frontier->origins, visit->robots_for != 0 ? visit->robots_for : visit->origin);
	if (origin == NULL) {
		return FLONG_OK;
	}
	schedule_wake(&frontier->schedule, origin);
	return robots_cache_keep(&frontier->robots, origin, robots, now_ms, err);
}

int frontier_robots_refusal(struct frontier *frontier, const struct frontier_target *target,
	const char **reason_out, struct flong_error *err)
{
	*reason_out = NULL;
	struct origin *origin = origins_by_id(&frontier->origins, target->origin);
	if (origin == NULL ||
		(origin->robots_kind == STATE_ROBOTS_UNREACHABLE && !target->minds_unreachable)) {
		return FLONG_OK;
	}
	return robots_cache_refusal(&frontier->robots, origin, target->path, reason_out, err);
}

uint64_t frontier_pages_given(const struct frontier *frontier)
{
	return frontier->pages_given;
}

void frontier_hold_pages(struct frontier *frontier, bool holds)
{
	if (frontier->holds_pages && !holds) {
		schedule_wake_parked(&frontier->schedule);
	}
	frontier->holds_pages = holds;
}

bool frontier_has_only_pages(const struct frontier *frontier)
{
	return frontier->given == 0 && frontier->queued == frontier->pages_queued;
}

bool frontier_is_empty(const struct frontier *frontier)
{
	return frontier->queued == 0 && frontier->given == 0;
}

uint64_t frontier_pages_queued(const struct frontier *frontier)
{
	return frontier->pages_queued;
}

uint64_t frontier_queued(const struct frontier *frontier)
{
	return frontier->queued;
}

bool frontier_has_answered(
	const struct frontier *frontier, const struct visit *visit, uint64_t *answered_out)
{
	const struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	*answered_out = frontier->answered;
	return origin != NULL && origin->has_answered;
}

size_t frontier_origins_held(const struct frontier *frontier)
{
	return frontier->origins.count;
}

size_t frontier_visits_held(const struct frontier *frontier)
{
	return frontier->held;
}
