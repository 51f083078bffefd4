/* SPDX-License-Identifier: MIT */
/* error.h - filling an error value where the fault is found, and adding context on its way up */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/scoped.h"
#include "flong/error.h"

/* Sets code and message, and returns the code: `return error_set(err, FLONG_E_FORMAT, "...")`.
 * Control bytes in the message are shown as '?', so that text from the net cannot break a line or a
 * terminal. */
int error_set(struct flong_error *err, int code, const char *format, ...) PRINTF_LIKE(3, 4);
/* As error_set, with ": " and the text of `saved_errno` at the end. */
int error_set_errno(struct flong_error *err, int code, int saved_errno, const char *format, ...)
	PRINTF_LIKE(4, 5);
/* Puts "context: " in front of the message and returns the code. When it gets too long, context is
 * shortened. */
int error_context(struct flong_error *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
