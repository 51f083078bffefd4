/* SPDX-License-Identifier: MIT */
/* charset_asian.h - the decoders of East Asian encodings (used by web/charset_decode.c only) */
#ifndef WEB_CHARSET_ASIAN_H
#define WEB_CHARSET_ASIAN_H

#include "base/buf.h"
#include "base/bytes.h"

/* Each appends `document` as UTF-8 by the decoder of the Encoding standard of that name. */
void charset_asian_big5(struct bytes document, struct buf *out);
void charset_asian_euc_kr(struct bytes document, struct buf *out);
void charset_asian_gb18030(struct bytes document, struct buf *out);
void charset_asian_shift_jis(struct bytes document, struct buf *out);
void charset_asian_euc_jp(struct bytes document, struct buf *out);
void charset_asian_iso_2022_jp(struct bytes document, struct buf *out);

#endif
