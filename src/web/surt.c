/* SPDX-License-Identifier: MIT */
/* surt.c - the keys of CDX indexes: one dialect step by step, the other on top of the URL parser
 *
 * Both follow what the tools do, oddities included, since a key that differs is a page not found.
 */
#include "web/surt.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "web/idna.h"
#include "web/surt_steps.h"
#include "web/url.h"

/* Room for a URL in which every byte is escaped. */
#define ROOM_BYTES (LIMIT_URL_BYTES * 8)

/* The parts of a URL by the regular expression of RFC 2396, appendix B. */
struct parts {
	struct bytes scheme, authority, path, query;
};

/* Length of "http://" or "https://" at the start, or 0. */
static size_t http_prefix(struct bytes text)
{
	if (bytes_starts(text, BYTES("http://"))) {
		return 7;
	}
	return bytes_starts(text, BYTES("https://")) ? 8 : 0;
}

static bool has_scheme(struct bytes text)
{
	size_t at = 0;
	if (text.len == 0 || !char_is_alpha(text.ptr[0])) {
		return false;
	}
	while (at < text.len && (char_is_alnum(text.ptr[at]) || text.ptr[at] == '+' ||
					text.ptr[at] == '-' || text.ptr[at] == '.')) {
		at++;
	}
	return at < text.len && text.ptr[at] == ':';
}

/* Steps 1 to 3. */
static void tidy(struct bytes url, struct buf *out)
{
	SCOPED(buf_clear) struct buf clean = buf_with_max(ROOM_BYTES);
	url = bytes_trim(url);
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] != '\t' && url.ptr[i] != '\r' && url.ptr[i] != '\n') {
			buf_add_char(&clean, url.ptr[i]);
		}
	}
	struct bytes text = buf_bytes(&clean);
	if (!has_scheme(text)) {
		buf_add_text(out, "http://");
	}
	for (size_t next = http_prefix(text); next > 0; next = http_prefix(text)) {
		struct bytes rest = bytes_slice(text, next, text.len);
		if (http_prefix(rest) == 0) {
			break;
		}
		text = rest;
	}
	buf_add(out, text);
}

/* Step 4. `text` has a scheme. */
static struct parts split(struct bytes text)
{
	struct parts parts = {0};
	struct bytes rest;
	(void)bytes_cut(text, ':', &parts.scheme, &rest);
	(void)bytes_cut(rest, '#', &rest, &(struct bytes){0});
	(void)bytes_cut(rest, '?', &rest, &parts.query);
	parts.path = rest;
	if (bytes_starts(rest, BYTES("//"))) {
		rest = bytes_slice(rest, 2, rest.len);
		size_t end = bytes_find_char(rest, '/', 0);
		parts.authority = bytes_slice(rest, 0, end);
		parts.path = bytes_slice(rest, end, rest.len);
	}
	return parts;
}

/* "http:////x.com/y" has its host in the path: taken as it is, port and user included. */
static struct bytes rescue_host(struct parts *parts)
{
	bool is_http = bytes_equal(parts->scheme, BYTES("http")) ||
		       bytes_equal(parts->scheme, BYTES("https"));
	if (!is_http || parts->path.len == 0) {
		return (struct bytes){NULL, 0};
	}
	struct bytes rest = parts->path;
	while (rest.len > 0 && rest.ptr[0] == '/') {
		rest = bytes_slice(rest, 1, rest.len);
	}
	size_t end = bytes_find_char(rest, '/', 0);
	parts->path = end < rest.len ? bytes_slice(rest, end, rest.len) : BYTES("/");
	return bytes_slice(rest, 0, end);
}

/* Takes the port off the end of the authority; user and password off its front, and the brackets
 * of IPv6. */
static struct bytes split_authority(struct bytes authority, struct bytes *port_out)
{
	size_t at = bytes_find_last_char(authority, '@');
	struct bytes host =
		at == SIZE_MAX ? authority : bytes_slice(authority, at + 1, authority.len);
	size_t colon = bytes_find_last_char(host, ':');
	size_t bracket = bytes_find_last_char(host, ']');
	bool is_port = colon != SIZE_MAX && (bracket == SIZE_MAX || colon > bracket);
	struct bytes port =
		is_port ? bytes_slice(host, colon + 1, host.len) : (struct bytes){NULL, 0};
	uint64_t number;
	*port_out = (struct bytes){NULL, 0};
	if (is_port && (port.len == 0 || bytes_to_u64(port, UINT64_MAX, &number))) {
		host = bytes_slice(host, 0, colon);
		/* The tools hold it as a number: no zeros in front, and 0 means none. */
		while (port.len > 0 && port.ptr[0] == '0') {
			port = bytes_slice(port, 1, port.len);
		}
		*port_out = port;
	}
	if (host.len > 1 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']') {
		host = bytes_slice(host, 1, host.len - 1);
	}
	return host;
}

