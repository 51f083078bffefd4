/* SPDX-License-Identifier: MIT */
/* scope.h - which pages belong to the archive: by place (host, prefix, domain) and by pattern */
#ifndef CRAWL_SCOPE_H
#define CRAWL_SCOPE_H

#include <stdbool.h>

#include "base/scoped.h"
#include "crawl/crawl.h"
#include "flong/error.h"
#include "web/url.h"

struct scope;

/* Compiles the patterns of the options (borrowed for the scope's life). FLONG_E_USAGE names a bad
 * one. */
MUST_CHECK int scope_create(
	const struct crawl_options *options, struct scope **scope_out, struct flong_error *err);
void scope_close(struct scope *scope);
SCOPED_CLOSE(struct scope *, scope_close)
/* A seed, and what a seed redirects to: the places that prefix, host and domain mean. */
void scope_add_seed(struct scope *scope, const struct url *url);
/* Whether a page may be followed by place and patterns; *reason_out is static text when not. With
 * SCOPE_RELATED place does not matter: which links are related stories was decided on the page. */
bool scope_allows_page(const struct scope *scope, const struct url *url, const char **reason_out);
/* Whether a story that a feed lists may be a seed: the patterns speak about those. */
bool scope_allows_entry(const struct scope *scope, const struct url *url, const char **reason_out);
/* Whether a requisite may be fetched: only --exclude speaks about those. */
bool scope_allows_requisite(
	const struct scope *scope, const struct url *url, const char **reason_out);

#endif
