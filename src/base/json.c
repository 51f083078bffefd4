/* SPDX-License-Identifier: MIT */
/* json.c - reading JSON of any origin into a bounded tree, and writing it without one
 *
 * jansson refuses what pages really contain (lone surrogates, integers over 64 bits, stray bytes),
 * and has no cap on the number of values. So one pass goes over the text first: it counts, finds
 * the end of the value, and notes what has to be replaced. Text that needs no change is not
 * copied. */
#include "base/json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Names that both jansson's header and ours give; jansson's are not used by these names here. */
#define json_type jansson_type
#define JSON_NULL JANSSON_NULL
#define JSON_STRING JANSSON_STRING
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_OBJECT JANSSON_OBJECT
#include <jansson.h>
#undef json_type
#undef JSON_NULL
#undef JSON_STRING
#undef JSON_ARRAY
#undef JSON_OBJECT

#include "base/alloc.h"
#include "base/eight.h"
#include "base/error.h"
#include "base/limits.h"

/* Decimal digits that always fit in 64 bits with a sign. */
#define SAFE_INTEGER_DIGITS 18
#define REPLACEMENT "\xef\xbf\xbd"

struct json_document {
	json_t *root;
};

/* --- UTF-8 ------------------------------------------------------------------------------------ */

/* Looks at the sequence at b[at]. Returns its code point and *len_out bytes, or -1 and the number
 * of bytes that one U+FFFD stands for (the longest start of a valid sequence, Unicode 3.9). */
static int32_t utf8_decode(struct bytes b, size_t at, size_t *len_out)
{
	unsigned char lead = (unsigned char)b.ptr[at];
	*len_out = 1;
	if (lead < 0x80) {
		return lead;
	}
	size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
	if (lead < 0xc2 || lead > 0xf4) {
		return -1;
	}
	/* The second byte's range excludes over-long forms, surrogates and what is over U+10FFFF.
	 */
	unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	int32_t code = lead & (0x3f >> more);
	for (size_t i = 1; i <= more; i++) {
		unsigned char c = at + i < b.len ? (unsigned char)b.ptr[at + i] : 0;
		if (c < low || c > high) {
			return -1;
		}
		code = (code << 6) | (c & 0x3f);
		low = 0x80;
		high = 0xbf;
		*len_out = i + 1;
	}
	return code;
}

/* --- the pass before the parser --------------------------------------------------------------- */

struct scan {
	struct bytes in;
	enum json_mode mode;
	size_t at;      /* where we are */
	size_t copied;  /* bytes of `in` that are in `out` */
	struct buf out; /* the text so far, if anything had to be replaced */
	size_t depth;
	size_t values;
};

/* Puts `text` in the place of `len` bytes at `at`. */
static void scan_replace(struct scan *scan, size_t at, size_t len, struct bytes text)
{
	buf_add(&scan->out, bytes_slice(scan->in, scan->copied, at));
	buf_add(&scan->out, text);
	scan->copied = at + len;
}

/* The value of the escape \uXXXX at `at`, or -1. */
static int32_t unicode_escape(struct bytes in, size_t at)
{
	uint64_t code;
	if (at + 6 > in.len || in.ptr[at] != '\\' || in.ptr[at + 1] != 'u' ||
		!bytes_hex_to_u64(bytes_slice(in, at + 2, at + 6), 0xffff, &code)) {
		return -1;
	}
	return (int32_t)code;
}

/* At a backslash inside a string. */
static void scan_escape(struct scan *scan)
{
	int32_t code = unicode_escape(scan->in, scan->at);
	if (code < 0xd800 || code > 0xdfff) {
		scan->at += 2;
		return;
	}
	int32_t next = unicode_escape(scan->in, scan->at + 6);
	if (code < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
		scan->at += 12;
		return;
	}
	if (scan->mode == JSON_LENIENT) {
		scan_replace(scan, scan->at, 6, BYTES("\\ufffd"));
	}
	scan->at += 6;
}

/* At the byte after the opening quote; stops after the closing one. */
static void scan_string(struct scan *scan)
{
	while (scan->at < scan->in.len && scan->in.ptr[scan->at] != '"') {
		unsigned char c = (unsigned char)scan->in.ptr[scan->at];
		size_t len = 1;
		if (c == '\\') {
			scan_escape(scan);
			continue;
		}
		if (c < 0x20 && scan->mode == JSON_LENIENT) {
			char escape[8];
			(void)snprintf(escape, sizeof(escape), "\\u%04x", c);
			scan_replace(scan, scan->at, 1, bytes_of(escape));
		} else if (c >= 0x80 && utf8_decode(scan->in, scan->at, &len) < 0 &&
			   scan->mode == JSON_LENIENT) {
			scan_replace(scan, scan->at, len, BYTES(REPLACEMENT));
		}
		scan->at += len;
	}
	scan->at++;
}

