/* SPDX-License-Identifier: MIT */
/* arc.h - the head lines of ARC 1.x files, given the shape of a WARC record's head
 *
 * `URL IP-address date content-type length` (version 1), or with result, checksum, location, offset
 * and filename before the length (version 2). Source: the Internet Archive's ARC file format,
 * 1996. */
#ifndef WARC_ARC_H
#define WARC_ARC_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Length of the ARC head line that `b` begins with, with its line end; 0 when it is none, or not
 * there whole. */
size_t arc_head_length(struct bytes b);
/* Reads a head line: type, block_length, head_bytes and the fields WARC-Type (warcinfo for the
 * file's first record, response for http and https, else resource), WARC-Target-URI, WARC-Date,
 * WARC-IP-Address, Content-Type (of the block), ARC-Content-Type (as the line has it) and
 * Content-Length. A length that is no number (-1), as broken writers have it, counts as 0 and as
 * READER_ODD_FIELD: what follows is passed over up to the next head. FLONG_E_FORMAT: a length
 * beyond 63 bits. */
MUST_CHECK int arc_parse_head(
	struct bytes line, struct reader_record *record, struct flong_error *err);

#endif
