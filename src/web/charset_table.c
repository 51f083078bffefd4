/* SPDX-License-Identifier: MIT */
/* charset_table.c - iconv called for single characters, since its handling of errors is not the
 * web's */
#include "web/charset_table.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct charset_table {
	iconv_t iconv;
	uint32_t *known; /* owned: 65536 answers for one and two bytes, plus one; 0 not asked */
};

struct charset_table *charset_table_create(const char *iconv_name)
{
	struct charset_table *table = ALLOC(struct charset_table);
	table->iconv = iconv_open("UTF-32LE", iconv_name);
	table->known = ALLOC_ARRAY(uint32_t, 65536);
	return table;
}

void charset_table_close(struct charset_table *table)
{
	if (table == NULL) {
		return;
	}
	if (table->iconv != (iconv_t)-1) {
		(void)iconv_close(table->iconv);
	}
	free(table->known);
	free(table);
}

static uint32_t ask(struct charset_table *table, const unsigned char *bytes, size_t len)
{
	char in[4];
	unsigned char out[16];
	char *from = in;
	char *to = (char *)out;
	size_t from_left = len;
	size_t to_left = sizeof(out);
	if (table->iconv == (iconv_t)-1 || len > sizeof(in)) {
		return CHARSET_NONE;
	}
	memcpy(in, bytes, len);
	(void)iconv(table->iconv, NULL, NULL, NULL, NULL);
	size_t rc = iconv(table->iconv, &from, &from_left, &to, &to_left);
	if (rc == (size_t)-1 || from_left > 0) {
		return CHARSET_NONE;
	}
	/* Some converters hold a character back until they know that no accent follows. */
	if (to_left == sizeof(out)) {
		(void)iconv(table->iconv, NULL, NULL, &to, &to_left);
	}
	if (to_left != sizeof(out) - 4) {
		return CHARSET_NONE;
	}
	return (uint32_t)out[0] | (uint32_t)out[1] << 8 | (uint32_t)out[2] << 16 |
	       (uint32_t)out[3] << 24;
}

uint32_t charset_table_look(struct charset_table *table, const unsigned char *bytes, size_t len)
{
	if (len > 2) {
		return ask(table, bytes, len);
	}
	size_t slot = len == 1 ? bytes[0] : (size_t)bytes[0] << 8 | bytes[1];
	if (table->known[slot] == 0) {
		uint32_t code = ask(table, bytes, len);
		table->known[slot] = code == CHARSET_NONE ? CHARSET_NONE : code + 1;
	}
	return table->known[slot] == CHARSET_NONE ? CHARSET_NONE : table->known[slot] - 1;
}
