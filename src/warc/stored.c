/* SPDX-License-Identifier: MIT */
/* stored.c - a WARC or ARC file as one stream of unpacked bytes */
#include "warc/stored.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/zstd.h"
#include "warc/arc.h"
#include "warc/sniff.h"

static void open_members(struct stored *stored)
{
	if (stored->form != READER_PLAIN) {
		stored->members = stored->form == READER_GZIP ? gunzip_open(stored->intake)
							      : zstd_open(stored->intake);
		stored->members->length_of = sniff_record_length;
	}
}

/* Where the first record of this form is in `window`; SIZE_MAX when there is none. */
static size_t find_in_window(struct bytes window, enum reader_form form)
{
	struct flong_error ignored;
	struct stored part = {.form = form};
	part.intake = intake_create(source_from_bytes(window), 0, LIMIT_STORED_WINDOW_BYTES);
	open_members(&part);
	size_t found = SIZE_MAX;
	if (stored_find(&part, 0, false, false, &ignored) == FLONG_OK) {
		found = (size_t)intake_offset(part.intake);
	}
	stored_clear(&part);
	return found;
}

/* A file may be damaged in its first bytes: looks for a record of any form in what fits the window.
 * False when there is none. */
static bool find_lost_start(struct stored *stored)
{
	struct flong_error ignored;
	struct bytes window;
	size_t first = SIZE_MAX;
	if (intake_fill(stored->intake, LIMIT_STORED_WINDOW_BYTES, &window, &ignored) < 0) {
		return false;
	}
	for (int form = READER_PLAIN; form <= READER_ZSTD; form++) {
		size_t at = find_in_window(window, (enum reader_form)form);
		if (at < first) {
			first = at;
			stored->form = (enum reader_form)form;
		}
	}
	return first != SIZE_MAX;
}

int stored_open(
	struct stored *stored, struct source *source_take, uint64_t offset, struct flong_error *err)
{
	struct bytes start;
	*stored = (struct stored){.form = READER_PLAIN};
	stored->intake = intake_create(source_take, offset, LIMIT_STORED_WINDOW_BYTES);
	int rc = intake_fill(stored->intake, SNIFF_BYTES, &start, err);
	if (rc == FLONG_OK) {
		rc = sniff_form(start, offset, &stored->form, err);
	}
	if (rc == FLONG_E_FORMAT && find_lost_start(stored)) {
		stored->is_lost = true;
		rc = FLONG_OK;
	}
	if (rc == FLONG_OK) {
		open_members(stored);
	}
	return rc;
}

void stored_clear(struct stored *stored)
{
	if (stored->members != NULL) {
		members_close(stored->members);
	} else {
		intake_close(stored->intake);
	}
	free(stored->kept);
}

uint64_t stored_plain_offset(const struct stored *stored)
{
	return intake_offset(stored->intake) + stored->viewed - stored->window.len;
}

/* Makes room for `count` more bytes behind the window, which moves into `kept`. */
static void keep_window(struct stored *stored, size_t count)
{
	struct bytes window = stored->window;
	bool is_kept = stored->kept != NULL && window.ptr >= stored->kept &&
		       window.ptr < stored->kept + stored->kept_size;
	size_t at = is_kept ? (size_t)(window.ptr - stored->kept) : 0;
	if (at + window.len + count > stored->kept_size) {
		if (is_kept) {
			memmove(stored->kept, window.ptr, window.len);
		}
		at = 0;
		size_t needed = window.len + count;
		if (needed > stored->kept_size) {
			stored->kept_size = needed + needed / 2;
			stored->kept = alloc_resize(stored->kept, stored->kept_size, 1);
		}
	}
	if (!is_kept && window.ptr != NULL && stored->kept != NULL) {
		memcpy(stored->kept, window.ptr, window.len);
	}
	stored->window = bytes_from(stored->kept + at, window.len);
}

static int view_plain(struct stored *stored, struct bytes *view_out, struct flong_error *err)
{
	intake_take(stored->intake, stored->viewed);
	stored->viewed = 0;
	int rc = intake_fill(stored->intake, 1, view_out, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	stored->viewed = view_out->len;
	return view_out->len > 0 ? FLONG_OK : FLONG_END;
}

int stored_fill(struct stored *stored, struct flong_error *err)
{
	struct bytes view = {NULL, 0};
	bool is_empty = stored->window.len == 0;
	int rc = FLONG_END;
	if (!is_empty) {
		keep_window(stored, 0); /* what gave it takes it back now */
	}
	if (stored->members == NULL) {
		rc = view_plain(stored, &view, err);
	} else if (stored->in_member) {
		rc = members_view(stored->members, &view, err);
		stored->in_member = rc == FLONG_OK;
		stored->has_bytes = stored->has_bytes || view.len > 0;
	}
	if (is_empty) {
		stored->window = view;
	} else if (view.len > 0) {
		keep_window(stored, view.len);
		char *end = stored->kept + (stored->window.ptr - stored->kept) + stored->window.len;
		memcpy(end, view.ptr, view.len);
		stored->window.len += view.len;
	}
	return rc;
}

/* The length of what stands before the next place in `window` where a record may begin: for a WARC
 * anywhere, because damage does not end with a line, for an ARC file at a line. */
static size_t length_before_start(struct bytes window, bool is_arc)
{
	if (!is_arc) {
		return bytes_find(window, BYTES("WARC/"), 1);
	}
	size_t feed = bytes_find_char(window, '\n', 0);
	return feed == SIZE_MAX ? feed : feed + 1;
}

/* Plain: looks for the head of a record, from where the intake stands. */
static int find_plain(struct stored *stored, bool is_arc, bool in_line, struct flong_error *err)
{
	enum { WORD = 5 }; /* "WARC/" may begin in the window's last bytes */
	for (;;) {
		struct bytes window;
		int rc = intake_fill(stored->intake, SNIFF_BYTES, &window, err);
		if (rc != FLONG_OK || window.len == 0) {
			return rc == FLONG_OK ? FLONG_END : rc;
		}
		if (!in_line && (is_arc ? arc_head_length(window) > 0 : sniff_is_warc(window))) {
			return FLONG_OK;
		}
		in_line = false;
		size_t before = length_before_start(window, is_arc);
		if (before == SIZE_MAX) {
			bool is_at_end = intake_is_at_end(stored->intake);
			before =
				is_at_end || window.len < WORD ? window.len : window.len - WORD + 1;
		}
		intake_take(stored->intake, before);
	}
}

int stored_next(struct stored *stored, struct flong_error *err)
{
	int rc = members_next(stored->members, err);
	if (rc == FLONG_OK) {
		stored->in_member = true;
		stored->has_bytes = false;
		stored->is_begun = true;
	}
	return rc;
}

int stored_find(
	struct stored *stored, uint64_t from, bool is_arc, bool in_line, struct flong_error *err)
{
	stored->window = (struct bytes){NULL, 0};
	stored->viewed = 0;
	stored->in_member = false;
	stored->has_bytes = true; /* or a member that was left would count as empty */
	if (stored->members != NULL) {
		return members_find(stored->members, from, sniff_is_record, err);
	}
	int rc = intake_move_near(stored->intake, from, err);
	return rc == FLONG_OK ? find_plain(stored, is_arc, in_line, err) : rc;
}
