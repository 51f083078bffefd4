/* SPDX-License-Identifier: MIT */
/* url_plain.c - URLs of records and of rows made comparable */
#include "index/url_plain.h"

#include "base/scoped.h"
#include "web/utf8.h"

/* URLs in rows have their blanks and line ends escaped and are valid UTF-8, those in records need
 * not; and either may have bytes beyond ASCII escaped where the other has not. */
void url_plain(struct bytes url, struct buf *out)
{
	SCOPED(buf_clear) struct buf valid = {0};
	utf8_add_valid(&valid, url);
	for (size_t i = 0; i < valid.len; i++) {
		unsigned char c = (unsigned char)valid.ptr[i];
		if (c <= ' ' || c >= 0x80) {
			buf_addf(out, "%%%02X", c);
		} else {
			buf_add_char(out, valid.ptr[i]);
		}
	}
}
