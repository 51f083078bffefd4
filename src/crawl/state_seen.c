/* SPDX-License-Identifier: MIT */
/* state_seen.c - which visit has a URL
 *
 * Visits are stored in the order in which they are found, without an index over their URLs: `seen`
 * names the rows to compare. What it needs to be made again is kept as it comes, twelve bytes a
 * visit (hash and row, little endian) in the table `keys`, written with the visits they belong to.
 */
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "crawl/state_private.h"

#define ENTRY_BYTES ((size_t)12)
/* Entries are written in pieces of at most this size, and at every commit. */
#define PENDING_BYTES ((size_t)48 << 10)

static void put_entry(struct buf *entries, uint64_t hash, uint32_t row)
{
	char entry[ENTRY_BYTES];
	for (size_t i = 0; i < ENTRY_BYTES; i++) {
		uint64_t value = i < 8 ? hash >> (8 * i) : (uint64_t)row >> (8 * (i - 8));
		entry[i] = (char)(value & 0xff);
	}
	buf_add(entries, bytes_from(entry, ENTRY_BYTES));
}

static uint64_t get_number(const char *bytes, size_t count)
{
	uint64_t value = 0;
	for (size_t i = 0; i < count; i++) {
		value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
	}
	return value;
}

int state_seen_flush(struct state *state, struct flong_error *err)
{
	if (state->keys.len == 0) {
		return FLONG_OK;
	}
	state_bind_blob(state_ready(state, ADD_KEYS), 1, buf_bytes(&state->keys));
	int rc = state_run(state, ADD_KEYS, err);
	buf_reset(&state->keys);
	return rc;
}

static uint64_t last_row(struct state *state)
{
	sqlite3_stmt *s = state_ready(state, LAST_VISIT);
	uint64_t row = sqlite3_step(s) == SQLITE_ROW ? state_column_u64(s, 0) : 0;
	(void)sqlite3_reset(s);
	return row;
}

/* Fills the table from the stored entries. */
static int load_keys(struct state *state, uint64_t rows, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, EACH_KEYS);
	seen_grow(state->seen, rows);
	int step = SQLITE_ROW;
	while ((step = sqlite3_step(s)) == SQLITE_ROW) {
		struct bytes entries = state_column_bytes(s, 0);
		for (size_t at = 0; at + ENTRY_BYTES <= entries.len; at += ENTRY_BYTES) {
			uint64_t row = get_number(entries.ptr + at + 8, 4);
			if (row > 0 && row <= rows && !seen_is_full(state->seen)) {
				seen_add(state->seen, get_number(entries.ptr + at, 8),
					(uint32_t)row);
			}
		}
	}
	(void)sqlite3_reset(s);
	return step == SQLITE_DONE ? FLONG_OK : state_fail(state, "cannot be read", err);
}

/* Makes the entries anew from the visits: those of an older version have none. */
static int make_keys(struct state *state, uint64_t rows, struct flong_error *err)
{
	seen_grow(state->seen, rows);
	buf_reset(&state->keys);
	int rc = state_run(state, CLEAR_KEYS, err);
	sqlite3_stmt *s = state_ready(state, EACH_URL);
	while (rc == FLONG_OK && sqlite3_step(s) == SQLITE_ROW) {
		uint64_t hash = seen_hash(state->seen_key, state_column_bytes(s, 1));
		rc = state_seen_note(state, hash, state_column_u64(s, 0), err);
	}
	if (sqlite3_reset(s) != SQLITE_OK && rc == FLONG_OK) {
		return state_fail(state, "cannot be read", err);
	}
	return rc == FLONG_OK ? state_seen_flush(state, err) : rc;
}

int state_seen_open(struct state *state, struct flong_error *err)
{
	SCOPED(buf_clear) struct buf key = {0};
	int rc = state_get(state, "seen-key", &key, err);
	if (rc == FLONG_OK && key.len == SEEN_KEY_BYTES) {
		memcpy(state->seen_key, key.ptr, SEEN_KEY_BYTES);
	} else if (rc == FLONG_OK || rc == FLONG_E_NOT_FOUND) {
		digest_random(state->seen_key, SEEN_KEY_BYTES);
		rc = state_set(state, "seen-key",
			bytes_from((const char *)state->seen_key, SEEN_KEY_BYTES), err);
		if (rc == FLONG_OK) {
			rc = state_run(state, CLEAR_KEYS, err);
		}
	}
	if (rc < 0) {
		return rc;
	}
	state->seen = seen_create();
	uint64_t rows = last_row(state);
	rc = load_keys(state, rows, err);
	if (rc == FLONG_OK && seen_count(state->seen) != rows) {
		rc = make_keys(state, rows, err);
	}
	return rc;
}

int state_seen_note(struct state *state, uint64_t hash, uint64_t row, struct flong_error *err)
{
	if (row > UINT32_MAX) {
		return error_set(err, FLONG_E_LIMIT, "crawl state: more URLs than it can hold");
	}
	if (seen_is_full(state->seen)) {
		int rc = state_seen_flush(state, err);
		if (rc == FLONG_OK) {
			rc = load_keys(state, seen_count(state->seen), err);
		}
		if (rc < 0) {
			return rc;
		}
	}
	seen_add(state->seen, hash, (uint32_t)row);
	put_entry(&state->keys, hash, (uint32_t)row);
	return state->keys.len >= PENDING_BYTES ? state_seen_flush(state, err) : FLONG_OK;
}

int state_seen_find(struct state *state, struct bytes url, uint64_t hash,
	struct state_known *known_out, struct flong_error *err)
{
	sqlite3_stmt *s = state_ready(state, GET_KNOWN);
	struct seen_search search = {0};
	known_out->id = 0;
	for (uint32_t row = seen_next(state->seen, hash, &search); row != 0;
		row = seen_next(state->seen, hash, &search)) {
		state_bind_u64(s, 1, row);
		int step = sqlite3_step(s);
		bool is_same = step == SQLITE_ROW && bytes_equal(state_column_bytes(s, 0), url);
		if (is_same) {
			*known_out = (struct state_known){
				.id = row,
				.kind = (enum visit_kind)sqlite3_column_int(s, 1),
				.state = (enum visit_state)sqlite3_column_int(s, 2),
				.is_speculative = sqlite3_column_int(s, 3) != 0,
			};
		}
		(void)sqlite3_reset(s);
		if (step != SQLITE_ROW) {
			return state_fail(state, "lost a visit", err);
		}
		if (is_same) {
			break;
		}
	}
	return FLONG_OK;
}

int state_has_visit(struct state *state, struct bytes url, bool *found_out, struct flong_error *err)
{
	struct state_known known = {0};
	int rc = state_seen_find(state, url, seen_hash(state->seen_key, url), &known, err);
	*found_out = known.id != 0 && known.state != VISIT_SKIPPED;
	return rc;
}

int state_seen_reset(struct state *state, struct flong_error *err)
{
	buf_reset(&state->keys);
	seen_grow(state->seen, 0);
	return state_run(state, CLEAR_KEYS, err);
}
