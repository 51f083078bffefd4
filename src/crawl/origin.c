/* SPDX-License-Identifier: MIT */
/* origin.c - what the frontier knows of one scheme, host and port */
#include "crawl/origin.h"

#include <stdlib.h>

#include "base/alloc.h"

#define PLACES_MIN 256

struct origin *origins_find(const struct origins *origins, struct bytes text)
{
	struct origin *origin =
		origins->places == 0 ? NULL : origins->by_text[bytes_hash(text) % origins->places];
	while (origin != NULL && !bytes_equal(bytes_of(origin->text), text)) {
		origin = origin->next_by_text;
	}
	return origin;
}

struct origin *origins_by_id(const struct origins *origins, uint64_t id)
{
	struct origin *origin = origins->places == 0 ? NULL : origins->by_id[id % origins->places];
	while (origin != NULL && origin->id != id) {
		origin = origin->next_by_id;
	}
	return origin;
}

static void chain(struct origins *origins, struct origin *origin)
{
	struct origin **slot =
		&origins->by_text[bytes_hash(bytes_of(origin->text)) % origins->places];
	origin->next_by_text = *slot;
	*slot = origin;
	slot = &origins->by_id[origin->id % origins->places];
	origin->next_by_id = *slot;
	*slot = origin;
}

static void grow(struct origins *origins)
{
	struct origin **all = origins->by_id;
	size_t places = origins->places;
	origins->places = places == 0 ? PLACES_MIN : places * 2;
	free(origins->by_text);
	origins->by_text = ALLOC_ARRAY(struct origin *, origins->places);
	origins->by_id = ALLOC_ARRAY(struct origin *, origins->places);
	for (size_t i = 0; i < places; i++) {
		struct origin *origin = all[i];
		while (origin != NULL) {
			struct origin *next = origin->next_by_id;
			chain(origins, origin);
			origin = next;
		}
	}
	free(all);
}

struct origin *origins_add(struct origins *origins, uint64_t id, struct bytes text)
{
	if (origins->count >= origins->places) {
		grow(origins);
	}
	struct origin *origin = ALLOC(struct origin);
	origin->id = id;
	origin->text = alloc_text(text.ptr, text.len);
	origins->count++;
	chain(origins, origin);
	return origin;
}

static void close_origin(struct origin *origin)
{
	queue_clear(&origin->pages);
	queue_clear(&origin->others);
	while (origin->delayed != NULL) {
		struct visit *visit = origin->delayed;
		origin->delayed = visit->next;
		visit_close(visit);
	}
	robots_close(origin->robots);
	free(origin->given);
	free(origin->text);
	free(origin);
}

void origins_remove(struct origins *origins, struct origin *origin)
{
	struct origin **at =
		&origins->by_text[bytes_hash(bytes_of(origin->text)) % origins->places];
	while (*at != origin) {
		at = &(*at)->next_by_text;
	}
	*at = origin->next_by_text;
	at = &origins->by_id[origin->id % origins->places];
	while (*at != origin) {
		at = &(*at)->next_by_id;
	}
	*at = origin->next_by_id;
	origins->count--;
	close_origin(origin);
}

void origins_clear(struct origins *origins)
{
	for (size_t i = 0; i < origins->places; i++) {
		struct origin *origin = origins->by_id[i];
		while (origin != NULL) {
			struct origin *next = origin->next_by_id;
			close_origin(origin);
			origin = next;
		}
	}
	free(origins->by_text);
	free(origins->by_id);
	*origins = (struct origins){0};
}

struct queue *origin_queue(struct origin *origin, const struct visit *visit)
{
	return visit->kind == VISIT_PAGE ? &origin->pages : &origin->others;
}

bool origin_is_unused(const struct origin *origin)
{
	return origin->given_count == 0 && origin->in_flight == 0 && origin->delayed == NULL &&
	       origin->pages.first == NULL && origin->pages.in_state == 0 &&
	       origin->others.first == NULL && origin->others.in_state == 0;
}

static int slowdown_of(const struct origin *origin)
{
	return origin->slowdown > 1 ? origin->slowdown : 1;
}

