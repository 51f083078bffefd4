/* SPDX-License-Identifier: MIT */
/* proxy.h - which proxy a URL is fetched through: one for all, or those of the environment */
#ifndef CRAWL_PROXY_H
#define CRAWL_PROXY_H

#include "base/scoped.h"
#include "flong/error.h"
#include "web/url.h"

struct proxies;

/* `option` is a URL (http, https or socks5h; without a scheme http), "env" for the variables
 * http_proxy, https_proxy, all_proxy and no_proxy (also in capitals, but not HTTP_PROXY, which a
 * CGI client can set), or NULL for none. FLONG_E_USAGE for anything else; messages show no user
 * information. */
MUST_CHECK int proxies_create(
	const char *option, struct proxies **proxies_out, struct flong_error *err);
void proxies_close(struct proxies *proxies);
SCOPED_CLOSE(struct proxies *, proxies_close)
/* The proxy for `url`, in libcurl's syntax, or NULL: connect to the host itself. Borrowed. */
const char *proxies_for(const struct proxies *proxies, const struct url *url);

#endif
