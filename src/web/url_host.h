/* SPDX-License-Identifier: MIT */
/* url_host.h - the host of a URL: domain, IPv4, IPv6 or opaque (WHATWG URL 3) */
#ifndef WEB_URL_HOST_H
#define WEB_URL_HOST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the serialised host for valid UTF-8 `text`; hosts of special schemes are domains or
 * addresses. NULL when it is one, else static text saying why not. */
const char *url_host_parse(struct bytes text, bool is_special, struct buf *host_out);

#endif
