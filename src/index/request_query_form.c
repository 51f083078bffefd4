/* SPDX-License-Identifier: MIT */
/* request_query_form.c - the bodies of HTML forms as query text */
#include "index/request_query_form.h"

#include "index/request_query.h"
#include "web/percent.h"
#include "web/utf8.h"

/* --- application/x-www-form-urlencoded -------------------------------------------------------- */

/* Text that was cut may end inside a character. */
static struct bytes without_half_character(struct bytes text)
{
	size_t len = text.len;
	while (len > 0 && text.len - len < 3 && ((unsigned char)text.ptr[len - 1] & 0xc0) == 0x80) {
		len--;
	}
	bool is_lead = len > 0 && (unsigned char)text.ptr[len - 1] >= 0xc0;
	return is_lead ? bytes_slice(text, 0, len - 1) : text;
}

bool request_query_add_form(struct bytes body, bool is_whole, struct buf *query_out)
{
	struct bytes text = is_whole ? body : without_half_character(body);
	if (!utf8_is_valid(text)) {
		return false;
	}
	/* A kept character is written with 12 bytes at most. */
	struct buf spaced = {0};
	text = bytes_slice(text, 0, (size_t)REQUEST_QUERY_MAX * 12);
	for (size_t i = 0; i < text.len; i++) {
		buf_add_char(&spaced, text.ptr[i] == '+' ? ' ' : text.ptr[i]);
	}
	struct buf decoded = {0};
	percent_decode(buf_bytes(&spaced), &decoded);
	utf8_add_valid(query_out, buf_bytes(&decoded));
	buf_clear(&decoded);
	buf_clear(&spaced);
	return true;
}

/* --- multipart -------------------------------------------------------------------------------- */

/* A parameter of a field value, its quotes undone in `room`; ptr NULL when it is not there. */
static struct bytes parameter(struct bytes value, const char *name, struct buf *room)
{
	struct bytes rest = value;
	struct bytes ignored;
	while (bytes_cut(rest, ';', &ignored, &rest)) {
		struct bytes key;
		struct bytes text;
		if (!bytes_cut(rest, '=', &key, &text) ||
			!bytes_equal_nocase(bytes_trim(key), bytes_of(name))) {
			continue;
		}
		text = bytes_trim(text);
		buf_reset(room);
		bool is_quoted = text.len > 0 && text.ptr[0] == '"';
		for (size_t i = is_quoted ? 1 : 0; i < text.len; i++) {
			char c = text.ptr[i];
			if (c == (is_quoted ? '"' : ';')) {
				break;
			}
			if (is_quoted && c == '\\' && i + 1 < text.len &&
				(text.ptr[i + 1] == '"' || text.ptr[i + 1] == '\\')) {
				i++;
			}
			buf_add_char(room, text.ptr[i]);
		}
		return bytes_from(buf_text(room), room->len);
	}
	return (struct bytes){NULL, 0};
}

/* Browsers escape three bytes in names. */
static void add_name(struct bytes name, struct buf *out)
{
	static const struct {
		const char *escape;
		const char *byte;
	} escapes[] = {{"%0D", "\r"}, {"%0A", "\n"}, {"%22", "\""}};
	for (size_t i = 0; i < name.len; i++) {
		const char *byte = NULL;
		for (size_t k = 0; k < sizeof(escapes) / sizeof(escapes[0]); k++) {
			if (bytes_starts(
				    bytes_slice(name, i, name.len), bytes_of(escapes[k].escape))) {
				byte = escapes[k].byte;
			}
		}
		request_query_quote(
			byte != NULL ? bytes_of(byte) : bytes_slice(name, i, i + 1), out);
		i += byte != NULL ? 2 : 0;
	}
}

/* One part without the delimiters around it: its fields, an empty line, its value. */
static void add_part(struct bytes part, struct buf *out)
{
	struct buf room = {0};
	struct bytes name = {NULL, 0};
	struct bytes rest = part;
	struct bytes line;
	while (bytes_next_line(&rest, &line) && line.len > 0) {
		struct bytes field;
		struct bytes value;
		if (bytes_cut(line, ':', &field, &value) &&
			bytes_equal_nocase(bytes_trim(field), BYTES("Content-Disposition"))) {
			name = parameter(value, "name", &room);
		}
	}
	if (out->len > 0) {
		buf_add_char(out, '&');
	}
	add_name(name, out);
	buf_add_char(out, '=');
	request_query_quote(bytes_slice(rest, 0, REQUEST_QUERY_MAX), out);
	buf_clear(&room);
}

/* The part that starts at `at`, just behind a delimiter; moves `at` behind the next one. False when
 * that was the last delimiter or there is no line end behind it. */
static bool next_part(struct bytes body, struct bytes delimiter, size_t *at, struct bytes *part_out)
{
	struct bytes rest = bytes_slice(body, *at, body.len);
	if (!bytes_starts(rest, BYTES("\r\n"))) {
		return false;
	}
	/* The line end belongs to the delimiter, but an empty part ends with the same one. */
	size_t end = bytes_find(body, delimiter, *at);
	size_t stop = end == SIZE_MAX ? body.len : end;
	*part_out = bytes_slice(body, *at + 2, stop);
	*at = end == SIZE_MAX ? body.len : end + delimiter.len;
	return true;
}

bool request_query_add_multipart(
	struct bytes content_type, struct bytes body, struct buf *query_out)
{
	struct buf room = {0};
	struct buf delimiter = {0};
	struct bytes boundary = parameter(content_type, "boundary", &room);
	buf_add_text(&delimiter, "\r\n--");
	buf_add(&delimiter, boundary);
	struct bytes first = bytes_slice(buf_bytes(&delimiter), 2, delimiter.len);
	size_t found = boundary.len == 0 ? SIZE_MAX : bytes_find(body, first, 0);
	size_t at = found == SIZE_MAX ? body.len : found + first.len;
	struct buf pairs = {0};
	struct bytes part;
	bool any = false;
	while (pairs.len < REQUEST_QUERY_MAX &&
		next_part(body, buf_bytes(&delimiter), &at, &part)) {
		if (part.len > 0) {
			add_part(part, &pairs);
			any = true;
		}
	}
	buf_add(query_out, buf_bytes(&pairs));
	buf_clear(&pairs);
	buf_clear(&delimiter);
	buf_clear(&room);
	return any;
}
