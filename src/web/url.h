/* SPDX-License-Identifier: MIT */
/* url.h - URLs as browsers understand them: WHATWG URL parsing and resolving, one parser for
 * policy, key and connection */
#ifndef WEB_URL_H
#define WEB_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "web/charset_encode.h"

/* A parsed URL. All parts borrow from `href`. */
struct url {
	char *href; /* in the same block: the serialised URL, fragment included, zero-terminated
		       ASCII */
	struct bytes all;    /* href without "#fragment": what is requested, recorded and indexed */
	struct bytes scheme; /* lower case, without ':' */
	struct bytes username; /* percent-encoded */
	struct bytes password; /* percent-encoded */
	struct bytes host;  /* ASCII: domain, IPv4, or "[IPv6]"; ptr NULL for URLs without a host */
	struct bytes port;  /* digits; empty when it is the scheme's default */
	struct bytes path;  /* from '/' on; for opaque paths all after the scheme */
	struct bytes query; /* from '?' on, or empty */
	struct bytes fragment; /* from '#' on, or empty */
	bool is_http;          /* scheme is http or https */
};

/* Parses `input` against `base` (may be NULL). FLONG_E_FORMAT says why it is no URL; FLONG_E_LIMIT
 * when it is over LIMIT_URL_BYTES. The caller closes *url_out. WHATWG URL standard, basic URL
 * parser. */
MUST_CHECK int url_parse(
	struct bytes input, const struct url *base, struct url **url_out, struct flong_error *err);
/* As url_parse, with the query of a URL whose scheme is http or https (or ftp) in the encoding of
 * the document it stands in; NULL: UTF-8 (URL standard 4.4, "encoding-parse a URL" of HTML 2.4.2).
 */
MUST_CHECK int url_parse_in(struct bytes input, const struct url *base,
	struct charset_encoder *encoder, struct url **url_out, struct flong_error *err);
void url_close(struct url *url);
SCOPED_CLOSE(struct url *, url_close)
/* Replaces *url by itself without user information, which must not go anywhere with the URL. */
void url_drop_credentials(struct url **url);
/* The port number that is connected to: the given one or the scheme's default (80, 443), 0 when
 * there is none. */
uint16_t url_port(const struct url *url);
/* Same scheme, host and port (HTML origin of http(s) URLs). */
bool url_same_origin(const struct url *a, const struct url *b);
/* The host's registrable domain (eTLD+1, by the Public Suffix List), or the host itself when it has
 * none (IP address, "localhost", a public suffix). Borrowed from `host`. Owner of libpsl is
 * web/public_suffix.c. */
struct bytes url_registrable_domain(struct bytes host);
/* Request target in origin form: path and query, as sent on the request line. */
struct bytes url_target(const struct url *url);

#endif
