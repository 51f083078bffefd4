/* SPDX-License-Identifier: MIT */
/* diff.c - what was taken out of a sequence and put in */
#include "base/diff.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/scoped.h"

/* Boxes that wait: each holds half the edits of the one it was cut from, so that 64 are never
 * reached. */
#define STACK_MAX 64
/* A diagonal that no path has reached. */
#define NOWHERE (-1)

/* Part of both sequences; ends are exclusive. */
struct box {
	size_t before, before_end, after, after_end;
};

/* What both halves of a shortest path have in common: from the first corner to the second. */
struct snake {
	size_t before, after, before_end, after_end;
};

struct search {
	const uint64_t *before, *after;
	bool *is_removed, *is_added; /* owned: of each item */
	/* Farthest place on each diagonal, from both ends; the middle is diagonal 0. */
	ptrdiff_t *forward, *backward;
	bool is_rough;
};

static void mark(struct search *search, const struct box *box)
{
	for (size_t i = box->before; i < box->before_end; i++) {
		search->is_removed[i] = true;
	}
	for (size_t i = box->after; i < box->after_end; i++) {
		search->is_added[i] = true;
	}
}

/* Takes off what both begin and end with. */
static void trim(const struct search *search, struct box *box)
{
	while (box->before < box->before_end && box->after < box->after_end &&
		search->before[box->before] == search->after[box->after]) {
		box->before++;
		box->after++;
	}
	while (box->before < box->before_end && box->after < box->after_end &&
		search->before[box->before_end - 1] == search->after[box->after_end - 1]) {
		box->before_end--;
		box->after_end--;
	}
}

/* One more edit on diagonal `k`: the farthest place to go on from, or NOWHERE. */
static ptrdiff_t step(
	const ptrdiff_t *reached, ptrdiff_t k, ptrdiff_t edits, ptrdiff_t width, ptrdiff_t height)
{
	if (edits == 0) {
		return 0;
	}
	ptrdiff_t best = NOWHERE;
	if (k + 1 <= edits - 1 && reached[k + 1] != NOWHERE && reached[k + 1] - k <= height) {
		best = reached[k + 1];
	}
	if (k - 1 >= 1 - edits && reached[k - 1] != NOWHERE && reached[k - 1] + 1 <= width &&
		reached[k - 1] + 1 > best) {
		best = reached[k - 1] + 1;
	}
	return best;
}

/* Whether the items agree that stand `x` and `y` from the beginning, or the end, of the box. */
static bool agree(
	const struct search *search, const struct box *box, bool forward, ptrdiff_t x, ptrdiff_t y)
{
	size_t i = forward ? box->before + (size_t)x : box->before_end - 1 - (size_t)x;
	size_t j = forward ? box->after + (size_t)y : box->after_end - 1 - (size_t)y;
	return search->before[i] == search->after[j];
}

/* Goes one edit further from one end of the box. True when the paths from both ends meet. */
static bool advance(struct search *search, const struct box *box, bool forward, ptrdiff_t edits,
	struct snake *snake_out)
{
	ptrdiff_t width = (ptrdiff_t)(box->before_end - box->before);
	ptrdiff_t height = (ptrdiff_t)(box->after_end - box->after);
	ptrdiff_t delta = width - height;
	ptrdiff_t *own = forward ? search->forward : search->backward;
	const ptrdiff_t *other = forward ? search->backward : search->forward;
	/* The other end has made as many edits, or one less while this is the first to go. */
	ptrdiff_t other_edits = forward ? edits - 1 : edits;
	bool can_meet = ((delta & 1) != 0) == forward;
	for (ptrdiff_t k = -edits; k <= edits; k += 2) {
		ptrdiff_t from =
			k < -height || k > width ? NOWHERE : step(own, k, edits, width, height);
		ptrdiff_t x = from;
		while (x != NOWHERE && x < width && x - k < height &&
			agree(search, box, forward, x, x - k)) {
			x++;
		}
		own[k] = x;
		ptrdiff_t facing = delta - k;
		if (x == NOWHERE || !can_meet || facing < -other_edits || facing > other_edits ||
			other[facing] == NOWHERE || x + other[facing] < width) {
			continue;
		}
		ptrdiff_t ends[2] = {forward ? from : width - x, forward ? x : width - from};
		ptrdiff_t across = forward ? k : delta - k;
		*snake_out = (struct snake){
			.before = box->before + (size_t)ends[0],
			.after = box->after + (size_t)(ends[0] - across),
			.before_end = box->before + (size_t)ends[1],
			.after_end = box->after + (size_t)(ends[1] - across),
		};
		return true;
	}
	return false;
}

