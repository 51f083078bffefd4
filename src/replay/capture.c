/* SPDX-License-Identifier: MIT */
/* capture.c - a capture as a reply: as it was kept (id_), or so that it works in a browser */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "replay/byte_range.h"
#include "replay/memento.h"
#include "replay/rewrite.h"
#include "replay/site.h"
#include "replay/view.h"
#include "web/charset.h"
#include "web/media_type.h"

/* Fields of a captured reply that a browser may have. Everything else could reach out of the
 * archive, set something that lasts, or tell lies about the body that is sent now. */
static const char *const kept_fields[] = {
	"Content-Type", "Content-Language", "Content-Disposition"};

/* What an archived page may do: nothing outside of this origin. */
#define POLICY                                                                                     \
	"default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; frame-src 'self' blob:; "   \
	"base-uri 'self'; form-action 'self'; frame-ancestors 'self' "

static bool is_raw(const struct route *route)
{
	return strcmp(route->mod, "id") == 0;
}

/* --- fields ------------------------------------------------------------------------------------
 */

/* RFC 7089 2: what a client needs to find the other captures. */
static void add_memento_fields(
	const struct site_call *call, const struct memento *memento, struct reply *reply)
{
	char date[CLOCK_HTTP_SIZE];
	char digits[CLOCK_DIGITS_SIZE];
	const char *name = holding_name(call->holding);
	const char *url = buf_text(&memento->url);
	SCOPED(buf_clear) struct buf own = {0};
	site_origin(call, call->request->side, &own);
	clock_format_http(memento->date_ms, date);
	clock_format_digits17(memento->date_ms, digits);
	reply_fieldf(reply, "Memento-Datetime", "%s", date);
	reply_fieldf(reply, "Link",
		"<%s>; rel=\"original\", <%s/%s/%s>; rel=\"timegate\", "
		"<%s/%s/timemap/link/%s>; rel=\"timemap\"; type=\"application/link-format\", "
		"<%s/%s/%smp_/%s>; rel=\"memento\"; datetime=\"%s\"",
		url, buf_text(&own), name, url, buf_text(&own), name, url, buf_text(&own), name,
		digits, url, date);
	/* What was asked for may be any time, and a URL that is only almost this one. */
	reply_fieldf(reply, "Content-Location", "%s/%s/%s%s_/%s", buf_text(&own), name, digits,
		call->route->mod, url);
}

static void add_policy(const struct site_call *call, struct reply *reply)
{
	SCOPED(buf_clear) struct buf library = {0};
	site_origin(call, SITE_LIBRARY, &library);
	reply_fieldf(reply, "Content-Security-Policy", POLICY "%s", buf_text(&library));
	reply_field(reply, "Cross-Origin-Resource-Policy", BYTES("same-origin"));
	reply_field(reply, "Referrer-Policy", BYTES("same-origin"));
	reply_field(reply, "X-DNS-Prefetch-Control", BYTES("off"));
	reply_field(reply, "Permissions-Policy",
		BYTES("geolocation=(), camera=(), microphone=(), payment=(), usb=(), "
		      "display-capture=(), clipboard-read=()"));
}

/* A document without page.js runs no script: a picture (SVG), a page as it was stored, or one that
 * is too long to be rewritten. No policy but this one keeps WebRTC inside. Of a script the policy
 * would be that of a worker. */
static void forbid_scripts(struct reply *reply)
{
	reply_field(reply, "Content-Security-Policy", BYTES("script-src 'none'"));
}

/* The fields that are handed on; the type with the encoding that the body has now. */
static void add_kept_fields(const struct memento *memento, const char *charset, struct reply *reply)
{
	for (size_t i = 0; i < sizeof(kept_fields) / sizeof(kept_fields[0]); i++) {
		struct bytes value = headers_first(&memento->http->headers, kept_fields[i]);
		if (i == 0 && charset != NULL) {
			reply_fieldf(reply, kept_fields[i], "%s; charset=%s",
				buf_text(&memento->mime_storage), charset);
		} else if (i == 0 && value.ptr == NULL && memento->mime.len > 0) {
			reply_field(reply, kept_fields[i], memento->mime);
		} else if (value.ptr != NULL) {
			reply_field(reply, kept_fields[i], value);
		}
	}
}

/* --- the body ----------------------------------------------------------------------------------
 */

static void close_memento(void *owner)
{
	memento_clear((struct memento *)owner);
	free(owner);
}

