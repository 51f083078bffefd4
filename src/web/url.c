/* SPDX-License-Identifier: MIT */
/* url.c - the URL value: its serialisation, its parts, and questions about it */
#include "web/url.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "web/public_suffix.h"
#include "web/url_parser.h"
#include "web/url_plain.h"
#include "web/utf8.h"

/* Offsets of the parts in href; pointers are set when it no longer moves. */
struct layout {
	size_t scheme, username, password, host, port, path, query, fragment, end;
};

/* WHATWG URL 4.5, the URL serialiser. */
static void serialise(const struct url_parts *parts, struct buf *href, struct layout *at)
{
	buf_add(href, buf_bytes(&parts->scheme));
	at->scheme = href->len;
	buf_add_char(href, ':');
	buf_add_text(href, parts->has_host ? "//" : "");
	at->username = href->len;
	buf_add(href, buf_bytes(&parts->username));
	bool has_password = parts->password.len > 0;
	buf_add_text(href, has_password ? ":" : "");
	at->password = href->len;
	buf_add(href, buf_bytes(&parts->password));
	buf_add_text(href, parts->username.len > 0 || has_password ? "@" : "");
	at->host = href->len;
	buf_add(href, buf_bytes(&parts->host));
	buf_add_text(href, parts->port >= 0 ? ":" : "");
	at->port = href->len;
	if (parts->port >= 0) {
		buf_add_u64(href, (unsigned long long)parts->port);
	}
	/* Without host, a path that begins with "//" would read as an authority. */
	if (!parts->has_host && !parts->has_opaque_path &&
		bytes_starts(buf_bytes(&parts->path), BYTES("//"))) {
		buf_add_text(href, "/.");
	}
	at->path = href->len;
	buf_add(href, buf_bytes(&parts->path));
	at->query = href->len;
	if (parts->has_query) {
		buf_add_char(href, '?');
		buf_add(href, buf_bytes(&parts->query));
	}
	at->fragment = href->len;
	if (parts->has_fragment) {
		buf_add_char(href, '#');
		buf_add(href, buf_bytes(&parts->fragment));
	}
	at->end = href->len;
}

static struct bytes part_of(const char *href, size_t start, size_t length)
{
	return (struct bytes){href + start, length};
}

/* A URL with room for its text behind it: one block, one free. */
static struct url *url_alloc(size_t length)
{
	struct url *url = alloc_resize(NULL, 1, sizeof(struct url) + length + 1);
	*url = (struct url){.href = (char *)(url + 1)};
	url->href[length] = '\0';
	return url;
}

static struct url *url_create(
	const struct url_parts *parts, struct bytes text, const struct layout *at)
{
	struct url *url = url_alloc(text.len);
	char *href = url->href;
	memcpy(href, text.ptr, text.len);
	url->all = part_of(href, 0, at->fragment);
	url->scheme = part_of(href, 0, at->scheme);
	url->username = part_of(href, at->username, parts->username.len);
	url->password = part_of(href, at->password, parts->password.len);
	if (parts->has_host) {
		url->host = part_of(href, at->host, parts->host.len);
	}
	url->port = part_of(href, at->port, parts->port < 0 ? 0 : at->path - at->port);
	url->path = part_of(href, at->path, at->query - at->path);
	url->query = part_of(href, at->query, at->fragment - at->query);
	url->fragment = part_of(href, at->fragment, at->end - at->fragment);
	url->is_http =
		bytes_equal(url->scheme, BYTES("http")) || bytes_equal(url->scheme, BYTES("https"));
	return url;
}

/* The URL that only has to be put together. */
static struct url *url_create_plain(const struct url_plain *plain)
{
	size_t added = plain->is_pathless ? 1 : 0;
	struct url *url = url_alloc(plain->end + added);
	char *href = url->href;
	if (plain->base.len > 0) {
		memcpy(href, plain->base.ptr, plain->base.len);
	}
	memcpy(href + plain->base.len, plain->text.ptr, plain->text.len);
	if (plain->is_pathless) {
		memmove(href + plain->path_at + 1, href + plain->path_at,
			plain->end - plain->path_at);
		href[plain->path_at] = '/';
	}
	url->all = part_of(href, 0, plain->fragment_at + added);
	url->scheme = part_of(href, 0, plain->scheme_len);
	url->username = part_of(href, plain->host_at, 0);
	url->password = url->username;
	url->host = part_of(href, plain->host_at, plain->host_len);
	url->port = part_of(href, plain->port_at, plain->port_len);
	url->path = part_of(href, plain->path_at, plain->query_at + added - plain->path_at);
	url->query = part_of(href, plain->query_at + added, plain->fragment_at - plain->query_at);
	url->fragment = part_of(href, plain->fragment_at + added, plain->end - plain->fragment_at);
	url->is_http = true;
	return url;
}

