/* SPDX-License-Identifier: MIT */
/* access.c - what the user lets us reach, and with which secrets */
#include "crawl/access.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawl/crawl_private.h"

/* Cuts a host, an address in brackets included, or a port off the front of a mapping. */
static struct bytes cut_part(struct bytes *rest)
{
	size_t end = 0;
	if (rest->len > 0 && rest->ptr[0] == '[') {
		size_t bracket = bytes_find_char(*rest, ']', 0);
		end = bracket == SIZE_MAX ? rest->len : bracket;
	}
	size_t colon = bytes_find_char(*rest, ':', end);
	struct bytes part = bytes_slice(*rest, 0, colon);
	*rest = bytes_slice(*rest, colon == SIZE_MAX ? rest->len : colon + 1, rest->len);
	return part;
}

static bool is_port(struct bytes text)
{
	uint64_t port = 0;
	return bytes_to_u64(text, UINT16_MAX, &port) && port > 0;
}

/* "HOST:PORT:ADDRESS" */
static bool is_resolve(const char *entry)
{
	struct bytes rest = bytes_of(entry);
	return cut_part(&rest).len > 0 && is_port(cut_part(&rest)) && rest.len > 0;
}

/* "H1:P1:H2:P2", where nothing stands for any or the same, as with curl. */
static bool is_connect_to(const char *entry)
{
	struct bytes rest = bytes_of(entry);
	size_t colons = 0;
	(void)cut_part(&rest);
	struct bytes from = cut_part(&rest);
	(void)cut_part(&rest);
	struct bytes to = rest;
	for (const char *c = entry; *c != '\0'; c++) {
		colons += *c == ':';
	}
	return colons >= 3 && (from.len == 0 || is_port(from)) && (to.len == 0 || is_port(to));
}

static int check_mappings(const struct crawl_options *options, struct flong_error *err)
{
	for (size_t i = 0; i < options->resolve.count; i++) {
		if (!is_resolve(options->resolve.items[i])) {
			return error_set(err, FLONG_E_USAGE,
				"--resolve: '%s' is not HOST:PORT:ADDRESS",
				options->resolve.items[i]);
		}
	}
	for (size_t i = 0; i < options->connect_to.count; i++) {
		if (!is_connect_to(options->connect_to.items[i])) {
			return error_set(err, FLONG_E_USAGE,
				"--connect-to: '%s' is not HOST:PORT:HOST2:PORT2",
				options->connect_to.items[i]);
		}
	}
	return FLONG_OK;
}

static int check_files(const struct crawl_options *options, struct flong_error *err)
{
	if (options->cacert != NULL && access(options->cacert, R_OK) != 0) {
		return error_set(
			err, FLONG_E_USAGE, "--cacert: %s cannot be read", options->cacert);
	}
	for (size_t i = 0; i < options->headers.count; i++) {
		const char *line = options->headers.items[i];
		if (strpbrk(line, "\r\n") != NULL || strchr(line, ':') == NULL || line[0] == ':') {
			return error_set(
				err, FLONG_E_USAGE, "--header: '%s' is not 'Name: value'", line);
		}
	}
	return check_mappings(options, err);
}

/* Reads a file of secrets; warns when others can read it too. */
static int read_secrets(const char *path, struct buf *text, struct flong_error *err)
{
	struct stat status;
	int rc = files_read(path, text, err);
	if (rc == FLONG_OK && stat(path, &status) == 0 &&
		(status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
		log_info("%s: other users can read it (chmod 600 helps)", path);
	}
	return rc;
}

static int load_cookies(struct crawl *crawl, struct flong_error *err)
{
	const char *path = crawl->options->cookie_file;
	if (crawl->options->has_cookie_jar || path != NULL) {
		crawl->cookies = cookies_create();
	}
	if (path == NULL) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_SECRETS_BYTES);
	int rc = read_secrets(path, &text, err);
	if (rc == FLONG_OK) {
		rc = cookies_load(crawl->cookies, buf_bytes(&text), err);
	}
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return error_context(err, "--cookies");
	}
	return FLONG_OK;
}

static int load_credentials(struct crawl *crawl, struct flong_error *err)
{
	const char *path = crawl->options->auth_file;
	crawl->credentials = credentials_create();
	if (path == NULL) {
		return FLONG_OK;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_SECRETS_BYTES);
	int rc = read_secrets(path, &text, err);
	if (rc == FLONG_OK) {
		rc = credentials_load(crawl->credentials, buf_bytes(&text), err);
	}
	if (rc < 0) {
		err->code = FLONG_E_USAGE;
		return error_context(err, "--auth: %s", path);
	}
	return FLONG_OK;
}

/* User and password of a seed become credentials of its origin. */
static int read_seeds(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_texts *seeds = &crawl->options->seeds;
	for (size_t i = 0; i < seeds->count; i++) {
		SCOPED(url_closep) struct url *url = NULL;
		int rc = setup_parse_seed(seeds->items[i], &url, err);
		if (rc < 0) {
			return rc;
		}
		(void)credentials_add(crawl->credentials, url);
	}
	return FLONG_OK;
}

/* The names of fields whose values are secrets. */
static bool is_secret_line(const char *line)
{
	static const char *const names[] = {"Authorization:", "Cookie:", "Proxy-Authorization:"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_starts_nocase(bytes_of(line), bytes_of(names[i]))) {
			return true;
		}
	}
	return false;
}

