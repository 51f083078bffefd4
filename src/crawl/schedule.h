/* SPDX-License-Identifier: MIT */
/* schedule.h - which origin is looked at next: those that may have something, in turns; those that
 * wait for a moment, by time; those that wait for an event
 *
 * Each step costs the same whether ten origins wait or a hundred thousand. */
#ifndef CRAWL_SCHEDULE_H
#define CRAWL_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "crawl/origin.h"

struct origin_list {
	struct origin *first, *last;
	size_t count;
};

/* Zeroed is valid and empty. Origins are borrowed. */
struct schedule {
	struct origin_list ready, parked, idle;
	struct origin **heap; /* owned: waiting ones, the earliest first */
	size_t heap_count, heap_capacity;
};

void schedule_clear(struct schedule *schedule);
/* Something changed: the origin is looked at when its turn comes, behind those that are ready. */
void schedule_wake(struct schedule *schedule, struct origin *origin);
/* It has nothing before a moment (monotonic milliseconds). */
void schedule_wait(struct schedule *schedule, struct origin *origin, int64_t due_ms);
/* It has nothing until schedule_wake. */
void schedule_park(struct schedule *schedule, struct origin *origin);
/* Nothing is queued for it or under way. */
void schedule_idle(struct schedule *schedule, struct origin *origin);
/* It is nowhere any more. */
void schedule_remove(struct schedule *schedule, struct origin *origin);
/* Wakes those whose moment has come. */
void schedule_release(struct schedule *schedule, int64_t now_ms);
/* Wakes all that are parked, in their order. */
void schedule_wake_parked(struct schedule *schedule);
/* The moment of the earliest that waits, or INT64_MAX. */
int64_t schedule_due_ms(const struct schedule *schedule);

#endif
