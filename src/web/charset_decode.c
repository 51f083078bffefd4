/* SPDX-License-Identifier: MIT */
/* charset_decode.c - text of any encoding as UTF-8: Unicode forms, single-byte tables, and the
 * choice among decoders */
#include "web/charset.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "web/charset_asian.h"
#include "web/charset_table.h"
#include "web/utf8.h"

static void decode_utf8(struct bytes document, struct buf *out)
{
	if (bytes_starts(document, BYTES("\xEF\xBB\xBF"))) {
		document = bytes_slice(document, 3, document.len);
	}
	utf8_add_valid(out, document);
}

static uint32_t unit_at(struct bytes b, size_t at, bool is_big_endian)
{
	unsigned char first = (unsigned char)b.ptr[at];
	unsigned char second = (unsigned char)b.ptr[at + 1];
	return is_big_endian ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

static void decode_utf16(struct bytes document, bool is_big_endian, struct buf *out)
{
	size_t at = 0;
	if (document.len >= 2 && unit_at(document, 0, is_big_endian) == 0xFEFF) {
		at = 2;
	}
	while (at + 1 < document.len) {
		uint32_t unit = unit_at(document, at, is_big_endian);
		at += 2;
		if (unit >= 0xD800 && unit <= 0xDBFF && at + 1 < document.len) {
			uint32_t low = unit_at(document, at, is_big_endian);
			if (low >= 0xDC00 && low <= 0xDFFF) {
				unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
				at += 2;
			}
		}
		utf8_add(out, unit); /* a lone surrogate becomes U+FFFD */
	}
	if (at < document.len) {
		utf8_add(out, UTF8_REPLACEMENT);
	}
}

/* A single-byte encoding, iconv's name for it, and where the standard's table differs. */
struct single {
	const char *name, *iconv_name;
	bool keeps_c1; /* bytes 0x80-0x9F without a character are control characters */
};

static const struct single singles[] = {
	{"ibm866", "IBM866", false},
	{"iso-8859-2", "ISO-8859-2", true},
	{"iso-8859-3", "ISO-8859-3", true},
	{"iso-8859-4", "ISO-8859-4", true},
	{"iso-8859-5", "ISO-8859-5", true},
	{"iso-8859-6", "ISO-8859-6", true},
	{"iso-8859-7", "ISO-8859-7", true},
	{"iso-8859-8", "ISO-8859-8", true},
	{"iso-8859-8-i", "ISO-8859-8", true},
	{"iso-8859-10", "ISO-8859-10", true},
	{"iso-8859-13", "ISO-8859-13", true},
	{"iso-8859-14", "ISO-8859-14", true},
	{"iso-8859-15", "ISO-8859-15", true},
	{"iso-8859-16", "ISO-8859-16", true},
	{"koi8-r", "KOI8-R", false},
	{"koi8-u", "KOI8-U", false},
	{"macintosh", "MACINTOSH", false},
	{"windows-874", "WINDOWS-874", true},
	{"windows-1250", "CP1250", true},
	{"windows-1251", "CP1251", true},
	{"windows-1252", "CP1252", true},
	{"windows-1253", "CP1253", true},
	{"windows-1254", "CP1254", true},
	{"windows-1255", "CP1255", true},
	{"windows-1256", "CP1256", true},
	{"windows-1257", "CP1257", true},
	{"windows-1258", "CP1258", true},
	{"x-mac-cyrillic", "MAC-UK", false},
};

/* Cells of the standard's tables (https://encoding.spec.whatwg.org/#legacy-single-byte-encodings)
 * that iconv has otherwise. */
static const struct {
	const char *name;
	unsigned char byte;
	uint32_t code;
} cells[] = {
	{"koi8-u", 0xAE, 0x45E},
	{"koi8-u", 0xBE, 0x40E},
	{"macintosh", 0xC6, 0x2206},
	{"macintosh", 0xDB, 0x20AC},
	{"macintosh", 0xF0, 0xF8FF},
	{"x-mac-cyrillic", 0xFF, 0x20AC},
	{"windows-1255", 0xCA, 0x5BA},
};

static uint32_t cell_of(
	const struct single *single, struct charset_table *table, unsigned char byte)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		if (cells[i].byte == byte &&
			bytes_equal(bytes_of(cells[i].name), bytes_of(single->name))) {
			return cells[i].code;
		}
	}
	uint32_t code = charset_table_look(table, &byte, 1);
	if (code == CHARSET_NONE && single->keeps_c1 && byte < 0xA0) {
		return byte;
	}
	return code == CHARSET_NONE ? UTF8_REPLACEMENT : code;
}