int url_parse(
	struct bytes input, const struct url *base, struct url **url_out, struct flong_error *err)
{
	return url_parse_in(input, base, NULL, url_out, err);
}

int url_parse_in(struct bytes input, const struct url *base, struct charset_encoder *encoder,
	struct url **url_out, struct flong_error *err)
{
	if (input.len > LIMIT_URL_BYTES) {
		return error_set(err, FLONG_E_LIMIT, "URL of %zu bytes is over the limit of %zu",
			input.len, LIMIT_URL_BYTES);
	}
	struct url_plain plain;
	if (url_plain_read(input, base, &plain)) {
		*url_out = url_create_plain(&plain);
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf valid = buf_with_max(LIMIT_URL_BYTES * 3);
	SCOPED(buf_clear) struct buf href = buf_with_max(LIMIT_URL_BYTES);
	SCOPED(url_parser_clear) struct url_parts parts = {.encoder = encoder};
	struct layout at;
	utf8_add_valid(&valid, input);
	const char *fault = url_parser_run(buf_bytes(&valid), base, &parts);
	if (fault != NULL) {
		return error_set(err, FLONG_E_FORMAT, "'" BYTES_FMT "' is no URL: %s",
			BYTES_ARG(input), fault);
	}
	serialise(&parts, &href, &at);
	if (buf_failed(&href)) {
		return error_set(err, FLONG_E_LIMIT,
			"URL '" BYTES_FMT "...' is over %zu bytes once encoded", BYTES_ARG(input),
			LIMIT_URL_BYTES);
	}
	*url_out = url_create(&parts, buf_bytes(&href), &at);
	return FLONG_OK;
}

void url_close(struct url *url)
{
	free(url); /* its text is part of it */
}

void url_drop_credentials(struct url **url)
{
	const struct url *full = *url;
	if (full->username.len == 0 && full->password.len == 0) {
		return;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
	buf_add(&text, full->scheme);
	buf_add_text(&text, "://");
	buf_add_text(&text, full->host.ptr); /* goes on to the end of href */
	struct flong_error ignored = {0};
	struct url *plain = NULL;
	if (url_parse(buf_bytes(&text), NULL, &plain, &ignored) == FLONG_OK) {
		url_close(*url);
		*url = plain;
	}
}

uint16_t url_port(const struct url *url)
{
	uint64_t port = 0;
	if (bytes_to_u64(url->port, UINT16_MAX, &port)) {
		return (uint16_t)port;
	}
	int standard = url_parser_default_port(url->scheme);
	return standard > 0 ? (uint16_t)standard : 0;
}

bool url_same_origin(const struct url *a, const struct url *b)
{
	return a->is_http && b->is_http && bytes_equal(a->scheme, b->scheme) &&
	       bytes_equal(a->host, b->host) && bytes_equal(a->port, b->port);
}

static bool is_address(struct bytes host)
{
	char last = host.len == 0 ? '\0' : host.ptr[host.len - 1];
	/* The URL parser lets a host end in a digit label only when it is an IPv4 address. */
	size_t dot = bytes_find_last_char(host, '.');
	uint64_t number;
	return last == ']' || (dot != SIZE_MAX && bytes_to_u64(bytes_slice(host, dot + 1, host.len),
							  255, &number));
}

struct bytes url_registrable_domain(struct bytes host)
{
	if (is_address(host)) {
		return host;
	}
	struct bytes domain = public_suffix_registrable(host);
	return domain.len == 0 ? host : domain;
}

struct bytes url_target(const struct url *url)
{
	return bytes_from(url->path.ptr, url->path.len + url->query.len);
}
