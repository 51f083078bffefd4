/* SPDX-License-Identifier: MIT */
/* charset_quirks.h - pairs that mean something else on the web than iconv thinks (used by
 * web/charset_asian.c only) */
#ifndef WEB_CHARSET_QUIRKS_H
#define WEB_CHARSET_QUIRKS_H

#include <stdint.h>

/* The code point of a Big5 pair (lead byte, trail byte) that differs, or 0. */
uint32_t charset_quirks_big5(unsigned lead, unsigned trail);
/* As above for GBK and GB18030. */
uint32_t charset_quirks_gb18030(unsigned lead, unsigned trail);

#endif
