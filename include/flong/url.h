/* SPDX-License-Identifier: MIT */
/* url.h - URLs as browsers understand them, and the keys that sort them in indexes
 *
 * Source: the WHATWG URL standard; the keys are those of the Python package surt 0.3.1 (pywb,
 * cdxj-indexer) and of warcio.js (ReplayWeb.page). A URL that was parsed does not change and may be
 * read by several threads. Its texts are valid until it is closed. */
#ifndef FLONG_URL_H
#define FLONG_URL_H

#include "flong/flong.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flong_url;

/* Parses `text` (UTF-8), relative to `base` when that is not NULL. FLONG_E_FORMAT: it is no URL,
 * the message says why; FLONG_E_LIMIT: over 64 KiB. The caller closes *url_out; `base` is not
 * needed any more. */
FLONG_FALLIBLE int flong_url_parse(const char *text, const struct flong_url *base,
	struct flong_url **url_out, struct flong_error *err);
FLONG_API void flong_url_close(struct flong_url *url);

/* The whole URL, serialised: ASCII, with its fragment. NULL for NULL, as all that follow. */
FLONG_API const char *flong_url_text(const struct flong_url *url);
/* Without "#fragment": what is requested, and what WARC-Target-URI and indexes hold. */
FLONG_API const char *flong_url_without_fragment(const struct flong_url *url);
/* In lower case, without ':'. */
FLONG_API const char *flong_url_scheme(const struct flong_url *url);
/* Domain in ASCII (punycode), IPv4 address or "[IPv6]"; NULL when the URL has no host. */
FLONG_API const char *flong_url_host(const struct flong_url *url);
/* The port that is connected to: as given, or 80 or 443 by scheme; 0 when there is none. */
FLONG_API int flong_url_port(const struct flong_url *url);
/* From '/' on; of URLs such as "mailto:..." all after the scheme. */
FLONG_API const char *flong_url_path(const struct flong_url *url);
/* From '?' on; "" when there is none. */
FLONG_API const char *flong_url_query(const struct flong_url *url);
/* From '#' on; "" when there is none. */
FLONG_API const char *flong_url_fragment(const struct flong_url *url);
/* The registrable domain of the host ("example.co.uk"), by the Public Suffix List; the host itself
 * when it has none (an address, "localhost"); NULL without a host. */
FLONG_API const char *flong_url_domain(const struct flong_url *url);

/* Whose keys. */
enum flong_surt {
	FLONG_SURT_IA = 0, /* surt 0.3.1: CDXJ and CDX indexes, pywb */
	FLONG_SURT_JS = 1  /* warcio.js: ZipNum indexes in WACZ files, ReplayWeb.page */
};
/* The sort key of a URL, "org,example)/path?query". What is no URL has a key too. The caller frees
 * *key_out with flong_free. FLONG_E_LIMIT: the text is over 16 MiB; FLONG_E_USAGE: another dialect.
 * Any thread. */
FLONG_FALLIBLE int flong_url_surt(
	const char *url, enum flong_surt dialect, char **key_out, struct flong_error *err);

#ifdef __cplusplus
}
#endif
#endif
