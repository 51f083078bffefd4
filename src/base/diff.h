/* SPDX-License-Identifier: MIT */
/* diff.h - what was taken out of a sequence and put in, as few as can be found in bounded time
 *
 * The sequences are numbers: who compares texts gives equal pieces equal numbers. E. W. Myers, "An
 * O(ND) Difference Algorithm and Its Variations" (1986), in linear space. Where more than
 * LIMIT_DIFF_EDITS edits are needed between two places that agree, all between them counts as
 * replaced: time is bounded by the lengths times a constant, memory by the lengths. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `removed` items from `before` on became the `added` items from `after` on; one of the counts may
 * be 0. */
struct diff_change {
	size_t before, removed;
	size_t after, added;
};

/* Zeroed is valid and empty: no change. */
struct diff {
	struct diff_change *changes; /* owned; in order, with something that agrees between them */
	size_t count, capacity;
	bool is_rough; /* not the least: a limit was reached */
};

/* Compares; the caller clears *diff_out. Never fails. */
void diff_find(const uint64_t *before, size_t before_count, const uint64_t *after,
	size_t after_count, struct diff *diff_out);
void diff_clear(struct diff *diff);

#endif
