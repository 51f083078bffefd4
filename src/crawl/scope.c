/* SPDX-License-Identifier: MIT */
/* scope.c - which pages belong to the archive */
#include "crawl/scope.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/files.h"
#include "base/regex.h"

struct place {
	char *host;   /* owned */
	char *domain; /* owned: registrable domain */
	char *prefix; /* owned: scheme-less "host/path/up/to/last/slash/" */
};

struct scope {
	enum crawl_scope kind;
	struct regex **include, **exclude; /* owned arrays of owned patterns */
	size_t include_count, exclude_count;
	struct place *places; /* owned */
	size_t place_count;
};

static int compile_all(const struct crawl_texts *patterns, struct regex ***list_out,
	size_t *count_out, struct flong_error *err)
{
	*list_out = ALLOC_ARRAY(struct regex *, patterns->count);
	for (size_t i = 0; i < patterns->count; i++) {
		int rc = regex_compile(patterns->items[i], &(*list_out)[i], err);
		if (rc < 0) {
			return rc;
		}
		(*count_out)++;
	}
	return FLONG_OK;
}

int scope_create(
	const struct crawl_options *options, struct scope **scope_out, struct flong_error *err)
{
	SCOPED(scope_closep) struct scope *scope = ALLOC(struct scope);
	scope->kind = options->scope;
	int rc = compile_all(&options->include, &scope->include, &scope->include_count, err);
	if (rc == FLONG_OK) {
		rc = compile_all(&options->exclude, &scope->exclude, &scope->exclude_count, err);
	}
	if (rc < 0) {
		return rc;
	}
	*scope_out = TAKE(scope);
	return FLONG_OK;
}

void scope_close(struct scope *scope)
{
	if (scope == NULL) {
		return;
	}
	for (size_t i = 0; i < scope->include_count; i++) {
		regex_close(scope->include[i]);
	}
	for (size_t i = 0; i < scope->exclude_count; i++) {
		regex_close(scope->exclude[i]);
	}
	for (size_t i = 0; i < scope->place_count; i++) {
		free(scope->places[i].host);
		free(scope->places[i].domain);
		free(scope->places[i].prefix);
	}
	free(scope->include);
	free(scope->exclude);
	free(scope->places);
	free(scope);
}

static char *copy_bytes(struct bytes b)
{
	return alloc_text(b.ptr, b.len);
}

/* Host, port and path up to and including the last slash: http and https are the same place. */
static char *prefix_of(const struct url *url)
{
	SCOPED(buf_clear) struct buf prefix = {0};
	buf_add(&prefix, url->host);
	buf_add_char(&prefix, ':');
	buf_add(&prefix, url->port);
	buf_add(&prefix, bytes_slice(url->path, 0, bytes_find_last_char(url->path, '/') + 1));
	return buf_take(&prefix);
}

void scope_add_seed(struct scope *scope, const struct url *url)
{
	struct place place = {
		.host = copy_bytes(url->host),
		.domain = copy_bytes(url_registrable_domain(url->host)),
		.prefix = prefix_of(url),
	};
	scope->places = alloc_resize(scope->places, scope->place_count + 1, sizeof(struct place));
	scope->places[scope->place_count++] = place;
}

static bool matches_any(struct regex *const *patterns, size_t count, struct bytes text)
{
	for (size_t i = 0; i < count; i++) {
		if (regex_matches(patterns[i], text)) {
			return true;
		}
	}
	return false;
}

static bool is_in_place(const struct scope *scope, const struct url *url)
{
	SCOPED(free_textp) char *prefix = prefix_of(url);
	struct bytes domain = url_registrable_domain(url->host);
	for (size_t i = 0; i < scope->place_count; i++) {
		const struct place *place = &scope->places[i];
		switch (scope->kind) {
		case SCOPE_RELATED:
		case SCOPE_ANY:
			return true;
		case SCOPE_PAGE:
			return false;
		case SCOPE_PREFIX:
			if (bytes_starts(bytes_of(prefix), bytes_of(place->prefix))) {
				return true;
			}
			break;
		case SCOPE_HOST:
			if (bytes_equal(url->host, bytes_of(place->host))) {
				return true;
			}
			break;
		case SCOPE_DOMAIN:
			if (bytes_equal(domain, bytes_of(place->domain))) {
				return true;
			}
			break;
		}
	}
	return false;
}

bool scope_allows_page(const struct scope *scope, const struct url *url, const char **reason_out)
{
	if (matches_any(scope->exclude, scope->exclude_count, url->all)) {
		*reason_out = "excluded by --exclude";
		return false;
	}
	if (!is_in_place(scope, url)) {
		*reason_out = "out of scope";
		return false;
	}
	if (scope->include_count > 0 &&
		!matches_any(scope->include, scope->include_count, url->all)) {
		*reason_out = "not matched by --include";
		return false;
	}
	return true;
}

bool scope_allows_entry(const struct scope *scope, const struct url *url, const char **reason_out)
{
	if (!scope_allows_requisite(scope, url, reason_out)) {
		return false;
	}
	if (scope->include_count > 0 &&
		!matches_any(scope->include, scope->include_count, url->all)) {
		*reason_out = "not matched by --include";
		return false;
	}
	return true;
}

bool scope_allows_requisite(
	const struct scope *scope, const struct url *url, const char **reason_out)
{
	if (matches_any(scope->exclude, scope->exclude_count, url->all)) {
		*reason_out = "excluded by --exclude";
		return false;
	}
	return true;
}
