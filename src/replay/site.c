/* SPDX-License-Identifier: MIT */
/* site.c - requests answered: who asks, what for, and which part answers */
#include "replay/site.h"

#include <string.h>

#include "base/error.h"
#include "replay/library.h"
#include "replay/rewrite.h"

/* The library's pages: nothing but what the program itself brings. */
#define LIBRARY_POLICY                                                                             \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "            \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "

/* --- who asks ----------------------------------------------------------------------------------
 */

/* Cuts "host:port"; an IPv6 address keeps its brackets. */
static struct bytes host_name_of(struct bytes host, struct bytes *port_out)
{
	size_t from = bytes_find_last_char(host, ']');
	size_t colon = bytes_find_char(host, ':', from == SIZE_MAX ? 0 : from);
	*port_out = colon == SIZE_MAX ? BYTES("80") : bytes_slice(host, colon + 1, host.len);
	return bytes_slice(host, 0, colon);
}

/* A name that leads here by DNS may be anyone's: an address or "localhost" is not (F-105). */
static bool is_known_host(const struct site *site, const struct site_request *request)
{
	struct bytes port;
	struct bytes name = host_name_of(request->host, &port);
	const char *own = request->side == SITE_LIBRARY ? site->library_port : site->captures_port;
	if (name.len == 0 || !bytes_equal(port, bytes_of(own))) {
		return false;
	}
	bool is_address = name.ptr[0] == '[';
	if (!is_address) {
		is_address = true;
		for (size_t i = 0; i < name.len; i++) {
			is_address =
				is_address && (char_is_digit(name.ptr[i]) || name.ptr[i] == '.');
		}
	}
	return is_address || bytes_equal_nocase(name, BYTES("localhost"));
}

void site_origin(const struct site_call *call, enum site_side side, struct buf *out)
{
	const struct site *site = call->site;
	buf_add_text(out, "http://");
	buf_add(out, call->host_name);
	buf_add_char(out, ':');
	buf_add_text(out, side == SITE_LIBRARY ? site->library_port : site->captures_port);
}

/* --- what for ----------------------------------------------------------------------------------
 */

static void answer_unknown(const struct site_call *call, struct reply *reply)
{
	if (call->request->side == SITE_LIBRARY) {
		library_answer_error(call, 404, "Nothing is here", call->request->target,
			"No collection and no page of the library has this address.", reply);
	} else {
		reply_plain(reply, 404, "flong: nothing is at " BYTES_FMT,
			BYTES_ARG(call->request->target));
	}
}

/* A target that a page made by itself ("/img.png"): meant is its own site, which the referer tells.
 * False when there is none. */
static bool answer_stray(const struct site_call *call, struct reply *reply)
{
	const struct site_request *request = call->request;
	struct bytes referer = request->referer;
	size_t scheme = bytes_find(referer, BYTES("://"), 0);
	size_t slash = scheme == SIZE_MAX ? SIZE_MAX : bytes_find_char(referer, '/', scheme + 3);
	struct route from;
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(buf_clear) struct buf to = {0};
	if (request->side != SITE_CAPTURES || slash == SIZE_MAX) {
		return false;
	}
	route_read(bytes_slice(referer, slash, referer.len), &from);
	const struct holding *holding = archive_find(call->site->archive, from.collection);
	bool is_answered = false;
	if (from.kind == ROUTE_CAPTURE && holding != NULL && from.digits.len <= 17 &&
		url_parse(from.url, NULL, &base, &ignored) == FLONG_OK) {
		char digits[18] = {0};
		memcpy(digits, from.digits.len > 0 ? from.digits.ptr : "", from.digits.len);
		const struct rewrite rewrite = {.collection = holding_name(holding),
			.digits = digits,
			.base = base,
			.charset = "utf-8"};
		if (rewrite_url(&rewrite, request->target, "oe", &to)) {
			reply_redirect(reply, 307, buf_bytes(&to));
			is_answered = true;
		}
	}
	route_clear(&from);
	return is_answered;
}

/* Captures are shown from the other origin only. */
static void send_to_captures(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf to = {0};
	site_origin(call, SITE_CAPTURES, &to);
	buf_add(&to, call->request->target);
	reply_redirect(reply, 307, buf_bytes(&to));
}

