/* SPDX-License-Identifier: MIT */
/* html_escape.h - the characters that are markup where text is meant, in one place */
#ifndef WEB_HTML_ESCAPE_H
#define WEB_HTML_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Appends the reference of & < > " or ', fit for content and for values in quotes. False, and
 * nothing appended, for every other character. */
bool html_escape(uint32_t code, struct buf *out);

#endif
