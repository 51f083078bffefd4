/* SPDX-License-Identifier: MIT */
/* url_plain.h - URLs of records and of rows made comparable */
#ifndef INDEX_URL_PLAIN_H
#define INDEX_URL_PLAIN_H

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the URL with everything escaped that one may have escaped and the other not: blanks,
 * control characters and bytes beyond ASCII; what is no UTF-8 is replaced. It can stand in a line.
 */
void url_plain(struct bytes url, struct buf *out);

#endif
