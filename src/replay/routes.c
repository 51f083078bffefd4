/* SPDX-License-Identifier: MIT */
/* routes.c - what a request asks for */
#include "replay/routes.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "web/percent.h"

/* Digits of a time: to the millisecond. */
#define DIGITS_MAX 17

/* --- the archived URL --------------------------------------------------------------------------
 */

/* Behind "scheme:", at the slashes; SIZE_MAX when there is no http or https. */
static size_t scheme_end(struct bytes url)
{
	if (bytes_starts_nocase(url, BYTES("https:"))) {
		return 6;
	}
	return bytes_starts_nocase(url, BYTES("http:")) ? 5 : SIZE_MAX;
}

/* Two slashes behind the scheme: proxies and browsers' history make one of them. */
static void set_url(struct route *route, struct bytes url)
{
	size_t end = scheme_end(url);
	if (end == SIZE_MAX && bytes_starts(url, BYTES("//"))) {
		buf_add_text(&route->storage, "https:");
		buf_add(&route->storage, url);
	} else if (end == SIZE_MAX) {
		buf_add_text(&route->storage, "http://");
		buf_add(&route->storage, url);
	} else if (!bytes_starts(bytes_slice(url, end, url.len), BYTES("//")) &&
		   bytes_starts(bytes_slice(url, end, url.len), BYTES("/"))) {
		buf_add(&route->storage, bytes_slice(url, 0, end));
		buf_add_char(&route->storage, '/');
		buf_add(&route->storage, bytes_slice(url, end, url.len));
	} else {
		route->url = url;
		return;
	}
	route->url = buf_bytes(&route->storage);
}

/* Whether text is what a URL in a target begins with: a scheme, or a host with a dot in it. */
static bool looks_like_url(struct bytes text)
{
	if (scheme_end(text) != SIZE_MAX || bytes_starts(text, BYTES("//"))) {
		return true;
	}
	struct bytes host = bytes_slice(text, 0, bytes_find_char(text, '/', 0));
	size_t dot = bytes_find_char(host, '.', 0);
	return dot != SIZE_MAX && dot > 0;
}

/* --- the date and what it is for ---------------------------------------------------------------
 */

/* "20261129", "20261129093000id_", "mp_"; false when it is none of these. */
static bool read_moment(struct bytes text, struct route *route)
{
	size_t digits = 0;
	while (digits < text.len && char_is_digit(text.ptr[digits])) {
		digits++;
	}
	struct bytes mod = bytes_slice(text, digits, text.len);
	if (digits > DIGITS_MAX || (digits == 0 && mod.len == 0)) {
		return false;
	}
	if (mod.len > 0) {
		if (mod.len > ROUTE_MOD_SIZE || mod.ptr[mod.len - 1] != '_' || mod.len < 2) {
			return false;
		}
		for (size_t i = 0; i + 1 < mod.len; i++) {
			if (!char_is_alpha(mod.ptr[i])) {
				return false;
			}
		}
		memcpy(route->mod, mod.ptr, mod.len - 1);
	}
	route->digits = bytes_slice(text, 0, digits);
	route->has_date = clock_parse_digits(route->digits, &route->date_ms);
	return digits == 0 || route->has_date;
}

/* --- the target --------------------------------------------------------------------------------
 */

/* "cdx", "timemap/link/URL", "file/PATH", a page of the library; false: none of them. */
static bool read_named(struct bytes path, struct bytes whole, struct route *route)
{
	struct bytes first = path;
	struct bytes rest = {NULL, 0};
	bool has_more = bytes_cut(path, '/', &first, &rest);
	if (bytes_equal(first, BYTES("cdx")) && !has_more) {
		route->kind = ROUTE_CDX;
		return true;
	}
	if (bytes_equal(first, BYTES("file")) && has_more) {
		route->kind = ROUTE_FILE;
		route->rest = rest;
		return true;
	}
	struct bytes form;
	struct bytes url;
	if (bytes_equal(first, BYTES("timemap")) && has_more) {
		rest = bytes_slice(whole, first.len + 1, whole.len);
		if (bytes_cut(rest, '/', &form, &url) && url.len > 0) {
			route->kind = ROUTE_TIMEMAP;
			route->rest = form;
			set_url(route, url);
			return true;
		}
	}
	if (has_more || looks_like_url(path)) {
		return false;
	}
	route->kind = ROUTE_COLLECTION;
	route->rest = first;
	return true;
}

/* What follows the collection's name. `path` ends before the target's query, `whole` has it. */
static void read_inside(struct bytes path, struct bytes whole, struct route *route)
{
	if (read_named(path, whole, route)) {
		return;
	}
	struct bytes moment;
	struct bytes url;
	if (bytes_cut(whole, '/', &moment, &url) && url.len > 0) {
		if (bytes_equal(moment, BYTES("*"))) {
			route->kind = ROUTE_CAPTURES;
			set_url(route, url);
			return;
		}
		if (read_moment(moment, route)) {
			route->kind = route->mod[0] != '\0' ? ROUTE_CAPTURE : ROUTE_FRAME;
			set_url(route, url);
			return;
		}
	}
	if (looks_like_url(whole)) {
		route->kind = ROUTE_FRAME;
		set_url(route, whole);
	}
}

void route_read(struct bytes target, struct route *route_out)
{
	*route_out = (struct route){.storage = {.max = 2 * LIMIT_URL_BYTES}};
	if (target.len == 0 || target.ptr[0] != '/' || target.len > LIMIT_URL_BYTES) {
		return;
	}
	size_t mark = bytes_find_char(target, '?', 0);
	struct bytes path = bytes_slice(target, 1, mark);
	route_out->query = mark == SIZE_MAX ? (struct bytes){NULL, 0}
					    : bytes_slice(target, mark + 1, target.len);
	struct bytes inside;
	if (!bytes_cut(path, '/', &route_out->collection, &inside)) {
		bool is_own = path.len == 0 || bytes_equal(path, BYTES("search"));
		route_out->kind = is_own ? ROUTE_LIBRARY : ROUTE_NONE;
		route_out->rest = path;
		return;
	}
	if (bytes_equal(route_out->collection, BYTES("-"))) {
		route_out->kind = ROUTE_ASSET;
		route_out->rest = inside;
		return;
	}
	if (route_out->collection.len == 0) {
		return;
	}
	struct bytes whole = bytes_slice(
		target, (size_t)(inside.len > 0 ? inside.ptr - target.ptr : 0), target.len);
	if (inside.len == 0) {
		route_out->kind = ROUTE_COLLECTION;
		route_out->rest = inside;
		return;
	}
	read_inside(inside, whole, route_out);
}

void route_clear(struct route *route)
{
	buf_clear(&route->storage);
}

bool route_parameter(struct bytes query, const char *name, size_t nth, struct buf *out)
{
	struct bytes item;
	while (bytes_next_item(&query, '&', &item)) {
		struct bytes key = item;
		struct bytes value = {NULL, 0};
		(void)bytes_cut(item, '=', &key, &value);
		if (!bytes_equal(key, bytes_of(name)) || nth-- > 0) {
			continue;
		}
		struct buf spaced = buf_with_max(LIMIT_URL_BYTES);
		for (size_t i = 0; i < value.len; i++) {
			buf_add_char(&spaced, value.ptr[i] == '+' ? ' ' : value.ptr[i]);
		}
		percent_decode(buf_bytes(&spaced), out);
		buf_clear(&spaced);
		return true;
	}
	return false;
}
