/* SPDX-License-Identifier: MIT */
/* frontier.c - URLs waiting to be fetched, by origin */
#include "crawl/frontier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "crawl/queue.h"
#include "web/url.h"

/* Pause between two pages: twice the last answer's time, within these bounds (cli.md --wait). */
#define WAIT_MIN_MS 100
#define WAIT_MAX_MS 5000

enum robots_state { ROBOTS_UNKNOWN, ROBOTS_ASKED, ROBOTS_KNOWN };

struct origin {
	uint64_t id;
	char *text; /* owned: "https://host:port" */
	struct queue pages, others;
	uint64_t *given; /* owned: ids given out and not finished */
	size_t given_count, given_capacity;
	int in_flight;        /* given out and not answered */
	int64_t next_page_ms; /* monotonic */
	int64_t hold_ms;      /* monotonic: nothing before */
	enum robots_state robots_state;
	struct robots *robots; /* owned or NULL */
	struct origin *next_in_table;
};

#define TABLE_SIZE 4096

struct frontier {
	struct frontier_options options;
	struct origin *table[TABLE_SIZE]; /* by hash of the text */
	struct origin **origins;          /* owned: all of them, in order of appearance */
	size_t origin_count, origin_capacity;
	size_t turn; /* where the next search starts, so that every origin gets its turn */
	struct visit *delayed;                 /* owned chain, by due time */
	uint64_t depth_pages[LIMIT_DEPTH + 1]; /* unfinished pages by depth */
	uint64_t queued, pages_queued, given, pages_given;
	bool holds_pages;
};

static struct origin *find_origin(const struct frontier *frontier, struct bytes text)
{
	struct origin *origin = frontier->table[bytes_hash(text) % TABLE_SIZE];
	while (origin != NULL && !bytes_equal(bytes_of(origin->text), text)) {
		origin = origin->next_in_table;
	}
	return origin;
}

static struct origin *add_origin(struct frontier *frontier, uint64_t id, struct bytes text)
{
	struct origin *origin = ALLOC(struct origin);
	origin->id = id;
	origin->text = alloc_text(text.ptr, text.len);
	origin->robots_state = frontier->options.needs_robots ? ROBOTS_UNKNOWN : ROBOTS_KNOWN;
	struct origin **slot = &frontier->table[bytes_hash(text) % TABLE_SIZE];
	origin->next_in_table = *slot;
	*slot = origin;
	if (frontier->origin_count == frontier->origin_capacity) {
		frontier->origin_capacity = frontier->origin_capacity * 2 + 16;
		frontier->origins = alloc_resize(
			frontier->origins, frontier->origin_capacity, sizeof(struct origin *));
	}
	frontier->origins[frontier->origin_count++] = origin;
	return origin;
}

