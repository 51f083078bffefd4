/* SPDX-License-Identifier: MIT */
/* ahead.c - a source that is read ahead of its reader, by a thread of its own
 *
 * Two pieces go round: one is given to the reader, the other one is filled meanwhile. As there is
 * one thread they are filled, and come back, in the order of their bytes. */
#include "base/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/workers.h"

struct piece {
	struct worker_job job; /* first: the workers' */
	struct ahead *ahead;
	size_t length, given;
	int rc; /* of the read after these bytes; FLONG_OK when the piece is full */
	struct flong_error failure;
	char bytes[LIMIT_AHEAD_BYTES];
};

struct ahead {
	struct source source;
	struct source *inner;    /* owned; the thread's while a piece is filled */
	struct workers *workers; /* owned; NULL before the first read */
	struct piece *piece;     /* that the reader has; owned, as are those on their way */
};

static void fill(struct worker_job *job, size_t thread)
{
	(void)thread;
	struct piece *piece = (struct piece *)job;
	piece->length = piece->given = 0;
	piece->rc = FLONG_OK;
	while (piece->rc == FLONG_OK && piece->length < LIMIT_AHEAD_BYTES) {
		size_t got = 0;
		piece->rc = source_read(piece->ahead->inner, piece->bytes + piece->length,
			LIMIT_AHEAD_BYTES - piece->length, &got, &piece->failure);
		piece->length += got;
	}
}

static void start(struct ahead *ahead)
{
	struct flong_error none;
	if (workers_create(1, &ahead->workers, &none) < 0 &&
		workers_create(0, &ahead->workers, &none) < 0) {
		alloc_failed(sizeof(*ahead));
	}
	for (int i = 0; i < 2; i++) {
		struct piece *piece = ALLOC(struct piece);
		piece->job.run = fill;
		piece->ahead = ahead;
		workers_submit(ahead->workers, &piece->job);
	}
}

/* The piece with the next bytes, or with the end. */
static struct piece *next_piece(struct ahead *ahead)
{
	struct piece *piece = ahead->piece;
	if (piece != NULL && piece->given == piece->length && piece->rc == FLONG_OK) {
		ahead->piece = NULL;
		workers_submit(ahead->workers, &piece->job);
	}
	if (ahead->piece == NULL) {
		ahead->piece = (struct piece *)workers_wait(ahead->workers);
	}
	return ahead->piece;
}

static int ahead_read(
	struct source *source, void *room, size_t max, size_t *got_out, struct flong_error *err)
{
	struct ahead *ahead = (struct ahead *)source;
	if (ahead->workers == NULL) {
		start(ahead);
	}
	struct piece *piece = next_piece(ahead);
	size_t left = piece->length - piece->given;
	if (left == 0) {
		*got_out = 0;
		if (piece->rc < 0) {
			*err = piece->failure;
		}
		return piece->rc;
	}
	*got_out = left < max ? left : max;
	memcpy(room, piece->bytes + piece->given, *got_out);
	piece->given += *got_out;
	return FLONG_OK;
}

static void ahead_close(struct source *source)
{
	struct ahead *ahead = (struct ahead *)source;
	struct piece *piece;
	free(ahead->piece);
	while (ahead->workers != NULL &&
		(piece = (struct piece *)workers_wait(ahead->workers)) != NULL) {
		free(piece);
	}
	workers_close(ahead->workers);
	source_close(ahead->inner);
	free(ahead);
}

struct source *source_ahead(struct source *inner_take)
{
	static const struct source_ops ops = {.read = ahead_read, .close = ahead_close};
	struct ahead *ahead = ALLOC(struct ahead);
	ahead->source.ops = &ops;
	ahead->inner = inner_take;
	return &ahead->source;
}
