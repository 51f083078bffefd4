/* SPDX-License-Identifier: MIT */
/* intake.h - a window on a source: bytes that can be looked at before they are taken, and gone back
 * to
 *
 * The window holds what was read and not yet taken. It grows by reading on, up to its capacity. */
#ifndef BASE_INTAKE_H
#define BASE_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

struct intake;

/* Reads from `source` (taken), whose next byte has the given file offset. Never NULL. */
struct intake *intake_create(struct source *source_take, uint64_t offset, size_t capacity);
void intake_close(struct intake *intake);
SCOPED_CLOSE(struct intake *, intake_close)
/* Makes at least `wanted` bytes (at most the capacity) available, or all there are. The window is
 * borrowed until the next call that reads or moves. Empty only at the end of input. */
MUST_CHECK int intake_fill(
	struct intake *intake, size_t wanted, struct bytes *window_out, struct flong_error *err);
/* What is available without reading. Borrowed as above. */
struct bytes intake_window(const struct intake *intake);
/* Takes `count` bytes off the window's start; at most its length. */
void intake_take(struct intake *intake, size_t count);
/* File offset of the window's first byte. */
uint64_t intake_offset(const struct intake *intake);
/* Most bytes the window can hold. */
size_t intake_capacity(const struct intake *intake);
/* Whether the input ends with the window. */
bool intake_is_at_end(const struct intake *intake);
/* Makes `offset` the next byte: cheap where the bytes are still held, else the source is moved.
 * FLONG_E_UNSUPPORTED when it cannot be (a pipe); then nothing has changed. FLONG_E_IO. */
MUST_CHECK int intake_move(struct intake *intake, uint64_t offset, struct flong_error *err);
/* As intake_move, but a source that cannot be moved back is gone on with at the oldest byte that is
 * still held. */
MUST_CHECK int intake_move_near(struct intake *intake, uint64_t offset, struct flong_error *err);

#endif
