/* SPDX-License-Identifier: MIT */
/* request_query_json.c - the scalars of a JSON text as name=value pairs
 *
 * The text is read once and never held as a tree: only names that lead to the place, and those that
 * were written, are kept. */
#include "index/request_query_json.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "index/request_query.h"
#include "index/request_query_number.h"
#include "web/utf8.h"

/* Longest text of a number that is no integer. */
#define NUMBER_MAX 400

/* A name that was written, and how often it came. */
struct seen {
	size_t start, len; /* in flat.seen_names */
	unsigned count;
};

struct flat {
	struct bytes in;
	size_t at;
	size_t depth;
	struct buf names; /* of the members around the place, one after the other */
	struct buf value; /* the string that was read last */
	struct buf pairs;
	struct buf seen_names;
	struct seen *seen; /* owned */
	size_t seen_count;
};

static bool is_full(const struct flat *flat)
{
	return flat->pairs.len >= REQUEST_QUERY_MAX;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static struct seen *find_seen(struct flat *flat, struct bytes name)
{
	for (size_t i = 0; i < flat->seen_count; i++) {
		struct seen *seen = &flat->seen[i];
		struct bytes other = bytes_slice(
			buf_bytes(&flat->seen_names), seen->start, seen->start + seen->len);
		if (bytes_equal(other, name)) {
			return seen;
		}
	}
	return NULL;
}

static void add_seen(struct flat *flat, struct bytes name)
{
	flat->seen = (struct seen *)alloc_resize(
		flat->seen, flat->seen_count + 1, sizeof(flat->seen[0]));
	flat->seen[flat->seen_count] = (struct seen){flat->seen_names.len, name.len, 1};
	flat->seen_count++;
	buf_add(&flat->seen_names, name);
}

/* Writes a pair; each is at least one byte, so there are never more than REQUEST_QUERY_MAX. */
static void add_pair(struct flat *flat, struct bytes name, struct bytes value)
{
	if (name.len == 0 || is_full(flat)) {
		return;
	}
	if (flat->pairs.len > 0) {
		buf_add_char(&flat->pairs, '&');
	}
	request_query_quote(name, &flat->pairs);
	struct seen *seen = find_seen(flat, name);
	if (seen == NULL) {
		add_seen(flat, name);
	} else {
		seen->count++;
		struct buf other = {0};
		buf_add(&other, name);
		buf_addf(&other, ".%u_", seen->count);
		buf_add(&flat->pairs, bytes_slice(buf_bytes(&other), name.len, other.len));
		add_seen(flat, buf_bytes(&other));
		buf_clear(&other);
	}
	buf_add_char(&flat->pairs, '=');
	request_query_quote(value, &flat->pairs);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static char peek(const struct flat *flat)
{
	return flat->at < flat->in.len ? flat->in.ptr[flat->at] : '\0';
}

static bool take(struct flat *flat, char c)
{
	if (flat->at < flat->in.len && flat->in.ptr[flat->at] == c) {
		flat->at++;
		return true;
	}
	return false;
}

/* One digit at least. */
static bool take_digits(struct flat *flat)
{
	size_t start = flat->at;
	while (char_is_digit(peek(flat))) {
		flat->at++;
	}
	return flat->at > start;
}

static bool read_fraction(struct flat *flat, bool *is_real)
{
	if (take(flat, '.')) {
		*is_real = true;
		if (!take_digits(flat)) {
			return false;
		}
	}
	if (take(flat, 'e') || take(flat, 'E')) {
		*is_real = true;
		if (!take(flat, '+')) {
			(void)take(flat, '-');
		}
		return take_digits(flat);
	}
	return true;
}

/* Integers keep their digits, however many: Python does so, and no id is rounded. */
static bool read_number(struct flat *flat, struct bytes name)
{
	size_t start = flat->at;
	bool is_real = false;
	(void)take(flat, '-');
	if (!take(flat, '0') && !take_digits(flat)) {
		return false;
	}
	if (!read_fraction(flat, &is_real)) {
		return false;
	}
	struct bytes text = bytes_slice(flat->in, start, flat->at);
	if (!is_real) {
		add_pair(flat, name, bytes_equal(text, BYTES("-0")) ? BYTES("0") : text);
		return true;
	}
	char room[NUMBER_MAX + 1] = "";
	if (text.len == 0 || text.len > NUMBER_MAX) {
		return false;
	}
	memcpy(room, text.ptr, text.len);
	double number = strtod(room, NULL);
	if (!isfinite(number)) {
		return false;
	}
	buf_reset(&flat->value);
	request_query_add_number(number, &flat->value);
	add_pair(flat, name, buf_bytes(&flat->value));
	return true;
}

/* --- strings ---------------------------------------------------------------------------------- */

static bool read_code(struct flat *flat, uint64_t *code_out)
{
	struct bytes digits = bytes_slice(flat->in, flat->at, flat->at + 4);
	flat->at += digits.len;
	return digits.len == 4 && bytes_hex_to_u64(digits, 0xffff, code_out);
}

/* Behind "\u": one code point, of two halves if need be. */
static bool read_unicode(struct flat *flat, struct buf *out)
{
	uint64_t code = 0;
	if (!read_code(flat, &code)) {
		return false;
	}
	if (code >= 0xd800 && code < 0xe000) {
		uint64_t low = 0;
		if (code >= 0xdc00 || !take(flat, '\\') || !take(flat, 'u') ||
			!read_code(flat, &low) || low < 0xdc00 || low >= 0xe000) {
			return false;
		}
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	utf8_add(out, (uint32_t)code);
	return true;
}

static bool read_escape(struct flat *flat, struct buf *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	char c = peek(flat);
	if (take(flat, 'u')) {
		return read_unicode(flat, out);
	}
	const char *name = c == '\0' ? NULL : strchr(names, c);
	if (name == NULL) {
		return false;
	}
	flat->at++;
	buf_add_char(out, bytes[name - names]);
	return true;
}

/* Appends a string to `out`; of a very long one only the beginning counts. */
static bool read_string(struct flat *flat, struct buf *out)
{
	size_t start = out->len;
	if (!take(flat, '"')) {
		return false;
	}
	while (!take(flat, '"')) {
		if (out->len - start > REQUEST_QUERY_MAX) {
			buf_truncate(out, start + REQUEST_QUERY_MAX);
		}
		if (flat->at >= flat->in.len || (unsigned char)peek(flat) < 0x20) {
			return false;
		}
		if (take(flat, '\\')) {
			if (!read_escape(flat, out)) {
				return false;
			}
		} else {
			buf_add_char(out, peek(flat));
			flat->at++;
		}
	}
	return true;
}

/* --- values ----------------------------------------------------------------------------------- */

static void skip_space(struct flat *flat)
{
	while (take(flat, ' ') || take(flat, '\t') || take(flat, '\n') || take(flat, '\r')) {
	}
}

/* A name lies at this place of flat.names. */
struct place {
	size_t start, len;
};

static bool read_value(struct flat *flat, struct place place);

static bool read_member(struct flat *flat)
{
	struct place place = {.start = flat->names.len};
	skip_space(flat);
	bool is_read = read_string(flat, &flat->names);
	place.len = flat->names.len - place.start;
	skip_space(flat);
	is_read = is_read && take(flat, ':') && read_value(flat, place);
	buf_truncate(&flat->names, place.start);
	return is_read;
}

/* An object or array behind its opening bracket. */
static bool read_items(struct flat *flat, char close, struct place place)
{
	if (flat->depth == LIMIT_JSON_DEPTH) {
		return false;
	}
	flat->depth++;
	skip_space(flat);
	if (!take(flat, close)) {
		do {
			if (!(close == '}' ? read_member(flat) : read_value(flat, place))) {
				return false;
			}
			skip_space(flat);
		} while (take(flat, ','));
		if (!take(flat, close)) {
			return false;
		}
	}
	flat->depth--;
	return true;
}

static bool read_literal(struct flat *flat, struct bytes name)
{
	static const char *const literals[] = {"true", "false", "null"};
	struct bytes rest = bytes_slice(flat->in, flat->at, flat->in.len);
	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		struct bytes literal = bytes_of(literals[i]);
		if (bytes_starts(rest, literal)) {
			flat->at += literal.len;
			add_pair(flat, name, literal);
			return true;
		}
	}
	return false;
}

static bool read_value(struct flat *flat, struct place place)
{
	skip_space(flat);
	struct bytes name =
		bytes_slice(buf_bytes(&flat->names), place.start, place.start + place.len);
	char c = peek(flat);
	if (take(flat, '{')) {
		return read_items(flat, '}', place);
	}
	if (take(flat, '[')) {
		return read_items(flat, ']', place);
	}
	if (c == '"') {
		buf_reset(&flat->value);
		if (!read_string(flat, &flat->value)) {
			return false;
		}
		add_pair(flat, name, buf_bytes(&flat->value));
		return true;
	}
	return c == '-' || char_is_digit(c) ? read_number(flat, name) : read_literal(flat, name);
}

/* Reads one text that must fill `in`. */
static bool read_text(struct flat *flat, struct bytes in)
{
	flat->in = in;
	flat->at = 0;
	flat->depth = 0;
	bool is_read = read_value(flat, (struct place){0, 0});
	skip_space(flat);
	return is_read && flat->at == in.len;
}

static void forget(struct flat *flat)
{
	buf_reset(&flat->names);
	buf_reset(&flat->pairs);
	buf_reset(&flat->seen_names);
	flat->seen_count = 0;
}

/* One text a line; an empty last line is a fault, as it is for the others. */
static bool read_lines(struct flat *flat, struct bytes text)
{
	forget(flat);
	for (;;) {
		size_t end = bytes_find_char(text, '\n', 0);
		if (!read_text(flat, bytes_slice(text, 0, end))) {
			return false;
		}
		if (end == SIZE_MAX) {
			return true;
		}
		text = bytes_slice(text, end + 1, text.len);
	}
}

bool request_query_add_json(struct bytes text, bool is_whole, struct buf *query_out)
{
	struct flat flat = {.depth = 0};
	bool is_json = false;
	if (bytes_starts(text, BYTES("\xef\xbb\xbf"))) {
		text = bytes_slice(text, 3, text.len);
	}
	if (!is_whole || utf8_is_valid(text)) {
		is_json = read_text(&flat, text) || (!is_whole && is_full(&flat)) ||
			  (bytes_find_char(text, '\n', 0) != SIZE_MAX &&
				  (read_lines(&flat, text) || (!is_whole && is_full(&flat))));
	}
	if (is_json) {
		buf_add(query_out, buf_bytes(&flat.pairs));
	}
	buf_clear(&flat.names);
	buf_clear(&flat.value);
	buf_clear(&flat.pairs);
	buf_clear(&flat.seen_names);
	free(flat.seen);
	return is_json;
}
