/* SPDX-License-Identifier: MIT */
/* charset_table.h - what a byte sequence of a legacy encoding means, asked once and remembered
 * (owner of iconv) */
#ifndef WEB_CHARSET_TABLE_H
#define WEB_CHARSET_TABLE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"

/* "Means nothing." */
#define CHARSET_NONE UINT32_MAX

struct charset_table;

/* A table of the encoding that iconv knows as `iconv_name`. Never NULL; when iconv does not know
 * it, nothing means anything. */
struct charset_table *charset_table_create(const char *iconv_name);
void charset_table_close(struct charset_table *table);
SCOPED_CLOSE(struct charset_table *, charset_table_close)
/* The one code point that the 1 to 4 bytes mean, or CHARSET_NONE. */
uint32_t charset_table_look(struct charset_table *table, const unsigned char *bytes, size_t len);

#endif
