/* SPDX-License-Identifier: MIT */
/* notice.h - lines on standard error that are no failures, and text from archives made fit for them
 */
#ifndef CLI_NOTICE_H
#define CLI_NOTICE_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Prints "flong: MESSAGE" on standard error, after what was printed so far; control bytes become
 * '?'. */
void notice(const char *format, ...) PRINTF_LIKE(1, 2);
/* Prints what is damaged and what was passed over; `gap` NULL: the rest of the file. */
void notice_damage(const struct flong_error *fault, const struct reader_gap *gap);
/* Appends text of any origin for a terminal: control bytes as \xNN, what is no UTF-8 as U+FFFD. */
void notice_add_clean(struct buf *out, struct bytes text);
/* Columns of a text on a terminal: a CJK character takes two. */
size_t notice_columns(struct bytes word);
/* Columns of the terminal that standard output is, within what reads well; 80 when it is none. */
size_t notice_terminal_width(void);

#endif
