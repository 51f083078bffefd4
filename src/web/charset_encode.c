/* SPDX-License-Identifier: MIT */
/* charset_encode.c - encoders of the Encoding standard as the decoders read backwards
 *
 * The table of an encoding is what its decoder makes of every sequence that its encoder may write,
 * sorted by character. So both agree on each cell, quirks included. */
#include "web/charset_encode.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "web/charset.h"
#include "web/utf8.h"

/* Four-byte sequences of GB18030 below U+10000, and the number of that character's. */
#define GB18030_FOUR 39420
#define GB18030_PLANES 189000
/* "Has no place." */
#define NONE 0

struct span {
	unsigned char low, high; /* 0, 0: none */
};

/* The sequences of an encoding, in the order of their pointers. */
struct shape {
	const char *name;
	const char *decoder; /* the name it is decoded by */
	struct span single, leads[3], trails[2];
	bool has_yen; /* U+A5, U+203E and U+2212 have the place of what looks like them */
};

/* Left out are sequences that are only read: of Big5 those of Hong Kong, of Shift_JIS those that
 * NEC selected and private ones. */
static const struct shape shapes[] = {
	{"big5", "big5", {0, 0}, {{0xA1, 0xFE}}, {{0x40, 0x7E}, {0xA1, 0xFE}}, false},
	{"euc-kr", "euc-kr", {0, 0}, {{0x81, 0xFE}}, {{0x41, 0xFE}}, false},
	{"gbk", "gbk", {0, 0}, {{0x81, 0xFE}}, {{0x40, 0x7E}, {0x80, 0xFE}}, false},
	{"gb18030", "gb18030", {0, 0}, {{0x81, 0xFE}}, {{0x40, 0x7E}, {0x80, 0xFE}}, false},
	{"shift_jis", "shift_jis", {0x80, 0xDF}, {{0x81, 0x9F}, {0xE0, 0xEC}, {0xFA, 0xFC}},
		{{0x40, 0x7E}, {0x80, 0xFC}}, true},
	{"euc-jp", "euc-jp", {0, 0}, {{0x8E, 0x8E}, {0xA1, 0xFE}}, {{0xA1, 0xFE}}, true},
	{"iso-2022-jp", "euc-jp", {0, 0}, {{0xA1, 0xFE}}, {{0xA1, 0xFE}}, false},
};
/* All others have one byte a character. */
static const struct shape one_byte = {.single = {0x80, 0xFF}};

struct entry {
	uint32_t code;
	uint32_t bytes; /* big endian; the first is over 0x7F */
};

struct charset_encoder {
	const char *name; /* static */
	const struct shape *shape;
	struct entry *entries; /* owned, sorted; NULL before the first use */
	size_t count;
	size_t capacity;
};

struct charset_encoder *charset_encoder_create(const char *charset)
{
	static const char *const unicode[] = {"utf-8", "utf-16le", "utf-16be", "replacement"};
	struct bytes name = bytes_of(charset);
	for (size_t i = 0; i < sizeof(unicode) / sizeof(unicode[0]); i++) {
		if (bytes_equal(name, bytes_of(unicode[i]))) {
			return NULL;
		}
	}
	struct charset_encoder *encoder = ALLOC(struct charset_encoder);
	encoder->name = charset;
	encoder->shape = &one_byte;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (bytes_equal(name, bytes_of(shapes[i].name))) {
			encoder->shape = &shapes[i];
		}
	}
	return encoder;
}

void charset_encoder_close(struct charset_encoder *encoder)
{
	if (encoder != NULL) {
		free(encoder->entries);
		free(encoder);
	}
}

static bool encoder_is(const struct charset_encoder *encoder, const char *name)
{
	return bytes_equal(bytes_of(encoder->name), bytes_of(name));
}

/* A sequence as bytes, held by `storage`. */
static struct bytes sequence_of(uint32_t bytes, char storage[4])
{
	size_t length = bytes > 0xFFFF ? 4 : (bytes > 0xFF ? 2 : 1);
	for (size_t i = 0; i < length; i++) {
		storage[i] = (char)(unsigned char)(bytes >> (8 * (length - 1 - i)));
	}
	return bytes_from(storage, length);
}

