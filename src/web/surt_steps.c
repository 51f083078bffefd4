/* SPDX-License-Identifier: MIT */
/* surt_steps.c - unescaping until nothing changes, IPv4 as inet_aton has it, dots, session ids */
#include "web/surt_steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "web/idna.h"
#include "web/utf8.h"

#define ROOM_BYTES (LIMIT_URL_BYTES * 8)
#define SESSION_DIGITS 32

/* Decodes %XX until none is left. One pass does: what a decoded byte completes is decoded at once,
 * and escapes cannot overlap, so that the order does not matter. */
static void unescape_fully(struct bytes text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		buf_add_char(out, text.ptr[i]);
		while (out->len >= 3 && out->ptr[out->len - 3] == '%' &&
			char_hex(out->ptr[out->len - 2]) >= 0 &&
			char_hex(out->ptr[out->len - 1]) >= 0) {
			int byte = char_hex(out->ptr[out->len - 2]) * 16 +
				   char_hex(out->ptr[out->len - 1]);
			buf_truncate(out, out->len - 3);
			buf_add_char(out, (char)byte);
		}
	}
}

/* Appends in lower case, with '%', '#', blanks, controls and all from 0x7f on as %xx. */
static void escape_lower(struct bytes text, struct buf *out)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= ' ' || c >= 0x7F || c == '%' || c == '#') {
			const char escape[] = {'%', hex[c >> 4], hex[c & 15]};
			buf_add(out, bytes_from(escape, sizeof(escape)));
		} else {
			buf_add_char(out, char_lower(text.ptr[i]));
		}
	}
}

/* A decimal or octal number of an address, as inet_aton reads it; no hexadecimal. */
static bool read_number(struct bytes text, uint64_t *number_out)
{
	unsigned base = text.len > 1 && text.ptr[0] == '0' ? 8 : 10;
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)char_hex(text.ptr[i]);
		if (digit >= base) {
			return false;
		}
		number = number * base + digit;
		if (number > UINT32_MAX) {
			return false;
		}
	}
	*number_out = number;
	return text.len > 0;
}

static void add_ipv4(struct buf *out, uint64_t address)
{
	buf_addf(out, "%u.%u.%u.%u", (unsigned)(address >> 24 & 255),
		(unsigned)(address >> 16 & 255), (unsigned)(address >> 8 & 255),
		(unsigned)(address & 255));
}

/* One to four numbers; the last fills the bytes that are left. */
static bool add_dotted(struct buf *out, struct bytes host)
{
	uint64_t address = 0;
	size_t count = 0;
	struct bytes part;
	struct bytes rest = host;
	while (bytes_cut(rest, '.', &part, &rest)) {
		uint64_t number;
		if (count == 3 || !read_number(part, &number) || number > 255) {
			return false;
		}
		address |= number << (24 - 8 * count);
		count++;
	}
	uint64_t last;
	if (!read_number(rest, &last) || last >> (8 * (4 - count)) != 0) {
		return false;
	}
	add_ipv4(out, address | last);
	return true;
}

static bool is_all_digits(struct bytes host)
{
	for (size_t i = 0; i < host.len; i++) {
		if (!char_is_digit(host.ptr[i])) {
			return false;
		}
	}
	return host.len > 0;
}

/* "3232235777" is an address, whatever its length: the low 32 bits count. */
static void add_decimal(struct buf *out, struct bytes host)
{
	uint32_t address = 0;
	for (size_t i = 0; i < host.len; i++) {
		address = address * 10 + (uint32_t)(host.ptr[i] - '0');
	}
	add_ipv4(out, address);
}

struct bytes surt_steps_without_www(struct bytes host)
{
	size_t at = 3;
	if (!bytes_starts(host, BYTES("www"))) {
		return host;
	}
	while (at < host.len && char_is_digit(host.ptr[at])) {
		at++;
	}
	return at < host.len && host.ptr[at] == '.' ? bytes_slice(host, at + 1, host.len) : host;
}

/* Each ".." becomes "." once; then no dots at the ends. */
static struct bytes tidy_dots(struct bytes host, struct buf *room)
{
	for (size_t i = 0; i < host.len; i++) {
		buf_add_char(room, host.ptr[i]);
		if (host.ptr[i] == '.' && i + 1 < host.len && host.ptr[i + 1] == '.') {
			i++;
		}
	}
	struct bytes tidy = buf_bytes(room);
	while (tidy.len > 0 && tidy.ptr[0] == '.') {
		tidy = bytes_slice(tidy, 1, tidy.len);
	}
	while (tidy.len > 0 && tidy.ptr[tidy.len - 1] == '.') {
		tidy.len--;
	}
	return tidy;
}

