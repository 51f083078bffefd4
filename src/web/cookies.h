/* SPDX-License-Identifier: MIT */
/* cookies.h - a cookie jar in memory for one crawl: RFC 6265 with public suffixes refused, Secure,
 * HttpOnly, expiry */
#ifndef WEB_COOKIES_H
#define WEB_COOKIES_H

#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/url.h"

struct cookies;

struct cookies *cookies_create(void);
void cookies_close(struct cookies *cookies);
SCOPED_CLOSE(struct cookies *, cookies_close)
/* Takes a Set-Cookie value received for `url` at `now_ms`. Ignores what RFC 6265 or the limits in
 * base/limits.h forbid. */
void cookies_set(
	struct cookies *cookies, const struct url *url, struct bytes set_cookie, int64_t now_ms);
/* Appends the Cookie header's value for `url` ("a=1; b=2"), or nothing; what does not fit into
 * LIMIT_COOKIE_FIELD_BYTES is left out. */
void cookies_get(const struct cookies *cookies, const struct url *url, int64_t now_ms,
	struct buf *value_out);
/* Appends "NAME=VALUE" and a newline for each cookie. */
void cookies_add_pairs(const struct cookies *cookies, struct buf *out);
/* Reads a Netscape cookie file (curl's and wget's format). FLONG_E_FORMAT names the line. */
MUST_CHECK int cookies_load(struct cookies *cookies, struct bytes text, struct flong_error *err);

#endif