static uint32_t gb18030_four(uint32_t pointer)
{
	return (0x81 + pointer / 12600) << 24 | (0x30 + pointer / 1260 % 10) << 16 |
	       (0x81 + pointer / 10 % 126) << 8 | (0x30 + pointer % 10);
}

/* What `list_all` asks for: each sequence of a shape, in order. */
struct listing {
	struct buf *document;
	struct entry *entries;
	size_t count;
};

static void list_one(struct listing *listing, uint32_t bytes)
{
	listing->entries[listing->count++].bytes = bytes;
	char storage[4];
	buf_add(listing->document, sequence_of(bytes, storage));
	buf_add_char(listing->document, '\n');
}

static void list_pairs(struct listing *listing, const struct shape *shape, unsigned lead)
{
	for (size_t i = 0; i < sizeof(shape->trails) / sizeof(shape->trails[0]); i++) {
		struct span span = shape->trails[i];
		for (unsigned trail = span.low; trail != 0 && trail <= span.high; trail++) {
			list_one(listing, lead << 8 | trail);
		}
	}
}

static void list_all(struct listing *listing, const struct charset_encoder *encoder)
{
	const struct shape *shape = encoder->shape;
	for (unsigned c = shape->single.low; c != 0 && c <= shape->single.high; c++) {
		list_one(listing, c);
	}
	for (size_t i = 0; i < sizeof(shape->leads) / sizeof(shape->leads[0]); i++) {
		struct span span = shape->leads[i];
		for (unsigned lead = span.low; lead != 0 && lead <= span.high; lead++) {
			list_pairs(listing, shape, lead);
		}
	}
	for (uint32_t i = 0; encoder_is(encoder, "gb18030") && i < GB18030_FOUR; i++) {
		list_one(listing, gb18030_four(i));
	}
}

static int compare(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	if (left->code != right->code) {
		return left->code < right->code ? -1 : 1;
	}
	return left->bytes < right->bytes ? -1 : left->bytes > right->bytes;
}

/* Every sequence is a line of a document, which is decoded at once; what gives one character and no
 * fault is kept. */
static void make_table(struct charset_encoder *encoder)
{
	size_t most = encoder->shape == &one_byte ? 128 : 256 * 256 + GB18030_FOUR;
	SCOPED(buf_clear) struct buf document = {0};
	SCOPED(buf_clear) struct buf utf8 = {0};
	struct listing listing = {&document, ALLOC_ARRAY(struct entry, most), 0};
	list_all(&listing, encoder);
	const char *decoder = encoder->shape->decoder;
	charset_decode(buf_bytes(&document), decoder != NULL ? decoder : encoder->name, &utf8);
	struct bytes rest = buf_bytes(&utf8);
	struct bytes line = {NULL, 0};
	encoder->entries = listing.entries;
	for (size_t i = 0; i < listing.count && bytes_next_line(&rest, &line); i++) {
		size_t at = 0;
		uint32_t code = line.len > 0 ? utf8_next(line, &at) : UTF8_REPLACEMENT;
		if (at == line.len && code != UTF8_REPLACEMENT && code >= 0x80) {
			encoder->entries[encoder->count++] =
				(struct entry){code, listing.entries[i].bytes};
		}
	}
	encoder->entries =
		alloc_resize(encoder->entries, encoder->count + 1, sizeof(*encoder->entries));
	qsort(encoder->entries, encoder->count, sizeof(*encoder->entries), compare);
}

/* The sequence of the lowest pointer, of Big5 in six cases of the highest; NONE when there is none.
 */
static uint32_t look(struct charset_encoder *encoder, uint32_t code)
{
	static const uint32_t last[] = {0x2550, 0x255E, 0x2561, 0x256A, 0x5341, 0x5345};
	if (encoder->entries == NULL) {
		make_table(encoder);
	}
	bool is_last = false;
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		is_last = is_last || (code == last[i] && encoder_is(encoder, "big5"));
	}
	/* The first that is not before the character, or the first behind it. */
	size_t low = 0;
	size_t high = encoder->count;
	uint32_t end = is_last ? code + 1 : code;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (encoder->entries[middle].code < end) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	low -= is_last && low > 0 ? 1 : 0;
	return low < encoder->count && encoder->entries[low].code == code
		       ? encoder->entries[low].bytes
		       : NONE;
}