static struct origin *origin_by_id(const struct frontier *frontier, uint64_t id)
{
	/* Rows are numbered from 1 in order of appearance, except after a resume. */
	if (id > 0 && id <= frontier->origin_count && frontier->origins[id - 1]->id == id) {
		return frontier->origins[id - 1];
	}
	for (size_t i = 0; i < frontier->origin_count; i++) {
		if (frontier->origins[i]->id == id) {
			return frontier->origins[i];
		}
	}
	return NULL;
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
	struct origin *origin = find_origin(frontier, buf_bytes(&text));
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

static struct queue *queue_of(struct origin *origin, const struct visit *visit)
{
	return visit->kind == VISIT_PAGE ? &origin->pages : &origin->others;
}

static size_t round_of(const struct visit *visit)
{
	return visit->depth < 0             ? 0
	       : visit->depth > LIMIT_DEPTH ? LIMIT_DEPTH
					    : (size_t)visit->depth;
}

static void count_queued(struct frontier *frontier, const struct visit *visit)
{
	frontier->queued++;
	if (visit->kind == VISIT_PAGE) {
		frontier->pages_queued++;
		frontier->depth_pages[round_of(visit)]++;
	}
}

/* Puts a visit that the state has as queued in its origin's queue. Takes it. */
static void enqueue(struct frontier *frontier, struct origin *origin, struct visit *visit_take)
{
	count_queued(frontier, visit_take);
	queue_add(queue_of(origin, visit_take), visit_take);
}

int frontier_create(const struct frontier_options *options, struct frontier **frontier_out,
	struct flong_error *err)
{
	(void)err;
	struct frontier *frontier = ALLOC(struct frontier);
	frontier->options = *options;
	*frontier_out = frontier;
	return FLONG_OK;
}

void frontier_close(struct frontier *frontier)
{
	if (frontier == NULL) {
		return;
	}
	for (size_t i = 0; i < frontier->origin_count; i++) {
		struct origin *origin = frontier->origins[i];
		queue_clear(&origin->pages);
		queue_clear(&origin->others);
		robots_close(origin->robots);
		free(origin->given);
		free(origin->text);
		free(origin);
	}
	while (frontier->delayed != NULL) {
		struct visit *visit = frontier->delayed;
		frontier->delayed = visit->next;
		visit_close(visit);
	}
	free(frontier->origins);
	free(frontier);
}

static int load_origin(void *context, uint64_t id, struct bytes text, struct flong_error *err)
{
	(void)err;
	(void)add_origin(context, id, text);
	return FLONG_OK;
}

static int load_visit(void *context, struct visit *visit_take, struct flong_error *err)
{
	struct frontier *frontier = context;
	struct origin *origin = origin_by_id(frontier, visit_take->origin);
	if (origin == NULL) {
		visit_close(visit_take);
		return error_set(err, FLONG_E_FORMAT, "crawl state: a visit without origin");
	}
	enqueue(frontier, origin, visit_take);
	return FLONG_OK;
}

int frontier_load(struct frontier *frontier, struct flong_error *err)
{
	struct state *state = frontier->options.state;
	int rc = state_each_origin(state, load_origin, frontier, err);
	for (size_t i = 0; rc == FLONG_OK && i < frontier->origin_count; i++) {
		uint64_t id = frontier->origins[i]->id;
		rc = state_load_queued(state, id, true, INT64_MAX, load_visit, frontier, err);
		if (rc == FLONG_OK) {
			rc = state_load_queued(
				state, id, false, INT64_MAX, load_visit, frontier, err);
		}
	}
	return rc;
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
	if (added) {
		enqueue(frontier, origin, TAKE(visit));
	}
	if (added_out != NULL) {
		*added_out = added;
	}
	return FLONG_OK;
}

/* A visit that was given out is no longer. */
static void take_back(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	for (size_t i = 0; i < origin->given_count; i++) {
		if (origin->given[i] == visit->id) {
			origin->given[i] = origin->given[--origin->given_count];
			frontier->given--;
			frontier->pages_given -= visit->kind == VISIT_PAGE;
			return;
		}
	}
}

void frontier_delay(struct frontier *frontier, struct visit *visit_take)
{
	struct origin *origin = origin_by_id(frontier, visit_take->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit_take);
	frontier->queued++;
	if (visit_take->kind == VISIT_PAGE) {
		frontier->pages_queued++;
	}
	struct visit **at = &frontier->delayed;
	while (*at != NULL && (*at)->due_ms <= visit_take->due_ms) {
		at = &(*at)->next;
	}
	visit_take->next = *at;
	*at = visit_take;
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
	if (rc < 0) {
		return rc;
	}
	enqueue(frontier, origin, TAKE(visit));
	return FLONG_OK;
}

/* Delayed visits whose time has come go to the front of their queues. */
static void release_delayed(struct frontier *frontier, int64_t now_ms)
{
	while (frontier->delayed != NULL && frontier->delayed->due_ms <= now_ms) {
		struct visit *visit = frontier->delayed;
		frontier->delayed = visit->next;
		queue_return(queue_of(origin_by_id(frontier, visit->origin), visit), visit);
	}
}

struct refill {
	struct frontier *frontier;
	struct origin *origin;
	struct queue *queue;
};

static bool is_known(const struct refill *refill, uint64_t id)
{
	for (size_t i = 0; i < refill->origin->given_count; i++) {
		if (refill->origin->given[i] == id) {
			return true;
		}
	}
	for (const struct visit *visit = refill->frontier->delayed; visit != NULL;
		visit = visit->next) {
		if (visit->id == id) {
			return true;
		}
	}
	return false;
}

static int refill_visit(void *context, struct visit *visit_take, struct flong_error *err)
{
	(void)err;
	struct refill *refill = context;
	struct queue *queue = refill->queue;
	/* Rows that are fetched just now are still queued in the state, for a crash would have to
	 * fetch them again. */
	if (queue->in_memory >= QUEUE_MEMORY || queue->in_state == 0 ||
		is_known(refill, visit_take->id)) {
		visit_close(visit_take);
		return FLONG_OK;
	}
	queue->in_state--;
	queue_append(queue, visit_take);
	return FLONG_OK;
}

static int refill_queue(struct frontier *frontier, struct origin *origin, struct queue *queue,
	struct flong_error *err)
{
	if (queue->first != NULL || queue->in_state == 0) {
		return FLONG_OK;
	}
	struct refill refill = {frontier, origin, queue};
	size_t known = origin->given_count;
	for (const struct visit *visit = frontier->delayed; visit != NULL; visit = visit->next) {
		known++;
	}
	int rc = state_load_queued(frontier->options.state, origin->id, queue == &origin->pages,
		QUEUE_MEMORY + known, refill_visit, &refill, err);
	if (rc == FLONG_OK && queue->first == NULL) {
		queue->in_state = 0;
	}
	return rc;
}

/* Whether all pages of smaller depth are finished. */
static bool round_is_open(const struct frontier *frontier, const struct visit *visit)
{
	for (size_t depth = 0; depth < round_of(visit); depth++) {
		if (frontier->depth_pages[depth] > 0) {
			return false;
		}
	}
	return true;
}

static void give_out(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	if (origin->given_count == origin->given_capacity) {
		origin->given_capacity = origin->given_capacity * 2 + 8;
		origin->given =
			alloc_resize(origin->given, origin->given_capacity, sizeof(uint64_t));
	}
	origin->given[origin->given_count++] = visit->id;
	origin->in_flight++;
	frontier->given++;
	frontier->pages_given += visit->kind == VISIT_PAGE;
}

static int ask_for_robots(struct frontier *frontier, struct origin *origin,
	const struct visit *page, struct visit **visit_out, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = ALLOC(struct visit);
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
	buf_add_text(&text, origin->text);
	buf_add_text(&text, "/robots.txt");
	int rc = url_parse(buf_bytes(&text), NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	visit->url = alloc_text(url->all.ptr, url->all.len);
	visit->kind = VISIT_ROBOTS;
	visit->role = ROLE_UNKNOWN;
	visit->is_speculative = true;
	visit->origin = origin->id;
	visit->via = page->id;
	visit_add_hop(page->hops, 'P', visit->hops);
	bool added = false;
	rc = state_add_visit(frontier->options.state, visit, &added, err);
	if (rc < 0) {
		return rc;
	}
	origin->robots_state = ROBOTS_ASKED;
	give_out(frontier, origin, visit);
	*visit_out = TAKE(visit);
	return FLONG_OK;
}

/* Looks at one origin. Sets *visit_out, or lowers *due_ms to when it is worth looking again. */
static int look_at(struct frontier *frontier, struct origin *origin, int64_t now_ms,
	struct visit **visit_out, int64_t *due_ms, struct flong_error *err)
{
	if (origin->in_flight >= frontier->options.per_host) {
		return FLONG_OK;
	}
	int rc = refill_queue(frontier, origin, &origin->others, err);
	if (rc == FLONG_OK) {
		rc = refill_queue(frontier, origin, &origin->pages, err);
	}
	const struct visit *other = origin->others.first;
	const struct visit *page = frontier->holds_pages ? NULL : origin->pages.first;
	if (rc < 0 || (other == NULL && page == NULL)) {
		return rc;
	}
	if (origin->hold_ms > now_ms) {
		*due_ms = origin->hold_ms < *due_ms ? origin->hold_ms : *due_ms;
		return FLONG_OK;
	}
	if (other == NULL && !round_is_open(frontier, page)) {
		return FLONG_OK;
	}
	if (other == NULL && origin->robots_state == ROBOTS_UNKNOWN) {
		return ask_for_robots(frontier, origin, page, visit_out, err);
	}
	if (other == NULL && origin->robots_state == ROBOTS_ASKED) {
		return FLONG_OK;
	}
	if (other == NULL && origin->next_page_ms > now_ms) {
		*due_ms = origin->next_page_ms < *due_ms ? origin->next_page_ms : *due_ms;
		return FLONG_OK;
	}
	struct visit *visit = queue_pop(other != NULL ? &origin->others : &origin->pages);
	give_out(frontier, origin, visit);
	frontier->queued--;
	if (visit->kind == VISIT_PAGE) {
		frontier->pages_queued--;
		/* Until the answer tells more, the next page of this host waits at least the
		 * shortest pause. */
		if (frontier->options.wait_ms != 0) {
			origin->next_page_ms =
				now_ms + (frontier->options.wait_ms > 0 ? frontier->options.wait_ms
									: WAIT_MIN_MS);
		}
	}
	*visit_out = visit;
	return FLONG_OK;
}

int frontier_next(struct frontier *frontier, int64_t now_ms, struct visit **visit_out,
	int64_t *wait_ms_out, struct flong_error *err)
{
	release_delayed(frontier, now_ms);
	struct visit *visit = NULL;
	int64_t due_ms = frontier->delayed != NULL ? frontier->delayed->due_ms : INT64_MAX;
	for (size_t i = 0; visit == NULL && i < frontier->origin_count; i++) {
		struct origin *origin =
			frontier->origins[(frontier->turn + i) % frontier->origin_count];
		int rc = look_at(frontier, origin, now_ms, &visit, &due_ms, err);
		if (rc < 0) {
			return rc;
		}
		if (visit != NULL) {
			frontier->turn = (frontier->turn + i + 1) % frontier->origin_count;
		}
	}
	*wait_ms_out = due_ms == INT64_MAX ? -1 : due_ms - now_ms;
	*visit_out = visit;
	return FLONG_OK;
}

void frontier_answered(
	struct frontier *frontier, const struct visit *visit, int64_t response_ms, int64_t now_ms)
{
	struct origin *origin = origin_by_id(frontier, visit->origin);
	assert(origin != NULL && origin->in_flight > 0);
	origin->in_flight--;
	if (visit->kind != VISIT_PAGE) {
		return;
	}
	int64_t wait_ms = frontier->options.wait_ms;
	if (wait_ms < 0) {
		wait_ms = 2 * response_ms;
		wait_ms = wait_ms < WAIT_MIN_MS   ? WAIT_MIN_MS
			  : wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS
						  : wait_ms;
	}
	int64_t delay_ms = robots_crawl_delay_ms(origin->robots);
	if (delay_ms > frontier->options.max_crawl_delay_ms) {
		delay_ms = frontier->options.max_crawl_delay_ms;
	}
	if (delay_ms > wait_ms) {
		wait_ms = delay_ms;
	}
	origin->next_page_ms = now_ms + wait_ms;
}

void frontier_finished(struct frontier *frontier, const struct visit *visit)
{
	struct origin *origin = origin_by_id(frontier, visit->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit);
	if (visit->kind == VISIT_PAGE) {
		assert(frontier->depth_pages[round_of(visit)] > 0);
		frontier->depth_pages[round_of(visit)]--;
	}
}

void frontier_hold(struct frontier *frontier, const struct visit *visit, int64_t until_ms)
{
	struct origin *origin = origin_by_id(frontier, visit->origin);
	if (origin != NULL && until_ms > origin->hold_ms) {
		origin->hold_ms = until_ms;
	}
}

void frontier_set_robots(
	struct frontier *frontier, const struct visit *visit, struct robots *robots_take)
{
	struct origin *origin =
		origin_by_id(frontier, visit->robots_for != 0 ? visit->robots_for : visit->origin);
	assert(origin != NULL);
	robots_close(origin->robots);
	origin->robots = robots_take;
	origin->robots_state = ROBOTS_KNOWN;
}

const struct robots *frontier_robots(const struct frontier *frontier, const struct visit *visit)
{
	const struct origin *origin = origin_by_id(frontier, visit->origin);
	return origin == NULL ? NULL : origin->robots;
}

uint64_t frontier_pages_given(const struct frontier *frontier)
{
	return frontier->pages_given;
}

void frontier_hold_pages(struct frontier *frontier, bool holds)
{
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
