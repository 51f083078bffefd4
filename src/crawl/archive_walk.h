/* SPDX-License-Identifier: MIT */
/* archive_walk.h - the exchanges in a collection's segments, in the order they were captured */
#ifndef CRAWL_ARCHIVE_WALK_H
#define CRAWL_ARCHIVE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/record.h"
#include "web/exchange.h"

struct archive_walk;

/* An exchange as found. Texts are borrowed until the next call. */
struct walked {
	struct exchange *exchange; /* owned: of a revisit without its body */
	const char *file;          /* base name as it is now */
	bool is_open;              /* the file is one that was being written */
	uint64_t offset;           /* of its first record */
	enum record_type type;
	char stamp[24]; /* 17 digits: when the fetch began */
	char record_id[RECORD_ID_SIZE];
	char digest[DIGEST_TEXT_SIZE]; /* of the payload; empty when there is none */
};
void walked_clear(struct walked *walked);

/* Begins with the first segment of DIR/archive; bodies go to `spool_dir`. FLONG_E_IO. */
MUST_CHECK int archive_walk_open(const char *dir, const char *spool_dir,
	struct archive_walk **walk_out, struct flong_error *err);
void archive_walk_close(struct archive_walk *walk);
SCOPED_CLOSE(struct archive_walk *, archive_walk_close)
/* The next exchange, FLONG_END behind the last. What cannot be read in a finished segment is passed
 * over with a warning; an open one ends there. */
MUST_CHECK int archive_walk_next(
	struct archive_walk *walk, struct walked *walked_out, struct flong_error *err);
/* The base name of the open segment and where its whole records end, once the walk came through it;
 * NULL when there is none. */
const char *archive_walk_open_segment(const struct archive_walk *walk, uint64_t *end_out);
/* A number for the next segment, over those of all names. */
unsigned archive_walk_serial(const struct archive_walk *walk);
/* The exchange whose reply is at `offset` of `file`. */
MUST_CHECK int archive_walk_read(const struct archive_walk *walk, const char *file, uint64_t offset,
	struct exchange **exchange_out, struct flong_error *err);

#endif
