/* SPDX-License-Identifier: MIT */
/* replay_fuzz.c - any bytes as the target of a request, as a question to the index, and as a page
 * on its way to a browser */
#include <stdint.h>

#include "replay/cdx_query.h"
#include "replay/fuzzy.h"
#include "replay/rewrite.h"
#include "replay/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_target(struct bytes target)
{
	struct route route;
	struct cdx_query query = {0};
	struct flong_error ignored = {0};
	route_read(target, &route);
	if (route.kind == ROUTE_CAPTURE && (route.mod[0] == '\0' || route.url.len == 0)) {
		__builtin_trap();
	}
	if (cdx_query_read(route.query, &query, &ignored) == FLONG_OK) {
		struct buf out = {0};
		SCOPED(buf_clear) struct buf last = {0};
		(void)cdx_query_takes(&query, target);
		(void)cdx_query_repeats(&query, target, &last);
		cdx_query_write(&query, target, target.len % 2 == 1, &out);
		buf_clear(&out);
	}
	cdx_query_clear(&query);
	route_clear(&route);
}

/* Any key is like itself, and never like itself with more of a path. */
static void compare_keys(struct bytes key)
{
	SCOPED(fuzzy_clear) struct fuzzy fuzzy = {0};
	SCOPED(buf_clear) struct buf longer = {0};
	buf_add_text(&longer, "x/");
	buf_add(&longer, key);
	fuzzy_begin(key, &fuzzy);
	if (fuzzy_score(&fuzzy, key, BYTES("text/html")) == 0 ||
		fuzzy_score(&fuzzy, buf_bytes(&longer), BYTES("image/png")) != 0) {
		__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_from(data, size);
	struct flong_error ignored = {0};
	SCOPED(url_closep) struct url *base = NULL;
	read_target(input);
	compare_keys(input);
	if (url_parse(BYTES("https://w.example/d/p"), NULL, &base, &ignored) < 0) {
		return 0;
	}
	const struct rewrite rewrite = {
		.collection = "n", .digits = "2026", .base = base, .charset = "windows-1252"};
	SCOPED(buf_clear) struct buf page = {0};
	rewrite_html(&rewrite, input, &page);
	return 0;
}