void surt_steps_host(struct bytes host, bool keeps_www, struct buf *out)
{
	SCOPED(buf_clear) struct buf plain = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf wide = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf ascii = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf dotted = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf whole = buf_with_max(ROOM_BYTES);
	unescape_fully(host, &plain);
	struct bytes name = buf_bytes(&plain);
	if (!utf8_is_ascii(name)) {
		/* Malformed bytes are left out, unless what remains is no domain name. */
		utf8_add_well_formed(&wide, name);
		if (idna_to_ascii_2003(buf_bytes(&wide), &ascii)) {
			name = buf_bytes(&ascii);
		}
	}
	name = tidy_dots(name, &dotted);
	if (is_all_digits(name)) {
		add_decimal(&whole, name);
	} else if (!add_dotted(&whole, name)) {
		escape_lower(name, &whole);
	}
	name = buf_bytes(&whole);
	buf_add(out, keeps_www ? name : surt_steps_without_www(name));
}

/* Resolves "." and ".."; drops empty segments afterwards, so that ".." can take one away. A ".."
 * with nothing before it stays and can be taken away as well: what the tools do. */
static void add_segments(struct buf *out, struct bytes path)
{
	SCOPED(buf_clear) struct buf resolved = buf_with_max(ROOM_BYTES);
	struct bytes rest = path;
	struct bytes segment = {NULL, 0};
	if (bytes_starts(rest, BYTES("/"))) {
		rest = bytes_slice(rest, 1, rest.len);
	}
	while (bytes_next_item(&rest, '/', &segment)) {
		size_t slash = bytes_find_last_char(buf_bytes(&resolved), '/');
		if (bytes_equal(segment, BYTES("."))) {
			continue;
		}
		if (bytes_equal(segment, BYTES("..")) && slash != SIZE_MAX) {
			buf_truncate(&resolved, slash);
			continue;
		}
		buf_add_char(&resolved, '/');
		buf_add(&resolved, segment);
	}
	rest = buf_bytes(&resolved);
	while (bytes_next_item(&rest, '/', &segment)) {
		if (segment.len > 0) {
			buf_add_char(out, '/');
			buf_add(out, segment);
		}
	}
	if (out->len == 0) {
		buf_add_char(out, '/');
	}
}

/* Bytes of `text` from `at` that are letters or digits, at most `max`. */
static size_t count_alnum(struct bytes text, size_t at, size_t max)
{
	size_t count = 0;
	while (at + count < text.len && count < max && char_is_alnum(text.ptr[at + count])) {
		count++;
	}
	return count;
}

/* Length of "(24 characters)/" at `at`, or 0. */
static size_t asp_plain_length(struct bytes path, size_t at)
{
	bool is_here = at + 26 < path.len && path.ptr[at] == '(' &&
		       count_alnum(path, at + 1, 24) == 24 && path.ptr[at + 25] == ')' &&
		       path.ptr[at + 26] == '/';
	return is_here ? 27 : 0;
}

/* Length of "(S(24 characters))/" at `at`, the inner part once or more, or 0. */
static size_t asp_nested_length(struct bytes path, size_t at)
{
	size_t end = at + 1;
	if (at >= path.len || path.ptr[at] != '(') {
		return 0;
	}
	while (end + 26 < path.len && char_is_alpha(path.ptr[end]) && path.ptr[end + 1] == '(' &&
		count_alnum(path, end + 2, 24) == 24 && path.ptr[end + 26] == ')') {
		end += 27;
	}
	bool is_closed = end > at + 1 && end + 1 < path.len && path.ptr[end] == ')' &&
			 path.ptr[end + 1] == '/';
	return is_closed ? end + 2 - at : 0;
}

/* Removes the last ASP.NET session segment of a kind that has "something.aspx" after it. */
static void drop_asp_session(struct buf *path, size_t (*length_at)(struct bytes path, size_t at))
{
	struct bytes text = buf_bytes(path);
	for (size_t at = text.len; at-- > 1;) {
		size_t length = text.ptr[at - 1] == '/' ? length_at(text, at) : 0;
		if (length > 0 && bytes_find(text, BYTES(".aspx"), at + length + 1) != SIZE_MAX) {
			memmove(path->ptr + at, path->ptr + at + length, path->len - at - length);
			buf_truncate(path, path->len - length);
			return;
		}
	}
}

static void drop_asp_sessions(struct buf *path)
{
	drop_asp_session(path, asp_nested_length);
	drop_asp_session(path, asp_plain_length);
}

static void add_without_slash(struct buf *out, struct bytes path)
{
	bool has_slash = path.len > 1 && path.ptr[path.len - 1] == '/';
	buf_add(out, bytes_slice(path, 0, path.len - (has_slash ? 1 : 0)));
}

void surt_steps_path(struct bytes path, struct buf *out)
{
	SCOPED(buf_clear) struct buf plain = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf segments = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf lower = buf_with_max(ROOM_BYTES);
	unescape_fully(path, &plain);
	add_segments(&segments, buf_bytes(&plain));
	escape_lower(buf_bytes(&segments), &lower);
	drop_asp_sessions(&lower);
	add_without_slash(out, buf_bytes(&lower));
}

