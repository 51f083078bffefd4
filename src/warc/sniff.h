/* SPDX-License-Identifier: MIT */
/* sniff.h - telling the forms of WARC and ARC files, and what is neither, apart by their first
 * bytes */
#ifndef WARC_SNIFF_H
#define WARC_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Bytes of a file that sniff_form wants to see, where it has as many. */
#define SNIFF_BYTES ((size_t)4096)

/* The form of a file part that begins at `offset` with `start`. FLONG_E_UNSUPPORTED: a ZIP file;
 * FLONG_E_FORMAT: neither compressed nor a WARC or ARC record. Empty bytes are plain. */
MUST_CHECK int sniff_form(
	struct bytes start, uint64_t offset, enum reader_form *form_out, struct flong_error *err);
/* Whether content begins with the head of a WARC record: a version line and the name of a field. */
bool sniff_is_warc(struct bytes content);
/* Whether it begins with the head of a WARC or an ARC record; what members_find asks. */
bool sniff_is_record(struct bytes content);
/* The length of the block of a WARC record that begins so, as its head says; 0 when that does not,
 * or not within these bytes. */
uint64_t sniff_record_length(struct bytes content);

#endif
