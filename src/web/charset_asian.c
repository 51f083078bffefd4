/* SPDX-License-Identifier: MIT */
/* charset_asian.c - Encoding standard 10 to 13: state machines of the standard, tables of iconv
 *
 * All decoders share one rule for faults: a broken sequence gives one U+FFFD, and a trail byte that
 * is ASCII is read again, so that no markup is swallowed. */
#include "web/charset_asian.h"

#include "web/charset_quirks.h"
#include "web/charset_table.h"
#include "web/utf8.h"

typedef unsigned char byte;

/* The bytes still to be read. */
struct input {
	const byte *at, *end;
};

static struct input input_of(struct bytes document)
{
	const byte *start = (const byte *)document.ptr;
	return (struct input){start, start == NULL ? NULL : start + document.len};
}

static bool in_range(byte c, byte low, byte high)
{
	return c >= low && c <= high;
}

/* The trail byte of a pair, or 0 at the end. */
static byte trail_of(const struct input *in)
{
	return in->at < in->end ? *in->at : 0;
}

/* Writes what a pair means; at->at stands on the trail. A pair that means nothing takes the trail
 * with it unless that is ASCII. */
static void add_pair(struct buf *out, struct input *in, uint32_t code)
{
	bool is_fault = code == CHARSET_NONE;
	utf8_add(out, is_fault ? UTF8_REPLACEMENT : code);
	if (in->at < in->end && (!is_fault || *in->at >= 0x80)) {
		in->at++;
	}
}

static uint32_t look_pair(struct charset_table *table, byte lead, byte trail)
{
	byte pair[] = {lead, trail};
	return charset_table_look(table, pair, 2);
}

/* Two Big5 pairs of the table are a letter with an accent that has no code point of its own. */
static bool add_big5_accented(struct buf *out, byte lead, byte trail)
{
	if (lead != 0x88 || (trail != 0x62 && trail != 0x64 && trail != 0xA3 && trail != 0xA5)) {
		return false;
	}
	utf8_add(out, trail < 0x80 ? 0xCA : 0xEA);
	utf8_add(out, trail == 0x62 || trail == 0xA3 ? 0x304 : 0x30C);
	return true;
}

void charset_asian_big5(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep)
	struct charset_table *table = charset_table_create("BIG5-HKSCS");
	struct input in = input_of(document);
	while (in.at < in.end) {
		byte lead = *in.at++;
		if (lead < 0x80) {
			buf_add_char(out, (char)lead);
			continue;
		}
		if (!in_range(lead, 0x81, 0xFE)) {
			utf8_add(out, UTF8_REPLACEMENT);
			continue;
		}
		byte trail = trail_of(&in);
		bool is_trail = in_range(trail, 0x40, 0x7E) || in_range(trail, 0xA1, 0xFE);
		if (is_trail && add_big5_accented(out, lead, trail)) {
			in.at++;
			continue;
		}
		uint32_t quirk = is_trail ? charset_quirks_big5(lead, trail) : 0;
		uint32_t code = is_trail ? look_pair(table, lead, trail) : CHARSET_NONE;
		add_pair(out, &in, quirk != 0 ? quirk : code);
	}
}

void charset_asian_euc_kr(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep) struct charset_table *table = charset_table_create("UHC");
	struct input in = input_of(document);
	while (in.at < in.end) {
		byte lead = *in.at++;
		if (lead < 0x80) {
			buf_add_char(out, (char)lead);
			continue;
		}
		if (!in_range(lead, 0x81, 0xFE)) {
			utf8_add(out, UTF8_REPLACEMENT);
			continue;
		}
		byte trail = trail_of(&in);
		bool is_trail = in_range(trail, 0x41, 0xFE);
		add_pair(out, &in, is_trail ? look_pair(table, lead, trail) : CHARSET_NONE);
	}
}