/* The bytes of a character that is not ASCII, or NONE. */
static uint32_t bytes_for(struct charset_encoder *encoder, uint32_t code)
{
	if (encoder->shape->has_yen && (code == 0xA5 || code == 0x203E)) {
		return code == 0xA5 ? 0x5C : 0x7E;
	}
	if (encoder_is(encoder, "gbk") && code == 0x20AC) {
		return 0x80;
	}
	if (encoder_is(encoder, "gb18030") && code >= 0x10000) {
		return gb18030_four(GB18030_PLANES + code - 0x10000);
	}
	return look(encoder, encoder->shape->has_yen && code == 0x2212 ? 0xFF0D : code);
}

static void add_reference(struct buf *out, uint32_t code)
{
	buf_add_text(out, "%26%23");
	buf_add_u64(out, code);
	buf_add_text(out, "%3B");
}

enum jis_state { JIS_ASCII, JIS_ROMAN, JIS_PAIRS };

struct jis_writer {
	struct charset_encoder *encoder;
	enum jis_state state;
	struct buf *out;
};

static void jis_switch(struct jis_writer *writer, enum jis_state state)
{
	static const char *const escapes[] = {
		[JIS_ASCII] = "%1B(B", [JIS_ROMAN] = "%1B(J", [JIS_PAIRS] = "%1B$B"};
	if (writer->state != state) {
		buf_add_text(writer->out, escapes[state]);
		writer->state = state;
	}
}

/* What stands for a character in pairs: narrow katakana are written wide. */
static uint32_t jis_widened(uint32_t code)
{
	static const uint16_t katakana[] = {0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1,
		0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2,
		0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5,
		0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA,
		0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE,
		0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB,
		0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B, 0x309C};
	if (code == 0x2212) {
		return 0xFF0D;
	}
	return code >= 0xFF61 && code <= 0xFF9F ? katakana[code - 0xFF61] : code;
}

/* Encoding standard 12.2.2, one character. */
static void jis_add(struct jis_writer *writer, uint32_t code, enum percent_set set)
{
	if (code < 0x80) {
		if (writer->state == JIS_PAIRS || code == 0x5C || code == 0x7E) {
			jis_switch(writer, JIS_ASCII);
		}
		char ascii = (char)(unsigned char)code;
		if (code == 0x0E || code == 0x0F || code == 0x1B) {
			/* They would switch. */
			add_reference(writer->out, UTF8_REPLACEMENT);
		} else {
			percent_encode(bytes_from(&ascii, 1), set, writer->out);
		}
	} else if (code == 0xA5 || code == 0x203E) {
		jis_switch(writer, JIS_ROMAN);
		buf_add_char(writer->out, code == 0xA5 ? '\\' : '~');
	} else {
		uint32_t pair = look(writer->encoder, jis_widened(code));
		if (pair == NONE) {
			if (writer->state == JIS_PAIRS) {
				jis_switch(writer, JIS_ASCII);
			}
			add_reference(writer->out, code);
			return;
		}
		jis_switch(writer, JIS_PAIRS);
		char bytes[] = {(char)(pair >> 8 & 0x7F), (char)(pair & 0x7F)};
		percent_encode(bytes_from(bytes, sizeof(bytes)), set, writer->out);
	}
}

static void encode_jis(
	struct charset_encoder *encoder, struct bytes utf8, enum percent_set set, struct buf *out)
{
	struct jis_writer writer = {encoder, JIS_ASCII, out};
	size_t at = 0;
	while (at < utf8.len) {
		jis_add(&writer, utf8_next(utf8, &at), set);
	}
	jis_switch(&writer, JIS_ASCII);
}

void charset_encode_query(
	struct charset_encoder *encoder, struct bytes utf8, enum percent_set set, struct buf *out)
{
	if (encoder_is(encoder, "iso-2022-jp")) {
		encode_jis(encoder, utf8, set, out);
		return;
	}
	size_t at = 0;
	while (at < utf8.len) {
		size_t start = at;
		uint32_t code = utf8_next(utf8, &at);
		if (code < 0x80) {
			percent_encode(bytes_slice(utf8, start, at), set, out);
			continue;
		}
		uint32_t found = bytes_for(encoder, code);
		if (found == NONE) {
			add_reference(out, code);
			continue;
		}
		char storage[4];
		percent_encode(sequence_of(found, storage), set, out);
	}
}
