/* SPDX-License-Identifier: MIT */
/* queue.h - visits of one origin that wait, the first of them in memory
 *
 * The state has all of them; here are those that are due next. */
#ifndef CRAWL_QUEUE_H
#define CRAWL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crawl/visit.h"

/* Visits in order: by depth, so that none waits behind a page of a later round, then by rank. Those
 * that there is no room for stay in the state until the queue has run empty; they do not go before
 * those in memory. */
struct queue {
	struct visit *first, *last; /* owned chain */
	size_t in_memory;
	uint64_t in_state; /* queued in the state only */
	size_t *held;      /* borrowed: visits in memory of all queues together; may be NULL */
};

/* Takes a visit that the state has as queued: into memory, if that has less than `room`, or it is
 * left to the state. */
void queue_add(struct queue *queue, struct visit *visit_take, size_t room);
/* Appends one that was left to the state. Takes it. */
void queue_append(struct queue *queue, struct visit *visit_take);
/* Takes one that had its turn and is due again: in front of those of its depth. */
void queue_return(struct queue *queue, struct visit *visit_take);
/* Takes the visit with this id out; it is left where it is when it is not in memory. */
bool queue_remove(struct queue *queue, uint64_t id);
/* The first, the caller's now; NULL when none is in memory. */
struct visit *queue_pop(struct queue *queue);
/* Leaves to the state what it knows as well: visits that were not tried yet. */
void queue_forget(struct queue *queue);
void queue_clear(struct queue *queue);

#endif
