/* SPDX-License-Identifier: MIT */
/* url_parser.h - the basic URL parser of the URL standard: from text to parts (used by web/url.c
 * only) */
#ifndef WEB_URL_PARSER_H
#define WEB_URL_PARSER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "web/url.h"

/* The URL record while it is built. Zeroed is valid; cleared by url_parser_clear. */
struct url_parts {
	struct buf scheme, username, password, host, path, query, fragment;
	struct charset_encoder *encoder; /* borrowed: of the query, NULL for UTF-8 */
	int port;                        /* -1: none or the scheme's default */
	bool is_special;
	bool has_host;
	bool has_query;
	bool has_fragment;
	bool has_opaque_path;
};

/* Reads valid UTF-8 `input` against `base` (may be NULL) into parts that are zero but for the
 * encoder. NULL, or static text saying why it is no URL. */
const char *url_parser_run(struct bytes input, const struct url *base, struct url_parts *parts);
void url_parser_clear(struct url_parts *parts);
/* Default port of a special scheme, 0 for file, -1 for schemes that are not special. */
int url_parser_default_port(struct bytes scheme);

#endif