/* The content as it comes; its length is known where nothing is undone. */
static void send_content(struct memento *memento_take, struct reply *reply)
{
	reply->content = TAKE(memento_take->body->content);
	reply->length = -1;
	reply->owner = memento_take;
	reply->close_owner = close_memento;
}

/* Reads a document whole; false when it is too long for that, and then nothing is lost of it. */
static bool read_document(struct memento *memento, struct buf *document)
{
	struct flong_error err = {0};
	document->max = LIMIT_MARKUP_BYTES;
	int rc = source_read_all(memento->body->content, document, &err);
	/* What is broken in the middle is shown as far as it goes, as browsers do. */
	return rc != FLONG_E_LIMIT;
}

static void reset_content(struct memento *memento, struct buf *document)
{
	struct source *rest = memento->body->content;
	struct source *parts[] = {source_from_bytes(buf_bytes(document)), rest};
	memento->body->content = source_join(parts, 2);
}

/* What is put into the head of a page. */
static void add_page_head(const struct site_call *call, const struct memento *memento,
	const char *digits, struct buf *head)
{
	buf_add_text(head, "<script src=\"/-/page.js\" data-prefix=\"");
	view_add(head, bytes_of(holding_name(call->holding)));
	buf_addf(head, "/%s\" data-url=\"", digits);
	view_add(head, buf_bytes(&memento->url));
	buf_add_text(head, "\"></script>");
}

/* The length of the content where it is known without reading it; -1: not. */
static int64_t known_length(const struct memento *memento)
{
	const struct body *body = memento->body;
	bool is_plain = body->is_http && body->http.framing == HTTP_BODY_LENGTH &&
			!headers_has(&body->http.headers, "Content-Encoding") &&
			memento->block_bytes == body->head.len + body->http.length;
	return is_plain ? (int64_t)body->http.length : -1;
}

static int64_t count_content(struct memento *memento)
{
	char room[16384];
	struct flong_error ignored = {0};
	int64_t length = 0;
	size_t got = 0;
	while (source_read(memento->body->content, room, sizeof(room), &got, &ignored) ==
		FLONG_OK) {
		length += (int64_t)got;
	}
	return length;
}

static bool skip_content(struct memento *memento, int64_t count)
{
	char room[16384];
	struct flong_error ignored = {0};
	while (count > 0) {
		size_t got = 0;
		size_t wanted = count < (int64_t)sizeof(room) ? (size_t)count : sizeof(room);
		if (source_read(memento->body->content, room, wanted, &got, &ignored) != FLONG_OK) {
			return false;
		}
		count -= (int64_t)got;
	}
	return true;
}

/* Sends the part of the content that the request asks for. FLONG_END: it asks for none, or for what
 * is none. Takes the memento unless it returns that. */
static int send_range(
	const struct site_call *call, struct memento *memento, int64_t length, struct reply *reply)
{
	struct byte_range range;
	if (!byte_range_read(call->request->range, length, &range)) {
		return FLONG_END;
	}
	add_kept_fields(memento, NULL, reply);
	forbid_scripts(reply);
	if (range.count == 0 || !skip_content(memento, range.start)) {
		reply->status = 416;
		reply_fieldf(reply, "Content-Range", "bytes */%lld", (long long)length);
		close_memento(memento);
		return FLONG_OK;
	}
	reply->status = 206;
	reply_fieldf(reply, "Content-Range", "bytes %lld-%lld/%lld", (long long)range.start,
		(long long)(range.start + range.count - 1), (long long)length);
	memento->inner = TAKE(memento->body->content);
	memento->body->content = source_limit(memento->inner, (uint64_t)range.count);
	send_content(memento, reply);
	reply->length = range.count;
	return FLONG_OK;
}

enum document_kind { DOCUMENT_NONE, DOCUMENT_PAGE, DOCUMENT_STYLE, DOCUMENT_SCRIPT };

/* Whether it is rewritten: by its type, and for what it is asked. */
static enum document_kind document_kind(const struct route *route, const struct memento *memento)
{
	if (is_raw(route) || memento->status == 204 || memento->status == 304) {
		return DOCUMENT_NONE;
	}
	bool is_part = strcmp(route->mod, "im") == 0 || strcmp(route->mod, "js") == 0;
	if (media_type_is(memento->mime, "text/css") || strcmp(route->mod, "cs") == 0) {
		return DOCUMENT_STYLE;
	}
	if (media_type_is_javascript(memento->mime) && memento->status == 200) {
		return DOCUMENT_SCRIPT;
	}
	return media_type_is_html(memento->mime) && !is_part ? DOCUMENT_PAGE : DOCUMENT_NONE;
}