static void decode_single(const struct single *single, struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep)
	struct charset_table *table = charset_table_create(single->iconv_name);
	uint32_t codes[128];
	for (unsigned i = 0; i < 128; i++) {
		codes[i] = cell_of(single, table, (unsigned char)(0x80 + i));
	}
	size_t start = 0;
	for (size_t i = 0; i < document.len; i++) {
		unsigned char byte = (unsigned char)document.ptr[i];
		if (byte >= 0x80) {
			buf_add(out, bytes_slice(document, start, i));
			utf8_add(out, codes[byte - 0x80]);
			start = i + 1;
		}
	}
	buf_add(out, bytes_slice(document, start, document.len));
}

static void decode_user_defined(struct bytes document, struct buf *out)
{
	for (size_t i = 0; i < document.len; i++) {
		unsigned char byte = (unsigned char)document.ptr[i];
		utf8_add(out, byte < 0x80 ? byte : 0xF780u - 0x80u + byte);
	}
}

/* The tables behind the decoders of web/charset_asian.c. */
static const char *const asian_tables[] = {"BIG5-HKSCS", "UHC", "GB18030", "CP932", "EUC-JP"};

#define SINGLE_COUNT (sizeof(singles) / sizeof(singles[0]))
#define ASIAN_COUNT (sizeof(asian_tables) / sizeof(asian_tables[0]))

struct charset_preload {
	struct charset_table *tables[SINGLE_COUNT + ASIAN_COUNT]; /* owned */
};

struct charset_preload *charset_preload_create(void)
{
	struct charset_preload *preload = ALLOC(struct charset_preload);
	for (size_t i = 0; i < SINGLE_COUNT; i++) {
		preload->tables[i] = charset_table_create(singles[i].iconv_name);
	}
	for (size_t i = 0; i < ASIAN_COUNT; i++) {
		preload->tables[SINGLE_COUNT + i] = charset_table_create(asian_tables[i]);
	}
	return preload;
}

void charset_preload_close(struct charset_preload *preload)
{
	if (preload == NULL) {
		return;
	}
	for (size_t i = 0; i < SINGLE_COUNT + ASIAN_COUNT; i++) {
		charset_table_close(preload->tables[i]);
	}
	free(preload);
}

void charset_decode(struct bytes document, const char *charset, struct buf *utf8_out)
{
	static const struct {
		const char *name;
		void (*decode)(struct bytes document, struct buf *out);
	} others[] = {{"big5", charset_asian_big5}, {"euc-kr", charset_asian_euc_kr},
		{"gbk", charset_asian_gb18030}, {"gb18030", charset_asian_gb18030},
		{"shift_jis", charset_asian_shift_jis}, {"euc-jp", charset_asian_euc_jp},
		{"iso-2022-jp", charset_asian_iso_2022_jp},
		{"x-user-defined", decode_user_defined}};
	struct bytes name = bytes_of(charset);
	if (bytes_equal(name, BYTES("utf-16le")) || bytes_equal(name, BYTES("utf-16be"))) {
		decode_utf16(document, bytes_ends(name, BYTES("be")), utf8_out);
		return;
	}
	if (bytes_equal(name, BYTES("replacement"))) {
		/* Encodings that were used for attacks: the standard shows one mark instead. */
		if (document.len > 0) {
			utf8_add(utf8_out, UTF8_REPLACEMENT);
		}
		return;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (bytes_equal(name, bytes_of(others[i].name))) {
			others[i].decode(document, utf8_out);
			return;
		}
	}
	for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
		if (bytes_equal(name, bytes_of(singles[i].name))) {
			decode_single(&singles[i], document, utf8_out);
			return;
		}
	}
	decode_utf8(document, utf8_out);
}

/* `text` without the character that `max` would divide. */
static struct bytes cut_at_character(struct bytes text, size_t max)
{
	size_t end = max < text.len ? max : text.len;
	while (end > 0 && end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) {
		end--;
	}
	return bytes_slice(text, 0, end);
}

struct bytes charset_text(struct bytes document, const char *charset, size_t max,
	struct buf *storage, bool *is_cut_out)
{
	if (bytes_equal(bytes_of(charset), BYTES("utf-8"))) {
		struct bytes text = document;
		if (bytes_starts(text, BYTES("\xEF\xBB\xBF"))) {
			text = bytes_slice(text, 3, text.len);
		}
		struct bytes cut = cut_at_character(text, max);
		if (utf8_is_valid(cut)) {
			*is_cut_out = cut.len < text.len;
			return cut;
		}
	}
	struct bytes part = bytes_slice(document, 0, max);
	storage->max = 3 * part.len + 16;
	charset_decode(part, charset, storage);
	struct bytes text = cut_at_character(buf_bytes(storage), max);
	*is_cut_out = part.len < document.len || text.len < storage->len;
	buf_shrink(storage, text.len);
	return buf_bytes(storage);
}
