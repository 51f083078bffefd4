/* SPDX-License-Identifier: MIT */
/* members.c - what gzip members and zstd frames have in common */
#include "base/members.h"

#include "base/error.h"

/* Compressed bytes that a probe may look at. */
#define PROBE_BYTES ((size_t)4096)

/* Skips zero bytes: some tools pad files with them. */
static int skip_padding(struct members *members, struct flong_error *err)
{
	members->padding = 0;
	for (;;) {
		struct bytes window;
		int rc = intake_fill(members->intake, members->ops->magic.len, &window, err);
		if (rc != FLONG_OK || window.len == 0) {
			return rc == FLONG_OK ? FLONG_END : rc;
		}
		size_t zeros = 0;
		while (zeros < window.len && window.ptr[zeros] == '\0') {
			zeros++;
		}
		intake_take(members->intake, zeros);
		members->padding += zeros;
		if (zeros < window.len) {
			return FLONG_OK;
		}
	}
}

int members_next(struct members *members, struct flong_error *err)
{
	while (members->is_inside) {
		struct bytes view;
		int rc = members_view(members, &view, err);
		if (rc < 0) {
			return rc;
		}
	}
	int rc = skip_padding(members, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	if (members->padding > 0) {
		return error_set(err, FLONG_E_FORMAT, "no compressed member at offset %llu",
			(unsigned long long)(intake_offset(members->intake) - members->padding));
	}
	members->offset = intake_offset(members->intake);
	return members->ops->next(members, err);
}

int members_view(struct members *members, struct bytes *view_out, struct flong_error *err)
{
	*view_out = (struct bytes){NULL, 0};
	if (!members->is_inside) {
		return FLONG_END;
	}
	int rc = members->ops->view(members, view_out, err);
	if (rc == FLONG_END) {
		members->end = intake_offset(members->intake);
	}
	members->is_inside = rc == FLONG_OK;
	return rc;
}

/* Moves the window to the next place where the magic stands, with what follows it. FLONG_END when
 * there is none. */
static int find_magic(struct members *members, struct bytes *window_out, struct flong_error *err)
{
	struct bytes magic = members->ops->magic;
	for (;;) {
		int rc = intake_fill(members->intake, PROBE_BYTES, window_out, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		size_t at = bytes_find(*window_out, magic, 0);
		if (at == SIZE_MAX) {
			/* The magic may begin in the last bytes. */
			size_t kept = window_out->len < magic.len ? window_out->len : magic.len - 1;
			if (intake_is_at_end(members->intake)) {
				intake_take(members->intake, window_out->len);
				return FLONG_END;
			}
			intake_take(members->intake, window_out->len - kept);
			continue;
		}
		intake_take(members->intake, at);
		return intake_fill(members->intake, PROBE_BYTES, window_out, err);
	}
}

int members_find(struct members *members, uint64_t from, bool (*is_start)(struct bytes content),
	struct flong_error *err)
{
	char room[MEMBERS_START_BYTES];
	members->is_inside = false;
	int rc = intake_move_near(members->intake, from, err);
	while (rc == FLONG_OK) {
		struct bytes window;
		rc = find_magic(members, &window, err);
		if (rc != FLONG_OK) {
			return rc;
		}
		window = bytes_slice(window, 0, PROBE_BYTES);
		size_t length = members->ops->probe(members, window, room, sizeof(room));
		if (length > 0 && is_start(bytes_from(room, length))) {
			return FLONG_OK;
		}
		intake_take(members->intake, 1);
	}
	return rc;
}

void members_close(struct members *members)
{
	if (members != NULL) {
		struct intake *intake = members->intake;
		members->ops->close(members);
		intake_close(intake);
	}
}
