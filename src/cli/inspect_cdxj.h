/* SPDX-License-Identifier: MIT */
/* inspect_cdxj.h - flong inspect cdxj: the rows of an index as they are read, or found */
#ifndef CLI_INSPECT_CDXJ_H
#define CLI_INSPECT_CDXJ_H

#include "base/scoped.h"
#include "flong/error.h"
#include "index/lookup.h"

struct inspect_cdxj {
	const char *path; /* CDXJ, CDX, or the index of compressed blocks; "-" is standard input */
	const char *url;  /* rows of this URL only; NULL: all rows */
	enum lookup_match match;
	const char *closest; /* digits of a time: the nearest row only; NULL: all that match */
};

/* Prints a JSON object for each row. Lines that are no rows are told of on standard error;
 * FLONG_E_FORMAT then, with no message, after all other rows. FLONG_E_NOT_FOUND: the URL has no
 * row. FLONG_E_USAGE, FLONG_E_IO, FLONG_E_LIMIT and what lookup.h tells of. */
MUST_CHECK int inspect_cdxj(const struct inspect_cdxj *request, struct flong_error *err);

#endif
