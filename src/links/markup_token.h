/* SPDX-License-Identifier: MIT */
/* markup_token.h - what a '<' begins, and where a comment ends (HTML 13.2.5.6
 * to 13.2.5.8, 13.2.5.41 to 13.2.5.52) */
#ifndef LINKS_MARKUP_TOKEN_H
#define LINKS_MARKUP_TOKEN_H

#include <stddef.h>

#include "base/bytes.h"

enum markup_token {
	MARKUP_TEXT,
	MARKUP_START,
	MARKUP_END,
	MARKUP_COMMENT,
	MARKUP_BOGUS /* "<!DOCTYPE", "<?xml", "</ ": ends at the next '>' */
};

/* What the '<' at `at` begins; MARKUP_TEXT: nothing. */
enum markup_token markup_token_at(struct bytes html, size_t at);
/* Where a comment ends whose text begins at `text`, behind "<!--", and *end_out behind the comment:
 * at "-->" and "--!>", and at once in "<!-->" and "<!--->". */
size_t markup_comment_end(struct bytes html, size_t text, size_t *end_out);

#endif
