/* SPDX-License-Identifier: MIT */
/* check_input.h - what an operand of flong check is: by its name, else by its first bytes */
#ifndef CLI_CHECK_INPUT_H
#define CLI_CHECK_INPUT_H

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

enum check_kind { CHECK_KIND_WARC, CHECK_KIND_INDEX, CHECK_KIND_PAGES };

/* Opens a file, a pipe, or standard input ("-"), and finds out its kind; what is neither an index
 * nor a list of pages is to be a WARC file. FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int check_input_open(const char *path, enum check_kind *kind_out,
	struct source **source_out, struct flong_error *err);

#endif
