/* SPDX-License-Identifier: MIT */
/* intake.c - a window on a source */
#include "base/intake.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* First reads are short, for those who want one record; who reads on gets longer ones. With still
 * longer ones nothing is faster. */
#define READ_MIN_BYTES ((size_t)64 << 10)
#define READ_MAX_BYTES ((size_t)128 << 10)

struct intake {
	struct source *source; /* owned */
	uint64_t end_offset;   /* file offset of the byte after the window */
	size_t start, end;     /* of the window in `room`; what is before it is held until needed */
	size_t capacity;       /* most bytes of the window */
	size_t size;           /* bytes of `room` */
	size_t read_bytes;     /* of the next read */
	bool is_at_end;
	char *room; /* owned */
};

struct intake *intake_create(struct source *source_take, uint64_t offset, size_t capacity)
{
	struct intake *intake = ALLOC(struct intake);
	intake->source = source_take;
	intake->end_offset = offset;
	intake->capacity = capacity;
	intake->read_bytes = READ_MIN_BYTES < capacity ? READ_MIN_BYTES : capacity;
	return intake;
}

void intake_close(struct intake *intake)
{
	if (intake != NULL) {
		source_close(intake->source);
		free(intake->room);
		free(intake);
	}
}

struct bytes intake_window(const struct intake *intake)
{
	return bytes_from(intake->room + intake->start, intake->end - intake->start);
}

/* Room for a read that brings the window to `wanted` bytes or more. */
static void make_room(struct intake *intake, size_t wanted)
{
	size_t length = intake->end - intake->start;
	if (intake->start > 0 && intake->size - intake->end < intake->read_bytes) {
		memmove(intake->room, intake->room + intake->start, length);
		intake->start = 0;
		intake->end = length;
	}
	size_t needed = length + intake->read_bytes;
	needed = needed < intake->capacity ? needed : intake->capacity;
	needed = needed > wanted ? needed : wanted;
	if (intake->size < needed) {
		intake->size = needed;
		intake->room = alloc_resize(intake->room, intake->size, 1);
	}
}

int intake_fill(
	struct intake *intake, size_t wanted, struct bytes *window_out, struct flong_error *err)
{
	assert(wanted <= intake->capacity);
	while (intake->end - intake->start < wanted && !intake->is_at_end) {
		make_room(intake, wanted);
		size_t got;
		int rc = source_read(intake->source, intake->room + intake->end,
			intake->size - intake->end, &got, err);
		if (rc < 0) {
			return rc;
		}
		intake->end += got;
		intake->end_offset += got;
		intake->is_at_end = rc == FLONG_END;
		if (intake->read_bytes * 2 <= intake->capacity &&
			intake->read_bytes < READ_MAX_BYTES) {
			intake->read_bytes *= 2;
		}
	}
	*window_out = intake_window(intake);
	return FLONG_OK;
}

void intake_take(struct intake *intake, size_t count)
{
	assert(count <= intake->end - intake->start);
	intake->start += count;
}

uint64_t intake_offset(const struct intake *intake)
{
	return intake->end_offset - (intake->end - intake->start);
}

size_t intake_capacity(const struct intake *intake)
{
	return intake->capacity;
}

bool intake_is_at_end(const struct intake *intake)
{
	return intake->is_at_end;
}

int intake_move(struct intake *intake, uint64_t offset, struct flong_error *err)
{
	uint64_t held_from = intake->end_offset - intake->end;
	if (offset >= held_from && offset <= intake->end_offset) {
		intake->start = (size_t)(offset - held_from);
		return FLONG_OK;
	}
	int64_t by = (int64_t)(offset - intake->end_offset);
	int rc = source_seek(intake->source, by, err);
	if (rc == FLONG_OK) {
		intake->end_offset = offset;
		intake->start = 0;
		intake->end = 0;
		intake->is_at_end = false;
	}
	return rc;
}

int intake_move_near(struct intake *intake, uint64_t offset, struct flong_error *err)
{
	int rc = intake_move(intake, offset, err);
	if (rc != FLONG_E_UNSUPPORTED) {
		return rc;
	}
	struct bytes window;
	if (offset < intake->end_offset) {
		intake->start = 0;
		return FLONG_OK;
	}
	while (offset > intake->end_offset) {
		intake->start = intake->end;
		rc = intake_fill(intake, 1, &window, err);
		if (rc != FLONG_OK || window.len == 0) {
			return rc;
		}
	}
	return intake_move(intake, offset, err);
}
