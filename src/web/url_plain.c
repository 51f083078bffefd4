/* SPDX-License-Identifier: MIT */
/* url_plain.c - one look at each byte of a URL that is written as it will be serialised
 *
 * Nearly all links are: "/a/b", "https://host/a?b", "page.html". Whatever would change anything, or
 * is not sure to change nothing, is left to web/url_parser.c. */
#include "web/url_plain.h"

#include "base/limits.h"

/* What a byte may be without being changed. */
enum plain { IN_HOST = 1 << 0, IN_PATH = 1 << 1, IN_QUERY = 1 << 2, IN_FRAGMENT = 1 << 3 };

/* Shorter names for the table: all of them, all but the host, and the two exceptions. */
#define A (IN_HOST | IN_PATH | IN_QUERY | IN_FRAGMENT)
#define T (IN_PATH | IN_QUERY | IN_FRAGMENT)
#define Q (IN_QUERY | IN_FRAGMENT) /* '?' */
#define P (IN_PATH | IN_FRAGMENT)  /* '\'' */

/* The percent-encode sets of URL 1.3, the other way round; a row has 16 bytes. */
/* clang-format off */
static const uint8_t plain_bytes[256] = {
	/* 0x00 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* 0x10 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* 0x20 */ 0, T, 0, 0, T, T, T, P, T, T, T, T, T, A, A, T,
	/* 0x30 */ A, A, A, A, A, A, A, A, A, A, T, T, 0, T, 0, Q,
	/* 0x40 */ T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T,
	/* 0x50 */ T, T, T, T, T, T, T, T, T, T, T, 0, 0, 0, 0, A,
	/* 0x60 */ 0, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
	/* 0x70 */ A, A, A, A, A, A, A, A, A, A, A, 0, 0, 0, T, 0,
};
/* clang-format on */

static bool is_plain(char c, enum plain place)
{
	return (plain_bytes[(unsigned char)c] & (unsigned)place) != 0;
}

/* First byte from `at` on that would not stay as it is in `place`. */
static size_t skip_plain(struct bytes text, size_t at, enum plain place)
{
	while (at < text.len && is_plain(text.ptr[at], place)) {
		at++;
	}
	return at;
}

/* A number as it is serialised: no zeros in front, at most `max`. */
static bool is_plain_number(struct bytes text, uint64_t max)
{
	uint64_t number;
	return bytes_to_u64(text, max, &number) && (text.len == 1 || text.ptr[0] != '0');
}

static bool is_ipv4(struct bytes host)
{
	struct bytes part;
	for (int i = 0; i < 3; i++) {
		if (!bytes_cut(host, '.', &part, &host) || !is_plain_number(part, 255)) {
			return false;
		}
	}
	return is_plain_number(host, 255);
}

/* A domain whose last label cannot be taken for a number, or a whole IPv4 address. */
static bool is_plain_host(struct bytes host)
{
	size_t dot = bytes_find_last_char(host, '.');
	size_t last = dot == SIZE_MAX ? 0 : dot + 1;
	return last < host.len && (char_is_alpha(host.ptr[last]) || is_ipv4(host));
}

/* Host and port of `text` from `at` on; returns where they end, SIZE_MAX when they are not plain.
 */
static size_t read_authority(struct bytes text, size_t at, struct url_plain *plain)
{
	size_t end = skip_plain(text, at, IN_HOST);
	if (!is_plain_host(bytes_slice(text, at, end))) {
		return SIZE_MAX;
	}
	plain->host_at = at;
	plain->host_len = end - at;
	plain->port_at = end;
	plain->port_len = 0;
	if (end < text.len && text.ptr[end] == ':') {
		size_t start = end + 1;
		end = start;
		while (end < text.len && char_is_digit(text.ptr[end])) {
			end++;
		}
		struct bytes port = bytes_slice(text, start, end);
		if (!is_plain_number(port, 65535) || bytes_equal(port, BYTES("80")) ||
			bytes_equal(port, BYTES("443"))) {
			return SIZE_MAX;
		}
		plain->port_at = start;
		plain->port_len = port.len;
	}
	bool is_over = end == text.len || text.ptr[end] == '/' || text.ptr[end] == '?' ||
		       text.ptr[end] == '#';
	return is_over ? end : SIZE_MAX;
}

/* Whether a segment that starts at `at` could be "." or "..", also as "%2e". */
static bool may_be_dots(struct bytes text, size_t at)
{
	return at < text.len && (text.ptr[at] == '.' || text.ptr[at] == '%');
}

