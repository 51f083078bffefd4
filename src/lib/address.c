/* SPDX-License-Identifier: MIT */
/* address.c - what flong/url.h tells of URLs */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "flong/url.h"
#include "lib/api.h"
#include "web/surt.h"
#include "web/url.h"

struct flong_url {
	struct url *url; /* owned */
	/* Owned texts of its parts. */
	char *all, *scheme, *host, *path, *query, *fragment, *domain;
};

static char *text_of(struct bytes b)
{
	return alloc_text(b.ptr, b.len);
}

int flong_url_parse(const char *text, const struct flong_url *base, struct flong_url **url_out,
	struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (url_out == NULL) {
		return api_null("url_out", err);
	}
	*url_out = NULL;
	if (text == NULL) {
		return api_null("text", err);
	}
	struct url *parsed = NULL;
	int rc = url_parse(bytes_of(text), base == NULL ? NULL : base->url, &parsed, err);
	if (rc != FLONG_OK) {
		return rc;
	}
	bool has_host = parsed->host.ptr != NULL;
	struct flong_url *url = ALLOC(struct flong_url);
	*url = (struct flong_url){.url = parsed,
		.all = text_of(parsed->all),
		.scheme = text_of(parsed->scheme),
		.host = has_host ? text_of(parsed->host) : NULL,
		.path = text_of(parsed->path),
		.query = text_of(parsed->query),
		.fragment = text_of(parsed->fragment),
		.domain = has_host ? text_of(url_registrable_domain(parsed->host)) : NULL};
	*url_out = url;
	return FLONG_OK;
}

void flong_url_close(struct flong_url *url)
{
	if (url != NULL) {
		url_close(url->url);
		free(url->all);
		free(url->scheme);
		free(url->host);
		free(url->path);
		free(url->query);
		free(url->fragment);
		free(url->domain);
		free(url);
	}
}

const char *flong_url_text(const struct flong_url *url)
{
	return url == NULL ? NULL : url->url->href;
}

const char *flong_url_without_fragment(const struct flong_url *url)
{
	return url == NULL ? NULL : url->all;
}

const char *flong_url_scheme(const struct flong_url *url)
{
	return url == NULL ? NULL : url->scheme;
}

const char *flong_url_host(const struct flong_url *url)
{
	return url == NULL ? NULL : url->host;
}

int flong_url_port(const struct flong_url *url)
{
	return url == NULL ? 0 : url_port(url->url);
}

const char *flong_url_path(const struct flong_url *url)
{
	return url == NULL ? NULL : url->path;
}

const char *flong_url_query(const struct flong_url *url)
{
	return url == NULL ? NULL : url->query;
}

const char *flong_url_fragment(const struct flong_url *url)
{
	return url == NULL ? NULL : url->fragment;
}

const char *flong_url_domain(const struct flong_url *url)
{
	return url == NULL ? NULL : url->domain;
}

int flong_url_surt(
	const char *url, enum flong_surt dialect, char **key_out, struct flong_error *err)
{
	struct flong_error own;
	err = api_error(err, &own);
	if (url == NULL || key_out == NULL) {
		return api_null("url or key_out", err);
	}
	SCOPED(buf_clear) struct buf key = {0};
	switch (dialect) {
	case FLONG_SURT_IA:
		surt_ia(bytes_of(url), &key);
		break;
	case FLONG_SURT_JS:
		surt_js(bytes_of(url), &key);
		break;
	default:
		return error_set(err, FLONG_E_USAGE, "there is no dialect %d", (int)dialect);
	}
	if (buf_failed(&key)) {
		return error_set(err, FLONG_E_LIMIT, "the key is too long");
	}
	*key_out = buf_take(&key);
	return FLONG_OK;
}
