/* SPDX-License-Identifier: MIT */
/* state_tally.c - what is counted by name in a run, and what was skipped by reason */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/scoped.h"
#include "crawl/state_private.h"

/* A name is kept as its hash of 64 bits: two of a million names are one in forty million crawls. */
static void bind_name(struct state *state, enum statement which, struct bytes name)
{
	state_bind_u64(state_ready(state, which), 1, seen_hash(state->seen_key, name));
}

int state_tally(
	struct state *state, struct bytes name, uint64_t *count_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_TALLY);
	bind_name(state, GET_TALLY, name);
	int step = sqlite3_step(s);
	*count_out = step == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	return step == SQLITE_ROW || step == SQLITE_DONE ? FLONG_OK
							 : state_fail(state, "cannot be read", err);
}

int state_tally_add(struct state *state, struct bytes name, struct flong_error *err)
{
	bind_name(state, ADD_TALLY, name);
	return state_run(state, ADD_TALLY, err);
}

struct reason {
	char *text; /* owned */
	uint64_t count;
};

/* Reasons are rules of ours: few, however many URLs they are given for. */
struct reasons {
	struct reason *items; /* owned */
	size_t count;
};

static void reasons_clear(struct reasons *reasons)
{
	for (size_t i = 0; i < reasons->count; i++) {
		free(reasons->items[i].text);
	}
	free(reasons->items);
}

static void count_reason(struct reasons *reasons, struct bytes text)
{
	size_t i = 0;
	while (i < reasons->count && !bytes_equal(bytes_of(reasons->items[i].text), text)) {
		i++;
	}
	if (i == reasons->count) {
		reasons->items =
			alloc_resize(reasons->items, reasons->count + 1, sizeof(*reasons->items));
		reasons->items[reasons->count++] =
			(struct reason){alloc_text(text.ptr, text.len), 0};
	}
	reasons->items[i].count++;
}

static int by_text(const void *a, const void *b)
{
	const struct reason *left = a;
	const struct reason *right = b;
	return strcmp(left->text, right->text);
}

int state_each_reason(struct state *state, const char *prefix,
	void (*each)(void *, struct bytes, uint64_t), void *context, struct flong_error *err)
{
	SCOPED(reasons_clear) struct reasons reasons = {0};
	sqlite3_stmt *s = state_ready(state, EACH_REASON);
	state_bind_bytes(s, 1, bytes_of(prefix));
	while (sqlite3_step(s) == SQLITE_ROW) {
		count_reason(&reasons, state_column_bytes(s, 0));
	}
	if (sqlite3_reset(s) != SQLITE_OK) {
		return state_fail(state, "cannot be read", err);
	}
	if (reasons.count > 0) {
		qsort(reasons.items, reasons.count, sizeof(*reasons.items), by_text);
	}
	for (size_t i = 0; i < reasons.count; i++) {
		each(context, bytes_of(reasons.items[i].text), reasons.items[i].count);
	}
	return FLONG_OK;
}