static const char *document_charset(
	const struct memento *memento, struct bytes document, enum document_kind kind)
{
	struct bytes type = headers_first(&memento->http->headers, "Content-Type");
	return charset_detect(document, media_type_charset(type),
		kind == DOCUMENT_PAGE    ? CHARSET_HTML
		: kind == DOCUMENT_STYLE ? CHARSET_CSS
					 : CHARSET_TEXT,
		NULL);
}

static bool is_ascii_like(const char *charset)
{
	return strncmp(charset, "utf-16", 6) != 0;
}

/* Puts the document, rewritten, into the reply; returns the encoding it has then. */
static const char *rewrite_document(const struct site_call *call, const struct memento *memento,
	enum document_kind kind, struct bytes document, struct reply *reply)
{
	char digits[CLOCK_DIGITS_SIZE];
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(buf_clear) struct buf head = {0};
	SCOPED(buf_clear) struct buf text = buf_with_max(2 * LIMIT_MARKUP_BYTES);
	const char *charset = document_charset(memento, document, kind);
	clock_format_digits17(memento->date_ms, digits);
	struct rewrite rewrite = {
		.collection = holding_name(call->holding), .digits = digits, .charset = charset};
	SCOPED(charset_encoder_closep)
	struct charset_encoder *encoder = charset_encoder_create(charset);
	rewrite.encoder = encoder;
	if (kind == DOCUMENT_STYLE || !is_ascii_like(charset)) {
		charset_decode(document, charset, &text);
		document = buf_bytes(&text);
		rewrite.charset = charset = "utf-8";
	}
	if (url_parse(buf_bytes(&memento->url), NULL, &base, &ignored) == FLONG_OK) {
		rewrite.base = base;
	}
	bool is_declared =
		media_type_charset(headers_first(&memento->http->headers, "Content-Type")).len > 0;
	reply->body.max = 4 * LIMIT_MARKUP_BYTES;
	if (kind == DOCUMENT_PAGE) {
		add_page_head(call, memento, digits, &head);
		rewrite.head = buf_bytes(&head);
		rewrite_html(&rewrite, document, &reply->body);
	} else if (kind == DOCUMENT_SCRIPT) {
		rewrite_script(&rewrite, document, &reply->body);
	} else {
		rewrite_css(&rewrite, document, &reply->body);
	}
	/* A script that does not say is in the encoding of its page. */
	return kind != DOCUMENT_SCRIPT || is_declared ? charset : NULL;
}

static void send_body(
	const struct site_call *call, struct memento *memento_take, struct reply *reply)
{
	enum document_kind kind = document_kind(call->route, memento_take);
	SCOPED(buf_clear) struct buf document = {0};
	if (kind != DOCUMENT_NONE && read_document(memento_take, &document)) {
		const char *charset =
			rewrite_document(call, memento_take, kind, buf_bytes(&document), reply);
		add_kept_fields(memento_take, charset, reply);
		close_memento(memento_take);
		return;
	}
	add_kept_fields(memento_take, NULL, reply);
	if (kind != DOCUMENT_SCRIPT) {
		forbid_scripts(reply);
	}
	if (document.len > 0) {
		/* Too long to be rewritten: as it is. The policy keeps it inside. */
		memento_take->head_storage = document;
		document = (struct buf){0};
		reset_content(memento_take, &memento_take->head_storage);
	}
	int64_t length = document.len == 0 ? known_length(memento_take) : -1;
	reply_field(reply, "Accept-Ranges", BYTES("bytes"));
	send_content(memento_take, reply);
	reply->length = length;
}

/* Opens the capture again when its content has to be read for its length. */
static bool answer_range(
	const struct site_call *call, struct memento **memento, struct reply *reply)
{
	struct flong_error ignored = {0};
	if (call->request->range.ptr == NULL || (*memento)->status != 200 ||
		document_kind(call->route, *memento) != DOCUMENT_NONE) {
		return false;
	}
	int64_t length = known_length(*memento);
	if (length < 0) {
		const struct memento_query query = {
			buf_bytes(&(*memento)->url), true, (*memento)->date_ms, true};
		length = count_content(*memento);
		struct memento *again = ALLOC(struct memento);
		int rc = memento_find(call->holding, &query, again, &ignored);
		close_memento(*memento);
		*memento = again;
		if (rc < 0) {
			return false;
		}
	}
	if (send_range(call, *memento, length, reply) != FLONG_OK) {
		return false;
	}
	return true;
}

/* --- answers -----------------------------------------------------------------------------------
 */