int64_t origin_pause_ms(const struct origin *origin, int64_t wait_ms, int64_t max_crawl_delay_ms)
{
	int64_t delay_ms = origin->crawl_delay_ms;
	if (delay_ms > max_crawl_delay_ms) {
		delay_ms = max_crawl_delay_ms;
	}
	if (wait_ms < 0) {
		wait_ms = 2 * origin->response_ms;
		wait_ms = wait_ms < ORIGIN_PAUSE_MIN_MS   ? ORIGIN_PAUSE_MIN_MS
			  : wait_ms > ORIGIN_PAUSE_MAX_MS ? ORIGIN_PAUSE_MAX_MS
							  : wait_ms;
	}
	int64_t pause_ms = delay_ms > wait_ms ? delay_ms : wait_ms;
	if (slowdown_of(origin) == 1) {
		return pause_ms;
	}
	int64_t slow_ms = (pause_ms < ORIGIN_PAUSE_MIN_MS ? ORIGIN_PAUSE_MIN_MS : pause_ms) *
			  slowdown_of(origin);
	slow_ms = slow_ms < ORIGIN_SLOW_PAUSE_MAX_MS ? slow_ms : ORIGIN_SLOW_PAUSE_MAX_MS;
	return slow_ms > pause_ms ? slow_ms : pause_ms;
}

void origin_note_answer(struct origin *origin, bool is_busy)
{
	int slowdown = is_busy ? slowdown_of(origin) * 2 : slowdown_of(origin) / 2;
	origin->slowdown = slowdown < 1                     ? 1
			   : slowdown > ORIGIN_SLOWDOWN_MAX ? ORIGIN_SLOWDOWN_MAX
							    : slowdown;
}

int origin_jobs(const struct origin *origin, int per_host)
{
	int jobs = per_host / slowdown_of(origin);
	return jobs < 1 ? 1 : jobs;
}

bool origin_has_given(const struct origin *origin, uint64_t id)
{
	for (size_t i = 0; i < origin->given_count; i++) {
		if (origin->given[i] == id) {
			return true;
		}
	}
	return false;
}

void origin_give(struct origin *origin, const struct visit *visit)
{
	if (origin->given_count == origin->given_capacity) {
		origin->given_capacity = origin->given_capacity * 2 + 8;
		origin->given =
			alloc_resize(origin->given, origin->given_capacity, sizeof(uint64_t));
	}
	origin->given[origin->given_count++] = visit->id;
	origin->in_flight++;
	origin->pages_in_flight += visit->kind == VISIT_PAGE;
}

bool origin_take_back(struct origin *origin, uint64_t id)
{
	for (size_t i = 0; i < origin->given_count; i++) {
		if (origin->given[i] == id) {
			origin->given[i] = origin->given[--origin->given_count];
			return true;
		}
	}
	return false;
}

void origin_delay(struct origin *origin, struct visit *visit_take)
{
	struct visit **at = &origin->delayed;
	while (*at != NULL && (*at)->due_ms <= visit_take->due_ms) {
		at = &(*at)->next;
	}
	visit_take->next = *at;
	*at = visit_take;
	origin->delayed_count++;
}

bool origin_has_delayed(const struct origin *origin, uint64_t id)
{
	const struct visit *visit = origin->delayed;
	while (visit != NULL && visit->id != id) {
		visit = visit->next;
	}
	return visit != NULL;
}

bool origin_remove_delayed(struct origin *origin, uint64_t id)
{
	for (struct visit **at = &origin->delayed; *at != NULL; at = &(*at)->next) {
		if ((*at)->id == id) {
			struct visit *visit = *at;
			*at = visit->next;
			origin->delayed_count--;
			visit_close(visit);
			return true;
		}
	}
	return false;
}

void origin_release_delayed(struct origin *origin, int64_t now_ms)
{
	while (origin->delayed != NULL && origin->delayed->due_ms <= now_ms) {
		struct visit *visit = origin->delayed;
		origin->delayed = visit->next;
		origin->delayed_count--;
		queue_return(origin_queue(origin, visit), visit);
	}
}
