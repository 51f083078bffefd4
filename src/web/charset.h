/* SPDX-License-Identifier: MIT */
/* charset.h - which encoding a document is in, and its text as valid UTF-8 */
#ifndef WEB_CHARSET_H
#define WEB_CHARSET_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"

enum charset_kind { CHARSET_HTML, CHARSET_XML, CHARSET_CSS, CHARSET_TEXT };

/* The WHATWG name (such as "windows-1252", "utf-8") for a label of the Encoding standard, or NULL
 * when it is none. Static text. */
const char *charset_from_label(struct bytes label);
/* Decides the encoding: BOM, then the HTTP charset, then what the document declares (meta
 * prescan, XML declaration, @charset), then `fallback` (may be NULL), then the kind's default.
 * Never NULL; static text. */
const char *charset_detect(struct bytes document, struct bytes http_charset, enum charset_kind kind,
	const char *fallback);
/* Appends `document` as valid UTF-8 without BOM; what cannot be decoded becomes U+FFFD. Never fails
 * except by the buffer's limit. */
void charset_decode(struct bytes document, const char *charset, struct buf *utf8_out);
/* The text of `document` as valid UTF-8 without BOM, made of at most `max` bytes and not longer:
 * borrowed from the document when it is that already, else from `storage`, an empty buffer.
 * *is_cut_out tells whether there was more. */
struct bytes charset_text(struct bytes document, const char *charset, size_t max,
	struct buf *storage, bool *is_cut_out);

/* The converters of all encodings, held open: while it lives, charset_decode opens no file (glibc
 * loads converters on first use), so that a process may give up the right to. Never NULL. */
struct charset_preload;
struct charset_preload *charset_preload_create(void);
void charset_preload_close(struct charset_preload *preload);
SCOPED_CLOSE(struct charset_preload *, charset_preload_close)

#endif