/* Path, query and fragment from `at` on. */
static bool read_tail(struct bytes text, size_t at, struct url_plain *plain)
{
	if (may_be_dots(text, at)) {
		return false;
	}
	while (at < text.len && is_plain(text.ptr[at], IN_PATH)) {
		if (text.ptr[at] == '/' && may_be_dots(text, at + 1)) {
			return false;
		}
		at++;
	}
	plain->query_at = at;
	if (at < text.len && text.ptr[at] == '?') {
		at = skip_plain(text, at + 1, IN_QUERY);
	}
	plain->fragment_at = at;
	if (at < text.len && text.ptr[at] == '#') {
		at = skip_plain(text, at + 1, IN_FRAGMENT);
	}
	plain->end = at;
	return at == text.len;
}

static bool read_absolute(struct bytes text, size_t authority_at, struct url_plain *plain)
{
	size_t path_at = read_authority(text, authority_at, plain);
	if (path_at == SIZE_MAX) {
		return false;
	}
	plain->path_at = path_at;
	plain->is_pathless = path_at == text.len || text.ptr[path_at] != '/';
	return read_tail(text, path_at, plain);
}

/* Moves all positions behind the text taken from the base. */
static void shift(struct url_plain *plain)
{
	plain->query_at += plain->base.len;
	plain->fragment_at += plain->base.len;
	plain->end += plain->base.len;
}

/* Takes scheme, host and port of the base, and its path up to `path_len`. */
static void take_base(struct url_plain *plain, const struct url *base, size_t path_len)
{
	size_t path_at = (size_t)(base->path.ptr - base->href);
	plain->base = bytes_from(base->href, path_at + path_len);
	plain->scheme_len = base->scheme.len;
	plain->host_at = (size_t)(base->host.ptr - base->href);
	plain->host_len = base->host.len;
	plain->port_at = (size_t)(base->port.ptr - base->href);
	plain->port_len = base->port.len;
	plain->path_at = path_at;
	shift(plain);
}

static bool read_relative(struct bytes text, const struct url *base, struct url_plain *plain)
{
	if (base == NULL || !base->is_http || base->username.len > 0 || base->password.len > 0) {
		return false;
	}
	if (text.ptr[0] == '/' && text.len > 1 && text.ptr[1] == '/') {
		if (!read_absolute(text, 2, plain)) {
			return false;
		}
		plain->base = bytes_slice(bytes_of(base->href), 0, base->scheme.len + 1);
		plain->scheme_len = base->scheme.len;
		plain->host_at += plain->base.len;
		plain->port_at += plain->base.len;
		plain->path_at += plain->base.len;
		shift(plain);
		return true;
	}
	if (text.ptr[0] == '/') {
		if (!read_tail(text, 0, plain)) {
			return false;
		}
		take_base(plain, base, 0);
		return true;
	}
	/* A colon in front of the first slash might end a scheme. */
	size_t slash = bytes_find_char(text, '/', 0);
	size_t last = bytes_find_last_char(base->path, '/');
	if (!char_is_alnum(text.ptr[0]) || last == SIZE_MAX ||
		bytes_find_char(bytes_slice(text, 0, slash), ':', 0) != SIZE_MAX ||
		!read_tail(text, 0, plain)) {
		return false;
	}
	take_base(plain, base, last + 1);
	return true;
}

bool url_plain_read(struct bytes input, const struct url *base, struct url_plain *plain_out)
{
	while (input.len > 0 && (unsigned char)input.ptr[0] <= ' ') {
		input = bytes_slice(input, 1, input.len);
	}
	while (input.len > 0 && (unsigned char)input.ptr[input.len - 1] <= ' ') {
		input.len--;
	}
	*plain_out = (struct url_plain){.text = input};
	bool is_plain_url = false;
	if (input.len == 0) {
		return false;
	}
	if (bytes_starts(input, BYTES("https://"))) {
		plain_out->scheme_len = 5;
		is_plain_url = read_absolute(input, 8, plain_out);
	} else if (bytes_starts(input, BYTES("http://"))) {
		plain_out->scheme_len = 4;
		is_plain_url = read_absolute(input, 7, plain_out);
	} else {
		is_plain_url = read_relative(input, base, plain_out);
	}
	return is_plain_url && plain_out->base.len + input.len < LIMIT_URL_BYTES;
}