/* A sequence of four bytes; in.at stands on the second. */
static void add_gb18030_four(struct buf *out, struct input *in, struct charset_table *table)
{
	const byte *start = in->at - 1;
	bool is_whole = in->end - start >= 4 && in_range(start[2], 0x81, 0xFE) &&
			in_range(start[3], '0', '9');
	uint32_t code = is_whole ? charset_table_look(table, start, 4) : CHARSET_NONE;
	if (in->end - start < 4 && !(in->end - start == 3 && !in_range(start[2], 0x81, 0xFE))) {
		/* Cut by the end: one fault for all of it. */
		utf8_add(out, UTF8_REPLACEMENT);
		in->at = in->end;
		return;
	}
	utf8_add(out, code == CHARSET_NONE ? UTF8_REPLACEMENT : code);
	if (is_whole) {
		in->at += 3;
	}
}

void charset_asian_gb18030(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep) struct charset_table *table = charset_table_create("GB18030");
	struct input in = input_of(document);
	while (in.at < in.end) {
		byte lead = *in.at++;
		if (lead < 0x80) {
			buf_add_char(out, (char)lead);
			continue;
		}
		if (!in_range(lead, 0x81, 0xFE)) {
			utf8_add(out, lead == 0x80 ? 0x20AC : UTF8_REPLACEMENT);
			continue;
		}
		byte trail = trail_of(&in);
		if (in_range(trail, '0', '9')) {
			add_gb18030_four(out, &in, table);
			continue;
		}
		bool is_trail = in_range(trail, 0x40, 0x7E) || in_range(trail, 0x80, 0xFE);
		uint32_t quirk = is_trail ? charset_quirks_gb18030(lead, trail) : 0;
		uint32_t code = is_trail ? look_pair(table, lead, trail) : CHARSET_NONE;
		add_pair(out, &in, quirk != 0 ? quirk : code);
	}
}

/* The table jis0208 of the standard, by row and cell as Shift_JIS numbers them. */
static uint32_t jis0208(struct charset_table *cp932, unsigned pointer)
{
	if (pointer >= 8836 && pointer <= 10715) {
		return 0xE000 - 8836 + pointer;
	}
	unsigned lead = pointer / 188;
	unsigned trail = pointer % 188;
	if (lead > 0x3B) {
		return CHARSET_NONE;
	}
	return look_pair(cp932, (byte)(lead + (lead < 0x1F ? 0x81 : 0xC1)),
		(byte)(trail + (trail < 0x3F ? 0x40 : 0x41)));
}

void charset_asian_shift_jis(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep) struct charset_table *table = charset_table_create("CP932");
	struct input in = input_of(document);
	while (in.at < in.end) {
		byte lead = *in.at++;
		if (lead <= 0x80) {
			utf8_add(out, lead);
			continue;
		}
		if (in_range(lead, 0xA1, 0xDF)) {
			utf8_add(out, 0xFF61u - 0xA1u + lead);
			continue;
		}
		if (!in_range(lead, 0x81, 0x9F) && !in_range(lead, 0xE0, 0xFC)) {
			utf8_add(out, UTF8_REPLACEMENT);
			continue;
		}
		byte trail = trail_of(&in);
		uint32_t code = CHARSET_NONE;
		if (in_range(trail, 0x40, 0x7E) || in_range(trail, 0x80, 0xFC)) {
			unsigned row = lead - (lead < 0xA0 ? 0x81u : 0xC1u);
			unsigned cell = trail - (trail < 0x7F ? 0x40u : 0x41u);
			code = jis0208(table, row * 188 + cell);
		}
		add_pair(out, &in, code);
	}
}

/* Three bytes: 0x8F and a pair of JIS X 0212. in.at stands on the second. */
static void add_jis0212(struct buf *out, struct input *in, struct charset_table *table)
{
	byte row = *in->at++;
	byte cell = trail_of(in);
	uint32_t code = CHARSET_NONE;
	if (in_range(cell, 0xA1, 0xFE)) {
		byte three[] = {0x8F, row, cell};
		code = charset_table_look(table, three, 3);
	}
	add_pair(out, in, code);
}