static void answer_route(const struct site_call *call, struct reply *reply)
{
	bool is_library = call->request->side == SITE_LIBRARY;
	enum route_kind kind = call->route->kind;
	if (kind == ROUTE_ASSET) {
		site_asset(call, reply);
		return;
	}
	bool needs_holding = kind != ROUTE_LIBRARY && kind != ROUTE_NONE;
	if (kind == ROUTE_NONE || (needs_holding && call->holding == NULL)) {
		if (!answer_stray(call, reply)) {
			answer_unknown(call, reply);
		}
		return;
	}
	switch (kind) {
	case ROUTE_CDX:
		site_cdx(call, reply);
		return;
	case ROUTE_TIMEMAP:
		site_timemap(call, reply);
		return;
	case ROUTE_CAPTURE:
		if (is_library && strcmp(call->route->mod, "im") == 0) {
			site_picture(call, reply);
		} else if (is_library) {
			send_to_captures(call, reply);
		} else {
			site_capture(call, reply);
		}
		return;
	case ROUTE_FILE:
		site_file(call, reply);
		return;
	case ROUTE_FRAME:
		site_frame(call, reply);
		return;
	case ROUTE_LIBRARY:
	case ROUTE_COLLECTION:
	case ROUTE_CAPTURES:
		if (is_library) {
			site_library(call, reply);
		} else if (!answer_stray(call, reply)) {
			answer_unknown(call, reply);
		}
		return;
	case ROUTE_NONE:
	case ROUTE_ASSET:
	default:
		answer_unknown(call, reply);
		return;
	}
}

/* Fields of every reply of the library; those of captures have their own. */
static void add_library_fields(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf captures = {0};
	site_origin(call, SITE_CAPTURES, &captures);
	reply_fieldf(reply, "Content-Security-Policy",
		LIBRARY_POLICY "img-src 'self'; frame-src %s", buf_text(&captures));
	reply_field(reply, "X-Content-Type-Options", BYTES("nosniff"));
	reply_field(reply, "Referrer-Policy", BYTES("no-referrer"));
	reply_field(reply, "Cross-Origin-Opener-Policy", BYTES("same-origin"));
	reply_field(reply, "Cache-Control", BYTES("no-cache"));
}

/* Whether a worker may be installed: ours, and no archived one. */
static bool is_foreign_worker(const struct site_call *call)
{
	return call->request->service_worker.ptr != NULL &&
	       !(call->route->kind == ROUTE_ASSET &&
		       bytes_equal(call->route->rest, BYTES("worker.js")));
}

static void answer_call(const struct site_call *call, struct reply *reply)
{
	const struct site_request *request = call->request;
	if (!is_known_host(call->site, request)) {
		reply_plain(reply, 421,
			"flong: this server is not " BYTES_FMT "; use its address or localhost",
			BYTES_ARG(request->host));
		return;
	}
	if (!bytes_equal(request->method, BYTES("GET")) &&
		!bytes_equal(request->method, BYTES("HEAD"))) {
		reply_plain(reply, 405, "flong: only GET and HEAD; an archive does not change");
		reply_field(reply, "Allow", BYTES("GET, HEAD"));
		return;
	}
	if (request->has_body) {
		reply_plain(reply, 400, "flong: a request here has no body");
		reply_field(reply, "Connection", BYTES("close"));
		return;
	}
	if (is_foreign_worker(call)) {
		reply_plain(reply, 403, "flong: archived workers are not installed");
		return;
	}
	answer_route(call, reply);
}

void site_answer(const struct site *site, const struct site_request *request, struct reply *reply)
{
	struct route route;
	struct bytes port;
	route_read(request->target, &route);
	const struct site_call call = {.site = site,
		.request = request,
		.route = &route,
		.holding = archive_find(site->archive, route.collection),
		.host_name = host_name_of(request->host, &port)};
	answer_call(&call, reply);
	if (request->side == SITE_LIBRARY) {
		add_library_fields(&call, reply);
	}
	route_clear(&route);
}
