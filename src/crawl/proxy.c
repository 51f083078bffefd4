/* SPDX-License-Identifier: MIT */
/* proxy.c - which proxy a URL is fetched through */
#include "crawl/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

struct proxies {
	char *http, *https; /* owned; NULL = none */
	char *exceptions;   /* owned: the list of no_proxy, or NULL */
};

void proxies_close(struct proxies *proxies)
{
	if (proxies == NULL) {
		return;
	}
	free(proxies->http);
	free(proxies->https);
	free(proxies->exceptions);
	free(proxies);
}

/* `name` is the option or variable that it comes from. */
static int check_proxy(const char *name, const char *text, struct flong_error *err)
{
	static const char *const schemes[] = {"http", "https", "socks5h"};
	struct bytes proxy = bytes_of(text);
	size_t colon = bytes_find(proxy, BYTES("://"), 0);
	struct bytes scheme = BYTES("http");
	struct bytes rest = proxy;
	if (colon != SIZE_MAX) {
		scheme = bytes_slice(proxy, 0, colon);
		rest = bytes_slice(proxy, colon + 3, proxy.len);
	}
	bool is_known = false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		is_known = is_known || bytes_equal_nocase(scheme, bytes_of(schemes[i]));
	}
	if (!is_known) {
		return error_set(err, FLONG_E_USAGE,
			"%s: a proxy is http, https or socks5h, not '" BYTES_FMT "'", name,
			BYTES_ARG(scheme));
	}
	/* Host and port are read as those of a web address are. */
	SCOPED(buf_clear) struct buf as_http = {0};
	buf_add_text(&as_http, "http://");
	buf_add(&as_http, rest);
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *url = NULL;
	if (url_parse(buf_bytes(&as_http), NULL, &url, &ignored) < 0 || url->host.len == 0) {
		size_t at = bytes_find_last_char(rest, '@');
		struct bytes shown = bytes_slice(rest, at == SIZE_MAX ? 0 : at + 1, rest.len);
		return error_set(err, FLONG_E_USAGE, "%s: '" BYTES_FMT "' is no host and port",
			name, BYTES_ARG(shown));
	}
	return FLONG_OK;
}

/* The first of the variables that is set and not empty, or NULL. */
static const char *variable(const char *const *names, const char **name_out)
{
	for (; *names != NULL; names++) {
		const char *value = getenv(*names);
		if (value != NULL && value[0] != '\0') {
			*name_out = *names;
			return value;
		}
	}
	return NULL;
}

static int read_variable(const char *const *names, char **proxy_out, struct flong_error *err)
{
	const char *name = NULL;
	const char *value = variable(names, &name);
	if (value == NULL) {
		return FLONG_OK;
	}
	int rc = check_proxy(name, value, err);
	*proxy_out = rc == FLONG_OK ? alloc_copy(value) : NULL;
	return rc;
}

static int read_environment(struct proxies *proxies, struct flong_error *err)
{
	static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
	static const char *const https[] = {
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
	static const char *const exceptions[] = {"no_proxy", "NO_PROXY", NULL};
	const char *name = NULL;
	const char *list = variable(exceptions, &name);
	proxies->exceptions = list == NULL ? NULL : alloc_copy(list);
	int rc = read_variable(http, &proxies->http, err);
	return rc == FLONG_OK ? read_variable(https, &proxies->https, err) : rc;
}

int proxies_create(const char *option, struct proxies **proxies_out, struct flong_error *err)
{
	SCOPED(proxies_closep) struct proxies *proxies = ALLOC(struct proxies);
	int rc = FLONG_OK;
	if (option != NULL && strcmp(option, "env") == 0) {
		rc = read_environment(proxies, err);
	} else if (option != NULL) {
		rc = check_proxy("--proxy", option, err);
		proxies->http = alloc_copy(option);
		proxies->https = alloc_copy(option);
	}
	if (rc == FLONG_OK) {
		*proxies_out = TAKE(proxies);
	}
	return rc;
}

/* "*" is everything; a name holds for itself and what is under it, with or without a leading dot;
 * an address for itself. A port, as some programs allow, makes it hold for that port only. */
static bool exception_holds(struct bytes item, const struct url *url)
{
	item = bytes_trim(item);
	if (bytes_equal(item, BYTES("*"))) {
		return true;
	}
	struct bytes host = url->host;
	size_t colon = bytes_find_last_char(item, ':');
	bool has_brackets = bytes_starts(item, BYTES("["));
	uint64_t port = 0;
	if (colon != SIZE_MAX && (has_brackets || bytes_find_char(item, ':', 0) == colon) &&
		bytes_to_u64(bytes_slice(item, colon + 1, item.len), UINT16_MAX, &port)) {
		item = bytes_slice(item, 0, colon);
	}
	if (bytes_starts(host, BYTES("[")) && !has_brackets) {
		host = bytes_slice(host, 1, host.len - 1);
	}
	if (bytes_starts(item, BYTES("."))) {
		item = bytes_slice(item, 1, item.len);
	}
	if (item.len == 0 || item.len > host.len || (port != 0 && port != url_port(url))) {
		return false;
	}
	size_t start = host.len - item.len;
	return bytes_equal_nocase(bytes_slice(host, start, host.len), item) &&
	       (start == 0 || host.ptr[start - 1] == '.');
}

const char *proxies_for(const struct proxies *proxies, const struct url *url)
{
	struct bytes rest = bytes_of(proxies->exceptions == NULL ? "" : proxies->exceptions);
	while (rest.len > 0) {
		size_t length = 0;
		while (length < rest.len && rest.ptr[length] != ',' && rest.ptr[length] != ' ') {
			length++;
		}
		if (exception_holds(bytes_slice(rest, 0, length), url)) {
			return NULL;
		}
		rest = bytes_slice(rest, length + 1, rest.len);
	}
	return bytes_equal(url->scheme, BYTES("https")) ? proxies->https : proxies->http;
}