/* At a digit or sign: an integer of more digits than fit becomes a real. */
static void scan_number(struct scan *scan)
{
	size_t start = scan->at;
	bool integer = true;
	while (scan->at < scan->in.len) {
		char c = scan->in.ptr[scan->at];
		if (c == '.' || c == 'e' || c == 'E' || c == '+') {
			integer = false;
		} else if (!char_is_digit(c) && c != '-') {
			break;
		}
		scan->at++;
	}
	if (integer && scan->at - start > SAFE_INTEGER_DIGITS) {
		scan_replace(scan, scan->at, 0, BYTES(".0"));
	}
}

static int scan_open(struct scan *scan, struct flong_error *err)
{
	scan->depth++;
	if (scan->depth > LIMIT_JSON_DEPTH) {
		return error_set(
			err, FLONG_E_LIMIT, "JSON is nested over %d levels", LIMIT_JSON_DEPTH);
	}
	return FLONG_OK;
}

/* Goes through the first value (in strict mode through all of the text). */
static int scan_text(struct scan *scan, struct flong_error *err)
{
	while (scan->at < scan->in.len) {
		char c = scan->in.ptr[scan->at];
		bool closes = c == '}' || c == ']';
		if (c == '"') {
			scan->at++;
			scan_string(scan);
		} else if (c == '-' || char_is_digit(c)) {
			scan_number(scan);
		} else {
			scan->at++;
		}
		scan->values += c == ',' || c == '{' || c == '[';
		if (scan->values > LIMIT_JSON_VALUES) {
			return error_set(
				err, FLONG_E_LIMIT, "JSON has over %d values", LIMIT_JSON_VALUES);
		}
		if ((c == '{' || c == '[') && scan_open(scan, err) < 0) {
			return err->code;
		}
		if (closes && scan->depth > 0) {
			scan->depth--;
			if (scan->depth == 0 && scan->mode == JSON_LENIENT) {
				scan->in.len = scan->at;
			}
		}
	}
	return FLONG_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct bytes without_byte_order_mark(struct bytes text)
{
	return bytes_starts(text, BYTES("\xef\xbb\xbf")) ? bytes_slice(text, 3, text.len) : text;
}

int json_parse(struct bytes text, enum json_mode mode, struct json_document **document_out,
	struct flong_error *err)
{
	struct scan scan = {.in = text, .mode = mode};
	if (mode == JSON_LENIENT) {
		scan.in = without_byte_order_mark(text);
	}
	/* A replaced byte becomes six at most. */
	if (!size_add(scan.in.len, 64, &scan.out.max) || scan.out.max > SIZE_MAX / 6) {
		return error_set(err, FLONG_E_LIMIT, "JSON text is too long");
	}
	scan.out.max *= 6;
	int rc = scan_text(&scan, err);
	if (rc < 0) {
		buf_clear(&scan.out);
		return rc;
	}
	struct bytes clean = scan.in;
	if (scan.out.len > 0) {
		buf_add(&scan.out, bytes_slice(scan.in, scan.copied, scan.in.len));
		clean = buf_bytes(&scan.out);
	}
	size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	if (mode == JSON_LENIENT) {
		flags |= JSON_DISABLE_EOF_CHECK;
	}
	json_error_t fault = {.position = 0};
	json_t *root = json_loadb(clean.len == 0 ? "" : clean.ptr, clean.len, flags, &fault);
	buf_clear(&scan.out);
	if (root == NULL) {
		return error_set(err, FLONG_E_FORMAT, "JSON is wrong at byte %d: %s",
			fault.position, fault.text);
	}
	*document_out = ALLOC(struct json_document);
	(*document_out)->root = root;
	return FLONG_OK;
}

void json_prepare(void)
{
	json_object_seed(0);
}

void json_close(struct json_document *document)
{
	if (document != NULL) {
		json_decref(document->root);
		free(document);
	}
}

static const json_t *inner(const struct json *value)
{
	return (const json_t *)value;
}

static const struct json *outer(const json_t *value)
{
	return (const struct json *)value;
}

const struct json *json_root(const struct json_document *document)
{
	return outer(document->root);
}

enum json_type json_type(const struct json *value)
{
	const json_t *v = inner(value);
	if (json_is_boolean(v)) {
		return JSON_BOOL;
	}
	if (json_is_number(v)) {
		return JSON_NUMBER;
	}
	if (json_string_value(v) != NULL) {
		return JSON_STRING;
	}
	if (v != NULL && json_typeof(v) == JANSSON_ARRAY) {
		return JSON_ARRAY;
	}
	return v != NULL && json_typeof(v) == JANSSON_OBJECT ? JSON_OBJECT : JSON_NULL;
}

struct bytes json_text(const struct json *value)
{
	return (struct bytes){json_string_value(inner(value)), json_string_length(inner(value))};
}

double json_number(const struct json *value)
{
	return json_number_value(inner(value));
}

int64_t json_int(const struct json *value)
{
	if (json_is_integer(inner(value))) {
		return json_integer_value(inner(value));
	}
	double number = json_number_value(inner(value));
	/* Compared as doubles: 2^63 itself does not fit. */
	if (number >= 0x1p63) {
		return INT64_MAX;
	}
	return number < -0x1p63 ? INT64_MIN : (int64_t)number;
}

bool json_bool(const struct json *value)
{
	return json_is_true(inner(value));
}

const struct json *json_get(const struct json *object, const char *name)
{
	return outer(json_object_get(inner(object), name));
}

size_t json_count(const struct json *value)
{
	return json_type(value) == JSON_OBJECT ? json_object_size(inner(value))
					       : json_array_size(inner(value));
}

const struct json *json_at(const struct json *array, size_t index)
{
	return outer(json_array_get(inner(array), index));
}

void json_each(const struct json *object,
	bool (*each)(struct bytes name, const struct json *value, void *context), void *context)
{
	/* jansson's iterators want a value that may be changed; nothing here changes it. */
	json_t *members = (json_t *)(uintptr_t)object;
	void *at = json_object_iter(members);
	bool more = true;
	while (at != NULL && more) {
		struct bytes name = {json_object_iter_key(at), json_object_iter_key_len(at)};
		more = each(name, outer(json_object_iter_value(at)), context);
		at = json_object_iter_next(members, at);
	}
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The escape of a byte that is not written as it is, or false when it has no short one. */
static bool add_short_escape(struct buf *out, char c)
{
	static const char codes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	for (size_t i = 0; i + 1 < sizeof(codes) - 1; i += 2) {
		if (codes[i] == c) {
			buf_add_char(out, '\\');
			buf_add_char(out, codes[i + 1]);
			return true;
		}
	}
	return false;
}

static void add_unit(struct buf *out, unsigned unit)
{
	static const char hex[] = "0123456789abcdef";
	const char escape[] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15],
		hex[unit >> 4 & 15], hex[unit & 15]};
	buf_add(out, bytes_from(escape, sizeof(escape)));
}

