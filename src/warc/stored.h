/* SPDX-License-Identifier: MIT */
/* stored.h - a WARC or ARC file as one stream of unpacked bytes, in which compressed members leave
 * marks; for the reader only */
#ifndef WARC_STORED_H
#define WARC_STORED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/members.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

struct stored {
	enum reader_form form;
	struct members *members; /* owned; NULL for a plain file */
	struct intake *intake;   /* owned by `members`, or by us for a plain file */
	struct bytes
		window; /* bytes read and not yet taken: in `kept`, or where they were unpacked */
	char *kept;     /* owned */
	size_t kept_size;
	size_t viewed;  /* plain: bytes at the intake's start that were in the window */
	bool in_member; /* the member has perhaps more bytes */
	bool has_bytes; /* the member gave some */
	bool is_begun;  /* a member was begun */
	bool is_lost;   /* the file's start is no record; one stands further on */
};

/* Finds out the form of a file part that begins at `offset`. Takes `source`. Errors of sniff_form
 * and FLONG_E_IO; to be cleared then too. When the start is damaged and a record is found in what
 * fits the window, the form is that record's and `is_lost` is set. */
MUST_CHECK int stored_open(struct stored *stored, struct source *source_take, uint64_t offset,
	struct flong_error *err);
void stored_clear(struct stored *stored);
/* Takes bytes off the window's start. */
static inline void stored_take(struct stored *stored, size_t count)
{
	stored->window = bytes_slice(stored->window, count, stored->window.len);
}
/* Plain: the file offset of the window's first byte. */
uint64_t stored_plain_offset(const struct stored *stored);
/* Reads more bytes into the window; FLONG_END at the end of the member or the plain file. */
MUST_CHECK int stored_fill(struct stored *stored, struct flong_error *err);
/* Goes to the next member, as members_next. */
MUST_CHECK int stored_next(struct stored *stored, struct flong_error *err);
/* Drops the window and looks for a place at or after the offset `from` where a record may begin: in
 * a compressed file a member that has one, else the head of a WARC record, or (`is_arc`) a line
 * that is an ARC head; when `in_line`, `from` is not the start of a line. FLONG_END: there is none.
 * The intake stands at the place, or at the end of the input. FLONG_E_IO. */
MUST_CHECK int stored_find(
	struct stored *stored, uint64_t from, bool is_arc, bool in_line, struct flong_error *err);

#endif
