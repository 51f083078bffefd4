/* SPDX-License-Identifier: MIT */
/* origin.c - what the frontier knows of one scheme, host and port */
#include "crawl/origin.h"

#include <stdlib.h>

#include "base/alloc.h"

#define PAUSE_MAX_MS 5000

struct origin *origins_find(const struct origins *origins, struct bytes text)
{
	struct origin *origin = origins->table[bytes_hash(text) % ORIGINS_TABLE_SIZE];
	while (origin != NULL && !bytes_equal(bytes_of(origin->text), text)) {
		origin = origin->next_in_table;
	}
	return origin;
}

struct origin *origins_add(struct origins *origins, uint64_t id, struct bytes text)
{
	struct origin *origin = ALLOC(struct origin);
	origin->id = id;
	origin->text = alloc_text(text.ptr, text.len);
	origin->robots_state = origins->needs_robots ? ROBOTS_UNKNOWN : ROBOTS_KNOWN;
	struct origin **slot = &origins->table[bytes_hash(text) % ORIGINS_TABLE_SIZE];
	origin->next_in_table = *slot;
	*slot = origin;
	if (origins->count == origins->capacity) {
		origins->capacity = origins->capacity * 2 + 16;
		origins->items =
			alloc_resize(origins->items, origins->capacity, sizeof(struct origin *));
	}
	origins->items[origins->count++] = origin;
	return origin;
}

struct origin *origins_by_id(const struct origins *origins, uint64_t id)
{
	/* Rows are numbered from 1 in order of appearance, except after a resume. */
	if (id > 0 && id <= origins->count && origins->items[id - 1]->id == id) {
		return origins->items[id - 1];
	}
	for (size_t i = 0; i < origins->count; i++) {
		if (origins->items[i]->id == id) {
			return origins->items[i];
		}
	}
	return NULL;
}

void origins_clear(struct origins *origins)
{
	for (size_t i = 0; i < origins->count; i++) {
		struct origin *origin = origins->items[i];
		queue_clear(&origin->pages);
		queue_clear(&origin->others);
		robots_close(origin->robots);
		free(origin->given);
		free(origin->text);
		free(origin);
	}
	free(origins->items);
	*origins = (struct origins){0};
}

struct queue *origin_queue(struct origin *origin, const struct visit *visit)
{
	return visit->kind == VISIT_PAGE ? &origin->pages : &origin->others;
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

void origin_give(struct origin *origin, uint64_t id)
{
	if (origin->given_count == origin->given_capacity) {
		origin->given_capacity = origin->given_capacity * 2 + 8;
		origin->given =
			alloc_resize(origin->given, origin->given_capacity, sizeof(uint64_t));
	}
	origin->given[origin->given_count++] = id;
	origin->in_flight++;
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

int64_t origin_pause_ms(const struct origin *origin, int64_t wait_ms, int64_t response_ms,
	int64_t max_crawl_delay_ms)
{
	int64_t delay_ms = robots_crawl_delay_ms(origin->robots);
	if (delay_ms > max_crawl_delay_ms) {
		delay_ms = max_crawl_delay_ms;
	}
	if (wait_ms < 0) {
		wait_ms = 2 * response_ms;
		wait_ms = wait_ms < ORIGIN_PAUSE_MIN_MS ? ORIGIN_PAUSE_MIN_MS
			  : wait_ms > PAUSE_MAX_MS      ? PAUSE_MAX_MS
							: wait_ms;
	}
	return delay_ms > wait_ms ? delay_ms : wait_ms;
}
