/* SPDX-License-Identifier: MIT */
/* url_plain.h - the short way for URLs that need no mending (used by web/url.c only) */
#ifndef WEB_URL_PLAIN_H
#define WEB_URL_PLAIN_H

#include <stdbool.h>

#include "web/url.h"

/* Where the parts of a URL without credentials stand in its text. */
struct url_plain {
	struct bytes base; /* borrowed: what goes before `text`, from the base URL; or empty */
	struct bytes text; /* borrowed: the input without white space around it */
	size_t scheme_len;
	size_t host_at, host_len; /* from here on: in base and text together */
	size_t port_at, port_len;
	size_t path_at;
	size_t query_at, fragment_at, end;
	bool is_pathless; /* a '/' goes in at path_at; not counted in the positions behind it */
};

/* Whether `input` against `base` (may be NULL) is an http(s) URL that the URL standard would only
 * put together: nothing to encode, to lower, to remove or to refuse. False says nothing: the parser
 * decides. */
bool url_plain_read(struct bytes input, const struct url *base, struct url_plain *plain_out);

#endif
