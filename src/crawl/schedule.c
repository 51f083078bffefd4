/* SPDX-License-Identifier: MIT */
/* schedule.c - which origin is looked at next */
#include "crawl/schedule.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

static void list_append(struct origin_list *list, struct origin *origin)
{
	origin->before = list->last;
	origin->after = NULL;
	*(list->last == NULL ? &list->first : &list->last->after) = origin;
	list->last = origin;
	list->count++;
}

static void list_remove(struct origin_list *list, struct origin *origin)
{
	*(origin->before == NULL ? &list->first : &origin->before->after) = origin->after;
	*(origin->after == NULL ? &list->last : &origin->after->before) = origin->before;
	origin->before = origin->after = NULL;
	list->count--;
}

static bool is_earlier(const struct origin *a, const struct origin *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->id < b->id;
}

static void heap_set(struct schedule *schedule, size_t at, struct origin *origin)
{
	schedule->heap[at] = origin;
	origin->heap_at = at;
}

static void heap_rise(struct schedule *schedule, size_t at, struct origin *origin)
{
	while (at > 0 && is_earlier(origin, schedule->heap[(at - 1) / 2])) {
		heap_set(schedule, at, schedule->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	heap_set(schedule, at, origin);
}

static void heap_sink(struct schedule *schedule, size_t at, struct origin *origin)
{
	for (;;) {
		size_t child = 2 * at + 1;
		if (child + 1 < schedule->heap_count &&
			is_earlier(schedule->heap[child + 1], schedule->heap[child])) {
			child++;
		}
		if (child >= schedule->heap_count || !is_earlier(schedule->heap[child], origin)) {
			break;
		}
		heap_set(schedule, at, schedule->heap[child]);
		at = child;
	}
	heap_set(schedule, at, origin);
}

static void heap_remove(struct schedule *schedule, const struct origin *origin)
{
	size_t at = origin->heap_at;
	struct origin *last = schedule->heap[--schedule->heap_count];
	if (last == origin) {
		return;
	}
	if (at > 0 && is_earlier(last, schedule->heap[(at - 1) / 2])) {
		heap_rise(schedule, at, last);
	} else {
		heap_sink(schedule, at, last);
	}
}

void schedule_clear(struct schedule *schedule)
{
	free(schedule->heap);
	*schedule = (struct schedule){0};
}

void schedule_remove(struct schedule *schedule, struct origin *origin)
{
	switch (origin->place) {
	case PLACE_NONE:
		break;
	case PLACE_READY:
		list_remove(&schedule->ready, origin);
		break;
	case PLACE_WAITING:
		heap_remove(schedule, origin);
		break;
	case PLACE_PARKED:
		list_remove(&schedule->parked, origin);
		break;
	case PLACE_IDLE:
		list_remove(&schedule->idle, origin);
		break;
	}
	origin->place = PLACE_NONE;
}

static void move_to(struct schedule *schedule, struct origin_list *list, struct origin *origin,
	enum origin_place place)
{
	schedule_remove(schedule, origin);
	list_append(list, origin);
	origin->place = place;
}

void schedule_wake(struct schedule *schedule, struct origin *origin)
{
	if (origin->place != PLACE_READY) {
		move_to(schedule, &schedule->ready, origin, PLACE_READY);
	}
}

void schedule_park(struct schedule *schedule, struct origin *origin)
{
	move_to(schedule, &schedule->parked, origin, PLACE_PARKED);
}

void schedule_idle(struct schedule *schedule, struct origin *origin)
{
	move_to(schedule, &schedule->idle, origin, PLACE_IDLE);
}

void schedule_wait(struct schedule *schedule, struct origin *origin, int64_t due_ms)
{
	schedule_remove(schedule, origin);
	if (schedule->heap_count == schedule->heap_capacity) {
		schedule->heap_capacity = schedule->heap_capacity * 2 + 16;
		schedule->heap = alloc_resize(
			schedule->heap, schedule->heap_capacity, sizeof(struct origin *));
	}
	origin->due_ms = due_ms;
	origin->place = PLACE_WAITING;
	schedule->heap_count++;
	heap_rise(schedule, schedule->heap_count - 1, origin);
}

void schedule_release(struct schedule *schedule, int64_t now_ms)
{
	while (schedule->heap_count > 0 && schedule->heap[0]->due_ms <= now_ms) {
		schedule_wake(schedule, schedule->heap[0]);
	}
}

void schedule_wake_parked(struct schedule *schedule)
{
	while (schedule->parked.first != NULL) {
		schedule_wake(schedule, schedule->parked.first);
	}
}

int64_t schedule_due_ms(const struct schedule *schedule)
{
	return schedule->heap_count == 0 ? INT64_MAX : schedule->heap[0]->due_ms;
}