/* Collects what request records must not show: see capture_options.redact. */
static void collect_secrets(struct crawl *crawl)
{
	const struct crawl_options *options = crawl->options;
	SCOPED(buf_clear) struct buf pairs = {0};
	if (options->has_no_redaction) {
		return;
	}
	crawl_texts_add(&crawl->redact, "Authorization");
	if (options->cookie_file != NULL) {
		cookies_add_pairs(crawl->cookies, &pairs);
	}
	struct bytes rest = buf_bytes(&pairs);
	struct bytes pair;
	while (bytes_next_line(&rest, &pair)) {
		SCOPED(buf_clear) struct buf entry = {0};
		buf_add_text(&entry, "Cookie: ");
		buf_add(&entry, pair);
		crawl_texts_add(&crawl->redact, buf_text(&entry));
	}
	for (size_t i = 0; i < options->headers.count; i++) {
		if (bytes_starts_nocase(bytes_of(options->headers.items[i]), BYTES("Cookie:"))) {
			crawl_texts_add(&crawl->redact, options->headers.items[i]);
		}
	}
}

/* "HOST:PORT:ADDRESS[,ADDRESS]", HOST maybe with a plus or * for every one. */
static void allow_resolve(struct guard *guard, const char *entry)
{
	struct bytes rest = bytes_of(entry);
	struct bytes host = cut_part(&rest);
	struct bytes port_text = cut_part(&rest);
	uint64_t port = 0;
	if (bytes_starts(host, BYTES("+"))) {
		host = bytes_slice(host, 1, host.len);
	}
	if (bytes_to_u64(port_text, UINT16_MAX, &port)) {
		host = bytes_equal(host, BYTES("*")) ? BYTES("") : host;
		guard_allow_host(guard, host, (uint16_t)port);
	}
}

/* "H1:P1:H2:P2": H2 and P2 may be asked for, and be where H1 leads. What is left out is the same.
 */
static void allow_connect_to(struct guard *guard, const char *entry)
{
	struct bytes rest = bytes_of(entry);
	struct bytes host = cut_part(&rest);
	struct bytes port_text = cut_part(&rest);
	struct bytes target = cut_part(&rest);
	uint64_t port = 0;
	uint64_t peer_port = 0;
	(void)!bytes_to_u64(port_text, UINT16_MAX, &port);
	if (!bytes_to_u64(rest, UINT16_MAX, &peer_port)) {
		peer_port = port;
	}
	struct bytes ip =
		bytes_starts(target, BYTES("[")) ? bytes_slice(target, 1, target.len - 1) : target;
	if (target.len > 0) {
		guard_allow_host(guard, target, (uint16_t)peer_port);
		guard_allow_address(guard, ip, (uint16_t)peer_port);
	}
	guard_allow_mapped(guard, host, (uint16_t)port, (uint16_t)peer_port);
}

static int make_guard(struct crawl *crawl, struct flong_error *err)
{
	const struct crawl_options *options = crawl->options;
	crawl->guard = guard_create();
	int rc = FLONG_OK;
	for (size_t i = 0; rc == FLONG_OK && i < options->allow_private.count; i++) {
		rc = guard_allow_block(crawl->guard, options->allow_private.items[i], err);
	}
	for (size_t i = 0; i < options->resolve.count; i++) {
		allow_resolve(crawl->guard, options->resolve.items[i]);
	}
	for (size_t i = 0; i < options->connect_to.count; i++) {
		allow_connect_to(crawl->guard, options->connect_to.items[i]);
	}
	return rc;
}

int access_open(struct crawl *crawl, struct flong_error *err)
{
	static int (*const steps[])(struct crawl * crawl, struct flong_error * err) = {
		load_cookies, load_credentials, read_seeds, make_guard};
	int rc = check_files(crawl->options, err);
	if (rc == FLONG_OK) {
		rc = proxies_create(crawl->options->proxy, &crawl->proxies, err);
	}
	for (size_t i = 0; rc == FLONG_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
		rc = steps[i](crawl, err);
	}
	if (rc == FLONG_OK) {
		collect_secrets(crawl);
	}
	return rc;
}

void access_close(struct crawl *crawl)
{
	guard_close(crawl->guard);
	proxies_close(crawl->proxies);
	cookies_close(crawl->cookies);
	credentials_close(crawl->credentials);
	crawl_texts_clear(&crawl->redact);
	crawl_texts_clear(&crawl->seed_origins);
}

static char *origin_of(const struct url *url)
{
	SCOPED(buf_clear) struct buf origin = {0};
	buf_addf(&origin, BYTES_FMT "://" BYTES_FMT ":%u", BYTES_ARG(url->scheme),
		BYTES_ARG(url->host), (unsigned)url_port(url));
	return buf_take(&origin);
}

static bool is_seed_origin(const struct crawl *crawl, const struct url *url)
{
	SCOPED(free_textp) char *origin = origin_of(url);
	for (size_t i = 0; i < crawl->seed_origins.count; i++) {
		if (strcmp(crawl->seed_origins.items[i], origin) == 0) {
			return true;
		}
	}
	return false;
}

void access_add_seed(struct crawl *crawl, const struct url *url)
{
	if (!is_seed_origin(crawl, url)) {
		SCOPED(free_textp) char *origin = origin_of(url);
		crawl_texts_add(&crawl->seed_origins, origin);
		guard_allow_seed(crawl->guard, url->host, url_port(url));
	}
}

void access_authorize(const struct crawl *crawl, const struct url *url, struct buf *line)
{
	SCOPED(buf_clear) struct buf value = {0};
	credentials_get(crawl->credentials, url, &value);
	if (value.len > 0) {
		buf_add_text(line, "Authorization: ");
		buf_add(line, buf_bytes(&value));
	}
}

bool access_may_send(const struct crawl *crawl, const char *line, const struct url *url)
{
	return !is_secret_line(line) || is_seed_origin(crawl, url);
}
