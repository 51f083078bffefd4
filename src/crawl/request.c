/* SPDX-License-Identifier: MIT */
/* request.c - the header lines of one fetch besides those of every fetch */
#include "crawl/request.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawl/access.h"
#include "crawl/crawl_private.h"

/* Referer as browsers send it by default: the whole URL to the same origin, the origin elsewhere,
 * nothing from https to http. */
static void add_referer(const struct visit *visit, const struct url *to, struct buf *line)
{
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *from = NULL;
	if (visit->via_url == NULL || visit->kind == VISIT_ROBOTS ||
		url_parse(bytes_of(visit->via_url), NULL, &from, &ignored) < 0) {
		return;
	}
	if (url_same_origin(from, to)) {
		buf_add_text(line, "Referer: ");
		buf_add(line, from->all);
	} else if (!(bytes_equal(from->scheme, BYTES("https")) &&
			   bytes_equal(to->scheme, BYTES("http")))) {
		buf_add_text(line, "Referer: ");
		buf_add(line, from->scheme);
		buf_add_text(line, "://");
		buf_add(line, from->host);
		if (from->port.len > 0) {
			buf_add_char(line, ':');
			buf_add(line, from->port);
		}
		buf_add_char(line, '/');
	}
}

static void add_cookie(const struct crawl *crawl, const struct url *url, struct buf *line)
{
	SCOPED(buf_clear) struct buf value = buf_with_max(LIMIT_URL_BYTES);
	if (crawl->cookies == NULL) {
		return;
	}
	cookies_get(crawl->cookies, url, clock_wall_ms(), &value);
	if (value.len > 0) {
		buf_add_text(line, "Cookie: ");
		buf_add(line, buf_bytes(&value));
	}
}

void request_lines_make(const struct crawl *crawl, const struct visit *visit, const struct url *url,
	struct request_lines *lines_out)
{
	const struct crawl_texts *own = &crawl->options->headers;
	*lines_out = (struct request_lines){
		.referer = buf_with_max(2 * LIMIT_URL_BYTES),
		.cookie = buf_with_max(2 * LIMIT_URL_BYTES),
		.items = ALLOC_ARRAY(const char *, own->count + 4),
	};
	size_t count = 0;
	bool is_authorized = false;
	add_referer(visit, url, &lines_out->referer);
	add_cookie(crawl, url, &lines_out->cookie);
	if (lines_out->referer.len > 0) {
		lines_out->items[count++] = buf_text(&lines_out->referer);
	}
	if (lines_out->cookie.len > 0) {
		lines_out->items[count++] = buf_text(&lines_out->cookie);
	}
	for (size_t i = 0; i < own->count; i++) {
		if (access_may_send(crawl, own->items[i], url)) {
			is_authorized =
				is_authorized || bytes_starts_nocase(bytes_of(own->items[i]),
							 BYTES("Authorization:"));
			lines_out->items[count++] = own->items[i];
		}
	}
	if (!is_authorized) {
		access_authorize(crawl, url, &lines_out->authorization);
	}
	if (lines_out->authorization.len > 0) {
		lines_out->items[count++] = buf_text(&lines_out->authorization);
	}
}

void request_lines_clear(struct request_lines *lines)
{
	buf_clear(&lines->referer);
	buf_clear(&lines->cookie);
	buf_clear(&lines->authorization);
	free(lines->items);
}