/* The middle of a shortest path through the box; false: it has too many edits. */
static bool find_middle(struct search *search, const struct box *box, struct snake *snake_out)
{
	for (ptrdiff_t edits = 0; edits <= LIMIT_DIFF_EDITS / 2; edits++) {
		if (advance(search, box, true, edits, snake_out) ||
			advance(search, box, false, edits, snake_out)) {
			return true;
		}
	}
	return false;
}

static void compare(struct search *search, struct box whole)
{
	struct box stack[STACK_MAX];
	size_t count = 0;
	stack[count++] = whole;
	while (count > 0) {
		struct box box = stack[--count];
		struct snake snake;
		trim(search, &box);
		if (box.before == box.before_end || box.after == box.after_end) {
			mark(search, &box);
		} else if (count + 2 > STACK_MAX || !find_middle(search, &box, &snake)) {
			mark(search, &box);
			search->is_rough = true;
		} else {
			stack[count++] =
				(struct box){box.before, snake.before, box.after, snake.after};
			stack[count++] = (struct box){
				snake.before_end, box.before_end, snake.after_end, box.after_end};
		}
	}
}

static void add_change(struct diff *diff, const struct diff_change *change)
{
	if (diff->count == diff->capacity) {
		diff->capacity = diff->capacity == 0 ? 16 : 2 * diff->capacity;
		diff->changes =
			alloc_resize(diff->changes, diff->capacity, sizeof(struct diff_change));
	}
	diff->changes[diff->count++] = *change;
}

static void collect(
	const struct search *search, size_t before_count, size_t after_count, struct diff *diff)
{
	size_t i = 0;
	size_t j = 0;
	while (i < before_count || j < after_count) {
		struct diff_change change = {.before = i, .after = j};
		for (; i < before_count && search->is_removed[i]; i++) {
			change.removed++;
		}
		for (; j < after_count && search->is_added[j]; j++) {
			change.added++;
		}
		if (change.removed + change.added > 0) {
			add_change(diff, &change);
		}
		i++;
		j++;
	}
}

void diff_find(const uint64_t *before, size_t before_count, const uint64_t *after,
	size_t after_count, struct diff *diff_out)
{
	size_t room = 2 * (size_t)LIMIT_DIFF_EDITS + 1;
	ptrdiff_t *forward = ALLOC_ARRAY(ptrdiff_t, room);
	ptrdiff_t *backward = ALLOC_ARRAY(ptrdiff_t, room);
	struct search search = {
		.before = before,
		.after = after,
		.is_removed = ALLOC_ARRAY(bool, before_count + 1),
		.is_added = ALLOC_ARRAY(bool, after_count + 1),
		.forward = forward + LIMIT_DIFF_EDITS,
		.backward = backward + LIMIT_DIFF_EDITS,
	};
	*diff_out = (struct diff){0};
	compare(&search, (struct box){0, before_count, 0, after_count});
	collect(&search, before_count, after_count, diff_out);
	diff_out->is_rough = search.is_rough;
	free(search.is_removed);
	free(search.is_added);
	free(forward);
	free(backward);
}

void diff_clear(struct diff *diff)
{
	free(diff->changes);
	*diff = (struct diff){0};
}
