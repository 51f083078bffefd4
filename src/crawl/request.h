/* SPDX-License-Identifier: MIT */
/* request.h - the header lines of one fetch besides those of every fetch */
#ifndef CRAWL_REQUEST_H
#define CRAWL_REQUEST_H

#include "base/buf.h"
#include "base/scoped.h"
#include "crawl/visit.h"
#include "web/url.h"

struct crawl;

struct request_lines {
	struct buf referer, cookie, authorization; /* owned */
	const char **items;                        /* owned, NULL-terminated */
};

/* The lines for `visit`, whose URL is `url`: Referer, the cookies and the password of its place,
 * and of --header what may go there. The caller clears it; borrows from `crawl`. */
void request_lines_make(const struct crawl *crawl, const struct visit *visit, const struct url *url,
	struct request_lines *lines_out);
void request_lines_clear(struct request_lines *lines);

#endif