void charset_asian_euc_jp(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep) struct charset_table *cp932 = charset_table_create("CP932");
	SCOPED(charset_table_closep) struct charset_table *euc = charset_table_create("EUC-JP");
	struct input in = input_of(document);
	while (in.at < in.end) {
		byte lead = *in.at++;
		if (lead < 0x80) {
			buf_add_char(out, (char)lead);
			continue;
		}
		if (lead != 0x8E && lead != 0x8F && !in_range(lead, 0xA1, 0xFE)) {
			utf8_add(out, UTF8_REPLACEMENT);
			continue;
		}
		byte trail = trail_of(&in);
		if (lead == 0x8F && in_range(trail, 0xA1, 0xFE)) {
			add_jis0212(out, &in, euc);
			continue;
		}
		uint32_t code = CHARSET_NONE;
		if (lead == 0x8E && in_range(trail, 0xA1, 0xDF)) {
			code = 0xFF61u - 0xA1u + trail;
		} else if (lead >= 0xA1 && in_range(trail, 0xA1, 0xFE)) {
			unsigned pointer = (lead - 0xA1u) * 94 + trail - 0xA1u;
			bool is_private = pointer >= 8836;
			code = is_private ? CHARSET_NONE : jis0208(cp932, pointer);
		}
		add_pair(out, &in, code);
	}
}

enum jis_state { JIS_ASCII, JIS_ROMAN, JIS_KATAKANA, JIS_PAIRS };

/* The state that an escape sequence switches to; false when the bytes after ESC are none. */
static bool take_escape(struct input *in, enum jis_state *state)
{
	if (in->end - in->at < 2) {
		return false;
	}
	byte first = in->at[0];
	byte second = in->at[1];
	if (first == '(' && second == 'B') {
		*state = JIS_ASCII;
	} else if (first == '(' && second == 'J') {
		*state = JIS_ROMAN;
	} else if (first == '(' && second == 'I') {
		*state = JIS_KATAKANA;
	} else if (first == '$' && (second == '@' || second == 'B')) {
		*state = JIS_PAIRS;
	} else {
		return false;
	}
	in->at += 2;
	return true;
}

static void add_jis_pair(struct buf *out, struct input *in, byte lead, struct charset_table *cp932)
{
	byte trail = trail_of(in);
	if (in->at < in->end && trail == 0x1B) {
		utf8_add(out, UTF8_REPLACEMENT);
		return;
	}
	uint32_t code = CHARSET_NONE;
	if (in_range(trail, 0x21, 0x7E)) {
		unsigned pointer = (lead - 0x21u) * 94 + trail - 0x21u;
		code = pointer >= 8836 ? CHARSET_NONE : jis0208(cp932, pointer);
	}
	utf8_add(out, code == CHARSET_NONE ? UTF8_REPLACEMENT : code);
	in->at += in->at < in->end ? 1 : 0;
}

/* One byte outside pairs. */
static uint32_t jis_single(byte c, enum jis_state state)
{
	if (state == JIS_KATAKANA) {
		return in_range(c, 0x21, 0x5F) ? 0xFF61u - 0x21u + c : UTF8_REPLACEMENT;
	}
	if (c >= 0x80 || c == 0x0E || c == 0x0F) {
		return UTF8_REPLACEMENT;
	}
	if (state == JIS_ROMAN && (c == 0x5C || c == 0x7E)) {
		return c == 0x5C ? 0xA5 : 0x203E;
	}
	return c;
}

void charset_asian_iso_2022_jp(struct bytes document, struct buf *out)
{
	SCOPED(charset_table_closep) struct charset_table *cp932 = charset_table_create("CP932");
	struct input in = input_of(document);
	enum jis_state state = JIS_ASCII;
	bool had_output = true; /* two escapes in a row are a fault: text could hide between */
	while (in.at < in.end) {
		byte c = *in.at++;
		if (c == 0x1B) {
			bool is_escape = take_escape(&in, &state);
			if (!is_escape || !had_output) {
				utf8_add(out, UTF8_REPLACEMENT);
			}
			had_output = !is_escape;
			continue;
		}
		had_output = true;
		if (state == JIS_PAIRS && in_range(c, 0x21, 0x7E)) {
			add_jis_pair(out, &in, c, cp932);
		} else if (state == JIS_PAIRS) {
			utf8_add(out, UTF8_REPLACEMENT);
		} else {
			utf8_add(out, jis_single(c, state));
		}
	}
}