static void add_unicode_escape(struct buf *out, int32_t code)
{
	unsigned unit = (unsigned)code;
	if (code > 0xffff) {
		add_unit(out, 0xd7c0 + (unit >> 10));
		unit = 0xdc00 + (unit & 0x3ff);
	}
	add_unit(out, unit);
}

/* Most of a page's text: what stands in a JSON string as it is. */
static inline bool is_plain_ascii(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The end of the eights of such characters that begin at `at`. */
static size_t skip_plain_ascii(struct bytes text, size_t at)
{
	while (text.len - at >= EIGHT_BYTES) {
		uint64_t eight = eight_at(text.ptr + at);
		if ((eight_control(eight) | eight_not_ascii(eight) | eight_equal(eight, '"') |
			    eight_equal(eight, '\\') | eight_equal(eight, 0x7f)) != 0) {
			break;
		}
		at += EIGHT_BYTES;
	}
	return at;
}

static void add_string(struct buf *out, struct bytes text, bool ascii)
{
	buf_add_char(out, '"');
	size_t plain = 0; /* start of what is written as it is */
	size_t look_at = 0;
	for (size_t at = 0, len; at < text.len; at += len) {
		if (at >= look_at) { /* not again at each byte of a text in another script */
			size_t end = skip_plain_ascii(text, at);
			look_at = end + EIGHT_BYTES;
			if (end > at) {
				len = end - at;
				continue;
			}
		}
		len = 1;
		if (is_plain_ascii(text.ptr[at])) {
			continue;
		}
		int32_t code = utf8_decode(text, at, &len);
		if (code >= 0x20 && code != '"' && code != '\\' && (code < 0x7f || !ascii)) {
			continue;
		}
		buf_add(out, bytes_slice(text, plain, at));
		plain = at + len;
		if (code < 0 && !ascii) {
			buf_add_text(out, REPLACEMENT);
		} else if (code < 0) {
			add_unicode_escape(out, 0xfffd);
		} else if (code >= 0x7f || !add_short_escape(out, (char)code)) {
			add_unicode_escape(out, code);
		}
	}
	buf_add(out, bytes_slice(text, plain, text.len));
	buf_add_char(out, '"');
}

void json_add_string(struct buf *out, struct bytes text)
{
	add_string(out, text, false);
}

void json_add_string_ascii(struct buf *out, struct bytes text)
{
	add_string(out, text, true);
}

void json_add_name(struct buf *out, const char *name)
{
	if (out->len > 0 && out->ptr[out->len - 1] != '{' && out->ptr[out->len - 1] != '[') {
		buf_add_char(out, ',');
	}
	json_add_string(out, bytes_of(name));
	buf_add_char(out, ':');
}

void json_add_member(struct buf *out, const char *name, struct bytes text)
{
	json_add_name(out, name);
	json_add_string(out, text);
}

void json_add_member_u64(struct buf *out, const char *name, uint64_t number)
{
	json_add_name(out, name);
	buf_add_u64(out, number);
}

void json_add_member_lines(struct buf *out, const char *name, const struct buf *lines)
{
	struct bytes rest = buf_bytes(lines);
	struct bytes line;
	json_add_name(out, name);
	buf_add_char(out, '[');
	for (bool is_first = true; bytes_next_line(&rest, &line); is_first = false) {
		buf_add_text(out, is_first ? "" : ",");
		json_add_string(out, line);
	}
	buf_add_char(out, ']');
}

void json_add_member_bool(struct buf *out, const char *name, bool value)
{
	json_add_name(out, name);
	buf_add_text(out, value ? "true" : "false");
}