/* A page that says what is not here, for people; short for everything else. */
static void answer_missing(
	const struct site_call *call, const struct flong_error *why, struct reply *reply)
{
	const struct route *route = call->route;
	bool is_page = strcmp(route->mod, "mp") == 0 || strcmp(route->mod, "if") == 0;
	add_policy(call, reply);
	if (!is_page) {
		reply_plain(reply, 404, "not in this archive: " BYTES_FMT, BYTES_ARG(route->url));
		return;
	}
	reply->status = 404;
	reply_field(reply, "Content-Type", BYTES("text/html; charset=utf-8"));
	view_begin(&reply->body, "Not in this archive");
	buf_addf(&reply->body,
		"<script src=\"/-/page.js\" data-prefix=\"%s/" BYTES_FMT "\" data-url=\"",
		holding_name(call->holding), BYTES_ARG(route->digits));
	view_add(&reply->body, route->url);
	buf_add_text(&reply->body, "\"></script><main id=\"main\"><h1>Not in this archive</h1>"
				   "<p class=\"url\">");
	view_add(&reply->body, route->url);
	buf_add_text(&reply->body, "</p><p>");
	/* Why, when there is more to say. */
	view_add(&reply->body,
		bytes_of(
			strcmp(why->message, MEMENTO_ABSENT) == 0
				? "This address was not captured. Nothing is asked of the live web."
				: why->message));
	buf_add_text(&reply->body, "</p></main>");
	view_end(&reply->body);
}

/* Where a captured redirect leads, here. */
static void add_location(
	const struct site_call *call, const struct memento *memento, struct reply *reply)
{
	char digits[CLOCK_DIGITS_SIZE];
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	SCOPED(buf_clear) struct buf to = {0};
	struct bytes location = headers_first(&memento->http->headers, "Location");
	clock_format_digits17(memento->date_ms, digits);
	struct rewrite rewrite = {
		.collection = holding_name(call->holding), .digits = digits, .charset = "utf-8"};
	if (url_parse(buf_bytes(&memento->url), NULL, &base, &ignored) == FLONG_OK) {
		rewrite.base = base;
	}
	if (rewrite_url(&rewrite, location, call->route->mod, &to)) {
		reply_field(reply, "Location", buf_bytes(&to));
	}
}

static void answer_redirect(
	const struct site_call *call, const struct memento *memento, struct reply *reply)
{
	add_location(call, memento, reply);
	/* Browsers keep permanent redirects; the archive may grow. */
	bool keeps_method = memento->status == 307 || memento->status == 308;
	reply->status = keeps_method ? 307 : memento->status == 303 ? 303 : 302;
}

void site_capture(const struct site_call *call, struct reply *reply)
{
	const struct route *route = call->route;
	struct flong_error err = {0};
	const struct memento_query query = {
		route->url, route->has_date, route->date_ms, is_raw(route)};
	struct memento *memento = ALLOC(struct memento);
	int rc = memento_find(call->holding, &query, memento, &err);
	if (rc < 0) {
		close_memento(memento);
		answer_missing(call, &err, reply);
		return;
	}
	add_memento_fields(call, memento, reply);
	add_policy(call, reply);
	reply_field(reply, "Cache-Control", BYTES("no-cache"));
	bool leads_on = memento->status >= 300 && memento->status <= 399 &&
			headers_has(&memento->http->headers, "Location");
	if (leads_on && is_raw(route)) {
		add_location(call, memento, reply); /* with its status and body, as they were */
	} else if (leads_on) {
		answer_redirect(call, memento, reply);
		close_memento(memento);
		return;
	}
	if (answer_range(call, &memento, reply)) {
		return;
	}
	reply->status = memento->status >= 200 && memento->status <= 599 ? memento->status : 200;
	send_body(call, memento, reply);
}

void site_picture(const struct site_call *call, struct reply *reply)
{
	static const char *const safe[] = {
		"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"};
	const struct route *route = call->route;
	struct flong_error err = {0};
	const struct memento_query query = {route->url, route->has_date, route->date_ms, false};
	struct memento *memento = ALLOC(struct memento);
	int rc = memento_find(call->holding, &query, memento, &err);
	bool is_safe = false;
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(safe) / sizeof(safe[0]); i++) {
		is_safe = is_safe ||
			  (memento->status == 200 && media_type_is(memento->mime, safe[i]));
	}
	if (!is_safe) {
		close_memento(memento);
		reply_plain(reply, 404, "flong: no picture");
		return;
	}
	reply->status = 200;
	reply_field(reply, "Content-Type", memento->mime);
	send_content(memento, reply);
}
