/* SPDX-License-Identifier: MIT */
/* regex.h - regular expressions with a match limit, so that no pattern can hang us (owner of PCRE2)
 */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

struct regex;
/* Compiles (UTF off: bytes). FLONG_E_USAGE names the pattern, the position and the reason. */
MUST_CHECK int regex_compile(
	const char *pattern, struct regex **regex_out, struct flong_error *err);
void regex_close(struct regex *regex);
SCOPED_CLOSE(struct regex *, regex_close)
/* Whether it matches anywhere in `text`. A match that passes the limits counts as no match. */
bool regex_matches(const struct regex *regex, struct bytes text);

#endif
