/* SPDX-License-Identifier: MIT */
/* view.h - pages of the library as text: everything that comes from outside goes through view_add
 */
#ifndef REPLAY_VIEW_H
#define REPLAY_VIEW_H

#include "base/buf.h"
#include "base/bytes.h"

/* Starts a page of this title, and ends it. */
void view_begin(struct buf *out, const char *title);
void view_end(struct buf *out);
/* Appends text, fit for content and for attributes in quotes. */
void view_add(struct buf *out, struct bytes text);
/* Appends text as a value in a query. */
void view_add_query(struct buf *out, struct bytes text);
/* Appends "29 November 2026, 09:18 UTC" as a time element. */
void view_add_time(struct buf *out, int64_t wall_ms);
/* The same with its seconds. */
void view_add_second(struct buf *out, int64_t wall_ms);
/* The same without the time of day. */
void view_add_date(struct buf *out, int64_t wall_ms);
/* "November" of 11. */
const char *view_month_name(int month);
/* Appends "1.9 MB". */
void view_add_size(struct buf *out, uint64_t bytes);

#endif
