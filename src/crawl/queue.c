/* SPDX-License-Identifier: MIT */
/* queue.c - visits of one origin that wait, the first of them in memory */
#include "crawl/queue.h"

void queue_append(struct queue *queue, struct visit *visit)
{
	visit->next = NULL;
	if (queue->last == NULL) {
		queue->first = visit;
	} else {
		queue->last->next = visit;
	}
	queue->last = visit;
	queue->in_memory++;
}

/* Puts a visit behind those of smaller depth, and in front of or behind those of the same. */
static void insert(struct queue *queue, struct visit *visit, bool in_front)
{
	struct visit **at = &queue->first;
	while (*at != NULL &&
		(in_front ? (*at)->depth < visit->depth : (*at)->depth <= visit->depth)) {
		at = &(*at)->next;
	}
	visit->next = *at;
	*at = visit;
	if (visit->next == NULL) {
		queue->last = visit;
	}
	queue->in_memory++;
}

/* Leaves the last visit to the state. */
static void forget_last(struct queue *queue)
{
	struct visit **at = &queue->first;
	struct visit *before = NULL;
	while ((*at)->next != NULL) {
		before = *at;
		at = &(*at)->next;
	}
	visit_close(*at);
	*at = NULL;
	queue->last = before;
	queue->in_memory--;
	queue->in_state++;
}

struct visit *queue_pop(struct queue *queue)
{
	struct visit *visit = queue->first;
	if (visit != NULL) {
		queue->first = visit->next;
		if (queue->first == NULL) {
			queue->last = NULL;
		}
		queue->in_memory--;
		visit->next = NULL;
	}
	return visit;
}

bool queue_remove(struct queue *queue, uint64_t id)
{
	struct visit *before = NULL;
	for (struct visit *visit = queue->first; visit != NULL; visit = visit->next) {
		if (visit->id == id) {
			*(before == NULL ? &queue->first : &before->next) = visit->next;
			queue->last = queue->last == visit ? before : queue->last;
			queue->in_memory--;
			visit_close(visit);
			return true;
		}
		before = visit;
	}
	return false;
}

void queue_clear(struct queue *queue)
{
	for (struct visit *visit = queue_pop(queue); visit != NULL; visit = queue_pop(queue)) {
		visit_close(visit);
	}
}

void queue_add(struct queue *queue, struct visit *visit_take)
{
	bool is_full = queue->in_state > 0 || queue->in_memory >= QUEUE_MEMORY;
	bool goes_before = visit_take->kind == VISIT_PAGE && queue->last != NULL &&
			   visit_take->depth < queue->last->depth;
	if (is_full && !goes_before) {
		queue->in_state++;
		visit_close(visit_take);
	} else if (goes_before) {
		insert(queue, visit_take, false);
		if (queue->in_memory > QUEUE_MEMORY) {
			forget_last(queue);
		}
	} else {
		queue_append(queue, visit_take);
	}
}

void queue_return(struct queue *queue, struct visit *visit_take)
{
	insert(queue, visit_take, true);
}
