/* SPDX-License-Identifier: MIT */
/* queue.c - visits of one origin that wait, the first of them in memory */
#include "crawl/queue.h"

static void count_in(struct queue *queue)
{
	queue->in_memory++;
	if (queue->held != NULL) {
		++*queue->held;
	}
}

static void count_out(struct queue *queue)
{
	queue->in_memory--;
	if (queue->held != NULL) {
		--*queue->held;
	}
}

void queue_append(struct queue *queue, struct visit *visit)
{
	visit->next = NULL;
	if (queue->last == NULL) {
		queue->first = visit;
	} else {
		queue->last->next = visit;
	}
	queue->last = visit;
	count_in(queue);
}

/* Under 0 when `a` goes before `b`; requisites have no rank here. */
static int compare(const struct visit *a, const struct visit *b)
{
	return a->depth != b->depth ? a->depth - b->depth : a->rank - b->rank;
}

/* Puts a visit behind all that it does not go before. */
static void insert(struct queue *queue, struct visit *visit)
{
	struct visit **at = &queue->first;
	while (*at != NULL && compare(*at, visit) <= 0) {
		at = &(*at)->next;
	}
	visit->next = *at;
	*at = visit;
	if (visit->next == NULL) {
		queue->last = visit;
	}
	count_in(queue);
}

/* Whether a visit is known whole only here: the state has neither the tries of one that was tried,
 * nor whom the redirected robots.txt is for. */
static bool must_stay(const struct visit *visit)
{
	return visit->tries > 0 || visit->robots_for != 0;
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
	count_out(queue);
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
		count_out(queue);
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
			count_out(queue);
			visit_close(visit);
			return true;
		}
		before = visit;
	}
	return false;
}

void queue_forget(struct queue *queue)
{
	struct visit *visit = queue->first;
	queue->first = queue->last = NULL;
	while (visit != NULL) {
		struct visit *next = visit->next;
		count_out(queue);
		if (must_stay(visit)) {
			queue_append(queue, visit);
		} else {
			visit_close(visit);
			queue->in_state++;
		}
		visit = next;
	}
}

void queue_clear(struct queue *queue)
{
	for (struct visit *visit = queue_pop(queue); visit != NULL; visit = queue_pop(queue)) {
		visit_close(visit);
	}
}

void queue_add(struct queue *queue, struct visit *visit_take, size_t room)
{
	bool is_full = queue->in_state > 0 || queue->in_memory >= room;
	bool goes_before = visit_take->kind == VISIT_PAGE && queue->last != NULL &&
			   compare(visit_take, queue->last) < 0;
	if (goes_before) {
		insert(queue, visit_take);
		if (queue->in_memory > room && !must_stay(queue->last)) {
			forget_last(queue);
		}
	} else if (is_full && !must_stay(visit_take)) {
		queue->in_state++;
		visit_close(visit_take);
	} else if (visit_take->kind == VISIT_PAGE) {
		insert(queue, visit_take);
	} else {
		queue_append(queue, visit_take);
	}
}

void queue_return(struct queue *queue, struct visit *visit_take)
{
	struct visit **at = &queue->first;
	while (*at != NULL && (*at)->depth < visit_take->depth) {
		at = &(*at)->next;
	}
	visit_take->next = *at;
	*at = visit_take;
	if (visit_take->next == NULL) {
		queue->last = visit_take;
	}
	count_in(queue);
}
