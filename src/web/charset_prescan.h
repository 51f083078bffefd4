/* SPDX-License-Identifier: MIT */
/* charset_prescan.h - the encoding a document declares in itself (used by web/charset.c only) */
#ifndef WEB_CHARSET_PRESCAN_H
#define WEB_CHARSET_PRESCAN_H

#include "base/bytes.h"

/* The name of the encoding that a meta element declares (HTML "prescan a byte stream"), else an XML
 * declaration; NULL when there is none. Looks further than 1024 bytes, since browsers begin anew
 * when they meet a later one. */
const char *charset_prescan_html(struct bytes document);
/* That of an XML declaration, or of UTF-16 without BOM, or NULL. */
const char *charset_prescan_xml(struct bytes document);
/* That of @charset "..."; at the start, or NULL. */
const char *charset_prescan_css(struct bytes document);

#endif
