/* SPDX-License-Identifier: MIT */
/* percent.h - percent-encoding with the sets of the URL standard, and its undoing */
#ifndef WEB_PERCENT_H
#define WEB_PERCENT_H

#include "base/buf.h"
#include "base/bytes.h"

/* WHATWG URL 1.3: each set holds the ones before it, except that PERCENT_FRAGMENT stands alone. */
enum percent_set {
	PERCENT_C0, /* controls and all that is not ASCII */
	PERCENT_FRAGMENT,
	PERCENT_QUERY,
	PERCENT_SPECIAL_QUERY,
	PERCENT_PATH,
	PERCENT_USERINFO
};

/* Appends `b` with the bytes of the set as %XX; '%' itself stays. */
void percent_encode(struct bytes b, enum percent_set set, struct buf *out);
/* Appends `b` with each %XX as its byte; a '%' without two digits stays. */
void percent_decode(struct bytes b, struct buf *out);

#endif