void surt_steps_opaque(struct bytes path, struct buf *out)
{
	SCOPED(buf_clear) struct buf plain = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf lower = buf_with_max(ROOM_BYTES);
	unescape_fully(path, &plain);
	escape_lower(buf_bytes(&plain), &lower);
	drop_asp_sessions(&lower);
	add_without_slash(out, buf_bytes(&lower));
}

/* Length of a run of letters, or letters and digits, of exactly `count`; else 0. */
static size_t exact_run(struct bytes text, size_t at, size_t count, bool letters_only)
{
	for (size_t i = 0; i < count; i++) {
		if (at + i >= text.len) {
			return 0;
		}
		char c = text.ptr[at + i];
		if (!char_is_alpha(c) && (letters_only || !char_is_digit(c))) {
			return 0;
		}
	}
	return count;
}

/* Length of "name=value" of a session parameter at `at`, 0 when there is none. `text` is lower
 * case. */
static size_t session_plain(struct bytes text, size_t at, struct bytes name)
{
	size_t value = at + name.len;
	bool is_here = bytes_starts(bytes_slice(text, at, text.len), name);
	size_t run = is_here ? exact_run(text, value, SESSION_DIGITS, false) : 0;
	return run == 0 ? 0 : name.len + run;
}

static size_t session_asp(struct bytes text, size_t at, struct bytes name)
{
	if (!bytes_starts(bytes_slice(text, at, text.len), name) ||
		exact_run(text, at + name.len, 8, true) == 0) {
		return 0;
	}
	size_t equals = at + name.len + 8;
	if (equals >= text.len || text.ptr[equals] != '=' ||
		exact_run(text, equals + 1, 24, true) == 0) {
		return 0;
	}
	return equals + 25 - at;
}

static size_t value_length(struct bytes text, size_t at)
{
	size_t end = bytes_find_char(text, '&', at);
	return (end == SIZE_MAX ? text.len : end) - at;
}

static size_t session_coldfusion(struct bytes text, size_t at, struct bytes name)
{
	if (!bytes_starts(bytes_slice(text, at, text.len), name)) {
		return 0;
	}
	size_t first = value_length(text, at + name.len);
	size_t next = at + name.len + first;
	if (first == 0 || !bytes_starts(bytes_slice(text, next, text.len), BYTES("&cftoken="))) {
		return 0;
	}
	size_t second = value_length(text, next + 9);
	return second == 0 ? 0 : next + 9 + second - at;
}

/* Removes the last occurrence that ends at '&' or at the end, and that '&'. */
static void drop_session(struct buf *query, struct bytes name,
	size_t (*length_at)(struct bytes text, size_t at, struct bytes name))
{
	struct bytes text = buf_bytes(query);
	for (size_t at = text.len; at-- > 0;) {
		size_t length = length_at(text, at, name);
		size_t end = at + length;
		if (length == 0 || (end < text.len && text.ptr[end] != '&')) {
			continue;
		}
		end += end < text.len ? 1 : 0;
		memmove(query->ptr + at, query->ptr + end, text.len - end);
		buf_truncate(query, text.len - (end - at));
		return;
	}
}

void surt_steps_query(struct bytes query, struct buf *out)
{
	SCOPED(buf_clear) struct buf plain = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf lower = buf_with_max(ROOM_BYTES);
	unescape_fully(query, &plain);
	escape_lower(buf_bytes(&plain), &lower);
	drop_session(&lower, BYTES("jsessionid="), session_plain);
	drop_session(&lower, BYTES("phpsessid="), session_plain);
	drop_session(&lower, BYTES("sid="), session_plain);
	drop_session(&lower, BYTES("aspsessionid"), session_asp);
	drop_session(&lower, BYTES("cfid="), session_coldfusion);
	buf_add(out, buf_bytes(&lower));
}

static int compare_text(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* As tuples of what stands before and after the first '='. */
static int compare_names(const void *a, const void *b)
{
	const struct bytes *x = a;
	const struct bytes *y = b;
	struct bytes x_name = *x;
	struct bytes y_name = *y;
	struct bytes value;
	(void)bytes_cut(*x, '=', &x_name, &value);
	(void)bytes_cut(*y, '=', &y_name, &value);
	int order = bytes_compare(x_name, y_name);
	/* With equal names the rest begins with '=' or is absent, and bytes decide. */
	return order != 0 ? order : bytes_compare(*x, *y);
}

void surt_steps_sort(struct bytes query, bool by_name, struct buf *out)
{
	size_t count = 1;
	for (size_t i = 0; i < query.len; i++) {
		count += query.ptr[i] == '&' ? 1 : 0;
	}
	struct bytes *items = ALLOC_ARRAY(struct bytes, count);
	struct bytes rest = query;
	for (size_t i = 0; i + 1 < count; i++) {
		(void)bytes_cut(rest, '&', &items[i], &rest);
	}
	items[count - 1] = rest;
	qsort(items, count, sizeof(*items), by_name ? compare_names : compare_text);
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			buf_add_char(out, '&');
		}
		buf_add(out, items[i]);
	}
	free(items);
}
