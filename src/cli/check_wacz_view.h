/* SPDX-License-Identifier: MIT */
/* check_wacz_view.h - what is known of a WACZ file, as lines for people, as JSON, as rows of the
 * report */
#ifndef CLI_CHECK_WACZ_VIEW_H
#define CLI_CHECK_WACZ_VIEW_H

#include "base/buf.h"
#include "index/check_wacz.h"

/* Two lines, indented, each with its LF. */
void check_wacz_view_add_text(struct buf *out, const struct check_wacz_summary *summary);
/* An object with "file" and "package". */
void check_wacz_view_add_json(
	struct buf *out, const char *name, const struct check_wacz_summary *summary);
/* Rows of a list of terms (dt, dd). */
void check_wacz_view_add_html(struct buf *out, const struct check_wacz_summary *summary);

#endif