/* Step 8. */
static bool port_is_default(struct bytes scheme, struct bytes port)
{
	return (bytes_equal_nocase(scheme, BYTES("http")) && bytes_equal(port, BYTES("80"))) ||
	       (bytes_equal_nocase(scheme, BYTES("https")) && bytes_equal(port, BYTES("443")));
}

/* Appends the labels of the host in reverse order. */
static void add_reversed(struct buf *out, struct bytes host)
{
	size_t end = host.len;
	for (;;) {
		size_t dot = bytes_find_last_char(bytes_slice(host, 0, end), '.');
		buf_add(out, bytes_slice(host, dot == SIZE_MAX ? 0 : dot + 1, end));
		if (dot == SIZE_MAX) {
			return;
		}
		buf_add_char(out, ',');
		end = dot;
	}
}

static void add_query(struct buf *out, const struct parts *parts)
{
	SCOPED(buf_clear) struct buf query = buf_with_max(ROOM_BYTES);
	surt_steps_query(parts->query, &query);
	if (query.len > 0) {
		buf_add_char(out, '?');
		surt_steps_sort(buf_bytes(&query), true, out);
	}
}

/* A URL without host: "dns:example.com", "mailto:a@b". Its path keeps dots and empty segments. */
static void add_hostless(struct buf *out, const struct parts *parts)
{
	SCOPED(buf_clear) struct buf path = buf_with_max(ROOM_BYTES);
	buf_add(out, parts->scheme);
	buf_add_char(out, ':');
	surt_steps_opaque(parts->path, &path);
	if (path.len == 0 && parts->query.len > 0) {
		buf_add_char(out, '/');
	}
	buf_add(out, buf_bytes(&path));
	add_query(out, parts);
}

void surt_ia(struct bytes url, struct buf *key_out)
{
	if (url.len == 0) {
		buf_add_char(key_out, '-');
		return;
	}
	if (bytes_starts(url, BYTES("filedesc"))) {
		buf_add(key_out, url);
		return;
	}
	SCOPED(buf_clear) struct buf tidied = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf host = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf path = buf_with_max(ROOM_BYTES);
	tidy(url, &tidied);
	struct parts parts = split(buf_bytes(&tidied));
	struct bytes port;
	struct bytes name = split_authority(parts.authority, &port);
	bool keeps_www = bytes_equal_nocase(parts.scheme, BYTES("dns"));
	surt_steps_host(name.len > 0 ? name : rescue_host(&parts), keeps_www, &host);
	if (host.len == 0) {
		add_hostless(key_out, &parts);
		return;
	}
	add_reversed(key_out, buf_bytes(&host));
	if (port.len > 0 && !port_is_default(parts.scheme, port)) {
		buf_add_char(key_out, ':');
		buf_add(key_out, port);
	}
	buf_add_char(key_out, ')');
	surt_steps_path(parts.path, &path);
	buf_add(key_out, buf_bytes(&path));
	add_query(key_out, &parts);
}

/* "http://www2.x/" without "www2.", as the tools' regular expression has it. */
static void add_without_www(struct buf *out, struct bytes url)
{
	size_t prefix = http_prefix(url);
	struct bytes rest = bytes_slice(url, prefix, url.len);
	buf_add(out, bytes_slice(url, 0, prefix));
	buf_add(out, prefix > 0 ? surt_steps_without_www(rest) : rest);
}

void surt_js(struct bytes url, struct buf *key_out)
{
	if (!bytes_starts(url, BYTES("http:")) && !bytes_starts(url, BYTES("https:"))) {
		buf_add(key_out, url);
		return;
	}
	SCOPED(buf_clear) struct buf bare = buf_with_max(ROOM_BYTES);
	SCOPED(buf_clear) struct buf lower = buf_with_max(ROOM_BYTES);
	SCOPED(url_closep) struct url *parsed = NULL;
	struct flong_error err = {0};
	add_without_www(&bare, url);
	idna_to_lower(buf_bytes(&bare), &lower);
	if (url_parse(buf_bytes(&lower), NULL, &parsed, &err) != FLONG_OK) {
		buf_add(key_out, buf_bytes(&bare));
		return;
	}
	add_reversed(key_out, parsed->host);
	if (parsed->port.len > 0) {
		buf_add_char(key_out, ':');
		buf_add(key_out, parsed->port);
	}
	buf_add_char(key_out, ')');
	buf_add(key_out, parsed->path);
	if (parsed->query.len > 1) {
		buf_add_char(key_out, '?');
		surt_steps_sort(bytes_slice(parsed->query, 1, parsed->query.len), false, key_out);
	}
}
